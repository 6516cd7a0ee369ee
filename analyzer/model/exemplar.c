/* SPDX-License-Identifier: Apache-2.0 */
#include "model/exemplar.h"

#include <glib.h>

Exemplar exemplar_copy(const Exemplar *exemplar) {
        Exemplar copy = *exemplar;

        copy.text = g_strdup(exemplar->text);
        return copy;
}
