/* SPDX-License-Identifier: Apache-2.0 */
#include "commands/evidence.h"

#include "base/error.h"
#include "config.h"
#include "commands/patterns_tool.h"
#include "report/clean.h"
#include "report/put.h"

#include <json-glib/json-glib.h>

/* Not before 1980, for some programs cannot say so. */
#define EARLIEST_SECONDS INT64_C(315532800)

char *evidence_digest(GBytes *content) {
        return g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, content);
}

/* --- the draft --- */

void evidence_draft_free(EvidenceDraft *draft) {
        g_ptr_array_unref(draft->excerpts);
        g_ptr_array_unref(draft->inputs);
        g_ptr_array_unref(draft->bundle);
        g_free(draft);
}

/* Standard input is gone once it is read: it is named, and its lines are in the report alone. */
static void add_inputs(EvidenceDraft *draft, const Source *source, const Session *session) {
        Input *input;

        if (!g_str_equal(source->name, SOURCE_STDIN)) {
                excerpts_read(draft->excerpts, source, session->scan.inflate, draft->inputs, NULL);
                return;
        }
        input = g_new0(Input, 1);
        input->name = g_strdup(source->name);
        input->again = AGAIN_NOWHERE;
        g_ptr_array_add(draft->inputs, input);
}

/* Was it counted? Pictures and programs in an archive were not. */
static bool is_counted(const Report *report, const char *own_name, const char *host) {
        g_autofree char *name = host ? g_strdup_printf("%s:%s", host, own_name) : g_strdup(own_name);

        for (guint i = 0; i < report->ledger->sources->len; i++)
                if (g_str_equal(((const SourceRecord *)report->ledger->sources->pdata[i])->name, name))
                        return true;
        return false;
}

/* Each log once: its parts (--parts) are sources of one name, and each reading fills the excerpts anew. */
static void add_all_inputs(EvidenceDraft *draft, const Session *session) {
        g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);

        for (guint i = 0; i < session->sources->len; i++) {
                const Source *source = session->sources->pdata[i];
                if (g_hash_table_add(names, source->name))
                        add_inputs(draft, source, session);
        }
}

/* What could not be read is a problem of the report already. */
EvidenceDraft *evidence_draft(const Report *report, const Session *session) {
        EvidenceDraft *draft = g_new0(EvidenceDraft, 1);

        draft->excerpts = excerpts_plan(report, session->scan.host);
        draft->inputs = g_ptr_array_new_with_free_func(input_free);
        draft->bundle = packet_new();
        add_all_inputs(draft, session);
        for (guint i = draft->inputs->len; i-- > 0;) {
                const Input *input = draft->inputs->pdata[i];
                if (input->again == AGAIN_ARCHIVE && !is_counted(report, input->name, session->scan.host))
                        g_ptr_array_remove_index(draft->inputs, i);
        }
        return draft;
}

/* --- packs --- */

typedef struct PackDigest {
        const char *pack; /* borrowed */
        unsigned n_patterns;
        GChecksum *sha; /* owned */
} PackDigest;

static void pack_clear(void *pack) {
        g_checksum_free(((PackDigest *)pack)->sha);
}

static PackDigest *pack_of(GArray *packs, const char *name) {
        PackDigest fresh = { .pack = name };

        for (guint i = 0; i < packs->len; i++)
                if (g_str_equal(g_array_index(packs, PackDigest, i).pack, name))
                        return &g_array_index(packs, PackDigest, i);
        fresh.sha = g_checksum_new(G_CHECKSUM_SHA256);
        g_array_append_val(packs, fresh);
        return &g_array_index(packs, PackDigest, packs->len - 1);
}

static void digest_text(GChecksum *sha, const char *text) {
        g_checksum_update(sha, (const guchar *)text, (gssize)strlen(text) + 1);
}

static void digest_conditions(GChecksum *sha, const Condition *conditions, size_t n) {
        for (size_t i = 0; i < n; i++) {
                digest_text(sha, condition_kind_name(conditions[i].kind));
                digest_text(sha, conditions[i].text);
        }
}

static void digest_list(GChecksum *sha, const char *const *texts) {
        for (; *texts; texts++)
                digest_text(sha, *texts);
}

/* What decides: a pack whose words alone differ is the same. */
static void digest_pattern(GChecksum *sha, const Pattern *pattern) {
        digest_text(sha, pattern->id);
        digest_text(sha, role_name(pattern->role));
        digest_text(sha, severity_name(pattern->severity));
        digest_text(sha, pattern->category->id);
        digest_text(sha, "match");
        digest_conditions(sha, pattern->match, pattern->n_match);
        digest_text(sha, "unless");
        digest_conditions(sha, pattern->unless, pattern->n_unless);
        digest_list(sha, pattern->leads_to);
        digest_list(sha, pattern->category->leads_to);
}

