/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The content of a ledger's file, with the header that belongs to it: an attacker writes the checksum, too. What loads can
 * be looked at and merged.
 */

#define _GNU_SOURCE
#include "ledger/ledger.h"

#include <sys/mman.h>
#include <unistd.h>

#define HEADER_BYTES 40

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_all(int file, const void *data, size_t size) {
        g_assert(write(file, data, size) == (ssize_t)size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        g_autoptr(Patterns) patterns = patterns_new();
        g_autoptr(GPtrArray) no_names = g_ptr_array_new();
        g_autoptr(Ledger) sum = ledger_new(patterns, no_names, NULL, NULL, NULL), loaded = NULL;
        g_autoptr(LedgerView) view = NULL;
        g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
        g_autofree char *path = NULL;
        guint8 header[HEADER_BYTES] = "LOGSCAN\x03";
        gsize length = HEADER_BYTES - 8;
        int file = memfd_create("ledger", 0);

        g_assert(file >= 0);
        g_checksum_update(checksum, size ? data : (const uint8_t *)"", (gssize)size);
        g_checksum_get_digest(checksum, header + 8, &length);
        write_all(file, header, HEADER_BYTES);
        write_all(file, data, size);
        path = g_strdup_printf("/proc/self/fd/%d", file);
        loaded = ledger_load(patterns, path, NULL);
        if (loaded) {
                ledger_merge(sum, loaded);
                view = ledger_view(sum);
        }
        close(file);
        return 0;
}
