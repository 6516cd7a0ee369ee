/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/settings.h"

#include "diagnose/hearsay.h"
#include "diagnose/lines.h"
#include "diagnose/opposites.h"
#include "diagnose/references.h"
#include "diagnose/siblings.h"

#include <string.h>

/* Where these differ, two lines tell of different things. */
static const char *const IDENTITIES[] = { "host", "hostname", "instance", "node",  "pod",   "container", "service", "app",  "name", "tenant", "user",
                                          "db",   "database", "table",    "queue", "topic", "zone",      "region",  "file", "path", "url",    NULL };

/* A line may undo one of another kind when there are no more of its own. */
#define UNDONE_EVENTS_MAX 64

/* No settings: what a line is about, and what is another in every line. */
static const char *const PASSING[] = { "conn",   "fd",        "op",      "session",    "sid",    "cid",      "xid",        "txid",        "gtid",
                                       "lsn",    "msg",       "message", "event",      "level",  "lvl",      "severity",   "logger",      "status",
                                       "from",   "to",        "rev",     "ok",         "failed", "took_ms",  "elapsed_ms", "duration_ms", "ts",
                                       "time",   "timestamp", "date",    "at",         "pid",    "tid",      "thread",     "worker",      "id",
                                       "rid",    "req",       "request", "request_id", "trace",  "trace_id", "span",       "span_id",     "seq",
                                       "offset", "line",      "caller",  "duration",   "took",   "elapsed",  "ms",         "latency",     "count",
                                       "size",   "bytes",     "total",   "rows",       "items",  "age",      "uptime",     NULL };

/* A line of more values than so many is a dump of data, not of settings. */
#define SETTINGS_LOOKED_AT_MAX 40

/* Of what a message is about, before its first colon. */
#define SUBJECT_BYTES_MAX 40

/* Opposites that follow sooner are one restart. */
#define RESTART_US 10000000

/* What changes oftener than so in the lines of one kind is no setting. */
#define WANDERS_MIN 3

/* Behind these words stands a number that is another in every line. */
static const char *const BEFORE_NUMBERS[] = { "child", "worker", "thread", "client", "connection", "request",    "transaction", "in",      "took",    "for",
                                              "by",    "since",  "of",     "with",   "on",         "port",       "process",     "session", "job",     "run",
                                              "build", "no",     "nr",     "number", "revision",   "generation", "epoch",       "version", "attempt", "try",
                                              "step",  "page",   "order",  "s",      "ms",         "sec",        "seconds",     "min",     "minutes", "h",
                                              "hours", "kb",     "mb",     "gb",     "kib",        "mib",        "gib",         NULL };

/* --- what it was before --- */

static bool is_before(const Exemplar *line, const Exemplar *than) {
        if (line->time_us == than->time_us)
                return line->time_us != TIME_NONE && line->source == than->source && line->offset < than->offset;
        return line->time_us != TIME_NONE && line->time_us < than->time_us;
}

static bool is_later(const Exemplar *line, const Exemplar *than) {
        if (!than || line->time_us != than->time_us)
                return !than || line->time_us > than->time_us;
        return line->source != than->source ? line->source > than->source : line->offset > than->offset;
}

/* "K", of "K: release 3.4..5.5 agree_pct 3": what a message is about; empty where it does not begin so. A number is another in every line. */
static Str subject_of(const Exemplar *line) {
        Str message = evidence_message(line), subject;
        size_t colon = str_find(str_slice(message, 0, SUBJECT_BYTES_MAX), STR(": "), 0);

        subject = str_slice(message, 0, colon == SIZE_MAX ? 0 : colon);
        return str_has_digit(subject) ? STR("") : subject;
}

