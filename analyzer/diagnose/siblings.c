/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/siblings.h"

#include "diagnose/lines.h"
#include "model/evidence_line.h"

#include <string.h>

typedef struct Words {
        Str at[SIBLINGS_WORDS_MAX];
        unsigned n;
} Words;

/* What stands between blanks; none where there are too few or too many. */
static void words_of(const Exemplar *line, Words *words) {
        Str message = evidence_message(line);
        size_t at = 0;

        words->n = 0;
        for (;;) {
                size_t from;

                while (at < message.len && char_is_space(message.ptr[at]))
                        at++;
                for (from = at; at < message.len && !char_is_space(message.ptr[at]) && message.ptr[at] != '\n';)
                        at++;
                if (at == from)
                        break;
                if (words->n == SIBLINGS_WORDS_MAX) {
                        words->n = 0;
                        return;
                }
                words->at[words->n++] = str_slice(message, from, at);
        }
        if (words->n < SIBLINGS_WORDS_MIN)
                words->n = 0;
}

/* Numbers aside: "1.827" is as good as "1.74". */
static bool is_alike(Str one, Str other) {
        size_t i = 0, j = 0;

        while (i < one.len && j < other.len) {
                if (char_is_digit(one.ptr[i]) && char_is_digit(other.ptr[j])) {
                        while (i < one.len && char_is_digit(one.ptr[i]))
                                i++;
                        while (j < other.len && char_is_digit(other.ptr[j]))
                                j++;
                } else if (one.ptr[i++] != other.ptr[j++])
                        return false;
        }
        return i == one.len && j == other.len;
}

/* The places where two lines of as many words differ, as bits. */
static uint64_t differences(const Words *one, const Words *other) {
        uint64_t places = 0;

        for (unsigned i = 0; i < one->n; i++)
                if (!is_alike(one->at[i], other->at[i]))
                        places |= UINT64_C(1) << i;
        return places;
}

static bool are_siblings(const Words *one, const Words *other) {
        uint64_t places = one->n == other->n ? differences(one, other) : 0;

        return places != 0 && !(places & 1) && (unsigned)__builtin_popcountll(places) <= MAX(1, one->n / SIBLINGS_WORDS_EACH);
}

static bool begins_alike(Str one, Str other) {
        return one.len > 0 && other.len > 0 && (*one.ptr == *other.ptr || (char_is_digit(*one.ptr) && char_is_digit(*other.ptr)));
}

/* Most signals are of another level, or begin with another letter: that is asked before their words are cut. */
static bool may_be_sibling(const Signal *signal, const Signal *other) {
        return other != signal && other->level == signal->level && other->n_first > 0 && other->status == signal->status &&
               begins_alike(evidence_message(&signal->first[0]), evidence_message(&other->first[0]));
}

static Str without_marks(Str word) {
        while (word.len > 1 && strchr(",;.", word.ptr[word.len - 1]))
                word.len--;
        return word;
}

/* The word at @place, and before it the name it has: "nodes=a,b", "charset UTF-8". */
static void name_word(const Words *was, const Words *now, unsigned place, SiblingWord *found) {
        Str word = now->at[place], before = was->at[place];
        const char *sign = memchr(word.ptr, '=', word.len);
        size_t named = sign ? (size_t)(sign - word.ptr) : 0;

        if (named > 0 && str_starts(before, str_slice(word, 0, named + 1))) {
                found->name = str_slice(word, 0, named);
                word = str_slice(word, named + 1, word.len);
                before = str_slice(before, named + 1, before.len);
        } else
                found->name = now->at[place - 1];
        found->was = without_marks(before);
        found->now = without_marks(word);
}

/* What a line and those of its siblings have in common and where they differ, of all that were told so far. */
typedef struct Agreement {
        const Exemplar *line;
        Words words, last; /* of the line, and of the last of its siblings */
        const Exemplar *said;
        uint64_t places; /* where it differs from all of them, which agree among themselves */
        unsigned n;      /* siblings */
} Agreement;

static void add_sibling(Agreement *agreement, const Exemplar *sibling) {
        Words words;

        words_of(sibling, &words);
        if (!are_siblings(&agreement->words, &words))
                return;
        agreement->places &= differences(&agreement->words, &words);
        if (agreement->said)
                agreement->places &= ~differences(&agreement->last, &words);
        agreement->n++;
        if (agreement->said && sibling->time_us < agreement->said->time_us)
                return;
        agreement->said = sibling;
        agreement->last = words;
}

static void add_siblings(Agreement *agreement, const Signal *signal) {
        Words words;
        Lines lines;

        words_of(&signal->first[0], &words);
        if (!are_siblings(&agreement->words, &words))
                return;
        lines_of(signal, &lines);
        for (unsigned i = 0; i < lines.n; i++)
                if (lines.at[i]->time_us < agreement->line->time_us)
                        add_sibling(agreement, lines.at[i]);
}

/* Nothing of its kind stands before it. */
static bool is_first(const Signal *signal, const Exemplar *line) {
        Lines lines;

        lines_of(signal, &lines);
        return lines.n > 0 && line->time_us <= lines.at[0]->time_us;
}

bool siblings_differ(const Signal *signal, const Exemplar *line, const LedgerView *view, SiblingWord *found) {
        Agreement agreement = { .line = line, .places = ~UINT64_C(0) };

        words_of(line, &agreement.words);
        if (agreement.words.n == 0 || !is_first(signal, line))
                return false;
        for (guint i = 0; i < view->signals->len; i++)
                if (may_be_sibling(signal, view->signals->pdata[i]))
                        add_siblings(&agreement, view->signals->pdata[i]);
        if (agreement.n < SIBLINGS_LINES_MIN || agreement.places == 0)
                return false;
        name_word(&agreement.last, &agreement.words, (unsigned)__builtin_ctzll(agreement.places), found);
        found->said = agreement.said;
        return true;
}
