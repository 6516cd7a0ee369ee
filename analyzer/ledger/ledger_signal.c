/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/ledger_private.h"

#include "base/hot.h"
#include "ledger/ledger_rows.h"

/* Patterns are few. */
static const Room ROOM_OF_PATTERN = { EXEMPLAR_FIRST_MAX, EXEMPLAR_SAMPLE_MAX, 0 };

/* What has no time comes last. */
static int64_t time_order(int64_t time_us) {
        return time_us == TIME_NONE ? INT64_MAX : time_us;
}

/* By time, then by the name of the source, then by place: the same in every ledger. */
static int compare_exemplars(const Ledger *ledger, const Exemplar *a, const Exemplar *b) {
        int order = COMPARE(time_order(a->time_us), time_order(b->time_us));

        if (order == 0 && a->source != b->source)
                order = strcmp(record_at(ledger, a->source)->identity, record_at(ledger, b->source)->identity);
        return order ? order : COMPARE(a->offset, b->offset);
}

static int compare_lottery(const Ledger *ledger, const Exemplar *a, const Exemplar *b) {
        int order = COMPARE(a->lottery, b->lottery);

        return order ? order : compare_exemplars(ledger, a, b);
}

static int compare_sources(uint32_t a, uint32_t b, const void *data) {
        const Ledger *ledger = data;

        return strcmp(record_at(ledger, a)->identity, record_at(ledger, b)->identity);
}

typedef int (*ExemplarOrder)(const Ledger *ledger, const Exemplar *a, const Exemplar *b);

/* Where @exemplar would stand among the smallest @max; @max if it would not. */
static unsigned rank_among(const Ledger *ledger, const Exemplar *kept, unsigned n, unsigned max, const Exemplar *exemplar, ExemplarOrder order) {
        unsigned at = n;

        while (at > 0 && order(ledger, exemplar, &kept[at - 1]) < 0)
                at--;
        return MIN(at, max);
}

static void insert_at(Exemplar *kept, unsigned *n, unsigned at, Exemplar exemplar) {
        memmove(kept + at + 1, kept + at, (*n - at) * sizeof(Exemplar));
        kept[at] = exemplar;
        ++*n;
}

/* Take over the exemplar's text. */
static void insert_first(Signal *signal, const Room *room, unsigned at, Exemplar exemplar) {
        if (signal->n_first == room->first)
                signal_drop_first(signal);
        insert_at(signal->first, &signal->n_first, at, exemplar);
}

static void insert_sample(Signal *signal, const Room *room, unsigned at, Exemplar exemplar) {
        if (signal->n_sample == room->sample)
                signal_drop_sample(signal);
        signal_reserve_sample(signal, signal->n_sample + 1);
        insert_at(signal->sample, &signal->n_sample, at, exemplar);
}

/* Text that is put together where there is room for the longest. */
typedef struct Draft {
        char bytes[EXEMPLAR_LINE_BYTES + EXEMPLAR_CAUSE_BYTES + EXEMPLAR_FRAME_BYTES + 4];
        size_t n;
} Draft;

static void append_byte(Draft *draft, char byte) {
        draft->bytes[draft->n++] = byte;
}

static void append_clean(Draft *draft, Str line) {
        if (line.len > 0)
                str_clean(draft->bytes + draft->n, line);
        draft->n += line.len;
}

static bool is_within(Str part, Str whole) {
        return part.len > 0 && part.ptr >= whole.ptr && part.ptr + part.len <= whole.ptr + whole.len;
}

static Str first_line_of(Str text) {
        const char *newline = text.len ? memchr(text.ptr, '\n', text.len) : NULL;

        return str_trim(str_slice(text, 0, newline ? (size_t)(newline - text.ptr) : text.len));
}

char *signal_line_copy(Str text) {
        Str line = first_line_of(text);
        char *copy = g_malloc(line.len + 1);

        str_clean(copy, line);
        copy[line.len] = '\0';
        return copy;
}

