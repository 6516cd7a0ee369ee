/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/holders.h"

#include "model/evidence_line.h"

#include <string.h>

/* Smaller numbers stand in times and counts, too. */
#define PROCESS_DIGITS_MIN 3
#define PROCESS_DIGITS_MAX 9

struct Holders {
        GHashTable *processes; /* their numbers; the line that named each first */
};

static size_t digits_at(Str text, size_t at) {
        size_t end = at;

        while (char_is_digit(str_at(text, end)))
                end++;
        return end - at;
}

static guint number_at(Str text, size_t at, size_t n_digits) {
        guint number = 0;

        for (size_t i = 0; i < n_digits; i++)
                number = number * 10 + (guint)(text.ptr[at + i] - '0');
        return number;
}

/* The number at @at as a process; 0 if it is none. */
static guint process_at(Str text, size_t at) {
        size_t n = digits_at(text, at);

        return n < PROCESS_DIGITS_MIN || n > PROCESS_DIGITS_MAX ? 0 : number_at(text, at, n);
}

static void add(Holders *holders, guint process, const Exemplar *line) {
        const Exemplar *first = g_hash_table_lookup(holders->processes, GUINT_TO_POINTER(process));

        if (!first || line->time_us < first->time_us)
                g_hash_table_insert(holders->processes, GUINT_TO_POINTER(process), (gpointer)line);
}

/* "28000, 28001" from @at on. */
static void add_list(Holders *holders, const Exemplar *line, size_t at) {
        Str text = str_from(line->text);
        guint process;

        while (at < text.len && strchr(" =:#\"", text.ptr[at]))
                at++;
        while ((process = process_at(text, at)) > 0) {
                add(holders, process, line);
                at += digits_at(text, at);
                if (!str_starts(str_slice(text, at, text.len), STR(", ")))
                        return;
                at += strlen(", ");
        }
}

static void add_named(Holders *holders, const Exemplar *line) {
        static const char *const BEFORE[] = { "holding the lock", "blocking pid",       "blocking_pid",       "blocker pid", "blocker_pid",
                                              "blocked by pid",   "blocked by process", "blocked by session", "held by pid", "held by process",
                                              "holder pid",       "holder_pid",         "locked by pid" };
        Str text = str_from(line->text);

        for (size_t i = 0; i < G_N_ELEMENTS(BEFORE); i++) {
                Str before = str_from(BEFORE[i]);
                for (size_t at = 0; (at = str_find_nocase(text, before, at)) != SIZE_MAX; at += before.len)
                        add_list(holders, line, at + before.len);
        }
}

Holders *holders_new(const LedgerView *view) {
        Holders *holders = g_new0(Holders, 1);

        holders->processes = g_hash_table_new(NULL, NULL);
        for (guint i = 0; i < view->signals->len; i++) {
                const Signal *signal = view->signals->pdata[i];
                if (signal->n_first == 0 || str_find_nocase(str_from(signal->first[0].text), STR("lock"), 0) == SIZE_MAX)
                        continue;
                for (unsigned j = 0; j < signal_n_exemplars(signal); j++)
                        add_named(holders, signal_exemplar(signal, j));
        }
        return holders;
}

void holders_free(Holders *holders) {
        g_hash_table_unref(holders->processes);
        g_free(holders);
}

bool holders_wrote(const Holders *holders, const Exemplar *line) {
        Str before = evidence_preface(line);

        for (size_t at = 1; at < before.len && g_hash_table_size(holders->processes) > 0; at++) {
                guint process = strchr("[=", before.ptr[at - 1]) ? process_at(before, at) : 0;
                const Exemplar *named = process ? g_hash_table_lookup(holders->processes, GUINT_TO_POINTER(process)) : NULL;
                if (named)
                        return line->time_us != TIME_NONE && line->time_us < named->time_us;
        }
        return false;
}
