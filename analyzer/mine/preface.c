/* SPDX-License-Identifier: Apache-2.0 */
#include "mine/preface.h"

#include "mine/words.h"

/* Parts that a preface may have, and the longest of them. */
#define PARTS_MAX      12
#define PART_BYTES_MAX 240

/* What is left must still say something: so many words behind a part that is one by its form, and behind one that may be a word. */
#define SPEAKING_CERTAIN 1
#define SPEAKING_LIKELY  2

/* Words that begin with the same first word must be so often followed by a process, in percent, that it is a host. */
#define HOST_PERCENT 20

/* First words are tables' keys: so many are told apart. */
#define HOSTS_MAX 4096

typedef struct Host {
        uint64_t n, before_process;
} Host;

struct Hosts {
        GHashTable *table; /* of Host, by word */
};

static bool is_blank(char c) {
        return c == ' ' || c == '\t';
}

static size_t skip_blanks(Str s, size_t at) {
        while (at < s.len && is_blank(s.ptr[at]))
                at++;
        return at;
}

static size_t chunk_end(Str s, size_t at) {
        while (at < s.len && !is_blank(s.ptr[at]))
                at++;
        return at;
}

/* --- processes: "sshd[12]:", "su(pam_unix)[12]:", "com.example.agent[1]" --- */

static bool is_name_byte(char c) {
        return char_is_alpha(c) || char_is_digit(c) || strchr("_.-/$@", c);
}

/* The end of a process with its number at @at, with the colon if there is one; else @at. */
static size_t process_end(Str s, size_t at) {
        size_t end = at, digits;

        while (end < s.len && is_name_byte(s.ptr[end]))
                end++;
        if (end == at)
                return at;
        if (str_at(s, end) == '(') {
                while (end < s.len && s.ptr[end] != ')' && !is_blank(s.ptr[end]))
                        end++;
                if (str_at(s, end++) != ')')
                        return at;
        }
        if (str_at(s, end) != '[')
                return at;
        for (digits = ++end; char_is_digit(str_at(s, end)); end++)
                ;
        if (end == digits || str_at(s, end) != ']')
                return at;
        return end + 1 + (str_at(s, end + 1) == ':');
}

/* --- hosts --- */

Hosts *hosts_new(void) {
        Hosts *hosts = g_new0(Hosts, 1);

        hosts->table = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        return hosts;
}

void hosts_free(Hosts *hosts) {
        g_hash_table_unref(hosts->table);
        g_free(hosts);
}

static Host *host_find(const Hosts *hosts, Str word) {
        char name[PART_BYTES_MAX + 1];

        if (word.len == 0 || word.len > PART_BYTES_MAX)
                return NULL;
        memcpy(name, word.ptr, word.len);
        name[word.len] = '\0';
        return g_hash_table_lookup(hosts->table, name);
}

void hosts_note(Hosts *hosts, Str text, uint64_t count) {
        size_t end = chunk_end(text, 0), next = skip_blanks(text, end);
        Str word = str_slice(text, 0, end);
        Host *host = host_find(hosts, word);

        if (!host) {
                if (word.len == 0 || word.len > PART_BYTES_MAX || g_hash_table_size(hosts->table) >= HOSTS_MAX)
                        return;
                host = g_new0(Host, 1);
                g_hash_table_insert(hosts->table, str_dup(word), host);
        }
        host->n += count;
        if (process_end(text, next) > next)
                host->before_process += count;
}

static bool is_host(const Hosts *hosts, Str word) {
        const Host *host = host_find(hosts, word);

        return host && host->before_process * 100 >= host->n * HOST_PERCENT && host->before_process > 0;
}

/* --- parts --- */

/* "[main]", "[QuorumPeer[id=1]/0:0:2181]", "(default task-1)", "<0.34.0>"; the colon behind it goes with it. */
static size_t group_end(Str s, size_t at) {
        char open = str_at(s, at), close = open == '[' ? ']' : open == '(' ? ')' : open == '<' ? '>' : '\0';
        unsigned depth = 0;

        for (size_t end = at; close && end < s.len && end - at < PART_BYTES_MAX; end++) {
                depth += s.ptr[end] == open;
                depth -= s.ptr[end] == close;
                if (depth > 0)
                        continue;
                end++;
                end += str_at(s, end) == ':';
                return end == s.len || is_blank(s.ptr[end]) || strchr("[(-|", s.ptr[end]) ? end : at;
        }
        return at;
}

/* What is bad news is part of the message: "error:", "java.io.IOException:". */
static bool is_news(Str word) {
        static const char *const ENDS[] = { "error",  "exception", "failure", "fault",   "warning", "fatal",  "panic",   "warn",      "critical",
                                            "failed", "alert",     "abort",   "aborted", "timeout", "denied", "refused", "throwable", "interrupt" };

        for (size_t i = 0; i < G_N_ELEMENTS(ENDS); i++)
                if (str_ends_nocase(word, str_from(ENDS[i])))
                        return true;
        return false;
}

