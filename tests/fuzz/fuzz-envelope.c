/* SPDX-License-Identifier: Apache-2.0 */

/* Opens each line of the input as every envelope, and through those that are detected. */

#include "parse/envelopes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const TimeContext CONTEXT = { NULL, INT64_C(1795435200) * 1000000 };

static void check(const Wrapped *wrapped) {
        g_assert(wrapped->text.len <= wrapped->whole.len);
        g_assert(wrapped->text.ptr + wrapped->text.len == wrapped->whole.ptr + wrapped->whole.len);
        for (size_t i = 0; i < wrapped->whole.len; i++)
                g_assert(wrapped->whole.ptr[i] == wrapped->whole.ptr[i]);
}

static void open_line(Str line, const Envelopes *envelopes, EnvelopesScratch *scratch, GString *opened) {
        Wrapped wrapped = envelopes_nothing();
        g_autofree char *plain = g_malloc(line.len + 1);

        for (EnvelopeKind kind = ENVELOPE_DOCKER; kind < N_ENVELOPES; kind++)
                if (envelope_open(kind, line, &CONTEXT, opened, &wrapped))
                        check(&wrapped);
        wrapped = envelopes_nothing();
        envelopes_open(envelopes, 0, line, &CONTEXT, scratch, &wrapped);
        check(&wrapped);
        g_assert(envelope_without_colours(line, plain) <= line.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        g_auto(EnvelopesScratch) scratch = { 0 };
        g_autoptr(GString) opened = g_string_new(NULL);
        Str rest = { (const char *)data, size };
        Envelopes envelopes;

        envelopes_detect(&envelopes, rest, &CONTEXT);
        while (rest.len > 0) {
                size_t length = envelope_record(envelopes.n > 0 ? envelopes.kind[0] : ENVELOPE_NONE, rest);

                g_assert(length > 0 && length <= rest.len);
                open_line(str_slice(rest, 0, length), &envelopes, &scratch, opened);
                rest = str_slice(rest, length, rest.len);
        }
        return 0;
}
