/* SPDX-License-Identifier: Apache-2.0 */
#include "report/excerpt.h"

#include "report/clean.h"
#include "report/structured.h"

#include <string.h>

/* Bytes before a match that are shown with it: the word before often says how bad it is. */
#define BEFORE_MATCH_BYTES 12

/* A match within so many bytes behind the message is shown in one piece with it. */
#define NEAR_BYTES 100

/* Columns that tell whether two lines say the same, or whether a text was shown already. */
#define COMPARED_COLUMNS 40
#define SHOWN_COLUMNS    20

/* Of the columns of a long line, one in so many is for its beginning. */
#define BEGINNING_SHARE 3
#define BEGINNING_MIN   10

#define GAP " … "

/* --- what a line says --- */

static char *cleaned(const char *from, size_t length) {
        g_autofree char *part = g_strndup(from, length);
        g_autofree char *line = clean_line(part);
        GString *squeezed = g_string_new(NULL);

        /* Blanks are there to align what is above and below in the log. */
        for (const char *at = line; *at; at++)
                if (*at != ' ' || at[1] != ' ')
                        g_string_append_c(squeezed, *at);
        return g_string_free(squeezed, FALSE);
}

/* Behind nginx's "PID#THREAD: *CONNECTION " and Spring Boot's "PID --- [thread] logger : ": what says little to people. */
static size_t numbers_before(const char *text, size_t length) {
        size_t at = 0, digits = strspn(text, "0123456789");
        const char *colon = digits > 0 && g_str_has_prefix(text + digits, " --- [") ? g_strstr_len(text, (gssize)length, " : ") : NULL;

        if (colon)
                return (size_t)(colon - text) + 3;
        if (digits > 0 && text[digits] == '#') {
                size_t thread = strspn(text + digits + 1, "0123456789");
                if (g_str_has_prefix(text + digits + 1 + thread, ": "))
                        at = digits + 1 + thread + 2;
        }
        if (text[at] == '*' && text[at + 1 + strspn(text + at + 1, "0123456789")] == ' ')
                at += 2 + strspn(text + at + 1, "0123456789");
        return at < length ? at : 0;
}

/* Where the words before @at begin, on the same line and not before @floor. */
static size_t words_before(const char *text, size_t at, size_t floor) {
        size_t from = at;

        while (from > floor && at - from < BEFORE_MATCH_BYTES && text[from - 1] != '\n')
                from--;
        if (from == floor || text[from - 1] == '\n')
                return from;
        while (from < at && text[from - 1] != ' ')
                from++;
        return from;
}

/* @head, a gap and what matters behind it, unless @head says that already. */
static Excerpt joined(char *head, char *matter) {
        g_autofree char *beginning = g_strndup(matter, clean_prefix(matter, SHOWN_COLUMNS));
        const char *shown = strstr(head, beginning);
        Excerpt excerpt;

        if (*matter == '\0' || shown)
                excerpt = (Excerpt){ g_strdup(head), shown ? (size_t)(shown - head) : 0 };
        else
                excerpt = (Excerpt){ g_strconcat(head, GAP, matter, NULL), strlen(head) + strlen(GAP) };
        g_free(head);
        g_free(matter);
        return excerpt;
}

/* The message in two parts: up to the words before the match, and from them on. */
static Excerpt split(const char *message, size_t length, size_t at) {
        size_t from = words_before(message, at, 0);
        g_autofree char *head = cleaned(message, from), *tail = cleaned(message + from, length - from);

        return (Excerpt){ g_strconcat(head, tail, NULL), strlen(head) };
}

/* Does the match stand so closely behind the message that what is between them is worth showing? In JSON that is another field. */
static bool is_near(const Exemplar *exemplar, size_t message_end) {
        return exemplar->match_len > 0 && *exemplar->text != '{' && exemplar->match_at >= message_end && exemplar->match_at - message_end < NEAR_BYTES &&
               exemplar->match_at < strcspn(exemplar->text, "\n");
}

/* What matters of a JSON line that was cut before it, without the end of the string that it is in. */
static char *matter_of(const char *text, size_t at, bool json) {
        const char *from = text + words_before(text, at, 0), *to = json ? strstr(from, "\"}") : NULL;
        size_t length = to ? (size_t)(to - from) : EXEMPLAR_LINE_BYTES;

        while (to && length > 2 && from[length - 2] == '\\' && from[length - 1] == 'n')
                length -= 2;
        return cleaned(from, length);
}

/* False when the line is not structured. */
static bool say_structured(const Exemplar *exemplar, Excerpt *excerpt) {
        size_t pivot = 0;
        g_autofree char *said = structured_say(exemplar, &pivot), *head = NULL, *tail = NULL;

        if (!said)
                return false;
        head = cleaned(said, pivot);
        tail = cleaned(said + pivot, strlen(said) - pivot);
        *excerpt = (Excerpt){ g_strconcat(head, tail, NULL), strlen(head) };
        return true;
}

