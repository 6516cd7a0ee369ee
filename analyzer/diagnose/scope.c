/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/scope.h"

#include "diagnose/lines.h"
#include "diagnose/pairs.h"
#include "diagnose/settings.h"

/* Dimensions that are looked at. */
#define DIMENSIONS_MAX 24

/* Lines of the failure, ordinary ones of the time in which it fails, and all other ordinary ones. */
typedef enum { FAILING, MEANWHILE, OTHERWISE, N_WHICH } Which;

typedef struct Dimension {
        Str key, value;
        struct {
                unsigned n, n_with_value; /* lines that name the dimension, and those that have the value */
        } lines[N_WHICH];
} Dimension;

static Dimension *dimension_of(Dimension *dimensions, unsigned n, Str key) {
        for (unsigned i = 0; i < n; i++)
                if (str_equal(dimensions[i].key, key))
                        return &dimensions[i];
        return NULL;
}

/* What says what happened is no dimension of where. */
static bool tells_what(Str key) {
        static const char *const KEYS[] = { "msg", "message", "event", "log", "level", "lvl", "severity", "error", "err", "status", "caller" };

        for (size_t i = 0; i < G_N_ELEMENTS(KEYS); i++)
                if (str_equal_nocase(key, str_from(KEYS[i])))
                        return true;
        return false;
}

/* The named values of the first failing line: what all of them have must be among these. */
static unsigned begin_dimensions(const Exemplar *line, Dimension *dimensions) {
        Pair pairs[PAIRS_MAX];
        unsigned n_pairs = pairs_of(str_from(line->text), pairs), n = 0;

        for (unsigned i = 0; i < n_pairs && n < DIMENSIONS_MAX; i++)
                if (pairs[i].named && pairs[i].value.len < 64 && !tells_what(pairs[i].key) && !dimension_of(dimensions, n, pairs[i].key))
                        dimensions[n++] = (Dimension){ .key = pairs[i].key, .value = pairs[i].value };
        return n;
}

static void count_line(Dimension *dimensions, unsigned n, const Exemplar *line, Which which) {
        Pair pairs[PAIRS_MAX];
        unsigned n_pairs = pairs_of(str_from(line->text), pairs);

        for (unsigned i = 0; i < n_pairs; i++) {
                Dimension *d = pairs[i].named ? dimension_of(dimensions, n, pairs[i].key) : NULL;

                if (!d)
                        continue;
                d->lines[which].n++;
                d->lines[which].n_with_value += str_equal(d->value, pairs[i].value);
        }
}

/* Both are in order of source. */
static bool speaks_in(const Signal *signal, const Signal *other) {
        for (uint32_t i = 0, j = 0; i < signal->n_sources && j < other->n_sources;) {
                uint32_t one = signal->sources[i].source, two = other->sources[j].source;

                if (one == two)
                        return true;
                i += one < two;
                j += two < one;
        }
        return false;
}

static void count_ordinary(Dimension *dimensions, unsigned n, const Track *track, const LedgerView *view) {
        const Signal *signal = track->signal;

        for (guint i = 0; i < view->signals->len; i++) {
                const Signal *other = view->signals->pdata[i];
                if (other == signal || other->pattern_id || other->level >= LEVEL_WARNING || !speaks_in(signal, other))
                        continue;
                for (unsigned j = 0; j < signal_n_exemplars(other); j++)
                        count_line(dimensions, n, signal_exemplar(other, j),
                                   lines_is_between(signal_exemplar(other, j), track->from, track->to) ? MEANWHILE : OTHERWISE);
        }
}

/* Nearly all that is said meanwhile has the value, if not what was said before, as of a version: that says when, not where. */
static bool tells_when(const Dimension *d) {
        return d->lines[MEANWHILE].n >= SCOPE_LINES_MIN && d->lines[MEANWHILE].n_with_value >= SCOPE_SHARE_MIN * d->lines[MEANWHILE].n;
}