static int compare_packs(const void *a, const void *b) {
        return strcmp(((const PackDigest *)a)->pack, ((const PackDigest *)b)->pack);
}

static GArray *digest_packs(const Patterns *patterns) {
        GArray *packs = g_array_new(FALSE, FALSE, sizeof(PackDigest));

        g_array_set_clear_func(packs, pack_clear);
        for (guint i = 0; i < patterns->items->len; i++) {
                const Pattern *pattern = patterns->items->pdata[i];
                PackDigest *pack = pack_of(packs, pattern->pack);
                pack->n_patterns++;
                digest_pattern(pack->sha, pattern);
        }
        g_array_sort(packs, compare_packs);
        return packs;
}

/* --- the manifest --- */

typedef JsonBuilder B;

/* A path as it may be shown. */
static void put_name(B *b, const char *name, const Session *session, const char *path) {
        g_autofree char *shown = session_show(session, path);

        put_text(b, name, shown);
}

/* All but where the bundle went, for that changes nothing in it. */
static void put_command(B *b, const Session *session, const Options *options) {
        put_list(b, "command");
        for (char **word = options->command_line; word && *word; word++) {
                g_autofree char *shown = session_show(session, *word), *valid = clean_utf8(shown);
                if (g_str_has_prefix(*word, "--evidence="))
                        continue;
                if (g_str_equal(*word, "--evidence")) {
                        word += word[1] != NULL;
                        continue;
                }
                json_builder_add_string_value(b, valid);
        }
        json_builder_end_array(b);
}

static void put_packs(B *b, const Patterns *patterns) {
        g_autoptr(GArray) packs = digest_packs(patterns);

        put_list(b, "packs");
        for (guint i = 0; i < packs->len; i++) {
                PackDigest *pack = &g_array_index(packs, PackDigest, i);
                json_builder_begin_object(b);
                put_text(b, "pack", pack->pack);
                put_count(b, "patterns", pack->n_patterns);
                put_text(b, "sha256", g_checksum_get_string(pack->sha));
                json_builder_end_object(b);
        }
        json_builder_end_array(b);
}

/* By Again. */
static const char *const AGAINS[] = { "file", "archive", "journal", "nowhere" };

static void put_inputs(B *b, const GPtrArray *inputs, const Session *session) {
        put_list(b, "inputs");
        for (guint i = 0; i < inputs->len; i++) {
                const Input *input = inputs->pdata[i];
                json_builder_begin_object(b);
                put_name(b, "name", session, input->name);
                put_text(b, "again", AGAINS[input->again]);
                put_count(b, "bytes", input->bytes);
                put_text(b, "sha256", input->sha256);
                put_count(b, "text_bytes", input->text_bytes);
                put_text(b, "text_sha256", input->text_sha256);
                json_builder_end_object(b);
        }
        json_builder_end_array(b);
}

static int compare_files(const void *a, const void *b) {
        return strcmp((*(const BundleFile *const *)a)->name, (*(const BundleFile *const *)b)->name);
}

static void put_files(B *b, GPtrArray *bundle) {
        g_ptr_array_sort(bundle, compare_files);
        put_list(b, "files");
        for (guint i = 0; i < bundle->len; i++) {
                const BundleFile *file = bundle->pdata[i];
                g_autofree char *digest = evidence_digest(file->content);
                json_builder_begin_object(b);
                put_text(b, "name", file->name);
                put_count(b, "bytes", g_bytes_get_size(file->content));
                put_text(b, "sha256", digest);
                json_builder_end_object(b);
        }
        json_builder_end_array(b);
}

static void put_claims(B *b, const Excerpt *excerpt) {
        put_list(b, "lines");
        for (guint i = 0; i < excerpt->claims->len; i++) {
                const Claim *claim = &g_array_index(excerpt->claims, Claim, i);
                json_builder_begin_object(b);
                put_count(b, "line", claim->line);
                put_count(b, "offset", claim->offset);
                put_count(b, "incident", claim->incident);
                put_text(b, "id", claim->id);
                json_builder_end_object(b);
        }
        json_builder_end_array(b);
}

static char *name_of(guint index) {
        return g_strdup_printf("excerpts/%04u.log", index + 1);
}