Excerpt excerpt_of(const Evidence *evidence) {
        const Exemplar *exemplar = evidence->exemplar;
        const char *text = exemplar->text, *newline = strchr(text, '\n');
        bool has_message = exemplar->message_len > 0;
        size_t first = strcspn(text, "\n"), at = has_message ? exemplar->message_at : 0;
        size_t length = has_message ? exemplar->message_len : first;
        size_t match = exemplar->match_at;
        size_t skipped = (size_t)(wording_skip_groups(text + at) - (text + at));

        Excerpt structured;
        if (say_structured(exemplar, &structured))
                return structured;
        skipped += skipped < length ? numbers_before(text + at + skipped, length - skipped) : 0;
        if (skipped < length && (exemplar->match_len == 0 || match < at || at + skipped <= match)) {
                at += skipped;
                length -= skipped;
        }
        if (is_near(exemplar, at + length) || (*text != '{' && exemplar->match_len == 0 && at + length < first && !memchr(text + at, ' ', length)))
                length = first - at;
        if (exemplar->match_len > 0 && match + exemplar->match_len > at && match < at + length)
                return split(text + at, length, match > at ? match - at : 0);
        if (exemplar->match_len > 0)
                return joined(cleaned(text + at, length), matter_of(text, match, *text == '{'));
        return joined(cleaned(text + at, length), cleaned(newline ? newline + 1 : "", EXEMPLAR_LINE_BYTES));
}

void excerpt_clear(Excerpt *excerpt) {
        g_clear_pointer(&excerpt->text, g_free);
}

char *excerpt_fit(const Excerpt *excerpt, size_t columns) {
        const char *matter = excerpt->text + excerpt->pivot;
        size_t width = clean_width(matter), before = clean_width(excerpt->text) - width;
        size_t beginning = MAX(columns / BEGINNING_SHARE, BEGINNING_MIN), room;

        /* Does enough of what matters fit behind what stands before it? */
        if (before + MIN(width, columns / 2) <= columns || before <= beginning)
                return clean_fit(excerpt->text, columns);
        room = columns - 2;
        if (width < room - beginning)
                beginning = room - width;
        {
                size_t bytes = clean_prefix(excerpt->text, beginning);
                g_autofree char *head = g_strndup(excerpt->text, bytes);
                g_autofree char *tail = clean_fit(matter, room - clean_width(g_strchomp(head)));

                return g_strdup_printf("%s… %s", head, tail);
        }
}

/* --- rows --- */

/* What matters with its digits, and what looks like an id, masked. Owned by the caller. */
static char *masked(const Excerpt *excerpt) {
        const char *matter = excerpt->text + excerpt->pivot;
        char *beginning = g_strndup(matter, clean_prefix(matter, COMPARED_COLUMNS));

        for (char *at = beginning; *at; at++)
                if (g_ascii_isxdigit(*at))
                        *at = '0';
        return beginning;
}

static EvidenceRow *row_that_says(GArray *rows, const char *source, const Excerpt *excerpt) {
        g_autofree char *wanted = masked(excerpt);

        for (guint i = 0; i < rows->len; i++) {
                EvidenceRow *row = &g_array_index(rows, EvidenceRow, i);
                g_autofree char *said = masked(&row->excerpt);
                if (g_str_equal(row->source, source) && g_str_equal(said, wanted))
                        return row;
        }
        return NULL;
}

static void row_clear(void *data) {
        EvidenceRow *row = data;

        g_free(row->address);
        g_array_unref(row->more);
        excerpt_clear(&row->excerpt);
}

static void append_row(GArray *rows, const Wording *words, const Evidence *evidence, Excerpt *excerpt) {
        EvidenceRow row = { evidence->source, wording_address(words, evidence), g_array_new(FALSE, FALSE, sizeof(uint64_t)), *excerpt, evidence };

        excerpt->text = NULL;
        g_array_append_val(rows, row);
}

/* Where @name stands in @text as a word; SIZE_MAX if it does not. */
static size_t find_name(Str text, Str name) {
        for (size_t at = 0; (at = str_find(text, name, at)) != SIZE_MAX; at++)
                if ((at == 0 || !char_is_alpha(text.ptr[at - 1])) && !char_is_alpha(str_at(text, at + name.len)))
                        return at;
        return SIZE_MAX;
}

/* What is news of a line begins with the name of a value ("matched 0, 38 before"), which stands behind that name or, of what is counted, before it. */
static void point_at(Excerpt *excerpt, const char *news) {
        Str text = str_from(excerpt->text), name = { news, strcspn(news, " =") };
        size_t at = excerpt->pivot == 0 ? find_name(text, name) : SIZE_MAX;

        if (at == SIZE_MAX)
                return;
        excerpt->pivot = at;
        if (str_at(text, at + name.len) == '=')
                return;
        for (; at > 0 && (text.ptr[at - 1] == ' ' || char_is_digit(text.ptr[at - 1])); at--)
                if (char_is_digit(text.ptr[at - 1]))
                        excerpt->pivot = at - 1;
}

GArray *excerpt_rows(const Wording *words, const Cause *cause, unsigned max) {
        GArray *rows = g_array_new(FALSE, FALSE, sizeof(EvidenceRow));

        g_array_set_clear_func(rows, row_clear);
        for (guint i = 0; i < cause->evidence->len; i++) {
                const Evidence *line = &g_array_index(cause->evidence, Evidence, i);
                g_auto(Excerpt) excerpt = excerpt_of(line);
                EvidenceRow *same;

                if (cause->facet)
                        point_at(&excerpt, cause->facet);
                same = row_that_says(rows, line->source, &excerpt);
                if (same)
                        g_array_append_val(same->more, line->line);
                else if (rows->len < max)
                        append_row(rows, words, line, &excerpt);
        }
        return rows;
}