/* The dimension whose value is rarest among ordinary lines, of those that carry the failure alone. */
static const Dimension *narrowest(const Dimension *dimensions, unsigned n, unsigned n_failing, double *usual) {
        const Dimension *best = NULL;

        for (unsigned i = 0; i < n; i++) {
                const Dimension *d = &dimensions[i];
                unsigned n_usual = d->lines[MEANWHILE].n + d->lines[OTHERWISE].n;
                double share = n_usual > 0 ? (double)(d->lines[MEANWHILE].n_with_value + d->lines[OTHERWISE].n_with_value) / n_usual : 0;

                if (d->lines[FAILING].n_with_value < SCOPE_SHARE_MIN * n_failing || n_usual < SCOPE_ORDINARY_MIN || share < SCOPE_USUAL_MIN ||
                    share > SCOPE_USUAL_MAX || tells_when(d) || (best && share >= *usual))
                        continue;
                best = d;
                *usual = share;
        }
        return best;
}

static bool is_address(Str word) {
        unsigned dots = 0;

        for (size_t i = 0; i < word.len; i++) {
                if (word.ptr[i] == '.')
                        dots++;
                else if (!char_is_digit(word.ptr[i]))
                        return false;
        }
        return dots == 3;
}

/* The first address in a line; empty if it has none. */
static Str address_in(const Exemplar *line) {
        Str text = str_from(line->text), word;
        size_t at = 0;

        while ((word = pairs_word(text, &at)).len > 0)
                if (is_address(word))
                        return word;
        return word;
}

static Str client_in(const Exemplar *line) {
        static const char *const NAMES[] = { "client", "customer" };

        for (size_t i = 0; i < G_N_ELEMENTS(NAMES); i++) {
                Str client = named_values_get(line, str_from(NAMES[i]));
                if (client.len > 0)
                        return client;
        }
        return address_in(line);
}

bool scope_is_few_clients(const Track *track) {
        const Signal *signal = track->signal;
        Str clients[FEW_CLIENTS_MAX];
        unsigned n = 0, n_clients = 0, n_unknown = 0;

        for (unsigned i = 0; i < signal_n_exemplars(signal); i++) {
                const Exemplar *line = signal_exemplar(signal, i);
                unsigned client = 0;
                Str address;

                if (line->time_us < (int64_t)(track->from * 1e6) || line->time_us >= (int64_t)(track->to * 1e6))
                        continue;
                address = client_in(line);
                if (address.len == 0) {
                        n_unknown++;
                        continue;
                }
                while (client < n_clients && !str_equal(clients[client], address))
                        client++;
                if (str_starts(address, STR("127.")) || client == FEW_CLIENTS_MAX)
                        return false;
                clients[client] = address;
                n_clients = MAX(n_clients, client + 1);
                n++;
        }
        return n >= SCOPE_LINES_MIN && n >= 2 * n_clients && n >= n_unknown;
}

Scope scope_of(const Track *track, const LedgerView *view) {
        const Signal *signal = track->signal;
        Dimension dimensions[DIMENSIONS_MAX];
        const Dimension *found;
        Scope scope = { 0 };
        unsigned n;

        if (signal_n_exemplars(signal) < SCOPE_LINES_MIN)
                return scope;
        n = begin_dimensions(signal_exemplar(signal, 0), dimensions);
        for (unsigned i = 0; i < signal_n_exemplars(signal); i++)
                count_line(dimensions, n, signal_exemplar(signal, i), FAILING);
        if (n == 0)
                return scope;
        count_ordinary(dimensions, n, track, view);
        found = narrowest(dimensions, n, signal_n_exemplars(signal), &scope.usual);
        if (!found)
                return scope;
        scope.key = found->key;
        scope.value = found->value;
        scope.words = g_strdup_printf("only %.*s=%.*s, in %.0f %% of other lines", (int)found->key.len, found->key.ptr, (int)found->value.len, found->value.ptr,
                                      100 * scope.usual);
        return scope;
}

bool scope_has(const Scope *scope, const Exemplar *line) {
        Pair pairs[PAIRS_MAX];
        unsigned n = pairs_of(str_from(line->text), pairs);

        for (unsigned i = 0; i < n; i++)
                if (pairs[i].named && str_equal(pairs[i].key, scope->key) && str_equal(pairs[i].value, scope->value))
                        return true;
        return false;
}