/* Not of another host, table, ... */
static bool is_of_same(const Exemplar *line, const Exemplar *now) {
        Str text = str_from(now->text);
        NamedValue found;

        if (!str_equal(subject_of(line), subject_of(now)))
                return false;
        for (size_t at = 0; named_values_next(text, &at, &found);) {
                Str value = str_is_one_of(found.name, IDENTITIES) ? named_values_get(line, found.name) : found.value;
                if (value.len > 0 && !str_equal(value, found.value))
                        return false;
        }
        return true;
}

static bool is_less(Str one, Str other) {
        return one.len != other.len ? one.len < other.len : str_compare(one, other) < 0;
}

/*
 * A setting is changed and perhaps set back. What counts up from line to line ("chunk=10", 20, 30), before and behind @now, or is now this and now
 * that is none.
 */
static bool wanders(const Signal *signal, const Exemplar *now, Str name) {
        const Exemplar *first = NULL, *last = NULL;
        unsigned changes = 0;
        bool rises = true;
        Str was = { NULL, 0 };
        Lines lines;

        lines_of(signal, &lines);
        for (unsigned i = 0; i < lines.n; i++) {
                Str value = named_values_get(lines.at[i], name);

                if (lines.at[i]->source != now->source || value.len == 0 || !is_of_same(lines.at[i], now))
                        continue;
                if (last) {
                        changes += !str_equal(was, value);
                        rises &= str_is_number(was) && str_is_number(value) && is_less(was, value);
                }
                first = first ? first : lines.at[i];
                last = lines.at[i];
                was = value;
        }
        return changes > WANDERS_MIN || (rises && changes > 1 && first->time_us < now->time_us && last->time_us > now->time_us);
}

/* The last of the @n lines of the same kind, source, host, ... before @now, if all of them give @name the same value. */
static const Exemplar *find_agreed(const Signal *signal, const Exemplar *now, Str name, unsigned *n) {
        const Exemplar *last = NULL;

        *n = 0;
        for (unsigned i = 0; i < signal_n_exemplars(signal); i++) {
                const Exemplar *line = signal_exemplar(signal, i);
                Str value;

                if (!is_before(line, now) || line->source != now->source || (value = named_values_get(line, name)).len == 0 || !is_of_same(line, now))
                        continue;
                if (last && !str_equal(value, named_values_get(last, name)))
                        return NULL;
                *n += !last || line->offset != last->offset;
                if (is_later(line, last))
                        last = line;
        }
        return last && !wanders(signal, now, name) ? last : NULL;
}

/* The last line of any kind that gives @name a value. */
static const Exemplar *find_anywhere(const Change *change, Str name, const LedgerView *view) {
        const Exemplar *last = NULL;

        for (guint i = 0; i < view->signals->len; i++) {
                const Signal *signal = view->signals->pdata[i];
                for (unsigned j = 0; j < signal_n_exemplars(signal); j++) {
                        const Exemplar *line = signal_exemplar(signal, j);
                        if (is_before(line, change->evidence.exemplar) && is_later(line, last) && str_find_nocase(str_from(line->text), name, 0) != SIZE_MAX &&
                            named_values_get(line, name).len > 0 && is_of_same(line, change->evidence.exemplar))
                                last = line;
                }
        }
        return last;
}

/* A name without a mark in it is a word like any other. */
static bool is_telling(Str name) {
        return memchr(name.ptr, '_', name.len) || memchr(name.ptr, '.', name.len) || memchr(name.ptr, '-', name.len);
}

static const Exemplar *find_before(const Change *change, const NamedValue *now, const LedgerView *view) {
        unsigned n;
        const Exemplar *line = find_agreed(change->signal, change->evidence.exemplar, now->name, &n);

        return !line && now->in_words && is_telling(now->name) ? find_anywhere(change, now->name, view) : line;
}

/* --- what a line says of both values --- */

