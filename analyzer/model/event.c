/* SPDX-License-Identifier: Apache-2.0 */
#include "model/event.h"

#include <glib.h>

static const char *const NAMES[N_LEVELS] = { "", "trace", "debug", "info", "notice", "warning", "error", "fatal" };

/* Words of up to 8 letters, padded with blanks: compared as one number. The frequent ones first. */
static const struct {
        char word[9];
        Level level;
} WORDS[] = {
        { "info    ", LEVEL_INFO },
        { "error   ", LEVEL_ERROR },
        { "warn    ", LEVEL_WARNING },
        { "warning ", LEVEL_WARNING },
        { "debug   ", LEVEL_DEBUG },
        { "trace   ", LEVEL_TRACE },
        { "fatal   ", LEVEL_FATAL },
        { "critical", LEVEL_FATAL },
        { "crit    ", LEVEL_FATAL },
        { "notice  ", LEVEL_NOTICE },
        { "err     ", LEVEL_ERROR },
        { "severe  ", LEVEL_ERROR },
        { "panic   ", LEVEL_FATAL },
        { "emerg   ", LEVEL_FATAL },
        { "alert   ", LEVEL_FATAL },
        { "inf     ", LEVEL_INFO },
        { "wrn     ", LEVEL_WARNING },
        { "dbg     ", LEVEL_DEBUG },
        { "ftl     ", LEVEL_FATAL },
        { "trc     ", LEVEL_TRACE },
        { "verbose ", LEVEL_TRACE },
        { "fine    ", LEVEL_DEBUG },
        { "finer   ", LEVEL_TRACE },
        { "finest  ", LEVEL_TRACE },
        { "config  ", LEVEL_DEBUG },
        { "log     ", LEVEL_INFO },
        { "note    ", LEVEL_NOTICE },
        { "system  ", LEVEL_INFO },
        { "failure ", LEVEL_ERROR },
        { "alarm   ", LEVEL_ERROR },
        { "fail    ", LEVEL_ERROR },
        { "dbug    ", LEVEL_DEBUG },
        { "trce    ", LEVEL_TRACE },
        /* As PostgreSQL and java.util.logging write them in German, French, Italian, Portuguese and Spanish. */
        { "fehler  ", LEVEL_ERROR },
        { "warnung ", LEVEL_WARNING },
        { "hinweis ", LEVEL_NOTICE },
        { "panik   ", LEVEL_FATAL },
        { "erreur  ", LEVEL_ERROR },
        { "infos   ", LEVEL_INFO },
        { "errore  ", LEVEL_ERROR },
        { "avviso  ", LEVEL_WARNING },
        { "notifica", LEVEL_NOTICE },
        { "erro    ", LEVEL_ERROR },
        { "aviso   ", LEVEL_WARNING },
        { "fatale  ", LEVEL_FATAL },
        { "kritisch", LEVEL_FATAL },
        { "critique", LEVEL_FATAL },
        { "grave   ", LEVEL_ERROR },
};

static const struct {
        const char *word;
        Level level;
} LONG_WORDS[] = {
        { "emergency", LEVEL_FATAL },       { "information", LEVEL_INFO },    { "informational", LEVEL_INFO }, { "schwerwiegend", LEVEL_ERROR },
        { "avertissement", LEVEL_WARNING }, { "advertencia", LEVEL_WARNING }, { "informations", LEVEL_INFO },  { "attenzione", LEVEL_WARNING },
};

const char *level_name(Level level) {
        return NAMES[level];
}

static Level level_from_long_word(Str word) {
        for (size_t i = 0; i < G_N_ELEMENTS(LONG_WORDS); i++)
                if (str_equal_nocase(word, str_from(LONG_WORDS[i].word)))
                        return LONG_WORDS[i].level;
        return LEVEL_NONE;
}

Level level_from_word(Str word) {
        char folded[8] = "        ";
        uint64_t number, known;

        if (word.len < 3 || word.len > 13 || !char_is_alpha(*word.ptr))
                return LEVEL_NONE;
        if (word.len > sizeof(folded))
                return level_from_long_word(word);
        for (size_t i = 0; i < word.len; i++)
                folded[i] = char_lower(word.ptr[i]);
        memcpy(&number, folded, sizeof(number));
        for (size_t i = 0; i < G_N_ELEMENTS(WORDS); i++) {
                memcpy(&known, WORDS[i].word, sizeof(known));
                if (number == known)
                        return WORDS[i].level;
        }
        return LEVEL_NONE;
}

Level level_from_syslog(unsigned severity) {
        static const Level LEVELS[] = { LEVEL_FATAL, LEVEL_FATAL, LEVEL_FATAL, LEVEL_ERROR, LEVEL_WARNING, LEVEL_NOTICE, LEVEL_INFO, LEVEL_DEBUG };

        return severity < G_N_ELEMENTS(LEVELS) ? LEVELS[severity] : LEVEL_NONE;
}

Level level_from_number(unsigned number) {
        static const Level LEVELS[] = { LEVEL_TRACE, LEVEL_DEBUG, LEVEL_INFO, LEVEL_WARNING, LEVEL_ERROR, LEVEL_FATAL };

        if (number < 8)
                return level_from_syslog(number);
        if (number < 10 || number >= 70)
                return LEVEL_NONE;
        return LEVELS[number / 10 - 1];
}
