/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/header.h"

#include <glib.h>

static bool is_one_of(char c, const char *set) {
        return c != '\0' && strchr(set, c) != NULL;
}

static size_t skip_while(Str s, size_t at, const char *set) {
        while (at < s.len && is_one_of(s.ptr[at], set))
                at++;
        return at;
}

static size_t word_end(Str s, size_t at) {
        while (at < s.len && !char_is_space(s.ptr[at]))
                at++;
        return at;
}

static bool is_upper_word(Str word) {
        for (size_t i = 0; i < word.len; i++)
                if (word.ptr[i] < 'A' || word.ptr[i] > 'Z')
                        return false;
        return word.len > 0;
}

/* Words that are levels even in lower case and without a sign that they are a field. */
static bool is_plain_level(Str word) {
        static const char *const PLAIN[] = { "info", "warn", "warning", "error", "debug", "fatal", "critical" };

        for (size_t i = 0; i < G_N_ELEMENTS(PLAIN); i++)
                if (str_equal_nocase(word, str_from(PLAIN[i])))
                        return true;
        return false;
}

static Level level_from_letter(char letter) {
        switch (letter) {
        case 'F':
        case 'C':
                return LEVEL_FATAL;
        case 'E':
                return LEVEL_ERROR;
        case 'W':
                return LEVEL_WARNING;
        case 'N':
                return LEVEL_NOTICE;
        case 'I':
                return LEVEL_INFO;
        case 'D':
                return LEVEL_DEBUG;
        case 'T':
        case 'V':
                return LEVEL_TRACE;
        default:
                return LEVEL_NONE;
        }
}

/* RFC 5424, 6.2.1: <PRIVAL> is facility * 8 + severity. */
static Level level_from_priority(Str prefix) {
        unsigned value = 0;
        size_t at = 1;

        if (prefix.len < 3 || *prefix.ptr != '<')
                return LEVEL_NONE;
        for (; at < prefix.len && at <= 3 && char_is_digit(prefix.ptr[at]); at++)
                value = value * 10 + (unsigned)(prefix.ptr[at] - '0');
        if (at == 1 || at >= prefix.len || prefix.ptr[at] != '>')
                return LEVEL_NONE;
        return level_from_syslog(value % 8);
}

/* What stands before the time: "E, [", "<W>", "[ERROR] ", "WARN ", klog's letter. */
static Level level_before(Str line, size_t start) {
        Str prefix = str_slice(line, 0, start);
        Level level = level_from_priority(prefix);
        size_t from, to;

        if (level != LEVEL_NONE || prefix.len == 0)
                return level;
        from = skip_while(prefix, 0, "<[( ");
        to = from;
        while (to < prefix.len && char_is_alpha(prefix.ptr[to]))
                to++;
        if (to - from == 1 && (to == prefix.len || is_one_of(prefix.ptr[to], ",>]/ ")))
                return level_from_letter(prefix.ptr[from]);
        if (to == prefix.len || is_one_of(prefix.ptr[to], ":>],| "))
                return level_from_word(str_slice(prefix, from, to));
        return LEVEL_NONE;
}

/* "error", "core:error", "main/WARN", "Thread-1/INFO" */
static Level level_in_brackets(Str inner) {
        size_t cut = inner.len;
        Level level = level_from_word(str_trim(inner));

        if (level != LEVEL_NONE)
                return level;
        while (cut > 0 && !is_one_of(inner.ptr[cut - 1], ":/"))
                cut--;
        return cut > 0 ? level_from_word(str_slice(inner, cut, inner.len)) : LEVEL_NONE;
}

static Level level_of_pair(Str word) {
        size_t equals = str_find(word, STR("="), 0);
        Str key, value;

        if (equals == SIZE_MAX)
                return LEVEL_NONE;
        key = str_slice(word, 0, equals);
        value = str_slice(word, equals + 1, word.len);
        if (!str_equal_nocase(key, STR("level")) && !str_equal_nocase(key, STR("lvl")) &&
            !str_equal_nocase(key, STR("severity")))
                return LEVEL_NONE;
        if (value.len > 2 && *value.ptr == '"')
                value = str_slice(value, 1, value.len - 1);
        return level_from_word(value);
}

