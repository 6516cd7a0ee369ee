/* SPDX-License-Identifier: Apache-2.0 */
#include "commands/excerpts.h"

#include "base/error.h"
#include "input/intake.h"
#include "input/journal.h"

#include <stdio.h>
#include <string.h>

#define CHUNK_BYTES (256 * 1024)

/* Between the name of an archive and that of a file in it. */
#define MEMBER "!/"

/* --- what is wanted --- */

static void claim_clear(void *claim) {
        g_free(((Claim *)claim)->id);
}

Excerpt *excerpt_new(const char *source, uint64_t first_line, uint64_t last_line) {
        Excerpt *excerpt = g_new0(Excerpt, 1);

        excerpt->source = g_strdup(source);
        excerpt->first_line = first_line;
        excerpt->last_line = last_line;
        excerpt->text = g_string_new(NULL);
        excerpt->claims = g_array_new(FALSE, TRUE, sizeof(Claim));
        g_array_set_clear_func(excerpt->claims, claim_clear);
        return excerpt;
}

void excerpt_free(void *data) {
        Excerpt *excerpt = data;

        g_free(excerpt->source);
        g_string_free(excerpt->text, TRUE);
        g_array_unref(excerpt->claims);
        g_free(excerpt);
}

void input_free(void *data) {
        Input *input = data;

        g_free(input->name);
        g_free(input->sha256);
        g_free(input->text_sha256);
        g_free(input);
}

static void plan_line(GPtrArray *plan, const Evidence *evidence, unsigned incident, const char *id) {
        uint64_t line = MAX(evidence->line, 1);
        uint64_t first = line > EXCERPT_LINES_BEFORE ? line - EXCERPT_LINES_BEFORE : 1;
        Excerpt *excerpt = excerpt_new(evidence->source, first, line + EXCERPT_LINES_BEHIND);
        Claim claim = { line, evidence->offset, incident, g_strdup(id) };

        g_array_append_val(excerpt->claims, claim);
        g_ptr_array_add(plan, excerpt);
}

static void plan_causes(GPtrArray *plan, const GPtrArray *causes, unsigned incident) {
        for (guint i = 0; i < causes->len; i++) {
                const Cause *cause = causes->pdata[i];
                for (guint j = 0; j < cause->evidence->len; j++)
                        plan_line(plan, &g_array_index(cause->evidence, Evidence, j), incident, cause->id);
        }
}

static int compare_excerpts(const void *a, const void *b) {
        const Excerpt *one = *(const Excerpt *const *)a, *two = *(const Excerpt *const *)b;
        int order = strcmp(one->source, two->source);

        if (order == 0)
                order = (one->first_line > two->first_line) - (one->first_line < two->first_line);
        if (order == 0)
                order = strcmp(g_array_index(one->claims, Claim, 0).id, g_array_index(two->claims, Claim, 0).id);
        return order;
}

static bool says_so(const Excerpt *excerpt, const Claim *claim) {
        for (guint i = 0; i < excerpt->claims->len; i++) {
                const Claim *known = &g_array_index(excerpt->claims, Claim, i);
                if (known->line == claim->line && known->incident == claim->incident && g_str_equal(known->id, claim->id))
                        return true;
        }
        return false;
}

/* @next begins within @excerpt or right behind it: one excerpt holds both. */
static void join(Excerpt *excerpt, const Excerpt *next) {
        Claim claim = g_array_index(next->claims, Claim, 0);

        excerpt->last_line = MAX(excerpt->last_line, next->last_line);
        if (says_so(excerpt, &claim))
                return;
        claim.id = g_strdup(claim.id);
        g_array_append_val(excerpt->claims, claim);
}

static void drop_host(Excerpt *excerpt, const char *host) {
        g_autofree char *prefix = g_strconcat(host, ":", NULL);
        char *name = g_str_has_prefix(excerpt->source, prefix) ? g_strdup(excerpt->source + strlen(prefix)) : NULL;

        if (!name)
                return;
        g_free(excerpt->source);
        excerpt->source = name;
}

GPtrArray *excerpts_plan(const Report *report, const char *host) {
        g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(excerpt_free);
        GPtrArray *plan = g_ptr_array_new_with_free_func(excerpt_free);
        Excerpt *last = NULL;

        for (guint i = 0; i < report->incidents->len; i++) {
                const Incident *incident = report->incidents->pdata[i];
                plan_causes(lines, incident->causes, incident->id);
                plan_causes(lines, incident->symptoms, incident->id);
                for (guint j = 0; j < incident->changes->len; j++) {
                        const Change *change = incident->changes->pdata[j];
                        plan_line(lines, &change->evidence, incident->id, change->id);
                        if (change->undone.exemplar)
                                plan_line(lines, &change->undone, incident->id, change->id);
                }
        }
        for (guint i = 0; host && i < lines->len; i++)
                drop_host(lines->pdata[i], host);
        g_ptr_array_sort(lines, compare_excerpts);
        for (guint i = 0; i < lines->len; i++) {
                Excerpt *next = lines->pdata[i];
                if (last && g_str_equal(last->source, next->source) && next->first_line <= last->last_line + 1) {
                        join(last, next);
                        continue;
                }
                last = next;
                g_ptr_array_add(plan, next);
                lines->pdata[i] = excerpt_new("", 0, 0);
        }
        return plan;
}

/* --- reading --- */

typedef struct Pass {
        GPtrArray *wanted; /* of Excerpt of this source, borrowed, by line */
        guint at;
        uint64_t line, offset; /* of the next byte */
} Pass;

