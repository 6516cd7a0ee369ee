/* SPDX-License-Identifier: Apache-2.0 */
#include "report/redact_report.h"

struct RedactedReport {
        Redactor *redactor;    /* borrowed */
        GHashTable *exemplars; /* Exemplar of the ledger -> Exemplar; owned */
        GHashTable *strings;   /* original -> redacted; both owned */
        LedgerView view;       /* what the report borrows instead of the ledger's */
};

static void free_exemplar(void *data) {
        g_free(((Exemplar *)data)->text);
        g_free(data);
}

static void free_record(void *data) {
        g_ptr_array_unref(((SourceRecord *)data)->problems);
        g_free(data);
}

void redacted_report_free(RedactedReport *redacted) {
        g_hash_table_unref(redacted->exemplars);
        g_hash_table_unref(redacted->strings);
        g_ptr_array_unref(redacted->view.sources);
        g_ptr_array_unref(redacted->view.signals);
        g_free(redacted);
}

/* --- texts --- */

/* For what the report borrows. */
static char *lasting(RedactedReport *r, const char *text) {
        char *redacted = text ? g_hash_table_lookup(r->strings, text) : NULL;

        if (text && !redacted) {
                redacted = redact_text(r->redactor, str_from(text));
                g_hash_table_insert(r->strings, g_strdup(text), redacted);
        }
        return redacted;
}

/* For what the report owns. */
static void replace(RedactedReport *r, char **text) {
        char *redacted = *text ? redact_text(r->redactor, str_from(*text)) : NULL;

        g_free(*text);
        *text = redacted;
}

/* --- lines --- */

/* The word at the end of a line that was cut may begin a secret that no rule knows any more. */
static RedactRange last_word(Str text, size_t from, size_t to) {
        size_t at = to;

        while (at > from && text.ptr[at - 1] != ' ')
                at--;
        return (RedactRange){ at, to };
}

static RedactRange first_word(Str text, size_t from, size_t to) {
        size_t at = from;

        while (at < to && text.ptr[at] != ' ')
                at++;
        return (RedactRange){ from, at };
}

/* The first line of an exemplar, and the part of another that may follow it, are cut at known lengths. Blanks at the ends were trimmed. */
#define TRIMMED 4

static size_t cut_words(const Exemplar *exemplar, Str text, RedactRange hidden[static 3]) {
        size_t newline = str_find(text, STR("\n"), 0), end = newline == SIZE_MAX ? text.len : newline, n = 0;

        if (end + TRIMMED >= EXEMPLAR_LINE_BYTES)
                hidden[n++] = last_word(text, 0, end);
        if (newline == SIZE_MAX)
                return n;
        if (exemplar->match_at > end && exemplar->match_at - end + TRIMMED >= EXEMPLAR_CAUSE_BYTES / 4)
                hidden[n++] = first_word(text, end + 1, exemplar->match_at);
        if (text.len - end + TRIMMED >= EXEMPLAR_CAUSE_BYTES)
                hidden[n++] = last_word(text, end + 1, text.len);
        return n;
}

static Exemplar *copy_exemplar(RedactedReport *r, const Exemplar *exemplar) {
        Exemplar *copy = g_memdup2(exemplar, sizeof(*exemplar));
        Str text = str_from(exemplar->text);
        RedactRange hidden[3];
        size_t n_hidden = cut_words(exemplar, text, hidden);
        size_t places[] = { exemplar->message_at, exemplar->message_at + exemplar->message_len, exemplar->match_at, exemplar->match_at + exemplar->match_len };

        copy->text = redact_line(r->redactor, text, hidden, n_hidden, places, G_N_ELEMENTS(places));
        copy->message_at = (uint32_t)places[0];
        copy->message_len = (uint32_t)(places[1] - places[0]);
        copy->match_at = (uint32_t)places[2];
        copy->match_len = (uint32_t)(places[3] - places[2]);
        return copy;
}

static const Exemplar *exemplar_of(RedactedReport *r, const Exemplar *exemplar) {
        Exemplar *copy = g_hash_table_lookup(r->exemplars, exemplar);

        if (!copy) {
                copy = copy_exemplar(r, exemplar);
                g_hash_table_insert(r->exemplars, (void *)exemplar, copy);
        }
        return copy;
}

static void redact_evidence(RedactedReport *r, Evidence *evidence) {
        evidence->source = lasting(r, evidence->source);
        evidence->exemplar = exemplar_of(r, evidence->exemplar);
}

/* --- the report --- */

