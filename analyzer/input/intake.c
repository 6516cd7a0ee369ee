/* SPDX-License-Identifier: Apache-2.0 */
#include "input/intake.h"

#include "input/bundle.h"

struct Intake {
        const GPtrArray *sources; /* borrowed */
        InflateEngine which;
        guint next;
        GPtrArray *bundles; /* of Bundle, owned; the innermost last */

        /* What the last item points to; owned. */
        Decoder *decoder;
        Source *member;
        GPtrArray *problems;
        char *note, *compression;
};

Intake *intake_new(const GPtrArray *sources, InflateEngine which) {
        Intake *intake = g_new0(Intake, 1);

        intake->sources = sources;
        intake->which = which;
        intake->bundles = g_ptr_array_new_with_free_func((GDestroyNotify)bundle_free);
        intake->problems = g_ptr_array_new_with_free_func(g_free);
        return intake;
}

static void forget_item(Intake *intake) {
        g_clear_pointer(&intake->decoder, decoder_free);
        g_clear_pointer(&intake->member, source_free);
        g_clear_pointer(&intake->note, g_free);
        g_clear_pointer(&intake->compression, g_free);
        g_ptr_array_set_size(intake->problems, 0);
}

void intake_free(Intake *intake) {
        forget_item(intake);
        while (intake->bundles->len > 0)
                g_ptr_array_set_size(intake->bundles, (gint)intake->bundles->len - 1);
        g_ptr_array_unref(intake->bundles);
        g_ptr_array_unref(intake->problems);
        g_free(intake);
}

static Source *source_new(const char *name) {
        Source *source = g_new0(Source, 1);

        source->name = g_strdup(name);
        source->from_folder = true;
        return source;
}

static Bundle *innermost(const Intake *intake) {
        return intake->bundles->len ? intake->bundles->pdata[intake->bundles->len - 1] : NULL;
}

void intake_pass_over(Intake *intake) {
        if (intake->bundles->len > 0)
                bundle_pass_over(innermost(intake));
}

/* --- items --- */

static bool give_decoder(Intake *intake, const Source *source, bool in_bundle, IntakeItem *item) {
        *item = (IntakeItem){
                .source = source,
                .decoder = intake->decoder,
                .compression = decoder_compression(intake->decoder),
                .problems = decoder_problems(intake->decoder),
                .in_bundle = in_bundle,
        };
        return true;
}

static bool give_words(Intake *intake, const Source *source, const char *compression, bool in_bundle, IntakeItem *item) {
        intake->compression = g_strdup(compression);
        *item = (IntakeItem){
                .source = source,
                .compression = intake->compression,
                .problems = intake->problems,
                .note = intake->note,
                .in_bundle = in_bundle,
        };
        return true;
}

/* --- the end of an archive --- */

/* The source that is being read. */
static const Source *named(const Intake *intake) {
        return intake->sources->pdata[intake->next - 1];
}

static void take_problems(Intake *intake, const Decoder *decoder) {
        const GPtrArray *problems = decoder_problems(decoder);

        for (guint i = 0; i < problems->len; i++)
                g_ptr_array_add(intake->problems, g_strdup(problems->pdata[i]));
}

static void tell_no_log(Intake *intake) {
        if (intake->note)
                stream_problem(intake->problems, "no log in this archive (%s)", intake->note);
        else
                stream_problem(intake->problems, "no log in this archive");
        g_clear_pointer(&intake->note, g_free);
}

/* False when there is nothing to say of it. */
static bool end_bundle(Intake *intake, IntakeItem *item) {
        Bundle *bundle = innermost(intake);
        g_autofree char *layers = g_strdup(bundle_layers(bundle));
        bool say;

        intake->note = bundle_note(bundle);
        intake->member = source_new(bundle_name(bundle));
        take_problems(intake, bundle_decoder(bundle));
        /* One that was named must have been thought to hold logs. */
        if (intake->bundles->len == 1 && !bundle_has_logs(bundle) && !named(intake)->from_folder && intake->problems->len == 0)
                tell_no_log(intake);
        g_ptr_array_set_size(intake->bundles, (gint)intake->bundles->len - 1);
        say = intake->note || intake->problems->len > 0;
        return say && give_words(intake, intake->member, layers, false, item);
}

/* --- opening --- */

typedef enum { NO_ARCHIVE, ARCHIVE_BEGUN, ARCHIVE_TOO_DEEP } Archive;

/* Whether the decoder that was just opened is of an archive; it is the innermost one then. */
static Archive begin_bundle(Intake *intake, const char *name) {
        if (!bundle_format(unpack_ahead(decoder_unpack(intake->decoder), BUNDLE_HEAD_BYTES)))
                return NO_ARCHIVE;
        if (intake->bundles->len == INTAKE_DEPTH_MAX)
                return ARCHIVE_TOO_DEEP;
        g_ptr_array_add(intake->bundles, bundle_new(g_steal_pointer(&intake->decoder), name));
        return ARCHIVE_BEGUN;
}

/* False when there is no item of it: an archive, whose members come next. */
static bool give(Intake *intake, const Source *source, bool in_bundle, IntakeItem *item) {
        switch (begin_bundle(intake, source->name)) {
        case ARCHIVE_BEGUN:
                return false;
        case ARCHIVE_TOO_DEEP:
                stream_problem(intake->problems, "an archive within more than %d others; not read", INTAKE_DEPTH_MAX);
                return give_words(intake, source, decoder_compression(intake->decoder), in_bundle, item);
        default:
                return give_decoder(intake, source, in_bundle, item);
        }
}

static bool next_source(Intake *intake, IntakeItem *item) {
        const Source *source = intake->sources->pdata[intake->next++];
        g_autoptr(GError) error = NULL;

        intake->decoder = decoder_open(source, intake->which, &error);
        if (intake->decoder)
                return give(intake, source, false, item);
        g_ptr_array_add(intake->problems, g_strdup(error->message));
        return give_words(intake, source, "none", false, item);
}

static bool next_member(Intake *intake, IntakeItem *item) {
        Bundle *bundle = innermost(intake);
        Member member;

        if (!bundle_next(bundle, &member))
                return end_bundle(intake, item);
        intake->member = source_new(member.name);
        intake->decoder = bundle_open(bundle, &member, intake->which);
        return give(intake, intake->member, true, item);
}

bool intake_next(Intake *intake, IntakeItem *item) {
        for (;;) {
                forget_item(intake);
                if (intake->bundles->len > 0) {
                        if (next_member(intake, item))
                                return true;
                } else if (intake->next == intake->sources->len) {
                        return false;
                } else if (next_source(intake, item)) {
                        return true;
                }
        }
}
