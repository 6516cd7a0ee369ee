/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Repeated
 *
 * Some loggers (oslo.log, log4j's throwable renderers, syslog daemons) write a trace line by line, each line with time, level and
 * logger before it:
 *
 *     2018-09-13 10:53:00.039 4866 ERROR neutron.api [req-c54b] create failed
 *     2018-09-13 10:53:00.039 4866 ERROR neutron.api Traceback (most recent call last):
 *     2018-09-13 10:53:00.039 4866 ERROR neutron.api   File "/usr/lib/python2.7/site-packages/neutron/api.py", line 678, in index
 *     2018-09-13 10:53:00.039 4866 ERROR neutron.api KeyError: 'id'
 *
 * Lines of a trace that repeat, byte for byte, what stands before the message of the line that began the event belong to it.
 */

#include "base/str.h"

/*
 * How many bytes of @line stand before a line of a trace; 0 when it is none. @message: its part behind time and level.
 */
size_t repeated_prefix(Str line, Str message);

/* The line of @text that names the exception last, without the @prefix of bytes before it; empty when there is none. */
Str repeated_cause(Str text, size_t prefix);

/*
 * The frame of a Python trace that says most: the deepest in the package that @message's logger names ("neutron.api"), else the deepest
 * outside of the libraries, else the deepest. Empty when there is none.
 */
Str repeated_frame(Str text, Str message);
