/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/triggers.h"

#include "diagnose/changes.h"
#include "diagnose/pairs.h"
#include "diagnose/undone.h"

#include <math.h>

/* How fast a change fades as a trigger, and what shared words and a shared source are worth beside nearness. */
#define FIT_SECONDS 60.0
#define FIT_LATE    1.0 /* seconds behind the cause, for times may be whole seconds */
#define FIT_WORD    0.25
#define FIT_WORDS   3
#define FIT_SOURCE  0.25
#define FIT_UNDONE  1.0
#define FIT_SHARE   0.6  /* of the best fit: below it a change is no trigger */
#define FIT_MIN     0.35 /* nor is what fits less at all */
#define FIT_REFUTED 0.3  /* of one that was undone, and nothing became better */

/* How many different words of the change's message the cause's evidence has, too; the first ones suffice. */
static unsigned count_shared(const Cause *cause, const Change *change) {
        Str text = evidence_message(change->evidence.exemplar);
        unsigned shared = 0;
        size_t at = 0;

        for (Str word = pairs_letters(text, &at, CHANGE_WORD_BYTES_MIN); word.len > 0 && shared < FIT_WORDS;
             word = pairs_letters(text, &at, CHANGE_WORD_BYTES_MIN)) {
                if (str_find_nocase(str_slice(text, 0, (size_t)(word.ptr - text.ptr)), word, 0) != SIZE_MAX)
                        continue;
                for (guint i = 0; i < cause->evidence->len; i++)
                        if (str_find_nocase(evidence_message(g_array_index(cause->evidence, Evidence, i).exemplar), word, 0) != SIZE_MAX) {
                                shared++;
                                break;
                        }
        }
        return shared;
}

static bool shares_source(const Cause *cause, const Change *change) {
        for (guint i = 0; i < cause->evidence->len; i++)
                if (g_array_index(cause->evidence, Evidence, i).source == change->evidence.source)
                        return true;
        return false;
}

static double fit_of(const Cause *cause, const Change *change, const Incident *incident) {
        bool ended = undone_at_end(change, (double)incident->onset_us / 1e6, (double)incident->end_us / 1e6, (double)incident->age_us / 1e6);
        double lead = (double)(cause->onset_us - change->evidence.time_us) / 1e6;

        if (lead < -FIT_LATE || lead > CHANGE_LEAD_SECONDS)
                return 0;
        return change->weight * (change->refuted ? FIT_REFUTED : 1) *
               (exp(-MAX(lead, 0) / FIT_SECONDS) + FIT_WORD * count_shared(cause, change) + FIT_SOURCE * shares_source(cause, change) + FIT_UNDONE * ended);
}

/* The index of the best fit that is left; @n if there is none. */
static guint best_fit(const double *fits, guint n) {
        guint best = n;

        for (guint i = 0; i < n; i++)
                if (fits[i] > 0 && (best == n || fits[i] > fits[best]))
                        best = i;
        return best;
}

void triggers_tie(Cause *cause, const Incident *incident) {
        const GPtrArray *changes = incident->changes;
        g_autofree double *fits = g_new0(double, changes->len + 1);
        double bound = FIT_MIN;
        guint best;

        if (cause->onset_us == TIME_NONE)
                return;
        for (guint i = 0; i < changes->len; i++)
                fits[i] = fit_of(cause, changes->pdata[i], incident);
        while (cause->just_before->len < JUST_BEFORE_MAX && (best = best_fit(fits, changes->len)) < changes->len && fits[best] >= bound) {
                bound = MAX(bound, FIT_SHARE * fits[best]);
                fits[best] = 0;
                g_ptr_array_add(cause->just_before, changes->pdata[best]);
        }
        g_ptr_array_sort(cause->just_before, changes_compare);
}
