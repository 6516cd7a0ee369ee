/* SPDX-License-Identifier: Apache-2.0 */
#include "mine/shape.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static ShapeKey key_of(const char *text, size_t size, char padding) {
        g_autofree char *padded = g_malloc(size + BYTES_PADDING);
        Event event = { .message = { padded, size }, .detail = { padded + size, 0 } };

        memcpy(padded, text, size);
        memset(padded + size, padding, BYTES_PADDING);
        return shape_of(&event);
}

/* What stands behind a message has no say, and the text of a shape is a shape of its own. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        const char *text = size ? (const char *)data : "";
        ShapeKey one = key_of(text, size, 'x'), two = key_of(text, size, '7');
        g_autofree char *words = shape_text((Str){ text, size });

        g_assert(one.key == two.key && one.content == two.content && one.coarse == two.coarse);
        g_assert((one.key & ~SHAPE_KEY_MASK) == 0 && (one.coarse & ~SHAPE_KEY_MASK) == 0);
        g_assert(words);
        return 0;
}