/* A bare word among the first behind the time: "ERROR", "ERROR:", "warn", "Error:", "main.ERROR:", "E". */
static Level level_of_word(Str word, unsigned position) {
        bool colon = word.len > 1 && is_one_of(word.ptr[word.len - 1], ":,;");
        Str bare = str_slice(word, 0, word.len - colon);
        size_t dot = str_find(bare, STR("."), 0);

        if (bare.len == 1 && position <= 2 && !colon)
                return level_from_letter(*bare.ptr);
        if (is_upper_word(bare) || colon)
                if (level_from_word(bare) != LEVEL_NONE)
                        return level_from_word(bare);
        if (position <= 3 && is_plain_level(bare))
                return level_from_word(bare);
        if (colon && dot != SIZE_MAX && is_upper_word(str_slice(bare, dot + 1, bare.len)))
                return level_from_word(str_slice(bare, dot + 1, bare.len));
        return level_of_pair(word);
}

/*
 * Looks through the first words behind the time for a level. Returns the place behind it, or @at if there is none.
 */
static size_t find_level(Str line, size_t at, Level *level) {
        size_t from = at, limit = MIN(line.len, at + HEADER_BYTES_MAX);

        for (unsigned position = 0; position < HEADER_WORDS_MAX; position++) {
                size_t end;

                at = skip_while(line, at, " \t-|:,;#>])}");
                if (at >= limit)
                        break;
                if (line.ptr[at] == '[' || line.ptr[at] == '(' || line.ptr[at] == '<') {
                        char close = line.ptr[at] == '[' ? ']' : line.ptr[at] == '(' ? ')' : '>';
                        const char *found = memchr(line.ptr + at, close, limit - at);
                        end = found ? (size_t)(found - line.ptr) + 1 : word_end(line, at);
                        *level = level_in_brackets(str_slice(line, at + 1, end - 1));
                } else if (is_one_of(line.ptr[at], "\"'{=")) {
                        break;
                } else {
                        end = word_end(line, at);
                        *level = level_of_word(str_slice(line, at, end), position);
                }
                if (*level != LEVEL_NONE)
                        return end;
                at = end;
        }
        return from;
}

/* The words of which one makes a message bad news, where no field says how bad. */
static const struct {
        Str word;
        Level level;
} BAD_WORDS[] = {
        { { "error", 5 }, LEVEL_ERROR },         { { "exception", 9 }, LEVEL_ERROR },
        { { "failed", 6 }, LEVEL_ERROR },        { { "failure", 7 }, LEVEL_ERROR },
        { { "fatal", 5 }, LEVEL_FATAL },         { { "panic", 5 }, LEVEL_FATAL },
        { { "critical", 8 }, LEVEL_FATAL },      { { "emerg", 5 }, LEVEL_FATAL },
        { { "alert", 5 }, LEVEL_ERROR },         { { "crit", 4 }, LEVEL_FATAL },
        { { "warning", 7 }, LEVEL_WARNING },     { { "warn", 4 }, LEVEL_WARNING },
        { { "refused", 7 }, LEVEL_ERROR },       { { "denied", 6 }, LEVEL_WARNING },
        { { "segfault", 8 }, LEVEL_FATAL },      { { "unable", 6 }, LEVEL_ERROR },
        { { "cannot", 6 }, LEVEL_ERROR },        { { "timeout", 7 }, LEVEL_WARNING },
        { { "killed", 6 }, LEVEL_ERROR },        { { "killing", 7 }, LEVEL_WARNING },
        { { "crashed", 7 }, LEVEL_ERROR },       { { "aborted", 7 }, LEVEL_WARNING },
};

static Level level_of_bad_word(Str word) {
        for (size_t i = 0; i < G_N_ELEMENTS(BAD_WORDS); i++)
                if (char_lower(*word.ptr) == *BAD_WORDS[i].word.ptr && str_equal_nocase(word, BAD_WORDS[i].word))
                        return BAD_WORDS[i].level;
        return LEVEL_NONE;
}

/* "0 errors", "error=0", "no error": said of what did not happen. */
static bool is_negated(Str message, size_t from, size_t to) {
        Str before = str_trim(str_slice(message, from > 4 ? from - 4 : 0, from));

        if (to + 1 < message.len && is_one_of(message.ptr[to], "=:") && message.ptr[to + 1] == '0')
                return true;
        return before.len > 0 && (before.ptr[before.len - 1] == '0' || str_equal_nocase(before, STR("no")));
}

