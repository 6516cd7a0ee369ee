/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/header.h"

#include "base/hot.h"

#include <glib.h>

/* What a byte can be between the words of a header. */
enum { SEPARATES = 1, CLOSES = 2, ENDS_LEVEL = 4, ENDS_PREFIX = 8, OPENS = 16, STOPS = 32, PUNCTUATES = 64, BEGINS_PART = 128 };

static const uint8_t MARKS[256] = {
        [' '] = SEPARATES | CLOSES | ENDS_LEVEL | ENDS_PREFIX,
        ['\t'] = SEPARATES | CLOSES,
        ['-'] = SEPARATES | CLOSES,
        ['|'] = SEPARATES | CLOSES | ENDS_LEVEL,
        [':'] = SEPARATES | CLOSES | ENDS_LEVEL | PUNCTUATES,
        [','] = SEPARATES | CLOSES | ENDS_LEVEL | ENDS_PREFIX | PUNCTUATES,
        [';'] = SEPARATES | CLOSES | PUNCTUATES,
        ['#'] = SEPARATES,
        ['>'] = SEPARATES | CLOSES | ENDS_LEVEL | ENDS_PREFIX,
        [']'] = SEPARATES | CLOSES | ENDS_LEVEL | ENDS_PREFIX,
        [')'] = SEPARATES | CLOSES,
        ['}'] = SEPARATES | CLOSES,
        ['/'] = ENDS_PREFIX,
        ['['] = OPENS,
        ['('] = OPENS,
        ['<'] = OPENS,
        ['"'] = STOPS,
        ['\''] = STOPS,
        ['{'] = STOPS,
        ['='] = STOPS,
        ['*'] = BEGINS_PART,
        ['I'] = BEGINS_PART,
        ['0'] = BEGINS_PART,
};

static bool is_marked(char c, uint8_t marks) {
        return (MARKS[(uint8_t)c] & marks) != 0;
}

static size_t skip_marked(Str s, size_t at, uint8_t marks) {
        while (at < s.len && is_marked(s.ptr[at], marks))
                at++;
        return at;
}

static size_t word_end(Str s, size_t at) {
        while (at < s.len && !char_is_space(s.ptr[at]))
                at++;
        return at;
}

/* Words of a header may have no more than a bar between them: "|INFO|main|shop.orders|text". */
static size_t header_word_end(Str s, size_t at) {
        while (at < s.len && !char_is_space(s.ptr[at]) && s.ptr[at] != '|')
                at++;
        return at;
}

static bool is_upper_word(Str word) {
        for (size_t i = 0; i < word.len; i++)
                if (word.ptr[i] < 'A' || word.ptr[i] > 'Z')
                        return false;
        return word.len > 0;
}

/* Words that are levels even in lower case and without a sign that they are a field, where something is said behind them. */
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
        from = 0;
        while (from < prefix.len && (char_is_space(prefix.ptr[from]) || is_marked(prefix.ptr[from], OPENS) || prefix.ptr[from] == '='))
                from++;
        to = from;
        while (to < prefix.len && char_is_alpha(prefix.ptr[to]))
                to++;
        if (to - from == 1 && (to == prefix.len || is_marked(prefix.ptr[to], ENDS_PREFIX)))
                return level_from_letter(prefix.ptr[from]);
        if (to == prefix.len || is_marked(prefix.ptr[to], ENDS_LEVEL))
                return level_from_word(str_slice(prefix, from, to));
        return LEVEL_NONE;
}

/* "error", "core:error", "main/WARN", "Thread-1/INFO"; "E" where it is the first behind the time. */
static Level level_in_brackets(Str inner, unsigned position) {
        size_t cut = inner.len;
        Level level = level_from_word(str_trim(inner));

        if (level != LEVEL_NONE)
                return level;
        if (inner.len == 1 && position <= 1)
                return level_from_letter(*inner.ptr);
        while (cut > 0 && inner.ptr[cut - 1] != ':' && inner.ptr[cut - 1] != '/')
                cut--;
        return cut > 0 ? level_from_word(str_slice(inner, cut, inner.len)) : LEVEL_NONE;
}