/* The words on both sides of the next arrow from @at on, which moves behind it: "upstream 8088 -> 9099", "flag beta: off => on". */
static bool next_arrow(Str text, size_t *at, Str *from, Str *to) {
        static const char *const ARROWS[] = { "->", "=>", "→" };

        for (;;) {
                size_t arrow = SIZE_MAX, length = 0, begin, end;

                for (size_t i = 0; i < G_N_ELEMENTS(ARROWS); i++) {
                        size_t found = str_find(text, str_from(ARROWS[i]), *at);
                        if (found < arrow) {
                                arrow = found;
                                length = strlen(ARROWS[i]);
                        }
                }
                if (arrow == SIZE_MAX)
                        return false;
                *at = arrow + length;
                for (end = *at; end < text.len && text.ptr[end] == ' ';)
                        end++;
                *to = named_values_at(text, end);
                while (arrow > 0 && text.ptr[arrow - 1] == ' ')
                        arrow--;
                if (arrow > 0 && char_is_quote(text.ptr[arrow - 1]))
                        arrow--;
                for (begin = arrow; begin > 0 && !strchr(" =\"'", text.ptr[begin - 1]);)
                        begin--;
                *from = str_slice(text, begin, arrow);
                if (from->len > 0 && to->len > 0 && !str_equal(*from, *to))
                        return true;
        }
}

/* "changed '4096' to '128'", "changed from 5 to 50": the words on both sides of "to". */
static bool changed_in(Str text, Str *from, Str *to) {
        size_t at = str_find(text, STR(" changed "), 0), behind;

        if (at == SIZE_MAX)
                return false;
        at += strlen(" changed ");
        at += str_starts(str_slice(text, at, text.len), STR("from ")) ? strlen("from ") : 0;
        *from = named_values_at(text, at);
        behind = (size_t)(from->ptr - text.ptr) + from->len + char_is_quote(str_at(text, at));
        if (from->len == 0 || !str_starts(str_slice(text, behind, text.len), STR(" to ")))
                return false;
        *to = named_values_at(text, behind + strlen(" to "));
        return to->len > 0 && !str_equal(*from, *to);
}

static bool is_switch(Str value) {
        static const char *const SWITCHES[] = { "on", "off", "true", "false", "yes", "no", "enabled", "disabled", NULL };

        return str_is_one_of(value, SWITCHES);
}

/* The word before @at, without what separates them. */
static Str name_before(Str text, size_t at) {
        size_t end = at, begin;

        while (end > 0 && !is_name_char(text.ptr[end - 1]))
                end--;
        begin = end;
        while (begin > 0 && is_name_char(text.ptr[begin - 1]))
                begin--;
        return str_slice(text, begin, end);
}

/* "wallet-1.internal:29561", "https://pay.example/v2": where something is found. */
static bool is_address(Str value) {
        size_t at = value.len;

        while (at > 0 && char_is_digit(value.ptr[at - 1]))
                at--;
        return (at > 1 && at < value.len && value.ptr[at - 1] == ':') || str_find(value, STR("://"), 0) != SIZE_MAX;
}

/* In a line of configuration any word may be a value ("fx.conf: source mirror -> direct"); elsewhere words between arrows are states, or places. */
static bool speaks_of_configuration(Str text) {
        static const char *const PARTS[] = { "conf", "setting", "parameter", "option", "cfg", ".ini", ".toml", ".yml", ".yaml", ".properties", ".env", NULL };

        return str_has_one_of(text, PARTS);
}

static bool is_moved(Str text, Str name, Str was, Str now) {
        return name.len > 1 && was.len <= NAMED_VALUE_BYTES_MAX && now.len <= NAMED_VALUE_BYTES_MAX &&
               ((char_is_digit(*was.ptr) && char_is_digit(*now.ptr)) || (is_switch(was) && is_switch(now)) || (is_address(was) && is_address(now)) ||
                speaks_of_configuration(text));
}

/* --- differences --- */

/* The line at *@at, which moves behind it. */
static Str next_line(Str text, size_t *at) {
        size_t from = *at, newline = str_find(text, STR("\n"), from);

        *at = newline == SIZE_MAX ? text.len : newline + 1;
        return str_slice(text, from, newline == SIZE_MAX ? text.len : newline);
}

