/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"
#include "base/write.h"
#include "ledger/ledger.h"
#include "ledger/ledger_body.h"
#include "ledger/ledger_private.h"
#include "ledger/ledger_rows.h"

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

/*
 * The file: 8 bytes "LOGSCAN" and the version, 32 bytes SHA-256 of what follows, 8 bytes for the size of what is compressed behind them,
 * and that in zlib's format: the GVariant of ledger_body.h in little-endian. A foreign or torn file fails the checksum. One that was made
 * with ill intent may have a right one, so the body is checked as well.
 */
#define MAGIC        "LOGSCAN\x08"
#define MAGIC_BYTES  8
#define DIGEST_BYTES 32
#define SIZE_BYTES   8

/* Without compression. The largest tables of shapes, exemplars and sources are far smaller. */
#define LEDGER_BYTES_MAX  (1 << 30)
#define DEFLATE_RATIO_MAX 1032

/* The same text is another condition as a regex, and as one that must not hold. */
static uint64_t add_condition(uint64_t sum, const Condition *condition, bool unless) {
        return (sum * 31 + ledger_hash(condition->text)) * 31 + 2 * (unsigned)condition->kind + unless;
}

uint64_t ledger_fingerprint(const Patterns *patterns) {
        uint64_t sum = 0;

        for (guint i = 0; i < patterns_n(patterns); i++) {
                const Pattern *pattern = patterns_at(patterns, i);
                sum = sum * 31 + ledger_hash(pattern->id);
                for (size_t j = 0; j < pattern->n_match; j++)
                        sum = add_condition(sum, &pattern->match[j], false);
                for (size_t j = 0; j < pattern->n_unless; j++)
                        sum = add_condition(sum, &pattern->unless[j], true);
        }
        return sum;
}

static void digest_of(const void *data, gsize size, guint8 digest[static DIGEST_BYTES]) {
        g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
        gsize length = DIGEST_BYTES;

        g_checksum_update(checksum, data, (gssize)size);
        g_checksum_get_digest(checksum, digest, &length);
}

/* Takes over @variant; little-endian becomes ours, or ours little-endian. */
static GVariant *in_our_order(GVariant *variant) {
        GVariant *swapped;

        if (G_BYTE_ORDER == G_LITTLE_ENDIAN)
                return variant;
        swapped = g_variant_byteswap(variant);
        g_variant_unref(variant);
        return swapped;
}

/* --- saving --- */

static void add_seal(GByteArray *file, const void *body, size_t size) {
        guint8 digest[DIGEST_BYTES];

        digest_of(body, size, digest);
        g_byte_array_append(file, (const guint8 *)MAGIC, MAGIC_BYTES);
        g_byte_array_append(file, digest, DIGEST_BYTES);
        g_byte_array_append(file, body, (guint)size);
}

/* The size before compression, eight bytes, the least significant first, and the zlib stream. */
static GByteArray *compress_body(const void *data, size_t size) {
        GByteArray *body = g_byte_array_new();
        uLongf n = compressBound(size);

        g_byte_array_set_size(body, (guint)(SIZE_BYTES + n));
        for (unsigned i = 0; i < SIZE_BYTES; i++)
                body->data[i] = (guint8)((uint64_t)size >> 8 * i);
        if (compress2(body->data + SIZE_BYTES, &n, data, size, Z_DEFAULT_COMPRESSION) != Z_OK)
                g_error("no memory to compress a ledger"); /* nothing else can go wrong */
        g_byte_array_set_size(body, (guint)(SIZE_BYTES + n));
        return body;
}

bool ledger_save(const Ledger *ledger, const char *path, GError **error) {
        g_autoptr(GVariant) variant = in_our_order(ledger_body(ledger, ledger_fingerprint(ledger->patterns)));
        g_autoptr(GByteArray) file = g_byte_array_new(), body = NULL;
        size_t size = g_variant_get_size(variant);

        if (size > LEDGER_BYTES_MAX) {
                g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_LEDGER, "%s: the ledger would be larger than any that can be read", path);
                return false;
        }
        body = compress_body(g_variant_get_data(variant), size);
        add_seal(file, body->data, body->len);
        return write_whole(path, (const char *)file->data, file->len, error);
}

/* --- what can be checked before the content is believed --- */

static bool refuse(const char *name, const char *why, GError **error) {
        g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_LEDGER, "%s: %s", name, why);
        return false;
}

