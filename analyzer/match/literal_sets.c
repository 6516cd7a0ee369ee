/* SPDX-License-Identifier: Apache-2.0 */
#include "match/literal_sets.h"

#include "match/rarity.h"

#include <math.h>

/* Longer strings are not put together from several; a run of plain characters may be longer. */
#define JOINED_BYTES_MAX 96

/* Copies of a part that {n} is spelled out to. */
#define COPIES_MAX 8

void *literal_keep(LiteralParts *parts, void *owned) {
        g_ptr_array_add(parts->owned, owned);
        return owned;
}

static LiteralSet *set_new(LiteralParts *parts, size_t capacity) {
        return literal_keep(parts, g_malloc0(sizeof(LiteralSet) + capacity * sizeof(Str)));
}

/* A literal more costs as if all were found so much more often: they fill the filter (match/grams.h). */
#define ITEM_BITS 0.2

#define SCORE_UNIT 64

bool literal_set_needs(const LiteralSet *set, size_t index) {
        for (size_t i = 0; i < set->n; i++)
                if (i != index && str_find(set->items[index], set->items[i], 0) != SIZE_MAX)
                        return false;
        return true;
}

/* How rarely one of them is found. */
static int set_score(const LiteralSet *set) {
        double found = 0;
        size_t n = 0;

        for (size_t i = 0; i < set->n; i++) {
                if (!literal_set_needs(set, i))
                        continue;
                found += exp2(-rarity_of(set->items[i]));
                n++;
        }
        return 1 + (int)(SCORE_UNIT * MAX(0.0, -log2(found) - ITEM_BITS * (double)n));
}

/* A set that all items are in. */
static const LiteralSet *set_done(LiteralSet *set) {
        set->shortest = set->longest = set->items[0].len;
        for (size_t i = 1; i < set->n; i++) {
                set->shortest = MIN(set->shortest, set->items[i].len);
                set->longest = MAX(set->longest, set->items[i].len);
        }
        if (set->shortest >= LITERAL_MIN)
                set->score = set_score(set);
        return set;
}

const LiteralSet *literal_set_of(LiteralParts *parts, Str only) {
        LiteralSet *set = set_new(parts, 1);

        set->items[set->n++] = only;
        return set_done(set);
}

static bool set_has(const LiteralSet *set, Str item) {
        for (size_t i = 0; i < set->n; i++)
                if (str_equal(set->items[i], item))
                        return true;
        return false;
}

static void set_add(LiteralSet *set, Str item) {
        if (!set_has(set, item))
                set->items[set->n++] = item;
}

static const LiteralSet *set_union(LiteralParts *parts, const LiteralSet *a, const LiteralSet *b) {
        LiteralSet *both;

        if (a->n + b->n > LITERAL_SETS_MAX)
                return NULL;
        both = set_new(parts, a->n + b->n);
        for (size_t i = 0; i < a->n; i++)
                set_add(both, a->items[i]);
        for (size_t i = 0; i < b->n; i++)
                set_add(both, b->items[i]);
        return set_done(both);
}

static Str joined(LiteralParts *parts, Str a, Str b) {
        char *text = literal_keep(parts, g_malloc(a.len + b.len + 1));

        memcpy(text, a.ptr, a.len);
        memcpy(text + a.len, b.ptr, b.len);
        return (Str){ text, a.len + b.len };
}

static bool set_is_empty_string(const LiteralSet *set) {
        return set->n == 1 && set->items[0].len == 0;
}

/* Each of @a followed by each of @b; NULL when that is too much. */
static const LiteralSet *set_product(LiteralParts *parts, const LiteralSet *a, const LiteralSet *b) {
        LiteralSet *product;

        if (set_is_empty_string(a))
                return b;
        if (set_is_empty_string(b))
                return a;
        if (a->n * b->n > LITERAL_SETS_MAX || a->longest + b->longest > JOINED_BYTES_MAX)
                return NULL;
        product = set_new(parts, a->n * b->n);
        for (size_t i = 0; i < a->n; i++)
                for (size_t j = 0; j < b->n; j++)
                        set_add(product, joined(parts, a->items[i], b->items[j]));
        return set_done(product);
}

