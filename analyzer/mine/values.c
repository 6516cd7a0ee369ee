/* SPDX-License-Identifier: Apache-2.0 */
#include "mine/words.h"

#include <glib.h>

/*
 * Values of more than one token. Each finder returns the end of the value that begins at @at, or @at if none does.
 */

static bool is_word_byte(char c) {
        return char_is_alpha(c) || char_is_digit(c) || c == '_';
}

static bool is_hex(char c) {
        return char_is_digit(c) || (char_lower(c) >= 'a' && char_lower(c) <= 'f');
}

static size_t skip_digits(Str s, size_t at, size_t max) {
        size_t end = at;

        while (end - at < max && char_is_digit(str_at(s, end)))
                end++;
        return end;
}

static size_t skip_letters(Str s, size_t at) {
        while (char_is_alpha(str_at(s, at)))
                at++;
        return at;
}

/* Two digits at each 'n', the byte itself else: "nn:nn:nn". */
static size_t skip_form(Str s, size_t at, const char *form) {
        size_t from = at;

        for (; *form; form++, at++)
                if (*form == 'n' ? !char_is_digit(str_at(s, at)) : *form == '~' ? !strchr("-/.", str_at(s, at)) || !str_at(s, at) : str_at(s, at) != *form)
                        return from;
        return at;
}

static size_t skip_fraction(Str s, size_t at) {
        if ((str_at(s, at) == '.' || str_at(s, at) == ',') && char_is_digit(str_at(s, at + 1)))
                return skip_digits(s, at + 1, 9);
        return at;
}

/* One of @names, at its first three letters, as a word of at most nine letters. */
static size_t skip_name(Str s, size_t at, const char *names) {
        size_t end = skip_letters(s, at);

        if (end - at < 3 || end - at > 9)
                return at;
        for (const char *name = names; *name; name += 3)
                if (memcmp(s.ptr + at, name, 3) == 0)
                        return end;
        return at;
}

/* "Sun Dec 04 04:47:44 2005", "Dec 4 04:47:44", "Mon, Jun 14, 15:16:01 EDT 2005": ctime, syslog, mail */
static size_t date_in_words(Str s, size_t at) {
        size_t day, from = at, end;

        if (str_at(s, at) < 'A' || str_at(s, at) > 'W')
                return at;
        day = skip_name(s, at, "MonTueWedThuFriSatSun");
        if (day > at) {
                day += str_at(s, day) == ',';
                from = str_at(s, day) == ' ' ? day + 1 : at;
        }
        end = skip_name(s, from, "JanFebMarAprMayJunJulAugSepOctNovDec");
        if (end == from || str_at(s, end) != ' ')
                return at;
        while (str_at(s, end) == ' ')
                end++;
        day = skip_digits(s, end, 2);
        if (day == end)
                return at;
        day += str_at(s, day) == ',';
        while (str_at(s, day) == ' ')
                day++;
        end = skip_form(s, day, "nn:nn:nn");
        if (end == day)
                return at;
        end = skip_fraction(s, end);
        for (size_t zone = skip_letters(s, end + 1); str_at(s, end) == ' ' && zone - end >= 4 && zone - end <= 5; zone = end) {
                for (size_t i = end + 1; i < zone; i++)
                        if (s.ptr[i] > 'Z')
                                return end;
                end = zone;
                break;
        }
        return str_at(s, end) == ' ' && skip_digits(s, end + 1, 5) == end + 5 ? end + 5 : end;
}

/* "2016-09-28T04:30:31.455Z", "2016/9/27 20:30:31": ISO 8601 and its likes */
static size_t date_in_numbers(Str s, size_t at) {
        size_t end = skip_digits(s, at, 4), zone;

        if (end != at + 4 || !strchr("-/.", str_at(s, end)) || end >= s.len)
                return at;
        for (unsigned part = 0; part < 2; part++) {
                size_t digits = skip_digits(s, end + 1, 2);
                if (str_at(s, end) != s.ptr[at + 4] || digits == end + 1)
                        return at;
                end = digits;
        }
        zone = end + (str_at(s, end) == 'T' || str_at(s, end) == ' ' || str_at(s, end) == ':' || str_at(s, end) == '-');
        if (zone == end || skip_form(s, zone, "nn:nn:nn") == zone)
                return at;
        end = skip_fraction(s, zone + 8);
        if (str_at(s, end) == 'Z')
                return end + 1;
        if (str_at(s, end) == '+' || str_at(s, end) == '-') {
                zone = skip_form(s, end + 1, "nn:nn");
                zone = zone > end + 1 ? zone : skip_form(s, end + 1, "nnnn");
                return zone > end + 1 ? zone : end;
        }
        return end;
}

