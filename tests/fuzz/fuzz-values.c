/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What a diagnosis reads in a line: values by name, counts, pairs, durations, settings, references, attempts, opposites, siblings, holders, turns,
 * hearsay. The input is one line and, behind the first newline, another one to compare it with. All that is found lies in the line, and each reader
 * moves on.
 */

#include "diagnose/attempts.h"
#include "diagnose/counted.h"
#include "diagnose/durations.h"
#include "diagnose/epochs.h"
#include "diagnose/hearsay.h"
#include "diagnose/holders.h"
#include "diagnose/named_values.h"
#include "diagnose/opposites.h"
#include "diagnose/pairs.h"
#include "diagnose/references.h"
#include "diagnose/settings.h"
#include "diagnose/siblings.h"
#include "diagnose/turns.h"

#include <glib.h>
#include <math.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void lies_in(Str part, Str text) {
        g_assert(part.ptr >= text.ptr && part.ptr + part.len <= text.ptr + text.len);
}

static void read_named(Str text, const Exemplar *line) {
        NamedValue named;

        for (size_t at = 0, before = 0; named_values_next(text, &at, &named); before = at) {
                g_assert(at > before && named.name.len > 0);
                lies_in(named.name, text);
                lies_in(named.value, text);
                lies_in(named_values_get(line, named.name), text);
                epochs_unit(line, named.name);
        }
}

static void read_counted(Str text) {
        Counted counted;

        for (size_t at = 0, before = 0; counted_next(text, &at, &counted); before = at) {
                g_assert(at > before && counted.name.len > 0 && counted.value.len > 0);
                lies_in(counted.name, text);
                lies_in(counted.value, text);
        }
}

static void read_pairs(Str text) {
        Pair pairs[PAIRS_MAX];
        unsigned n = pairs_of(text, pairs);

        for (unsigned i = 0; i < n; i++) {
                lies_in(pairs[i].key, text);
                lies_in(pairs[i].value, text);
        }
}

/* Among two lines of another kind, both of the text behind. */
static void compare_kinds(const char *text, const char *behind) {
        g_autoptr(GPtrArray) signals = g_ptr_array_new_with_free_func(signal_free);
        LedgerView view = { .signals = signals };
        g_autoptr(Holders) holders = NULL;
        size_t message_at = strcspn(text, "\t");
        const Signal *signal;
        SiblingWord word;

        for (unsigned kind = 0; kind < 2; kind++) {
                Signal *one = signal_new(kind, NULL);
                for (unsigned i = 0; i <= kind; i++) {
                        const char *line = kind == 0 ? text : behind;
                        one->first[one->n_first++] = (Exemplar){ .text = g_strdup(line), .time_us = kind == 0 ? 10 : i, .message_len = (uint32_t)strlen(line) };
                }
                g_ptr_array_add(signals, one);
        }
        signal = signals->pdata[0];
        if (siblings_differ(signal, &signal->first[0], &view, &word)) {
                lies_in(word.name, str_from(signal->first[0].text));
                lies_in(word.now, str_from(signal->first[0].text));
                lies_in(word.was, str_from(word.said->text));
        }
        holders = holders_new(&view);
        holders_wrote(holders, &(Exemplar){ .text = (char *)text, .message_at = (uint32_t)message_at, .message_len = (uint32_t)(strlen(text) - message_at) });
}

/* The same line again and again, and then the other one. */
static void find_turn(const Exemplar *line, const char *behind) {
        Exemplar other = { .text = (char *)behind, .time_us = 1, .message_len = (uint32_t)strlen(behind) };
        Lines lines = { .at = { line, line, line, &other }, .n = 4 };
        g_autoptr(GPtrArray) nothing = g_ptr_array_new();
        Signal signal = { .key = 1 };
        Turn turn;

        if (turns_find(&signal, &lines, TURNED_BEFORE_MIN, lines.n, &(LedgerView){ .signals = nothing }, &turn)) {
                lies_in(turn.name, str_from(behind));
                lies_in(turn.now, str_from(behind));
                lies_in(turn.was, str_from(line->text));
                g_assert(turn.turned < turn.back && turn.back <= lines.n);
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        g_autofree char *copy = g_strndup((const char *)data, size), *other = NULL;
        char *newline = strchr(copy, '\n');
        Exemplar line = { .text = copy, .message_len = (uint32_t)strlen(copy) };
        Str text = str_from(copy), behind, name, was, now;
        unsigned n, of;

        other = g_strdup(newline ? newline + 1 : "");
        behind = str_from(other);
        read_named(text, &line);
        read_counted(text);
        read_pairs(text);
        g_assert(isfinite(durations_longest(text)) && isfinite(durations_since(text)));
        if (settings_moved(text, &name, &was, &now)) {
                lies_in(name, text);
                lies_in(was, text);
                lies_in(now, text);
        }
        if (attempts_in(text, &n, &of))
                g_assert(n >= 1 && n <= of);
        attempts_leave_row_out(text);
        references_shared(text, behind);
        references_taken_back(text, behind);
        opposites_told(text, behind);
        hearsay_tells_of_act(copy);
        g_assert(fabs(hearsay_of(copy)) <= 1);
        find_turn(&line, other);
        compare_kinds(copy, other);
        return 0;
}
