/* SPDX-License-Identifier: Apache-2.0 */
#include "model/block.h"

#include <glib.h>

Block *block_new(size_t capacity) {
        Block *block = g_new0(Block, 1);

        block_reserve(block, capacity);
        return block;
}

void block_clear(Block *block) {
        g_clear_pointer(&block->buffer, g_free);
        block->capacity = block->len = 0;
        newlines_clear(&block->newlines);
}

void block_free(Block *block) {
        block_clear(block);
        g_free(block);
}

void block_reserve(Block *block, size_t capacity) {
        if (capacity <= block->capacity)
                return;
        block->buffer = g_realloc(block->buffer, capacity + BLOCK_PADDING);
        block->capacity = capacity;
}