static bool is_level_key(Str key) {
        static const char *const KEYS[] = { "level", "lvl", "severity", "sev", "lv", "l", "loglevel" };

        for (size_t i = 0; i < G_N_ELEMENTS(KEYS); i++)
                if (str_equal_nocase(key, str_from(KEYS[i])))
                        return true;
        return false;
}

static Level level_of_pair(Str word) {
        const char *sign = memchr(word.ptr, '=', word.len);
        size_t equals = sign ? (size_t)(sign - word.ptr) : 0;
        Str key, value;

        if (!sign)
                return LEVEL_NONE;
        key = str_slice(word, 0, equals);
        value = str_slice(word, equals + 1, word.len);
        if (!is_level_key(key))
                return LEVEL_NONE;
        if (value.len > 2 && *value.ptr == '"')
                value = str_slice(value, 1, value.len - 1);
        return value.len == 1 ? level_from_letter(*value.ptr) : level_from_word(value);
}

/* "main.ERROR:" */
static Level level_behind_dot(Str bare) {
        size_t dot = str_find(bare, STR("."), 0);
        Str last = str_slice(bare, dot == SIZE_MAX ? bare.len : dot + 1, bare.len);

        return is_upper_word(last) ? level_from_word(last) : LEVEL_NONE;
}

/* A bare word among the first behind the time: "ERROR", "ERROR:", "warn", "Error:", "main.ERROR:", "E", "E!". */
static Level level_of_word(Str word, unsigned position) {
        bool colon = word.len > 1 && is_marked(word.ptr[word.len - 1], PUNCTUATES);
        Str bare = str_slice(word, 0, word.len - colon);
        Level level = level_from_word(bare);

        if ((bare.len == 1 || (bare.len == 2 && bare.ptr[1] == '!')) && position <= 2 && !colon)
                return level_from_letter(*bare.ptr);
        if (level != LEVEL_NONE && (colon || is_upper_word(bare) || (position <= 3 && is_plain_level(bare))))
                return level;
        level = level_of_pair(word);
        return level == LEVEL_NONE && colon ? level_behind_dot(bare) : level;
}

/* PostgreSQL writes these as lines of their own; they say more about the message before them. */
static bool is_continuation_word(Str word) {
        static const Str WORDS[] = { { "DETAIL:", 7 }, { "HINT:", 5 }, { "STATEMENT:", 10 }, { "CONTEXT:", 8 }, { "QUERY:", 6 }, { "LOCATION:", 9 } };

        if (word.len < 5 || word.ptr[word.len - 1] != ':')
                return false;
        for (size_t i = 0; i < G_N_ELEMENTS(WORDS); i++)
                if (str_equal(word, WORDS[i]))
                        return true;
        return false;
}

/* The place behind a group in brackets; its level, if it holds one. */
static size_t read_group(Str line, size_t at, size_t limit, unsigned position, Level *level) {
        char close = line.ptr[at] == '[' ? ']' : line.ptr[at] == '(' ? ')' : '>';
        const char *found = memchr(line.ptr + at, close, limit - at);
        size_t end = found ? (size_t)(found - line.ptr) + 1 : word_end(line, at);

        *level = level_in_brackets(str_slice(line, at + 1, end - 1), position);
        return end;
}

/* What stands between bars is a field: "|fail|". */
static bool is_framed(Str line, size_t at, size_t end) {
        return at > 0 && line.ptr[at - 1] == '|' && end < line.len && line.ptr[end] == '|';
}

/* Levels as most logs write them, with the blank behind: compared as one number. */
static const struct {
        char word[9];
        Level level;
} UPPER_LEVELS[] = {
        { "INFO \0\0\0", LEVEL_INFO }, { "DEBUG \0\0", LEVEL_DEBUG }, { "WARN \0\0\0", LEVEL_WARNING }, { "ERROR \0\0", LEVEL_ERROR },
        { "WARNING ", LEVEL_WARNING }, { "TRACE \0\0", LEVEL_TRACE }, { "FATAL \0\0", LEVEL_FATAL },
};