/* Of "-max_len = 65536", "+  ttl: 60", "-  proxy_read_timeout 30s;": what stands behind the sign of a line of a difference. */
static bool read_diff_line(Str line, char sign, Str *name, Str *value) {
        size_t at = 1, from;

        line = str_trim(line);
        if (line.len < 4 || *line.ptr != sign || line.ptr[1] == sign)
                return false;
        while (at < line.len && !is_name_char(line.ptr[at]))
                at++;
        from = at;
        while (at < line.len && is_name_char(line.ptr[at]))
                at++;
        *name = str_slice(line, from, at);
        while (at < line.len && strchr(" =:\t\"'", line.ptr[at]))
                at++;
        *value = str_trim(str_slice(line, at, line.len));
        while (value->len > 0 && strchr(";,\"'", value->ptr[value->len - 1]))
                value->len--;
        return name->len > 1 && value->len > 0 && value->len <= NAMED_VALUE_BYTES_MAX;
}

/* The next line from *@at on that a difference takes away and, further down, gives another value. */
static bool next_diff(Str text, size_t *at, Str *name, Str *was, Str *now) {
        while (*at < text.len) {
                Str same;

                if (!read_diff_line(next_line(text, at), '-', name, was))
                        continue;
                for (size_t below = *at; below < text.len;)
                        if (read_diff_line(next_line(text, &below), '+', &same, now) && str_equal(same, *name) && !str_equal(*now, *was))
                                return true;
        }
        return false;
}

/* Behind the first line, where a difference can begin; the end where there is none. */
static size_t diff_begin(Str text) {
        size_t at = str_find(text, STR("\n-"), 0);

        return at == SIZE_MAX ? text.len : at + 1;
}

bool settings_moved(Str text, Str *name, Str *was, Str *now) {
        size_t diff = diff_begin(text);

        if (next_diff(text, &diff, name, was, now))
                return true;
        if (changed_in(text, was, now)) {
                *name = name_before(text, str_find(text, STR(" changed "), 0));
                return is_moved(text, *name, *was, *now);
        }
        for (size_t at = 0; next_arrow(text, &at, was, now);) {
                *name = name_before(text, (size_t)(was->ptr - text.ptr));
                if (is_moved(text, *name, *was, *now))
                        return true;
        }
        return false;
}

bool settings_are_told(const Signal *signal) {
        Str name, was, now;

        return signal->level < LEVEL_WARNING || (signal->n_first > 0 && settings_moved(str_from(signal->first[0].text), &name, &was, &now));
}

bool settings_is_version(Str name, Str value) {
        static const char *const NAMES[] = { "version", "ver", "release", "revision", "rev", "build", "commit", "sha", "tag", "image", NULL };
        unsigned dots = 0;

        if (str_is_one_of(name, NAMES))
                return true;
        for (size_t i = 0; i < value.len; i++)
                dots += value.ptr[i] == '.';
        return dots == 2;
}

unsigned settings_count(const Change *change) {
        unsigned n = 0;

        for (guint i = 0; i < change->settings->len; i++) {
                const Setting *setting = &g_array_index(change->settings, Setting, i);
                n += !settings_is_version(str_from(setting->name), str_from(setting->value));
        }
        return n;
}

/* "pipeline #4112", "(#318)": the number of a run, a ticket, a change. */
static bool is_ordinal(Str value) {
        return value.len > 1 && value.ptr[0] == '#' && char_is_digit(value.ptr[1]);
}

bool settings_may_be(const NamedValue *found) {
        return !is_ordinal(found->value) && !str_is_one_of(found->name, IDENTITIES) && !str_is_one_of(found->name, PASSING) &&
               !(found->by_place && str_is_one_of(found->name, BEFORE_NUMBERS));
}

/* Of several values of one name in @line the first counts, with which other lines are compared. */
static bool is_setting(const Exemplar *line, const NamedValue *found) {
        return named_values_get(line, found->name).ptr == found->value.ptr && settings_may_be(found);
}