static void put_excerpts(B *b, const GPtrArray *excerpts, const Session *session) {
        put_list(b, "excerpts");
        for (guint i = 0; i < excerpts->len; i++) {
                const Excerpt *excerpt = excerpts->pdata[i];
                g_autofree char *name = name_of(i);
                if (excerpt->text->len == 0)
                        continue;
                json_builder_begin_object(b);
                put_text(b, "file", name);
                put_name(b, "source", session, excerpt->source);
                put_count(b, "first_line", excerpt->first_line);
                put_count(b, "last_line", excerpt->last_line);
                put_count(b, "from", excerpt->from);
                put_count(b, "to", excerpt->to);
                json_builder_set_member_name(b, "cut");
                json_builder_add_boolean_value(b, excerpt->cut);
                put_claims(b, excerpt);
                json_builder_end_object(b);
        }
        json_builder_end_array(b);
}

static void put_redactions(B *b, const Redactor *redactor) {
        g_autoptr(GArray) list = redactor_list(redactor);

        put_list(b, "replaced");
        for (guint i = 0; i < list->len; i++) {
                const Redaction *redaction = &g_array_index(list, Redaction, i);
                json_builder_begin_object(b);
                put_text(b, "kind", redaction->kind);
                put_count(b, "values", redaction->n_values);
                put_count(b, "replaced", redaction->n_replaced);
                json_builder_end_object(b);
        }
        json_builder_end_array(b);
}

static char *manifest_of(EvidenceDraft *draft, const Session *session, const Options *options) {
        g_autoptr(JsonBuilder) b = json_builder_new();
        g_autoptr(JsonGenerator) generator = json_generator_new();
        g_autoptr(JsonNode) root = NULL;
        g_autofree char *text = NULL;

        json_builder_begin_object(b);
        put_text(b, "schema", EVIDENCE_SCHEMA);
        put_text(b, "tool", "logscan " LOGSCAN_VERSION);
        put_command(b, session, options);
        if (session->scan.host)
                put_name(b, "host", session, session->scan.host);
        put_packs(b, session->patterns);
        json_builder_set_member_name(b, "redacted");
        json_builder_add_boolean_value(b, session->redactor != NULL);
        put_inputs(b, draft->inputs, session);
        put_files(b, draft->bundle);
        put_excerpts(b, draft->excerpts, session);
        if (session->redactor)
                put_redactions(b, session->redactor);
        json_builder_end_object(b);
        root = json_builder_get_root(b);
        json_generator_set_root(generator, root);
        json_generator_set_pretty(generator, TRUE);
        text = json_generator_to_data(generator, NULL);
        return g_strconcat(text, "\n", NULL);
}

/* --- the bundle --- */

/* An excerpt that begins or ends within a line, for it was cut, may begin or end within a secret: only whole lines are shown. */
static char *shown_excerpt(const Session *session, const Excerpt *excerpt) {
        Str text = { excerpt->text->str, excerpt->text->len };

        while (excerpt->cut && text.len > 0 && text.ptr[text.len - 1] != '\n')
                text.len--;
        return redact_text(session->redactor, text);
}

static void add_excerpts(EvidenceDraft *draft, const Session *session) {
        for (guint i = 0; i < draft->excerpts->len; i++) {
                const Excerpt *excerpt = draft->excerpts->pdata[i];
                g_autofree char *name = name_of(i), *shown = session->redactor ? shown_excerpt(session, excerpt) : NULL;

                if (excerpt->text->len > 0)
                        packet_add(draft->bundle, name, shown ? str_from(shown) : (Str){ excerpt->text->str, excerpt->text->len });
        }
}

static void add_manifest(EvidenceDraft *draft, const Session *session, const Options *options) {
        g_autofree char *manifest = manifest_of(draft, session, options);
        g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, manifest, -1);
        g_autofree char *seal = g_strdup_printf("%s  %s\n", digest, EVIDENCE_MANIFEST);

        packet_add(draft->bundle, EVIDENCE_MANIFEST, str_from(manifest));
        packet_add(draft->bundle, EVIDENCE_SEAL, str_from(seal));
}

bool evidence_write(EvidenceDraft *draft, const Report *report, const Session *session, const Options *options, GError **error) {
        int64_t last_second = report->last_us == TIME_NONE || report->by_line ? 0 : report->last_us / 1000000;

        add_excerpts(draft, session);
        add_manifest(draft, session, options);
        return packet_write(draft->bundle, options->evidence, MAX(last_second, EARLIEST_SECONDS), error);
}