static Str first_line(const Event *event) {
        return str_slice(first_line_of(event->head), 0, EXEMPLAR_LINE_BYTES);
}

/* The line of head or tail that holds @match; of a long one the part around it. */
static Str line_around(const Event *event, Str match) {
        Str whole = is_within(match, event->head) ? event->head : event->tail;
        size_t at = (size_t)(match.ptr - whole.ptr), from = at, to = at + match.len;

        while (from > 0 && whole.ptr[from - 1] != '\n' && at - from < EXEMPLAR_CAUSE_BYTES / 4)
                from--;
        while (to < whole.len && whole.ptr[to] != '\n' && to - from < EXEMPLAR_CAUSE_BYTES)
                to++;
        return str_trim(str_slice(whole, from, MIN(to, from + EXEMPLAR_CAUSE_BYTES)));
}

/* Where @part stands in @line, which was appended to a text at @base. */
static void note_place(Str part, Str line, size_t base, uint32_t *at, uint32_t *len) {
        if (part.ptr < line.ptr || part.ptr >= line.ptr + line.len)
                return;
        *at = (uint32_t)(base + (size_t)(part.ptr - line.ptr));
        *len = (uint32_t)MIN(part.len, (size_t)(line.ptr + line.len - part.ptr));
}

/* The first line of the event, and the one behind it that matters: that of the match, else that of the cause. */
static void write_text(Exemplar *exemplar, const Event *event, Str match) {
        Str line = first_line(event), second = event->cause;
        Draft text;

        text.n = 0;
        append_clean(&text, line);
        note_place(event->message, line, 0, &exemplar->message_at, &exemplar->message_len);
        note_place(match, line, 0, &exemplar->match_at, &exemplar->match_len);
        if (match.len > 0)
                second = exemplar->match_len > 0 ? (Str){ match.ptr, 0 } : line_around(event, match);
        if (second.len > 0) {
                second = str_slice(second, 0, EXEMPLAR_CAUSE_BYTES);
                append_byte(&text, '\n');
                note_place(match, second, text.n, &exemplar->match_at, &exemplar->match_len);
                append_clean(&text, second);
        }
        if (event->frame.len > 0) {
                append_byte(&text, '\n');
                append_clean(&text, str_slice(event->frame, 0, EXEMPLAR_FRAME_BYTES));
        }
        append_byte(&text, '\0');
        exemplar->text = g_memdup2(text.bytes, text.n);
}

static const Room *room_of(const Ledger *ledger, const Signal *signal) {
        return is_shape(signal) ? &ledger->room : &ROOM_OF_PATTERN;
}

/* To be called when the first ones or the sample have changed. */
static void set_bounds(Signal *signal, const Room *room) {
        if (signal->n_first == room->first)
                signal->first_bound = time_order(signal->first[room->first - 1].time_us);
        if (signal->n_sample == room->sample)
                signal->sample_bound = signal->sample[room->sample - 1].lottery;
}

/* @pattern: its index, or UINT32_MAX for a shape. */
static void keep_exemplar(const Ledger *ledger, Signal *signal, const Event *event, uint32_t pattern, Exemplar *exemplar) {
        const Room *room = room_of(ledger, signal);
        unsigned first = rank_among(ledger, signal->first, signal->n_first, room->first, exemplar, compare_exemplars);
        unsigned sample = rank_among(ledger, signal->sample, signal->n_sample, room->sample, exemplar, compare_lottery);
        Str match = { event->head.ptr, 0 };

        if (first == room->first && sample == room->sample)
                return;
        if (pattern != UINT32_MAX)
                match = ledger->locate(event, pattern, ledger->locate_data);
        write_text(exemplar, event, match);
        if (first < room->first)
                insert_first(signal, room, first, *exemplar);
        if (sample < room->sample)
                insert_sample(signal, room, sample, *exemplar);
        set_bounds(signal, room);
}

