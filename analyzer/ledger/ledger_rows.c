/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/ledger_rows.h"

#include "base/order.h"

static int compare_rows(const Row *a, const Row *b) {
        int order = COMPARE(a->lottery, b->lottery);

        order = order ? order : COMPARE(a->second, b->second);
        return order ? order : strcmp(a->text, b->text);
}

/* Where @row stands or would stand; true in @found when a row of the same second and text is there. */
static unsigned find_row(const Signal *signal, const Row *row, bool *found) {
        unsigned from = 0, to = signal->n_rows;

        while (from < to) {
                unsigned middle = (from + to) / 2;

                if (compare_rows(&signal->rows[middle], row) < 0)
                        from = middle + 1;
                else
                        to = middle;
        }
        *found = from < signal->n_rows && compare_rows(&signal->rows[from], row) == 0;
        return from;
}

/* Takes over the row's text, which is to stand at @at. */
static void insert_row(Signal *signal, unsigned at, const Row *row, unsigned max) {
        if (signal->n_rows == signal_row_capacity(signal->n_rows))
                signal->rows = g_renew(Row, signal->rows, signal->n_rows ? 2 * signal->n_rows : 1);
        memmove(signal->rows + at + 1, signal->rows + at, (signal->n_rows - at) * sizeof(Row));
        signal->rows[at] = *row;
        signal->n_rows++;
        rows_trim(signal, max);
}

void rows_add(Signal *signal, Row *row, unsigned max) {
        bool found;
        unsigned at = find_row(signal, row, &found);

        if (found)
                signal->rows[at].count += row->count;
        if (found || at >= max)
                g_free(row->text);
        else
                insert_row(signal, at, row, max);
}

void rows_trim(Signal *signal, unsigned max) {
        while (signal->n_rows > max)
                g_free(signal->rows[--signal->n_rows].text);
        if (signal->n_rows == max && max > 0)
                signal->row_bound = signal->rows[max - 1].lottery;
}

void rows_take(Signal *signal, Signal *other, unsigned max) {
        for (unsigned i = 0; i < other->n_rows && other->rows[i].lottery <= signal->row_bound; i++) {
                Row *row = &other->rows[i];
                bool found;
                unsigned at = find_row(signal, row, &found);

                if (at >= max)
                        break; /* and so do all that come behind it */
                if (found) {
                        signal->rows[at].count += row->count;
                } else {
                        insert_row(signal, at, row, max);
                        row->text = NULL;
                }
        }
}

static size_t append_part(char *text, size_t at, Str part) {
        part = str_slice(part, 0, ROW_TEXT_BYTES - at);
        str_clean(text + at, part);
        return at + part.len;
}

/* Behind what is there; ": " between them, unless it ends so already. */
static size_t append_more(char *text, size_t at, Str part) {
        if (at > 0 && part.len > 0)
                at = append_part(text, at, text[at - 1] == ':' ? STR(" ") : STR(": "));
        return append_part(text, at, part);
}

static char *row_text(const Event *event) {
        char text[ROW_TEXT_BYTES];
        Str cause = str_trim(str_slice(event->cause, 0, str_find(event->cause, STR("\n"), 0))); /* of a difference its first line */
        size_t n = 0;

        n = append_more(text, n, event->message);
        n = append_more(text, n, event->detail);
        /* Where the second line of an event says all, it is the cause, and the message is part of it. */
        if (event->message.len == 0 || str_find(cause, event->message, 0) == SIZE_MAX)
                n = append_more(text, n, cause);
        return str_dup((Str){ text, n });
}

/* @row has the text that @event would give, which is its message alone. */
static bool says(const Row *row, const Event *event) {
        size_t n = MIN(event->message.len, ROW_TEXT_BYTES);

        return event->detail.len == 0 && event->cause.len == 0 && strnlen(row->text, n + 1) == n && memcmp(row->text, event->message.ptr, n) == 0;
}

/* What is said again in the same second is counted without writing it down first. */
void rows_keep(Signal *signal, const Event *event, uint64_t lottery, unsigned max) {
        uint32_t second = event->time_us == TIME_NONE ? 0 : series_second(event->time_us);
        Row row = { lottery, second, 1, (char *)"" }; /* stands before all of the same lot and second */
        bool found;
        unsigned at = find_row(signal, &row, &found);

        if (at < signal->n_rows && signal->rows[at].lottery == lottery && signal->rows[at].second == second && says(&signal->rows[at], event)) {
                signal->rows[at].count++;
                return;
        }
        row.text = row_text(event);
        rows_add(signal, &row, max);
}