bool settings_changed(const Signal *signal, const Exemplar *line, bool speaks_of_change) {
        Str text = str_from(line->text);
        unsigned n_looked_at = 0;
        NamedValue now;

        for (size_t at = named_values_begin(line); n_looked_at < SETTINGS_LOOKED_AT_MAX && named_values_next(text, &at, &now); n_looked_at++) {
                unsigned n;
                const Exemplar *last = is_setting(line, &now) ? find_agreed(signal, line, now.name, &n) : NULL;

                if (last && n >= (speaks_of_change ? 1 : SETTINGS_SAME_MIN) && (speaks_of_change || !now.by_place) &&
                    !str_equal(named_values_get(last, now.name), now.value))
                        return true;
        }
        return false;
}

/* --- when it was undone --- */

/* "-ttl = 60", "+ttl = 5", and later "-ttl = 5", "+ttl = 60" */
static bool differs_back(Str text, Str back) {
        Str name, was, now, back_name, back_was, back_now;

        for (size_t at = diff_begin(text); next_diff(text, &at, &name, &was, &now);)
                for (size_t back_at = diff_begin(back); next_diff(back, &back_at, &back_name, &back_was, &back_now);)
                        if (str_equal(back_name, name) && str_equal(back_was, now))
                                return true;
        return false;
}

/* "load upsert -> replace", "load replace -> upsert" */
static bool points_back(const Exemplar *made, const Exemplar *line) {
        Str text = str_from(made->text), back = str_from(line->text), from, to, back_from, back_to;

        if (differs_back(text, back))
                return true;
        for (size_t at = 0; next_arrow(text, &at, &from, &to);)
                for (size_t back_at = 0; next_arrow(back, &back_at, &back_from, &back_to);)
                        if (str_equal(back_from, to) && str_equal(back_to, from))
                                return true;
        return false;
}

/* "118", "119": a number that counts the changes. Both are views into a text that ends with NUL. */
static bool is_next_number(Str value, Str next) {
        char *end, *next_end;
        guint64 one = g_ascii_strtoull(value.ptr, &end, 10), two = g_ascii_strtoull(next.ptr, &next_end, 10);

        return end == value.ptr + value.len && next_end == next.ptr + next.len && two == one + 1;
}

/* Its line before gave @name that value, too: it is not what the change set. */
static bool was_so_before(const Change *change, Str name, Str value) {
        const Exemplar *made = change->evidence.exemplar, *last = NULL;

        for (unsigned i = 0; i < signal_n_exemplars(change->signal); i++) {
                const Exemplar *line = signal_exemplar(change->signal, i);
                if (line->source == made->source && is_before(line, made) && is_later(line, last))
                        last = line;
        }
        return last && str_equal(named_values_get(last, name), value);
}

/* Not "merged 39" and then "merged 0": without a sign between name and value, in a line that does not speak of a change, it tells what was done. */
static bool can_be_undone(const Exemplar *made, Str name) {
        NamedValue found;

        for (size_t at = 0; named_values_next(str_from(made->text), &at, &found);)
                if (str_equal_nocase(found.name, name) && !found.by_place)
                        return true;
        return hearsay_change_words(made->text) > 0;
}

/* Sets what @line set to another value again; to what it was before, where that is known. */
static bool is_undone_by(const Change *change, const Exemplar *line) {
        const Exemplar *made = change->evidence.exemplar;
        Str text = str_from(made->text), name, was, now_moved, was_again, ignored;
        NamedValue now;

        if (line->source != made->source || !is_of_same(line, made))
                return false;
        if (settings_moved(text, &name, &was, &now_moved) && settings_moved(str_from(line->text), &name, &was_again, &ignored) &&
            str_equal(was_again, now_moved))
                return true;
        for (guint i = 0; i < change->settings->len; i++) {
                const Setting *setting = &g_array_index(change->settings, Setting, i);
                if (can_be_undone(made, str_from(setting->name)) && str_equal(named_values_get(line, str_from(setting->name)), str_from(setting->was)))
                        return true;
        }
        for (size_t at = named_values_begin(made); change->settings->len == 0 && named_values_next(text, &at, &now);) {
                Str again = is_setting(made, &now) && can_be_undone(made, now.name) ? named_values_get(line, now.name) : now.value;
                if (again.len > 0 && !str_equal(again, now.value) && !is_next_number(now.value, again) && !was_so_before(change, now.name, now.value))
                        return true;
        }
        return false;
}