/* The better one to look for; NULL when neither will do. */
static const LiteralSet *set_better(const LiteralSet *a, const LiteralSet *b) {
        int in_a = a ? a->score : 0, in_b = b ? b->score : 0;

        if (in_a == 0 && in_b == 0)
                return NULL;
        if (in_a != in_b)
                return in_a > in_b ? a : b;
        return b->shortest > a->shortest ? b : a;
}

/* --- Parts --- */

LiteralPart part_exact(const LiteralSet *set) {
        return (LiteralPart){ .exact = true, .head = set, .tail = set };
}

const LiteralSet *part_holds(LiteralPart part) {
        return set_better(set_better(part.holds, part.head), part.tail);
}

/* The last bytes alone; NULL when one is empty. */
static const LiteralSet *last_bytes(LiteralParts *parts, const LiteralSet *set) {
        LiteralSet *last;

        if (set->shortest == 0)
                return NULL;
        last = set_new(parts, set->n);
        for (size_t i = 0; i < set->n; i++)
                set_add(last, str_slice(set->items[i], set->items[i].len - 1, set->items[i].len));
        return set_done(last);
}

/* What stands where @a ends and @b begins, as far as that is not too much: " live" of "(is |was |has been )?(live|...)". */
static const LiteralSet *across(LiteralParts *parts, LiteralPart a, LiteralPart b) {
        const LiteralSet *last = last_bytes(parts, a.tail);

        return last ? set_product(parts, last, b.head) : NULL;
}

LiteralPart part_then(LiteralParts *parts, LiteralPart a, LiteralPart b) {
        const LiteralSet *joint = set_product(parts, a.tail, b.head);
        const LiteralSet *edge = joint ? joint : across(parts, a, b);
        LiteralPart both = { .head = a.head, .tail = b.tail };

        if (a.exact && joint)
                both.head = joint;
        if (b.exact && edge)
                both.tail = edge;
        both.exact = a.exact && b.exact && joint;
        both.holds = set_better(set_better(part_holds(a), part_holds(b)), edge);
        return both;
}

LiteralPart part_or(LiteralParts *parts, LiteralPart a, LiteralPart b) {
        const LiteralSet *heads = set_union(parts, a.head, b.head);
        const LiteralSet *tails = set_union(parts, a.tail, b.tail);
        const LiteralSet *in_a = part_holds(a), *in_b = part_holds(b);
        LiteralPart either = parts->any;

        if (heads)
                either.head = heads;
        if (tails)
                either.tail = tails;
        if (in_a && in_b)
                either.holds = set_union(parts, in_a, in_b);
        either.exact = a.exact && b.exact && heads;
        return either;
}

LiteralPart part_repeat(LiteralParts *parts, LiteralPart part, size_t min, size_t max) {
        LiteralPart copies = parts->empty;

        if (max == 0)
                return parts->empty;
        if (min == 0)
                return max == 1 ? part_or(parts, parts->empty, part) : parts->any;
        for (size_t i = 0; i < MIN(min, COPIES_MAX); i++)
                copies = part_then(parts, copies, part);
        if (min == max && min <= COPIES_MAX)
                return copies;
        /* The last copy stands right before what follows. */
        return part_then(parts, part_then(parts, copies, parts->any), part);
}

/* --- All of a regex --- */

void literal_parts_init(LiteralParts *parts) {
        const LiteralSet *nothing;

        *parts = (LiteralParts){ .owned = g_ptr_array_new_with_free_func(g_free) };
        nothing = literal_set_of(parts, STR(""));
        parts->empty = part_exact(nothing);
        parts->any = (LiteralPart){ .head = nothing, .tail = nothing };
}

void literal_parts_clear(LiteralParts *parts) {
        g_ptr_array_unref(parts->owned);
}
