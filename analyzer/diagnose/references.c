/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/references.h"

#include "diagnose/pairs.h"
#include "diagnose/settings.h"

/* Shorter numbers are those of machines: web-1, r2. */
#define DIGITS_MIN 2

/* Of a commit, as tools shorten it. */
#define COMMIT_BYTES_MIN 7
#define COMMIT_BYTES_MAX 40

typedef struct Reference {
        Str noun; /* "rev", of "rev 58"; empty where the value is enough */
        Str value;
        Str before; /* the word before it; empty if it is the first */
        bool is_version;
} Reference;

/* "CHG-2291" */
static bool is_ticket(Str word) {
        size_t letters = 0;

        while (letters < word.len && word.ptr[letters] >= 'A' && word.ptr[letters] <= 'Z')
                letters++;
        return letters > 1 && str_at(word, letters) == '-' && word.len >= letters + 1 + DIGITS_MIN && str_is_number(str_slice(word, letters + 1, word.len));
}

static bool is_commit(Str word) {
        size_t digits = 0;

        for (size_t i = 0; i < word.len; i++) {
                if (!char_is_digit(word.ptr[i]) && !(word.ptr[i] >= 'a' && word.ptr[i] <= 'f'))
                        return false;
                digits += char_is_digit(word.ptr[i]);
        }
        return word.len >= COMMIT_BYTES_MIN && word.len <= COMMIT_BYTES_MAX && digits > 0 && digits < word.len;
}

/* "r318" */
static bool is_revision(Str word) {
        return word.len > DIGITS_MIN && *word.ptr == 'r' && str_is_number(str_slice(word, 1, word.len));
}

static bool counts_changes(Str noun) {
        static const char *const NOUNS[] = { "rev", "revision", "release", "build", "change", "changeset", "ticket", "commit", NULL };

        return str_is_one_of(noun, NOUNS);
}

/* Its words so far. */
typedef struct Scan {
        Str text;
        size_t at;
        Str last, last_but_one;
} Scan;

static Scan scan_of(Str text) {
        return (Scan){ text, 0, STR(""), STR("") };
}

/* The next reference; false at the end. */
static bool next_reference(Scan *scan, Reference *found) {
        Str word;

        while ((word = pairs_word(scan->text, &scan->at)).len > 0) {
                bool counted = str_is_number(word) && counts_changes(scan->last);

                *found = (Reference){ counted ? scan->last : STR(""), word, counted ? scan->last_but_one : scan->last,
                                      char_is_digit(*word.ptr) && settings_is_version(STR(""), word) };
                scan->last_but_one = scan->last;
                scan->last = word;
                if (counted || found->is_version || is_ticket(word) || is_revision(word) || is_commit(word))
                        return true;
        }
        return false;
}

static bool is_named_in(Str text, const Reference *wanted) {
        Scan scan = scan_of(text);
        Reference found;

        while (next_reference(&scan, &found))
                if (str_equal(found.value, wanted->value) && str_equal_nocase(found.noun, wanted->noun))
                        return true;
        return false;
}

bool references_shared(Str one, Str other) {
        Scan scan = scan_of(one);
        Reference found;

        while (next_reference(&scan, &found))
                if (is_named_in(other, &found))
                        return true;
        return false;
}

static bool says_taken_back(Str line) {
        static const char *const PHRASES[] = { "revert",     "rollback",   "rolled back", "roll back", "rolling back", "taken back", "take back",
                                               "takes back", "backed out", "back out",    "backout",   "undo",         "withdrawn",  NULL };

        return str_has_one_of(line, PHRASES);
}

/* "from 2.0.1", "rollback of 2.0.1", "2.0.1 -> 2.0.0" */
static bool is_left(Str line, const Reference *version) {
        size_t behind = (size_t)(version->value.ptr - line.ptr) + version->value.len;

        return str_equal_nocase(version->before, STR("from")) || str_equal_nocase(version->before, STR("of")) ||
               str_starts(str_slice(line, behind, line.len), STR(" ->"));
}

/* "tickets r17 applied (CHG-3309 reverted)": what is in force again. */
static bool is_in_force(Str line, const Reference *found) {
        static const char *const WORDS[] = { "applied", "deployed", "restored", "active", "live", "again", NULL };
        size_t at = (size_t)(found->value.ptr - line.ptr) + found->value.len;

        return str_is_one_of(pairs_word(line, &at), WORDS);
}

bool references_taken_back(Str made, Str line) {
        Scan scan = scan_of(line);
        Reference found;

        while (says_taken_back(line) && next_reference(&scan, &found)) {
                if (str_equal_nocase(found.before, STR("to")) || is_in_force(line, &found) || (found.is_version && !is_left(line, &found)))
                        continue;
                if (is_named_in(made, &found))
                        return true;
        }
        return false;
}