/* The place of @source, or the one where it is to be put in. */
static uint32_t find_count(const Signal *signal, uint32_t source) {
        uint32_t low = 0, high = signal->n_sources;

        if (high > 0 && signal->sources[high - 1].source < source)
                return high;
        while (low < high) {
                uint32_t middle = low + (high - low) / 2;
                if (signal->sources[middle].source < source)
                        low = middle + 1;
                else
                        high = middle;
        }
        return low;
}

static SourceCount *find_or_add_count(Signal *signal, uint32_t source) {
        uint32_t at = find_count(signal, source);

        if (at == signal->n_sources || signal->sources[at].source != source) {
                signal->sources = g_renew(SourceCount, signal->sources, signal->n_sources + 1);
                memmove(signal->sources + at + 1, signal->sources + at, (signal->n_sources - at) * sizeof(SourceCount));
                signal->sources[at] = (SourceCount){ source, 0, TIME_NONE, TIME_NONE };
                signal->n_sources++;
        }
        signal->last_source = at;
        return &signal->sources[at];
}

/* Mostly it is the one of the event before. */
static inline SourceCount *count_of_source(Signal *signal, uint32_t source) {
        bool same = signal->n_sources > 0 && signal->sources[signal->last_source].source == source;

        return same ? &signal->sources[signal->last_source] : find_or_add_count(signal, source);
}

HOT void signal_add(const Ledger *ledger, Signal *signal, uint32_t source, const Event *event, uint32_t pattern) {
        SourceCount *of_source = count_of_source(signal, source);
        uint64_t lottery = ledger_lottery(ledger, source, event->offset);

        signal->count++;
        signal->level = MAX(signal->level, event->level);
        of_source->count++;
        if (event->time_us == TIME_NONE) {
                signal->n_untimed++;
                series_add(&signal->by_line, (uint32_t)MIN(event->line, UINT32_MAX), 1);
        } else {
                series_add(&signal->series, series_second(event->time_us), 1);
                widen_span(&of_source->first_us, &of_source->last_us, event->time_us, event->time_us);
        }
        if (time_order(event->time_us) <= signal->first_bound || lottery <= signal->sample_bound) {
                Exemplar exemplar = {
                        .time_us = event->time_us,
                        .source = source,
                        .offset = event->offset,
                        .line = event->line,
                        .lottery = lottery,
                        .level = event->level,
                };
                keep_exemplar(ledger, signal, event, pattern, &exemplar);
        }
}

void signal_sight(const Ledger *ledger, Signal *signal, uint32_t source, const Event *event) {
        Sighting sighting = { event->time_us, event->offset, event->line, source };

        sightings_add(&signal->sightings, sighting, compare_sources, ledger);
}

/* --- merging --- */

static bool is_same(const Exemplar *a, const Exemplar *b) {
        return a->source == b->source && a->offset == b->offset;
}

/* The text of the same event among the first ones; else its own. NULL: it was taken over with one of those, which had to go: only a false order has that. */
static char *text_for_sample(const Signal *signal, const Exemplar *exemplar) {
        for (unsigned i = 0; i < signal->n_first; i++)
                if (is_same(&signal->first[i], exemplar))
                        return signal->first[i].text;
        return exemplar->text;
}

/* @text is another signal's now. */
static void disown(Signal *signal, const char *text) {
        for (unsigned i = 0; i < signal->n_first; i++)
                if (signal->first[i].text == text)
                        signal->first[i].text = NULL;
        for (unsigned i = 0; i < signal->n_sample; i++)
                if (signal->sample[i].text == text)
                        signal->sample[i].text = NULL;
}