static void take(Excerpt *excerpt, uint64_t offset, Str piece) {
        size_t room = EXCERPT_BYTES_MAX - excerpt->text->len;

        if (excerpt->text->len == 0 && !excerpt->cut)
                excerpt->from = excerpt->to = offset;
        excerpt->cut |= piece.len > room;
        g_string_append_len(excerpt->text, piece.ptr, (gssize)MIN(piece.len, room));
        excerpt->to = excerpt->from + excerpt->text->len;
}

/* @piece lies within one line; its last byte may be the newline. */
static void read_piece(Pass *pass, Str piece) {
        while (pass->at < pass->wanted->len && ((Excerpt *)pass->wanted->pdata[pass->at])->last_line < pass->line)
                pass->at++;
        if (pass->at < pass->wanted->len) {
                Excerpt *excerpt = pass->wanted->pdata[pass->at];
                if (pass->line >= excerpt->first_line)
                        take(excerpt, pass->offset, piece);
        }
        pass->offset += piece.len;
        pass->line += piece.ptr[piece.len - 1] == '\n';
}

static void read_chunk(Pass *pass, Str chunk) {
        for (size_t at = 0; at < chunk.len;) {
                const char *newline = memchr(chunk.ptr + at, '\n', chunk.len - at);
                size_t length = newline ? (size_t)(newline - chunk.ptr) + 1 - at : chunk.len - at;

                read_piece(pass, (Str){ chunk.ptr + at, length });
                at += length;
        }
}

/* The file as it is, if it is one. */
static void digest_file(Input *input, const char *path) {
        g_autoptr(GChecksum) sha = g_checksum_new(G_CHECKSUM_SHA256);
        g_autofree guchar *buffer = g_malloc(CHUNK_BYTES);
        FILE *file = g_file_test(path, G_FILE_TEST_IS_REGULAR) ? fopen(path, "rbe") : NULL;
        size_t n;

        if (!file)
                return;
        while ((n = fread(buffer, 1, CHUNK_BYTES, file)) > 0) {
                g_checksum_update(sha, buffer, (gssize)n);
                input->bytes += n;
        }
        if (!ferror(file))
                input->sha256 = g_strdup(g_checksum_get_string(sha));
        fclose(file);
}

/* Excerpts end where the log ends. */
static void end_pass(Pass *pass) {
        uint64_t n_lines = pass->line - (pass->line > 1);

        for (guint i = 0; i < pass->wanted->len; i++) {
                Excerpt *excerpt = pass->wanted->pdata[i];
                GString *text = excerpt->text;
                bool is_open = text->len > 0 && text->str[text->len - 1] != '\n';
                uint64_t last = is_open ? pass->line : n_lines;
                if (excerpt->last_line > last)
                        excerpt->last_line = MAX(last, excerpt->first_line);
        }
}

char *excerpts_file_of(const char *source) {
        const char *member = strstr(source, MEMBER);

        return member ? g_strndup(source, (gsize)(member - source)) : g_strdup(source);
}

static Again again_of(const char *name, bool in_bundle) {
        if (g_str_equal(name, SOURCE_STDIN))
                return AGAIN_NOWHERE;
        if (journal_is_name(name))
                return AGAIN_JOURNAL;
        return in_bundle ? AGAIN_ARCHIVE : AGAIN_FILE;
}

/* One stream of lines, to its end. */
static Input *read_item(const GPtrArray *excerpts, const IntakeItem *item, const char *path) {
        g_autoptr(GChecksum) sha = g_checksum_new(G_CHECKSUM_SHA256);
        g_autoptr(GPtrArray) wanted = g_ptr_array_new();
        g_autofree char *buffer = g_malloc(CHUNK_BYTES);
        Pass pass = { .wanted = wanted, .line = 1 };
        Input *input = g_new0(Input, 1);
        size_t n;

        for (guint i = 0; i < excerpts->len; i++)
                if (g_str_equal(((Excerpt *)excerpts->pdata[i])->source, item->source->name))
                        g_ptr_array_add(wanted, excerpts->pdata[i]);
        while ((n = decoder_read(item->decoder, buffer, CHUNK_BYTES)) > 0) {
                g_checksum_update(sha, (const guchar *)buffer, (gssize)n);
                read_chunk(&pass, (Str){ buffer, n });
        }
        end_pass(&pass);
        input->name = g_strdup(item->source->name);
        input->again = again_of(path, item->in_bundle);
        input->text_bytes = pass.offset;
        input->text_sha256 = g_strdup(g_checksum_get_string(sha));
        digest_file(input, path);
        return input;
}

bool excerpts_read(GPtrArray *excerpts, const Source *source, InflateEngine engine, GPtrArray *inputs, GError **error) {
        g_autoptr(GPtrArray) sources = g_ptr_array_new();
        g_autoptr(Intake) intake = NULL;
        g_autofree char *problem = NULL;
        IntakeItem item;
        bool any = false;

        g_ptr_array_add(sources, (void *)source);
        intake = intake_new(sources, engine);
        while (intake_next(intake, &item)) {
                if (item.decoder)
                        g_ptr_array_add(inputs, read_item(excerpts, &item, source->name));
                else if (!problem && item.problems && item.problems->len > 0)
                        problem = g_strdup(item.problems->pdata[0]);
                any |= item.decoder != NULL;
        }
        if (!any)
                g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_INPUT, "%s: %s", source->name, problem ? problem : "nothing to read");
        return any;
}