Level header_level_of_words(Str message) {
        Level worst = LEVEL_NONE;
        size_t at = 0;

        message = str_slice(message, 0, LEVEL_WORD_BYTES);
        while (at < message.len) {
                size_t from = at;
                Level level;

                while (at < message.len && char_is_alpha(message.ptr[at]))
                        at++;
                if (at - from < 4) {
                        at += at == from;
                        continue;
                }
                level = level_of_bad_word(str_slice(message, from, at));
                if (level > worst && !is_negated(message, from, at))
                        worst = level;
        }
        return worst;
}

static unsigned three_digits(Str s, size_t at) {
        if (at + 3 > s.len || !char_is_digit(s.ptr[at]) || !char_is_digit(s.ptr[at + 1]) ||
            !char_is_digit(s.ptr[at + 2]) || (at + 3 < s.len && char_is_digit(s.ptr[at + 3])))
                return 0;
        return (unsigned)(s.ptr[at] - '0') * 100 + (unsigned)(s.ptr[at + 1] - '0') * 10 +
               (unsigned)(s.ptr[at + 2] - '0');
}

static bool is_status(unsigned number) {
        return number >= 100 && number < 600;
}

static bool is_method(Str word) {
        return word.len >= 3 && word.len <= 8 && is_upper_word(word);
}

/* An access log: "METHOD /path ..." STATUS. The message becomes the method alone: paths are without number. */
static bool read_access(Str line, size_t at, Event *event) {
        size_t quote = str_find(str_slice(line, 0, at + HEADER_BYTES_MAX), STR("\""), at), close;
        Str method;

        if (quote == SIZE_MAX)
                return false;
        method = str_slice(line, quote + 1, word_end(line, quote + 1));
        close = str_find(line, STR("\" "), quote + 1);
        if (close == SIZE_MAX || !is_method(method) || quote + 1 + method.len >= close)
                return false;
        event->status = three_digits(line, close + 2);
        if (!is_status(event->status))
                return false;
        event->message = method;
        return true;
}

/* HAProxy's HTTP log: frontend backend/server Tq/Tw/Tc/Tr/Tt STATUS. */
static bool read_haproxy(Str line, size_t at, Event *event) {
        size_t tag = str_find(str_slice(line, 0, at + HEADER_BYTES_MAX), STR("haproxy["), at);

        if (tag == SIZE_MAX)
                return false;
        for (size_t slash = str_find(line, STR("/"), tag); slash != SIZE_MAX;
             slash = str_find(line, STR("/"), slash + 1)) {
                size_t end = slash, slashes = 0;
                while (end < line.len && (char_is_digit(line.ptr[end]) || is_one_of(line.ptr[end], "/-+")))
                        slashes += line.ptr[end++] == '/';
                if (slashes < 4 || end >= line.len || line.ptr[end] != ' ')
                        continue;
                event->status = three_digits(line, end + 1);
                event->message = str_slice(line, tag, tag + 7);
                return is_status(event->status);
        }
        return false;
}

void header_read(Str line, size_t start, size_t end, Event *event) {
        size_t at = end;
        Level found = LEVEL_NONE;

        event->level = level_before(line, start);
        if (read_access(line, at, event) || read_haproxy(line, at, event)) {
                event->level = event->status >= 500 ? LEVEL_ERROR : LEVEL_INFO;
                return;
        }
        event->status = 0;
        at = find_level(line, at, &found);
        if (found != LEVEL_NONE)
                event->level = found;
        at = skip_while(line, at, " \t-|:,;>])}");
        event->message = str_slice(line, at, line.len);
        if (event->level == LEVEL_NONE)
                event->level = header_level_of_words(event->message);
}

bool header_is_continuation(Str line, size_t end) {
        static const char *const WORDS[] = { "DETAIL:  ", "HINT:  ", "STATEMENT:  ", "CONTEXT:  ", "QUERY:  ", "LOCATION:  " };
        Str rest = str_slice(line, end, end + HEADER_BYTES_MAX);
        size_t colon = str_find(rest, STR(":  "), 0);

        if (colon == SIZE_MAX)
                return false;
        for (size_t i = 0; i < G_N_ELEMENTS(WORDS); i++) {
                size_t len = strlen(WORDS[i]);
                if (colon + 3 >= len && str_equal(str_slice(rest, colon + 3 - len, colon + 3), str_from(WORDS[i])))
                        return true;
        }
        return false;
}
