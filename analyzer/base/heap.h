/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Heap
 *
 * How malloc asks the system for memory. A log is read with tables of some MB that are touched everywhere; in pages of 4 KiB each touch may
 * cost a walk through the tables of pages, in pages of 2 MiB it does not. And each page that is touched first is a fault.
 */

/* From now on heaps grow by large steps, and large blocks lie in them, too (mallopt(3)). To be called before threads are made. */
void heap_prepare(void);

/* Asks for large pages (madvise(2)) for what this thread's malloc takes from now on. Nothing but time depends on whether there are some. */
void heap_use_large_pages(void);