/* What level_of_word() says of such a word at @at, found at once; moves @end behind it. */
static Level upper_level_at(Str line, size_t at, size_t *end) {
        uint64_t bytes, word;

        if (at + sizeof(bytes) > line.len)
                return LEVEL_NONE;
        memcpy(&bytes, line.ptr + at, sizeof(bytes));
        for (size_t i = 0; i < G_N_ELEMENTS(UPPER_LEVELS); i++) {
                size_t length = strlen(UPPER_LEVELS[i].word);
                memcpy(&word, UPPER_LEVELS[i].word, sizeof(word));
                if (GUINT64_FROM_LE(bytes ^ word) << (64 - 8 * length) == 0) {
                        *end = at + length - 1;
                        return UPPER_LEVELS[i].level;
                }
        }
        return LEVEL_NONE;
}

/*
 * "INFO:reminders:run begins", "ERR;shop;order failed", "E,shop,order failed": the end of the level that @word begins with, 0 if it begins with none.
 * With colons Python's logging writes so by default.
 */
static size_t glued_level(Str word, unsigned position, Level *level) {
        size_t end = 0;

        while (end < word.len && !is_marked(word.ptr[end], PUNCTUATES))
                end++;
        if (end + 1 >= word.len || !is_upper_word(str_slice(word, 0, end)))
                return 0;
        *level = level_from_word(str_slice(word, 0, end));
        if (end == 1 && position == 0 && word.ptr[end] != ':')
                *level = level_from_letter(*word.ptr);
        return *level != LEVEL_NONE ? end + 1 : 0;
}

/* A word of a sentence, or what ends the name of who says one; not a number, a host, a logger. */
static bool is_prose(Str word) {
        size_t n = 0;

        while (n < word.len && word.ptr[n] >= 'a' && word.ptr[n] <= 'z')
                n++;
        return word.len > 1 && (n == word.len || word.ptr[word.len - 1] == ':');
}

/*
 * Looks through the first words behind the time for a level. Returns the place behind it, or @at if there is none. Sets
 * @continues for a line that begins no message.
 */
HOT static inline size_t find_level(Str line, size_t at, Level *level, bool *continues) {
        size_t from = at, limit = MIN(line.len, at + HEADER_BYTES_MAX);
        bool in_message = false; /* where a letter alone is no level: "turnstile: gate C opened" */

        for (unsigned position = 0; position < HEADER_WORDS_MAX; position++) {
                size_t end;

                at = skip_marked(line, at, SEPARATES);
                if (at >= limit || is_marked(line.ptr[at], STOPS))
                        break;
                if ((*level = upper_level_at(line, at, &end)) != LEVEL_NONE)
                        return end;
                if (is_marked(line.ptr[at], OPENS)) {
                        end = read_group(line, at, limit, position, level);
                } else {
                        Str word = str_slice(line, at, end = header_word_end(line, at));
                        size_t glued = glued_level(word, position, level);
                        if (glued > 0)
                                return at + glued;
                        *level = is_framed(line, at, end) ? level_from_word(word) : in_message && word.len == 1 ? LEVEL_NONE : level_of_word(word, position);
                        in_message = in_message || (*level == LEVEL_NONE && is_prose(word));
                        if (is_continuation_word(word) && str_starts(str_slice(line, end, line.len), STR("  "))) {
                                *continues = true;
                                return from;
                        }
                }
                if (*level != LEVEL_NONE && (end < line.len || position == 0))
                        return end;
                at = end;
        }
        *level = LEVEL_NONE; /* "disk usage critical": its last word is no field */
        return from;
}