static bool check_seal(const char *data, size_t size, const char *name, GError **error) {
        guint8 digest[DIGEST_BYTES];

        if (size < MAGIC_BYTES || memcmp(data, MAGIC, MAGIC_BYTES - 1) != 0)
                return refuse(name, "not a ledger of logscan", error);
        if (data[MAGIC_BYTES - 1] != MAGIC[MAGIC_BYTES - 1]) {
                g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_LEDGER, "%s: a ledger of version %d, this logscan reads %d", name,
                            (guint8)data[MAGIC_BYTES - 1], MAGIC[MAGIC_BYTES - 1]);
                return false;
        }
        if (size < MAGIC_BYTES + DIGEST_BYTES + SIZE_BYTES)
                return refuse(name, "torn or changed, its checksum is wrong", error);
        digest_of(data + MAGIC_BYTES + DIGEST_BYTES, size - MAGIC_BYTES - DIGEST_BYTES, digest);
        return memcmp(digest, data + MAGIC_BYTES, DIGEST_BYTES) == 0 || refuse(name, "torn or changed, its checksum is wrong", error);
}

static uint64_t read_size(const guint8 *body) {
        uint64_t size = 0;

        for (unsigned i = 0; i < SIZE_BYTES; i++)
                size |= (uint64_t)body[i] << 8 * i;
        return size;
}

/* Never takes more memory than the file can stand for: deflate gives at most 1032 bytes for one. */
static GVariant *uncompress_body(const guint8 *body, size_t size, const char *name, GError **error) {
        uint64_t stated = read_size(body);
        g_autofree guint8 *data = NULL;
        g_autoptr(GBytes) bytes = NULL;
        uLongf n = (uLongf)stated;

        if (stated > LEDGER_BYTES_MAX || stated / DEFLATE_RATIO_MAX > size) {
                refuse(name, "damaged ledger", error);
                return NULL;
        }
        data = g_malloc(stated + 1);
        if (uncompress(data, &n, body + SIZE_BYTES, size - SIZE_BYTES) != Z_OK || n != stated) {
                refuse(name, "damaged ledger", error);
                return NULL;
        }
        bytes = g_bytes_new_take(g_steal_pointer(&data), n);
        return in_our_order(g_variant_ref_sink(g_variant_new_from_bytes(ledger_body_type(), bytes, FALSE)));
}

/* One that counts by other rules than ours cannot be added up with ours. */
static bool check_maker(GVariant *variant, uint64_t ours, const char *name, GError **error) {
        g_autofree char *version = NULL;
        guint64 fingerprint = 0;

        g_variant_get_child(variant, 0, "s", &version);
        g_variant_get_child(variant, 1, "t", &fingerprint);
        if (!g_str_equal(version, LOGSCAN_VERSION)) {
                g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_LEDGER, "%s: made by logscan %.20s, this is %s", name, version, LOGSCAN_VERSION);
                return false;
        }
        return fingerprint == ours || refuse(name, "made with other patterns than are in use here", error);
}

Ledger *ledger_read(const Patterns *patterns, uint64_t fingerprint, const void *data, size_t size, const char *name, GError **error) {
        g_autoptr(GPtrArray) no_names = g_ptr_array_new();
        g_autoptr(GVariant) variant = NULL;
        g_autoptr(Ledger) ledger = NULL;

        if (!check_seal(data, size, name, error))
                return NULL;
        variant = uncompress_body((const guint8 *)data + MAGIC_BYTES + DIGEST_BYTES, size - MAGIC_BYTES - DIGEST_BYTES, name, error);
        if (!variant || !check_maker(variant, fingerprint, name, error))
                return NULL;
        ledger = ledger_new(patterns, no_names, NULL, NULL);
        if (!ledger_body_read(ledger, variant)) {
                refuse(name, "damaged ledger", error);
                return NULL;
        }
        return g_steal_pointer(&ledger);
}

Ledger *ledger_load(const Patterns *patterns, uint64_t fingerprint, const char *path, GError **error) {
        g_autofree char *data = NULL;
        GStatBuf status;
        gsize size;

        if (g_stat(path, &status) == 0 && (!S_ISREG(status.st_mode) || status.st_size > LEDGER_BYTES_MAX)) {
                refuse(path, "not a ledger of logscan", error);
                return NULL;
        }
        return g_file_get_contents(path, &data, &size, error) ? ledger_read(patterns, fingerprint, data, size, path, error) : NULL;
}
