/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/restated.h"

#include "diagnose/pairs.h"
#include "model/evidence_line.h"

/* Those of one letter say nothing. */
#define WORD_BYTES_MIN 2

static bool has_word(Str text, Str word) {
        Str found;

        for (size_t at = 0; (found = pairs_letters(text, &at, WORD_BYTES_MIN)).len > 0;)
                if (str_equal(found, word))
                        return true;
        return false;
}

static bool says_the_same(Str was, Str now) {
        size_t at = 0, now_at = 0;
        unsigned n = 0, n_same = 0;
        Str first = pairs_letters(was, &at, WORD_BYTES_MIN);

        if (!str_equal(first, pairs_letters(now, &now_at, WORD_BYTES_MIN)))
                return false;
        for (Str word = first; word.len > 0; word = pairs_letters(was, &at, WORD_BYTES_MIN)) {
                n++;
                n_same += has_word(now, word);
        }
        return n >= RESTATED_WORDS_MIN && n_same >= RESTATED_SHARE_MIN * n;
}

const Signal *restated_by(const Signal *was, double stopped, double wait, const LedgerView *view) {
        const Signal *now = NULL;

        for (guint i = 0; i < view->signals->len && was->n_first > 0; i++) {
                const Signal *other = view->signals->pdata[i];
                double from = other->series.n > 0 ? other->series.buckets[0].start : 0;

                if (other == was || other->n_sources != 1 || other->sources[0].source != was->sources[0].source || other->n_first == 0 || from <= stopped ||
                    from > stopped + wait || (now && now->series.buckets[0].start <= from))
                        continue;
                if (says_the_same(evidence_message(&was->first[0]), evidence_message(&other->first[0])))
                        now = other;
        }
        return now;
}