static size_t url(Str s, size_t at) {
        size_t end = skip_letters(s, at);

        while (is_word_byte(str_at(s, end)) || str_at(s, end) == '+' || str_at(s, end) == '.' || str_at(s, end) == '-')
                end++;
        if (end == at || !str_starts(str_slice(s, end, s.len), STR("://")))
                return at;
        for (end += 3; end < s.len && !strchr(" \t\"'<>,;)]", s.ptr[end]); end++)
                ;
        return end;
}

/* "/search?q=1&page=2": what a browser asks for */
static size_t query(Str s, size_t at) {
        size_t end = at;
        bool asks = false;

        if (str_at(s, at) != '/')
                return at;
        for (; end < s.len && (uint8_t)s.ptr[end] > ' ' && !strchr("\"'<>)]", s.ptr[end]); end++)
                asks |= s.ptr[end] == '?';
        return asks ? end : at;
}

/* "10.0.0.1:8080", "/10.0.0.1" */
static size_t address(Str s, size_t at) {
        size_t end = at + (str_at(s, at) == '/');

        for (unsigned part = 0; part < 4; part++) {
                size_t digits = skip_digits(s, end, 3);
                if (digits == end || (part < 3 && str_at(s, digits) != '.'))
                        return at;
                end = digits + (part < 3);
        }
        if (is_word_byte(str_at(s, end)))
                return at;
        if (str_at(s, end) == ':' && char_is_digit(str_at(s, end + 1)))
                return skip_digits(s, end + 1, 5);
        return end;
}

/* "00:1b:44:11:3a:b7", "fe80::1ff:fe23:4567:890a", "::1": at least three groups of hexadecimal digits, or two colons in a row */
static size_t hex_groups(Str s, size_t at) {
        unsigned groups = 0, doubled = 0, longest = 0, digits = 0;
        size_t end = at;

        for (;;) {
                size_t from = end;
                for (; is_hex(str_at(s, end)); end++)
                        digits += char_is_digit(s.ptr[end]);
                longest = MAX(longest, (unsigned)(end - from));
                groups += end > from;
                if (str_at(s, end) != ':' || !(is_hex(str_at(s, end + 1)) || str_at(s, end + 1) == ':'))
                        break;
                doubled += str_at(s, end + 1) == ':';
                end += 1 + (str_at(s, end + 1) == ':');
        }
        if (longest > 4 || is_word_byte(str_at(s, end)) || doubled > 1)
                return at;
        return groups >= 6 || (doubled == 1 && groups >= 2 && digits > 0) ? end : at;
}

/* Top-level domains that are common in logs; not all, for "java.net" and "foo.so" are none. */
static bool is_top_domain(Str word) {
        static const char DOMAINS[] = " com net org edu gov mil int io local internal lan cloud dev arpa localdomain intranet corp home "
                                      "cn hk de uk fr ru jp br in it nl pl tw kr us ca au eu ch se es at be cz dk fi no pt tr ua ro gr hu ";
        char padded[16];

        if (word.len < 2 || word.len > 12)
                return false;
        padded[0] = ' ';
        for (size_t i = 0; i < word.len; i++)
                padded[i + 1] = char_lower(word.ptr[i]);
        padded[word.len + 1] = ' ';
        padded[word.len + 2] = '\0';
        return strstr(DOMAINS, padded) != NULL;
}

