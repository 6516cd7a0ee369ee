/* SPDX-License-Identifier: Apache-2.0 */
#include "model/evidence_line.h"

Evidence evidence_of(const LedgerView *view, const Exemplar *exemplar) {
        const SourceRecord *source = view->sources->pdata[exemplar->source];

        return (Evidence){ source->name, exemplar->line, exemplar->offset, exemplar->time_us, exemplar->level, exemplar };
}

bool evidence_is_same(const Evidence *a, const Evidence *b) {
        return a->source == b->source && a->offset == b->offset;
}

Str evidence_message(const Exemplar *exemplar) {
        Str text = str_from(exemplar->text);

        return exemplar->message_len > 0 ? str_slice(text, exemplar->message_at, text.len) : text;
}

Str evidence_preface(const Exemplar *exemplar) {
        return str_slice(str_from(exemplar->text), 0, (size_t)(evidence_message(exemplar).ptr - exemplar->text));
}

Str evidence_fields(const Exemplar *exemplar) {
        return *exemplar->text == '{' ? str_from(exemplar->text) : evidence_message(exemplar);
}
