/* SPDX-License-Identifier: Apache-2.0 */
#include "input/library.h"

#include "base/error.h"

#include <dlfcn.h>
#include <string.h>

/* What the dynamic linker says where something is missing, else NULL. POSIX lets a pointer to a function be stored as one to an object. */
static char *load(const char *file, const char *const *names, void *functions, size_t n) {
        void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL), *function = library;

        for (size_t i = 0; function && i < n; i++) {
                function = dlsym(library, names[i]);
                memcpy((char *)functions + i * sizeof function, &function, sizeof function);
        }
        return function ? NULL : g_strdup(dlerror());
}

bool library_load(Library *library, const char *const *names, void *functions, size_t n, GError **error) {
        if (g_once_init_enter(&library->tried)) {
                library->problem = load(library->file, names, functions, n);
                g_once_init_leave(&library->tried, 1);
        }
        if (library->problem)
                g_set_error_literal(error, LOGSCAN_ERROR, LOGSCAN_ERROR_INPUT, library->problem);
        return !library->problem;
}
