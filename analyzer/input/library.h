/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Library
 *
 * A shared library that only some inputs need, loaded when the first of them is read (dlopen(3)). With what they need in turn, libarchive and
 * libsystemd take longer to load than everything else, and most runs read no archive and no journal.
 *
 * A library's functions are a struct of pointers whose types are those of its header:
 *
 *     #define ARCHIVE_FUNCTIONS(_) _(archive_, read_new) _(archive_, read_free)
 *     typedef struct LibArchive { ARCHIVE_FUNCTIONS(LIBRARY_MEMBER) } LibArchive;
 */

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#define LIBRARY_MEMBER(prefix, name) __typeof__(prefix##name) *name;
#define LIBRARY_NAME(prefix, name)   #prefix #name,

/* Static, one for each library. */
typedef struct Library {
        const char *file; /* as dlopen(3) takes it */
        gsize tried;      /* see g_once_init_enter() */
        char *problem;    /* what the dynamic linker said; NULL when all is there */
} Library;

/*
 * Fills @functions, an array of @n pointers to functions, with those called @names, at the first call; the later ones, of any thread, give the same
 * answer. The library stays until the process ends.
 */
bool library_load(Library *library, const char *const *names, void *functions, size_t n, GError **error);