/* "wal reader paused", "wal reader resumed", in its own log and not a restart, which stops and starts in one; or "r318 taken back", whoever says so. */
static bool takes_back(const Change *change, const Exemplar *line) {
        const Exemplar *made = change->evidence.exemplar;
        Str text = evidence_message(made), later = evidence_message(line);

        return (line->source == made->source && line->time_us - made->time_us >= RESTART_US && opposites_told(text, later)) ||
               references_taken_back(text, later);
}

/* @signal is looked at for lines behind the change that undo it, the first of which counts. */
static void look_for_undo(const Change *change, const Signal *signal, const Exemplar **undone) {
        for (unsigned i = 0; i < signal_n_exemplars(signal); i++) {
                const Exemplar *line = signal_exemplar(signal, i);

                if (!is_before(change->evidence.exemplar, line) || (*undone && line->time_us >= (*undone)->time_us))
                        continue;
                if ((signal == change->signal && is_undone_by(change, line)) || points_back(change->evidence.exemplar, line) || takes_back(change, line))
                        *undone = line;
        }
}

static const Exemplar *find_undo(const Change *change, const LedgerView *view) {
        const Exemplar *undone = NULL;

        for (guint i = 0; i < view->signals->len; i++) {
                const Signal *signal = view->signals->pdata[i];
                if (signal == change->signal || (signal->count <= UNDONE_EVENTS_MAX && settings_are_told(signal)))
                        look_for_undo(change, signal, &undone);
        }
        return undone;
}

/* --- all --- */

static void add_setting(Change *change, Str name, Str was, Str now) {
        Setting setting = { str_dup(name), str_dup(now), str_dup(was), change->evidence };

        g_array_append_val(change->settings, setting);
}

static void add_moved(Change *change, Str text) {
        size_t diff = diff_begin(text);
        Str name, was, now;

        while (change->settings->len < SETTINGS_MAX && next_diff(text, &diff, &name, &was, &now))
                add_setting(change, name, was, now);
        if (change->settings->len == 0 && settings_moved(text, &name, &was, &now))
                add_setting(change, name, was, now);
}

void settings_find(Change *change, const LedgerView *view) {
        Str text = str_from(change->evidence.exemplar->text);
        const Exemplar *undone;
        SiblingWord word;
        NamedValue now;

        add_moved(change, text);

        for (size_t at = 0; change->settings->len < SETTINGS_MAX && named_values_next(text, &at, &now);) {
                const Exemplar *line = is_setting(change->evidence.exemplar, &now) ? find_before(change, &now, view) : NULL;
                Str was = line ? named_values_get(line, now.name) : now.value;

                if (!str_equal(was, now.value)) {
                        Setting setting = { str_dup(now.name), str_dup(now.value), str_dup(was), evidence_of(view, line) };
                        g_array_append_val(change->settings, setting);
                }
        }
        if (change->settings->len == 0 && !change->pattern && siblings_differ(change->signal, change->evidence.exemplar, view, &word)) {
                Setting setting = { str_dup(word.name), str_dup(word.now), str_dup(word.was), evidence_of(view, word.said) };
                g_array_append_val(change->settings, setting);
        }
        undone = find_undo(change, view);
        if (!undone)
                return;
        change->undone_us = undone->time_us;
        change->undone = evidence_of(view, undone);
}
