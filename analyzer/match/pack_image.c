/* SPDX-License-Identifier: Apache-2.0 */
#include "match/pack_image.h"

#include "match/literals.h"

#include <string.h>

/* The lists of a pattern, in the order of the image. */
static const size_t LISTS[] = {
        offsetof(Pattern, literals), offsetof(Pattern, leads_to),   offsetof(Pattern, checks),      offsetof(Pattern, fixes),
        offsetof(Pattern, prevents), offsetof(Pattern, references), offsetof(Pattern, tests_match), offsetof(Pattern, tests_ignore),
};

static const char *const **list_at(const Pattern *pattern, size_t index) {
        return (const char *const **)((char *)pattern + LISTS[index]);
}

/* --- writing --- */

static void put_number(GByteArray *out, size_t number) {
        guint32 raw = GUINT32_TO_LE((guint32)number);

        g_byte_array_append(out, (const guint8 *)&raw, sizeof(raw));
}

static void put_text(GByteArray *out, const char *text) {
        g_byte_array_append(out, (const guint8 *)text, (guint)strlen(text) + 1);
}

static void put_list(GByteArray *out, const char *const *list) {
        put_number(out, g_strv_length((char **)list));
        for (; *list; list++)
                put_text(out, *list);
}

static void put_derived(GByteArray *out, const Condition *condition) {
        g_autoptr(GPtrArray) derived = g_ptr_array_new_with_free_func(g_free);

        if (condition->kind == CONDITION_REGEX)
                literals_of_regex(condition->text, derived);
        g_ptr_array_add(derived, NULL);
        put_list(out, (const char *const *)derived->pdata);
}

static void put_conditions(GByteArray *out, const Condition *conditions, size_t n) {
        put_number(out, n);
        for (size_t i = 0; i < n; i++) {
                put_number(out, conditions[i].kind);
                put_number(out, conditions[i].line);
                put_number(out, conditions[i].column);
                put_text(out, conditions[i].text);
                put_derived(out, &conditions[i]);
        }
}

static void put_pattern(GByteArray *out, const Pattern *p) {
        const char *const texts[] = { p->id, p->pack, p->pack_title, p->title, p->category->id, p->explain, p->file };

        for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
                put_text(out, texts[i]);
        put_number(out, p->severity);
        put_number(out, p->role);
        put_number(out, p->line);
        put_number(out, p->column);
        put_conditions(out, p->match, p->n_match);
        put_conditions(out, p->unless, p->n_unless);
        for (size_t i = 0; i < G_N_ELEMENTS(LISTS); i++)
                put_list(out, *list_at(p, i));
}

GBytes *pack_image_write(const Patterns *patterns) {
        GByteArray *out = g_byte_array_new();

        put_number(out, patterns->categories->len);
        for (guint i = 0; i < patterns->categories->len; i++) {
                const Category *c = patterns->categories->pdata[i];
                put_text(out, c->id);
                put_text(out, c->group);
                put_text(out, c->group_title);
                put_text(out, c->title);
                put_number(out, c->depth);
                put_list(out, c->leads_to);
        }
        put_number(out, patterns->items->len);
        for (guint i = 0; i < patterns->items->len; i++)
                put_pattern(out, patterns->items->pdata[i]);
        return g_byte_array_free_to_bytes(out);
}

/* --- reading --- */

typedef struct Cursor {
        const char *at, *end;
} Cursor;

static uint32_t take_number(Cursor *cursor) {
        uint32_t raw;

        g_assert(cursor->end - cursor->at >= (ptrdiff_t)sizeof(raw));
        memcpy(&raw, cursor->at, sizeof(raw));
        cursor->at += sizeof(raw);
        return GUINT32_FROM_LE(raw);
}

static const char *take_text(Cursor *cursor) {
        const char *text = cursor->at, *end = memchr(text, '\0', (size_t)(cursor->end - text));

        g_assert(end);
        cursor->at = end + 1;
        return text;
}

static const char *const *take_list(Cursor *cursor) {
        uint32_t n = take_number(cursor);
        const char **list = g_new(const char *, n + 1);

        for (uint32_t i = 0; i < n; i++)
                list[i] = take_text(cursor);
        list[n] = NULL;
        return list;
}

static Condition *take_conditions(Cursor *cursor, size_t *n) {
        Condition *conditions;

        *n = take_number(cursor);
        conditions = g_new0(Condition, *n);
        for (size_t i = 0; i < *n; i++) {
                conditions[i].kind = (ConditionKind)take_number(cursor);
                conditions[i].line = take_number(cursor);
                conditions[i].column = take_number(cursor);
                conditions[i].text = take_text(cursor);
                conditions[i].derived = take_list(cursor);
        }
        return conditions;
}

static Pattern *take_pattern(Cursor *cursor, const Patterns *patterns) {
        Pattern *p = g_new0(Pattern, 1);

        p->id = take_text(cursor);
        p->pack = take_text(cursor);
        p->pack_title = take_text(cursor);
        p->title = take_text(cursor);
        p->category = patterns_category(patterns, take_text(cursor));
        p->explain = take_text(cursor);
        p->file = take_text(cursor);
        p->severity = (Severity)take_number(cursor);
        p->role = (Role)take_number(cursor);
        p->line = take_number(cursor);
        p->column = take_number(cursor);
        p->builtin = true;
        p->match = take_conditions(cursor, &p->n_match);
        p->unless = take_conditions(cursor, &p->n_unless);
        for (size_t i = 0; i < G_N_ELEMENTS(LISTS); i++)
                *list_at(p, i) = take_list(cursor);
        return p;
}

static Category *take_category(Cursor *cursor) {
        Category *c = category_new();

        c->id = take_text(cursor);
        c->group = take_text(cursor);
        c->group_title = take_text(cursor);
        c->title = take_text(cursor);
        c->depth = take_number(cursor);
        g_free((void *)c->leads_to);
        c->leads_to = take_list(cursor);
        return c;
}

void pack_image_read(Patterns *patterns, GBytes *image, bool with_items) {
        gsize size;
        const char *data = g_bytes_get_data(image, &size);
        Cursor cursor = { data, data + size };

        patterns->image = g_bytes_ref(image);
        for (uint32_t n = take_number(&cursor); n > 0; n--)
                patterns_add_category(patterns, take_category(&cursor));
        if (!with_items)
                return;
        for (uint32_t n = take_number(&cursor); n > 0; n--)
                patterns_put(patterns, take_pattern(&cursor, patterns));
}