static void redact_fact(RedactedReport *r, Fact *fact) {
        char *redacted = redact_field(r->redactor, fact->name, fact->value);

        g_free(fact->value);
        fact->value = redacted;
}

static void redact_why(RedactedReport *r, const GArray *list) {
        for (guint i = 0; i < list->len; i++)
                replace(r, &g_array_index(list, Why, i).text);
}

static void redact_rival(RedactedReport *r, Rival *rival) {
        replace(r, &rival->title);
        replace(r, &rival->facet);
        replace(r, &rival->text);
        redact_why(r, rival->why);
}

static void redact_cause(RedactedReport *r, Cause *cause) {
        replace(r, &cause->title);
        replace(r, &cause->facet);
        for (guint i = 0; i < cause->evidence->len; i++)
                redact_evidence(r, &g_array_index(cause->evidence, Evidence, i));
        for (guint i = 0; i < cause->facts->len; i++)
                redact_fact(r, &g_array_index(cause->facts, Fact, i));
        redact_why(r, cause->why);
        for (guint i = 0; i < cause->why_not->len; i++)
                redact_rival(r, cause->why_not->pdata[i]);
}

/* Before the causes: an effect borrows its title from the cause that it is. */
static void redact_effects(RedactedReport *r, const GPtrArray *causes) {
        for (guint i = 0; i < causes->len; i++) {
                GArray *effects = ((Cause *)causes->pdata[i])->effects;
                for (guint j = 0; j < effects->len; j++) {
                        Effect *effect = &g_array_index(effects, Effect, j);
                        effect->title = lasting(r, effect->title);
                }
        }
}

static void redact_causes(RedactedReport *r, const GPtrArray *causes) {
        for (guint i = 0; i < causes->len; i++)
                redact_cause(r, causes->pdata[i]);
}

static void redact_setting(RedactedReport *r, Setting *setting) {
        char *value = redact_field(r->redactor, setting->name, setting->value), *was = redact_field(r->redactor, setting->name, setting->was);

        g_free(setting->value);
        g_free(setting->was);
        setting->value = value;
        setting->was = was;
        redact_evidence(r, &setting->said);
}

static void redact_incident(RedactedReport *r, Incident *incident) {
        redact_effects(r, incident->causes);
        redact_effects(r, incident->symptoms);
        redact_causes(r, incident->causes);
        redact_causes(r, incident->symptoms);
        for (guint i = 0; i < incident->changes->len; i++) {
                Change *change = incident->changes->pdata[i];
                replace(r, &change->title);
                redact_evidence(r, &change->evidence);
                if (change->undone.exemplar)
                        redact_evidence(r, &change->undone);
                for (guint j = 0; j < change->settings->len; j++)
                        redact_setting(r, &g_array_index(change->settings, Setting, j));
        }
}

static void copy_record(RedactedReport *r, const SourceRecord *record) {
        SourceRecord *copy = g_memdup2(record, sizeof(*record));

        copy->name = lasting(r, record->name);
        copy->note = lasting(r, record->note);
        copy->problems = g_ptr_array_new();
        for (guint i = 0; i < record->problems->len; i++)
                g_ptr_array_add(copy->problems, lasting(r, record->problems->pdata[i]));
        g_ptr_array_add(r->view.sources, copy);
}

RedactedReport *redact_report(Redactor *redactor, Report *report) {
        RedactedReport *r = g_new0(RedactedReport, 1);

        r->redactor = redactor;
        r->exemplars = g_hash_table_new_full(NULL, NULL, NULL, free_exemplar);
        r->strings = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        redact_learn(redactor, report->ledger);
        for (guint i = 0; i < report->incidents->len; i++)
                redact_incident(r, report->incidents->pdata[i]);
        for (guint i = 0; i < report->background->len; i++) {
                Background *background = report->background->pdata[i];
                replace(r, &background->title);
                replace(r, &background->text);
        }
        for (guint i = 0; i < report->no_sign_of->len; i++)
                replace(r, &((NoSign *)report->no_sign_of->pdata[i])->text);

        r->view = *report->ledger;
        r->view.sources = g_ptr_array_new_with_free_func(free_record);
        r->view.signals = g_ptr_array_new(); /* no writer needs them, and they hold lines as they were */
        for (guint i = 0; i < report->ledger->sources->len; i++)
                copy_record(r, report->ledger->sources->pdata[i]);
        report->ledger = &r->view;
        report->redactions = redactor_list(redactor);
        return r;
}