static bool is_plain_name(Str word) {
        for (size_t i = 0; i < word.len; i++)
                if (!is_name_byte(word.ptr[i]) || word.ptr[i] == '/')
                        return false;
        return word.len > 0 && char_is_alpha(*word.ptr);
}

/* "com.example.Pool", "nova.compute.manager"; "chrome.exe" and "cache.limit" with one dot only where a sign follows. */
static bool is_logger(Str s, size_t at, Str word) {
        size_t dots = 0, next = skip_blanks(s, at + word.len);

        if (!is_plain_name(word) || is_news(word))
                return false;
        for (size_t i = 0; i < word.len; i++) {
                if (word.ptr[i] == '.' && (i + 1 == word.len || !is_name_byte(word.ptr[i + 1]) || word.ptr[i + 1] == '.'))
                        return false;
                dots += word.ptr[i] == '.';
        }
        return dots > 1 || (dots == 1 && next < s.len && strchr("-*[|", s.ptr[next]));
}

/* A component's name with its colon: "Pool:", "kernel:"; not "Error:". */
static size_t tag_end(Str s, size_t at) {
        size_t end = chunk_end(s, at);
        Str word = str_slice(s, at, end > at ? end - 1 : at);

        if (end == at || s.ptr[end - 1] != ':' || !is_plain_name(word) || is_news(word))
                return at;
        return end;
}

/* Thread, process or node numbers, times. */
static size_t number_end(Str s, size_t at) {
        size_t end = value_end(s, at), chunk = chunk_end(s, at);

        if (end > at && (end == s.len || is_blank(s.ptr[end])))
                return end;
        for (size_t i = at; i < chunk; i++)
                if (s.ptr[i] == '=' || s.ptr[i] == '"' || s.ptr[i] == '(')
                        return at;
        for (size_t i = at; i < chunk; i++)
                if (char_is_digit(s.ptr[i]) && !strchr(":.,;!?", s.ptr[chunk - 1]))
                        return chunk;
        return at;
}

/* A column of a table: "name|", or a name and blanks up to the next column. */
static size_t column_end(Str s, size_t at) {
        size_t end = at;

        while (end < s.len && (is_name_byte(s.ptr[end])))
                end++;
        if (end == at)
                return at;
        if (s.ptr[end == s.len ? end - 1 : end] == '|')
                return end + 1;
        return is_blank(str_at(s, end)) && is_blank(str_at(s, end + 1)) && end + 2 < s.len ? end : at;
}

typedef enum { PART_NONE, PART_CERTAIN, PART_LIKELY, PART_LAST, PART_LAST_LIKELY } Part;

/* The part at @at; moves behind it. A tag is the last one, for "tag: word: ..." is a message. */
static Part next_part(Str s, size_t *at, const Hosts *hosts, unsigned index) {
        size_t from = *at, chunk = chunk_end(s, from), end;
        Str word = str_slice(s, from, chunk);

        if ((end = process_end(s, from)) > from) {
                *at = end;
                return s.ptr[end - 1] == ':' ? PART_LAST : PART_CERTAIN;
        }
        if ((end = tag_end(s, from)) > from) {
                *at = end;
                return PART_LAST_LIKELY;
        }
        if ((end = group_end(s, from)) > from || (end = column_end(s, from)) > from) {
                *at = end;
                return PART_CERTAIN;
        }
        if ((end = number_end(s, from)) > from || (end = is_logger(s, from, word) || (index == 0 && is_host(hosts, word)) ? chunk : from) > from) {
                *at = end;
                return PART_LIKELY;
        }
        return PART_NONE;
}

/* Signs between the parts; Spring Boot has three dashes. */
static size_t skip_signs(Str s, size_t at) {
        for (;;) {
                size_t from = at = skip_blanks(s, at);

                if (str_starts(str_slice(s, at, s.len), STR("--- ")))
                        at += 3;

                if (at < s.len && strchr("-|:*>", s.ptr[at]) && (s.ptr[at] == '|' || at + 1 == s.len || is_blank(s.ptr[at + 1])))
                        at++;
                if (at == from)
                        return at;
        }
}

static unsigned speaking_words(Str rest) {
        unsigned speaking = 0;
        bool in_word = false;

        for (size_t i = 0; i < rest.len && speaking < SPEAKING_LIKELY; i++) {
                bool letter = char_is_alpha(rest.ptr[i]);
                speaking += letter && !in_word;
                in_word = letter || (in_word && !is_blank(rest.ptr[i]));
        }
        return speaking;
}

size_t preface_end(Str text, const Hosts *hosts) {
        size_t at = skip_signs(text, 0), begin = 0;
        Part part = PART_CERTAIN;

        for (unsigned i = 0; i < PARTS_MAX && (part == PART_CERTAIN || part == PART_LIKELY); i++) {
                unsigned needed;

                part = next_part(text, &at, hosts, i);
                if (part == PART_NONE)
                        break;
                at = skip_signs(text, at);
                needed = part == PART_CERTAIN || part == PART_LAST ? SPEAKING_CERTAIN : SPEAKING_LIKELY;
                if (speaking_words(str_slice(text, at, text.len)) >= needed)
                        begin = at;
        }
        return begin;
}