/* The words of which one makes a message bad news, where no field says how bad. */
static const struct {
        Str word;
        Level level;
} BAD_WORDS[] = {
        { { "error", 5 }, LEVEL_ERROR },   { { "exception", 9 }, LEVEL_ERROR }, { { "failed", 6 }, LEVEL_ERROR },    { { "failure", 7 }, LEVEL_ERROR },
        { { "fatal", 5 }, LEVEL_FATAL },   { { "panic", 5 }, LEVEL_FATAL },     { { "critical", 8 }, LEVEL_FATAL },  { { "emerg", 5 }, LEVEL_FATAL },
        { { "alert", 5 }, LEVEL_ERROR },   { { "crit", 4 }, LEVEL_FATAL },      { { "warning", 7 }, LEVEL_WARNING }, { { "warn", 4 }, LEVEL_WARNING },
        { { "refused", 7 }, LEVEL_ERROR }, { { "denied", 6 }, LEVEL_WARNING },  { { "segfault", 8 }, LEVEL_FATAL },  { { "unable", 6 }, LEVEL_ERROR },
        { { "cannot", 6 }, LEVEL_ERROR },  { { "timeout", 7 }, LEVEL_WARNING }, { { "killed", 6 }, LEVEL_ERROR },    { { "killing", 7 }, LEVEL_WARNING },
        { { "crashed", 7 }, LEVEL_ERROR }, { { "aborted", 7 }, LEVEL_WARNING }, { { "reject", 6 }, LEVEL_WARNING },  { { "rejected", 8 }, LEVEL_WARNING },
};

static Level level_of_bad_word(Str word) {
        for (size_t i = 0; i < G_N_ELEMENTS(BAD_WORDS); i++)
                if (char_lower(*word.ptr) == *BAD_WORDS[i].word.ptr && str_equal_nocase(word, BAD_WORDS[i].word))
                        return BAD_WORDS[i].level;
        return LEVEL_NONE;
}

/* "0 errors", "error=0", "no error": said of what did not happen. */
static bool is_assignment(char c) {
        return c == '=' || c == ':';
}

static bool is_negated(Str message, size_t from, size_t to) {
        Str before = str_trim(str_slice(message, from > 4 ? from - 4 : 0, from));

        if (to + 1 < message.len && is_assignment(message.ptr[to]) && message.ptr[to + 1] == '0')
                return true;
        return before.len > 0 && (before.ptr[before.len - 1] == '0' || str_equal_nocase(before, STR("no")));
}

/* "keepalive_timeout", "error_log": the name of a setting says nothing bad; a code does (TCP_DENIED). */
static bool is_part_of_name(Str message, size_t from, size_t to) {
        bool joined = (from > 0 && message.ptr[from - 1] == '_') || (to < message.len && message.ptr[to] == '_');

        return joined && message.ptr[from] >= 'a';
}

