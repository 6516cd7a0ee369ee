/* SPDX-License-Identifier: Apache-2.0 */
#include "base/heap.h"

#include "config.h"

#ifdef HAVE_MALLOPT

#include <glib.h>
#include <malloc.h>
#include <stdint.h>
#include <sys/mman.h>

#define LARGE_PAGE   ((uintptr_t)2 << 20)
#define HEAP_BYTES   (32 << 20) /* the step by which a heap grows: more than most runs need; what is not touched costs nothing */
#define MAPPED_BYTES (4 << 20)  /* blocks of so many bytes are mapped for themselves */

void heap_prepare(void) {
        mallopt(M_TOP_PAD, HEAP_BYTES);
        mallopt(M_MMAP_THRESHOLD, MAPPED_BYTES);
}

void heap_use_large_pages(void) {
        g_autofree char *block = g_malloc(MAPPED_BYTES / 2); /* more than the heap has: it grows, and lies around this block */
        uintptr_t begin = (uintptr_t)block & ~(LARGE_PAGE - 1);

        (void)madvise((void *)begin, HEAP_BYTES, MADV_HUGEPAGE);
}

#else

void heap_prepare(void) {
}

void heap_use_large_pages(void) {
}

#endif
