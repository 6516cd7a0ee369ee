/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * LOGSCAN_ERROR
 *
 * The one error domain: errors that the user can act on. What is odd in a log is not an error but a counter in the
 * report; what is wrong in the program is an assertion.
 */

#include <glib.h>

#define LOGSCAN_ERROR (logscan_error_quark())

typedef enum {
        LOGSCAN_ERROR_USAGE,   /* an option or its value */
        LOGSCAN_ERROR_PATTERN, /* a pack; the message begins with file:line:column */
        LOGSCAN_ERROR_INPUT,   /* a path that cannot be read at all */
        LOGSCAN_ERROR_LEDGER,  /* a saved ledger that is torn, foreign or of another version */
        LOGSCAN_ERROR_OUTPUT,  /* the report cannot be written */
} LogscanError;

GQuark logscan_error_quark(void);