/* "ns.example.com", "proxy.example.edu.hk:5070", "user@example.com" */
static size_t host_name(Str s, size_t at) {
        size_t end = at, part = at, dots = 0;

        for (; end < s.len; end++) {
                char c = s.ptr[end];
                if (c == '.' || c == '@') {
                        if (end == part || !(is_word_byte(str_at(s, end + 1)) || str_at(s, end + 1) == '-'))
                                break;
                        dots += c == '.';
                        part = end + 1;
                } else if (!is_word_byte(c) && c != '-' && c != '+') {
                        break;
                }
        }
        if (dots == 0 || !is_top_domain(str_slice(s, part, end)))
                return at;
        if (str_at(s, end) == ':' && char_is_digit(str_at(s, end + 1)))
                return skip_digits(s, end + 1, 5);
        return end;
}

#define UNIT(text)                                                                                                                                             \
        { text, sizeof(text) - 1 }

static size_t skip_unit(Str s, size_t at) {
        static const Str UNITS[] = { UNIT("bytes"), UNIT("byte"),  UNIT("B"),      UNIT("KB"),      UNIT("MB"),  UNIT("GB"),   UNIT("TB"),     UNIT("KiB"),
                                     UNIT("MiB"),   UNIT("GiB"),   UNIT("TiB"),    UNIT("kB"),      UNIT("ms"),  UNIT("us"),   UNIT("ns"),     UNIT("s"),
                                     UNIT("sec"),   UNIT("secs"),  UNIT("second"), UNIT("seconds"), UNIT("min"), UNIT("mins"), UNIT("minute"), UNIT("minutes"),
                                     UNIT("hour"),  UNIT("hours"), UNIT("hr"),     UNIT("hrs"),     UNIT("day"), UNIT("days") };
        size_t from = at + (str_at(s, at) == ' '), end = skip_letters(s, from);
        Str word = str_slice(s, from, end);

        if (str_at(s, from) == '%')
                return from + 1;
        if (is_word_byte(str_at(s, end)))
                return at;
        for (size_t i = 0; i < G_N_ELEMENTS(UNITS); i++)
                if (str_equal(word, UNITS[i]))
                        return end;
        return at;
}

/* "512 bytes", "12.4 MB (3.1 GB)", "85 %", "-3 ms"; and "12:30:01.5", "1:2" */
static size_t quantity(Str s, size_t at) {
        size_t end = at + (str_at(s, at) == '-' || str_at(s, at) == '+'), digits = skip_digits(s, end, 20), unit;

        if (digits == end)
                return at;
        for (end = digits; str_at(s, end) == ':' && (digits = skip_digits(s, end + 1, 20)) > end + 1; end = digits)
                ;
        while ((digits = skip_fraction(s, end)) > end)
                end = digits;
        unit = skip_unit(s, end);
        if (unit == end)
                return is_word_byte(str_at(s, end)) ? at : end;
        if (str_at(s, unit) == ' ' && str_at(s, unit + 1) == '(' && (digits = skip_digits(s, unit + 2, 20)) > unit + 2) {
                digits = skip_fraction(s, digits);
                end = skip_unit(s, digits);
                return end > digits && str_at(s, end) == ')' ? end + 1 : unit;
        }
        return unit;
}

/* A word of letters alone begins a date or nothing: all other values hold digits or signs close to their begin. */
static bool is_mere_word(Str s, size_t at) {
        size_t end = skip_letters(s, at);
        char next = str_at(s, end);

        return end > at && !is_word_byte(next) && next != '.' && next != ':' && next != '@' && next != '-' && next != '+';
}

/* What no value of several words begins with: signs, which are many. */
static bool is_sign(char c) {
        return !is_word_byte(c) && c != '/' && c != '+' && c != '-' && c != ':';
}

size_t value_end(Str text, size_t at) {
        static size_t (*const FINDERS[])(Str, size_t) = { date_in_words, date_in_numbers, url, query, address, hex_groups, host_name, quantity };

        if (is_sign(str_at(text, at)))
                return at;
        if (is_mere_word(text, at))
                return date_in_words(text, at);
        for (size_t i = 0; i < G_N_ELEMENTS(FINDERS); i++) {
                size_t end = FINDERS[i](text, at);
                if (end > at)
                        return end;
        }
        return at;
}
