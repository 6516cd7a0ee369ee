/* SPDX-License-Identifier: Apache-2.0 */
#include "base/heap.h"

#include "config.h"

#ifdef HAVE_MALLOPT

#include <glib.h>
#include <malloc.h>
#include <stdint.h>
#include <sys/mman.h>

#define LARGE_PAGE   ((uintptr_t)2 << 20)
#define HEAP_BYTES   (32 << 20)  /* the step by which a heap grows: more than most runs need; what is not touched costs nothing */
#define MAPPED_BYTES (4 << 20)   /* blocks of so many bytes are mapped for themselves */
#define GROWTH_BYTES (256 << 10) /* more than a heap has that did not grow by such a step yet */

void heap_prepare(void) {
        mallopt(M_TOP_PAD, HEAP_BYTES);
        mallopt(M_MMAP_THRESHOLD, MAPPED_BYTES);
}

/*
 * The heap grows, and what it has for later lies behind the first block. The large page in which that begins cannot be one any more, for the
 * end of the block is noted behind it; so a second block that nobody touches fills it, and what is taken from now on begins with the next one.
 */
void heap_use_large_pages(void) {
        static GPrivate filling = G_PRIVATE_INIT(g_free); /* lives as long as the thread, or the heap would begin there again */
        g_autofree char *grown = g_malloc(GROWTH_BYTES);
        uintptr_t end = (uintptr_t)grown + GROWTH_BYTES;

        (void)madvise((void *)((uintptr_t)grown & ~(LARGE_PAGE - 1)), HEAP_BYTES, MADV_HUGEPAGE);
        g_private_replace(&filling, g_malloc(LARGE_PAGE - (end & (LARGE_PAGE - 1))));
}

#else

void heap_prepare(void) {
}

void heap_use_large_pages(void) {
}

#endif
