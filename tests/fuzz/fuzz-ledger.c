/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Ledgers from an enemy: the input is the content of a ledger, which is given the right seal, for a wrong one ends the reading at
 * once; and the file itself. What is taken for good must bear all that is done with a ledger.
 */

#include "correlate/correlate.h"
#include "diagnose/diagnose.h"
#include "ledger/ledger.h"
#include "mine/templates.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#define MAGIC "LOGSCAN\x08"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static GByteArray *seal(const uint8_t *data, size_t size) {
        g_autoptr(GByteArray) body = g_byte_array_new();
        g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
        GByteArray *file = g_byte_array_new();
        uLongf n = compressBound(size);
        guint8 digest[32];
        gsize length = sizeof(digest);

        g_byte_array_set_size(body, (guint)(8 + n));
        for (unsigned i = 0; i < 8; i++)
                body->data[i] = (guint8)((uint64_t)size >> 8 * i);
        g_assert(compress2(body->data + 8, &n, data, size, 1) == Z_OK);
        g_byte_array_set_size(body, (guint)(8 + n));
        g_checksum_update(checksum, body->data, body->len);
        g_checksum_get_digest(checksum, digest, &length);
        g_byte_array_append(file, (const guint8 *)MAGIC, 8);
        g_byte_array_append(file, digest, sizeof(digest));
        g_byte_array_append(file, body->data, body->len);
        return file;
}

static const Template *template_of(const Signal *signal, void *data) {
        return templates_of(data, signal->key);
}

/* What is saved is read again. */
static void save_and_load(const Patterns *patterns, const Ledger *ledger) {
        g_autofree char *path = g_strdup_printf("%s/fuzz-ledger-%d", g_get_tmp_dir(), getpid());
        g_autoptr(Ledger) again = NULL;

        g_assert(ledger_save(ledger, path, NULL));
        again = ledger_load(patterns, ledger_fingerprint(patterns), path, NULL);
        g_unlink(path);
        g_assert(again && ledger_n_sources(again) == ledger_n_sources(ledger));
}

/* Each source a part of its time, in either direction. */
static void move_all(Ledger *ledger) {
        g_autoptr(LedgerView) view = ledger_view(ledger);

        for (uint32_t i = 0; i < ledger_n_sources(ledger); i++) {
                const SourceRecord *record = view->sources->pdata[i];
                int64_t hours = (i % 2 ? 9 : -9) * INT64_C(3600000000), middle = record->first_us / 2 + record->last_us / 2;

                if (record->first_us != TIME_NONE)
                        ledger_move(ledger, &(LedgerMove){ i, record->first_us, middle, hours });
        }
}

static void use(const Patterns *patterns, Ledger *ledger) {
        g_autoptr(GPtrArray) nothing = g_ptr_array_new(), notes = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(Ledger) sum = ledger_new(patterns, nothing, NULL, NULL);
        g_autoptr(LedgerView) view = NULL, grouped = NULL;
        g_autoptr(Templates) templates = NULL;
        g_autoptr(GPtrArray) correlated = NULL;
        g_autoptr(Report) report = NULL;

        ledger_merge(sum, ledger);
        g_assert(ledger_n_sources(ledger) == 0 || ledger_overlap(sum, ledger));
        ledger_merge(sum, ledger);
        save_and_load(patterns, ledger);
        ledger_name_hosts(sum);
        move_all(sum);
        view = ledger_view(sum);
        templates = templates_mine((const LedgerView *const *)&view, 1, 1);
        ledger_group(sum, template_of, templates);
        grouped = ledger_view(sum);
        correlated = correlate(grouped, patterns, notes);
        report = diagnose(grouped, NULL, patterns, 0);
        g_assert(report);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        g_autoptr(GByteArray) file = seal(data, size);
        g_autoptr(Patterns) patterns = patterns_new();
        g_autoptr(GError) file_error = NULL, error = NULL;
        g_autoptr(Ledger) none = ledger_read(patterns, ledger_fingerprint(patterns), data, size, "fuzz", &file_error);
        g_autoptr(Ledger) ledger = ledger_read(patterns, ledger_fingerprint(patterns), file->data, file->len, "fuzz", &error);

        g_assert(!none == (file_error != NULL) && !ledger == (error != NULL));
        if (ledger)
                use(patterns, ledger);
        return 0;
}