/* "reruns of critical results", "sent to alert receivers": of which results, not how bad it is. "disk usage critical" tells that. */
static bool is_adjective(Str message, size_t from, size_t to) {
        Str word = str_slice(message, from, to);

        return from > 0 && (str_equal(word, STR("critical")) || str_equal(word, STR("alert"))) && str_at(message, to) == ' ' &&
               char_is_alpha(str_at(message, to + 1));
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
                if (at - from < 4 || is_part_of_name(message, from, at) || is_adjective(message, from, at)) {
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
        if (at + 3 > s.len || !char_is_digit(s.ptr[at]) || !char_is_digit(s.ptr[at + 1]) || !char_is_digit(s.ptr[at + 2]) ||
            (at + 3 < s.len && char_is_digit(s.ptr[at + 3])))
                return 0;
        return (unsigned)(s.ptr[at] - '0') * 100 + (unsigned)(s.ptr[at + 1] - '0') * 10 + (unsigned)(s.ptr[at + 2] - '0');
}

static bool is_status(unsigned number) {
        return number >= 100 && number < 600;
}

static bool is_method(Str word) {
        return word.len >= 3 && word.len <= 8 && is_upper_word(word);
}

/* An access log: "METHOD /path ..." STATUS. The message becomes the method alone: paths are without number. */
static bool read_access(Str line, size_t at, Event *event) {
        size_t limit = MIN(line.len, at + HEADER_BYTES_MAX), close;
        const char *quote = at < limit ? memchr(line.ptr + at, '"', limit - at) : NULL;
        Str method;

        if (!quote)
                return false;
        at = (size_t)(quote - line.ptr) + 1;
        method = str_slice(line, at, word_end(line, at));
        if (!is_method(method))
                return false;
        close = str_find(line, STR("\" "), at + method.len);
        if (close == SIZE_MAX || !is_status(three_digits(line, close + 2)))
                return false;
        event->status = three_digits(line, close + 2);
        event->message = method;
        return true;
}

/* So far into a message applications write a request without quotes. */
#define REQUEST_BYTES_MAX 96

static inline bool ends_in(Str text, Str word) {
        return str_ends(text, word) && (text.len == word.len || !char_is_alpha(text.ptr[text.len - word.len - 1]));
}

/* By its last letter, for most lines are asked. */
static bool ends_in_method(Str text) {
        switch (text.ptr[text.len - 1]) {
        case 'T':
                return ends_in(text, STR("GET")) || ends_in(text, STR("POST")) || ends_in(text, STR("PUT"));
        case 'E':
                return ends_in(text, STR("DELETE"));
        case 'D':
                return ends_in(text, STR("HEAD"));
        case 'H':
                return ends_in(text, STR("PATCH"));
        case 'S':
                return ends_in(text, STR("OPTIONS"));
        default:
                return false;
        }
}

/* Behind a path a number of milliseconds may stand, too. */
static bool is_registered_status(unsigned status) {
        return (status >= 200 && status <= 208) || (status >= 300 && status <= 308) || (status >= 400 && status <= 431) || status == 451 || status == 499 ||
               (status >= 500 && status <= 511) || (status >= 520 && status <= 530);
}

/* Of the number at @at, with nothing but a blank or a comma behind it. */
static unsigned status_at(Str message, size_t at) {
        unsigned status = three_digits(message, at);

        return is_registered_status(status) && (at + 3 >= message.len || strchr(" ,;", message.ptr[at + 3])) ? status : 0;
}

/* "GET /orders/7 503 12ms", as applications write it: its status, 0 if there is none. */
static unsigned request_status(Str message) {
        const char *begin = message.ptr, *end = begin + MIN(message.len, REQUEST_BYTES_MAX);

        for (const char *slash = begin; (slash = memchr(slash, '/', (size_t)(end - slash))) != NULL; slash++) {
                if (slash - begin >= 4 && slash[-1] == ' ' && ends_in_method((Str){ begin, (size_t)(slash - begin) - 1 })) {
                        const char *blank = memchr(slash, ' ', (size_t)(begin + message.len - slash));
                        return blank && char_is_digit(str_at(message, (size_t)(blank - begin) + 1)) ? status_at(message, (size_t)(blank - begin) + 1) : 0;
                }
        }
        return 0;
}

/* HAProxy's HTTP log: frontend backend/server Tq/Tw/Tc/Tr/Tt STATUS. */
static bool read_haproxy(Str line, size_t at, Event *event) {
        size_t tag = str_find(str_slice(line, 0, at + HEADER_BYTES_MAX), STR("haproxy["), at);

        if (tag == SIZE_MAX)
                return false;
        for (size_t slash = str_find(line, STR("/"), tag), end; slash != SIZE_MAX; slash = str_find(line, STR("/"), end)) {
                size_t slashes = 0;

                end = slash;
                while (end < line.len && (char_is_digit(line.ptr[end]) || line.ptr[end] == '/' || line.ptr[end] == '-' || line.ptr[end] == '+'))
                        slashes += line.ptr[end++] == '/';
                if (slashes < 4 || end >= line.len || line.ptr[end] != ' ')
                        continue;
                event->status = three_digits(line, end + 1);
                event->message = str_slice(line, tag, tag + 7);
                return is_status(event->status);
        }
        return false;
}

static Level level_of_status(unsigned status) {
        return status >= 500 ? LEVEL_ERROR : LEVEL_INFO;
}

Level header_level_of_message(Str message) {
        bool continues = false;
        Level level = LEVEL_NONE;

        find_level(message, 0, &level, &continues);
        return level != LEVEL_NONE ? level : header_level_of_words(message);
}

/* Redis: "1:M 07 Jun 2024 09:00:03.123 # ...", where a mark stands for the level. */
static Level level_of_mark(Str line, size_t start, size_t end) {
        static const char MARKS_OF_LEVELS[] = ".-*#";
        static const Level LEVELS[] = { LEVEL_TRACE, LEVEL_DEBUG, LEVEL_NOTICE, LEVEL_WARNING };
        const char *mark;

        if (start < 4 || line.ptr[start - 3] != ':' || line.ptr[start - 1] != ' ' || !char_is_digit(*line.ptr) || end + 2 >= line.len || line.ptr[end] != ' ' ||
            line.ptr[end + 2] != ' ')
                return LEVEL_NONE;
        mark = line.ptr[end + 1] ? strchr(MARKS_OF_LEVELS, line.ptr[end + 1]) : NULL;
        return mark ? LEVELS[mark - MARKS_OF_LEVELS] : LEVEL_NONE;
}

/* InnoDB writes a deadlock as lines of their own, and the thread that did behind a time alone. */
static bool is_innodb_part(Str message) {
        if (str_starts(message, STR("InnoDB: ")))
                message = str_slice(message, 8, message.len);
        if (str_starts(message, STR("*** (")) || str_starts(message, STR("*** WE ROLL BACK")))
                return true;
        return str_starts(message, STR("0x")) && word_end(message, 0) == message.len;
}

/* PHP writes each frame with a time of its own. */
static bool is_php_frame(Str line, size_t at) {
        Str message = str_slice(line, skip_marked(line, at, CLOSES), line.len);

        return str_starts(message, STR("PHP   ")) || str_starts(message, STR("PHP Stack trace:"));
}

/* klog and its likes begin the time with a letter: "W1126 18:31:29.810053   32441 api.go:86] ...". No other time has a digit behind its first letter. */
static Level level_of_stamp(Str line, size_t start) {
        if (start + 1 >= line.len || !char_is_alpha(line.ptr[start]) || !char_is_digit(line.ptr[start + 1]))
                return LEVEL_NONE;
        return level_from_letter(line.ptr[start]);
}

/* Behind the thread and the place in the code, "   32441 api.go:86] ". */
static size_t skip_klog_place(Str line, size_t at) {
        size_t close = str_find(str_slice(line, 0, at + HEADER_BYTES_MAX), STR("] "), at);
        size_t words = 0;

        for (size_t i = at; close != SIZE_MAX && i < close; i++)
                words += line.ptr[i] != ' ' && (i == at || line.ptr[i - 1] == ' ');
        return close != SIZE_MAX && words <= 3 && char_is_digit(line.ptr[close - 1]) ? close + 2 : at;
}

HOT bool header_read(Str line, size_t start, size_t end, size_t message, Event *event) {
        bool continues = false;
        Level level = level_of_stamp(line, start);
        size_t at = level != LEVEL_NONE ? skip_klog_place(line, message) : find_level(line, message, &level, &continues);

        if (continues || (start == 1 && is_php_frame(line, end)))
                return false;
        if (level == LEVEL_NONE)
                level = level_before(line, start);
        event->status = 0;
        event->level_guessed = false;
        if (read_access(line, end, event) || (level == LEVEL_NONE && read_haproxy(line, end, event))) {
                event->level = MAX(level, level_of_status(event->status));
                return true;
        }
        if (level == LEVEL_NONE && (level = level_of_mark(line, start, end)) != LEVEL_NONE)
                at = end + 2;
        at = skip_marked(line, at, CLOSES);
        event->message = str_slice(line, at, line.len);
        if (event->message.len > 3 && is_marked(*event->message.ptr, BEGINS_PART) && is_innodb_part(event->message))
                return false;
        event->level_guessed = level == LEVEL_NONE;
        event->level = level != LEVEL_NONE ? level : header_level_of_words(event->message);
        event->status = request_status(event->message);
        if (event->status >= 500)
                event->level = MAX(event->level, LEVEL_ERROR);
        return true;
}