static void take_exemplars(const Ledger *ledger, Signal *signal, Signal *other) {
        const Room *room = room_of(ledger, signal);

        for (unsigned i = 0; i < other->n_first; i++) {
                Exemplar next;
                unsigned at = rank_among(ledger, signal->first, signal->n_first, room->first, &other->first[i], compare_exemplars);
                if (at == room->first)
                        break;
                next = other->first[i];
                disown(other, next.text);
                insert_first(signal, room, at, next);
        }
        for (unsigned i = 0; i < other->n_sample; i++) {
                Exemplar next = other->sample[i];
                unsigned at = rank_among(ledger, signal->sample, signal->n_sample, room->sample, &next, compare_lottery);
                if (at == room->sample)
                        break;
                next.text = text_for_sample(signal, &next);
                if (!next.text)
                        continue;
                disown(other, next.text);
                insert_sample(signal, room, at, next);
        }
        set_bounds(signal, room);
}

void signal_take(const Ledger *ledger, Signal *signal, Signal *other) {
        signal->count += other->count;
        signal->n_untimed += other->n_untimed;
        signal->level = MAX(signal->level, other->level);
        signal->status = other->status;
        series_merge(&signal->series, &other->series);
        series_merge(&signal->by_line, &other->by_line);
        sightings_merge(&signal->sightings, &other->sightings, compare_sources, ledger);
        for (uint32_t i = 0; i < other->n_sources; i++) {
                SourceCount *mine = count_of_source(signal, other->sources[i].source);
                mine->count += other->sources[i].count;
                widen_span(&mine->first_us, &mine->last_us, other->sources[i].first_us, other->sources[i].last_us);
        }
        rows_take(signal, other, room_of(ledger, signal)->rows);
        take_exemplars(ledger, signal, other);
}

/* --- the view --- */

void signal_trim(const Room *room, Signal *signal) {
        while (signal->n_first > room->first)
                signal_drop_first(signal);
        while (signal->n_sample > room->sample)
                signal_drop_sample(signal);
        set_bounds(signal, room);
        rows_trim(signal, room->rows);
}

void signal_sort_first(const Ledger *ledger, Signal *signal) {
        for (unsigned i = 1; i < signal->n_first; i++)
                for (unsigned at = i; at > 0 && compare_exemplars(ledger, &signal->first[at], &signal->first[at - 1]) < 0; at--) {
                        Exemplar later = signal->first[at - 1];
                        signal->first[at - 1] = signal->first[at];
                        signal->first[at] = later;
                }
        set_bounds(signal, room_of(ledger, signal));
}

static int compare_source_counts(const void *a, const void *b) {
        const SourceCount *one = a, *two = b;

        return COMPARE(one->source, two->source);
}

void signal_settle(const Ledger *ledger, Signal *signal) {
        sightings_settle(&signal->sightings, compare_sources, ledger);
}

/* Several sources may have become one. */
static void join_counts(Signal *signal) {
        uint32_t n = 0;

        for (uint32_t i = 0; i < signal->n_sources; i++) {
                SourceCount *last = n > 0 ? &signal->sources[n - 1] : NULL, *next = &signal->sources[i];
                if (last && last->source == next->source) {
                        last->count += next->count;
                        widen_span(&last->first_us, &last->last_us, next->first_us, next->last_us);
                } else {
                        signal->sources[n++] = *next;
                }
        }
        signal->n_sources = n;
}

void signal_renumber(Signal *signal, const uint32_t *rank) {
        for (uint32_t i = 0; i < signal->sightings.n; i++)
                signal->sightings.items[i].source = rank[signal->sightings.items[i].source];
        for (unsigned i = 0; i < signal->n_first; i++)
                signal->first[i].source = rank[signal->first[i].source];
        for (unsigned i = 0; i < signal->n_sample; i++)
                signal->sample[i].source = rank[signal->sample[i].source];
        for (unsigned i = 0; i < signal->n_variants; i++)
                signal->variants[i].line.source = rank[signal->variants[i].line.source];
        for (uint32_t i = 0; i < signal->n_sources; i++)
                signal->sources[i].source = rank[signal->sources[i].source];
        if (signal->n_sources > 1)
                qsort(signal->sources, signal->n_sources, sizeof(SourceCount), compare_source_counts);
        join_counts(signal);
        signal->last_source = 0;
}
