/* SPDX-License-Identifier: Apache-2.0 */
#include "model/remark.h"

NoSign *no_sign_new(void) {
        NoSign *no_sign = g_new0(NoSign, 1);

        no_sign->sources = g_array_new(FALSE, FALSE, sizeof(uint32_t));
        return no_sign;
}

void no_sign_free(void *data) {
        NoSign *no_sign = data;

        g_array_unref(no_sign->sources);
        g_free(no_sign->text);
        g_free(no_sign);
}

void background_free(void *data) {
        Background *background = data;

        g_free(background->id);
        g_free(background->title);
        g_free(background->text);
        g_free(background);
}
