/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Pattern
 *
 * A known failure as a pack describes it (patterns/README.md), and the category that it belongs to. Everything is
 * owned by the Patterns that hold it and lives as long as they do.
 */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum { ROLE_CAUSE, ROLE_SYMPTOM, ROLE_CHANGE, ROLE_RECOVERY } Role;

typedef enum { SEVERITY_INFO, SEVERITY_WARNING, SEVERITY_ERROR, SEVERITY_CRITICAL } Severity;

/* How far below the surface a failure of a category usually starts: 0 breaks first, 3 is what users see. */
#define CATEGORY_DEPTH_MAX 3

typedef struct Category {
        const char *id;          /* group/kind */
        const char *group;       /* the part before the slash */
        const char *group_title; /* how "no sign of" names the group */
        const char *title;
        unsigned depth;              /* 0..CATEGORY_DEPTH_MAX */
        const char *const *leads_to; /* categories; NULL-terminated, never NULL; the list is owned */
} Category;

typedef enum {
        CONDITION_TEXT,  /* searched without regard to case */
        CONDITION_REGEX, /* PCRE2 */
        CONDITION_JQ,    /* a jq expression that holds for the event, which is JSON; only in CRE rules */
} ConditionKind;

/* One alternative of `match` or `unless`. */
typedef struct Condition {
        const char *text; /* the literal, or the source of the regex or expression */
        ConditionKind kind;
        unsigned line, column;      /* where it stands in its pack, from 1 */
        const char *const *derived; /* literals of a regex, from the image of what is built in; NULL: not yet derived */
} Condition;

typedef struct Pattern {
        const char *id; /* full: pack/id */
        const char *pack;
        const char *pack_title;
        const char *title;
        const Category *category;
        Severity severity;
        Role role;
        bool builtin;    /* and tested when it was built in: its regexes compile */
        bool unfiltered; /* may be without a literal, and then costs a look at every event */

        Condition *match; /* n_match is 0 when a Rule says when it applies */
        size_t n_match;
        Condition *unless;
        size_t n_unless;
        const char *const *literals; /* given by the author; empty: derived */

        /* NULL-terminated, never NULL. */
        const char *const *leads_to;
        const char *const *checks;
        const char *const *fixes;
        const char *const *prevents;
        const char *const *references;
        const char *const *tests_match;
        const char *const *tests_ignore;
        const char *explain;

        const char *file;      /* the pack's file or resource */
        unsigned line, column; /* of its `id`, from 1 */
} Pattern;

typedef struct Patterns {
        GPtrArray *items;      /* of Pattern, in order of loading; a later pack may replace an earlier id */
        GPtrArray *terms;      /* of Pattern: the terms of `rules`; their ids begin with TERM_PREFIX */
        GPtrArray *rules;      /* of Rule (model/rule.h) */
        GPtrArray *categories; /* of Category, in the order of the vocabulary */
        bool trusting;         /* what is built in needs no check */
        GHashTable *by_id;     /* of the items; borrows */
        GHashTable *by_category_id;
        GPtrArray *disabled;   /* of ids that were there and were taken away */
        GPtrArray *warnings;   /* of char: what was loaded but cannot do all that it says, as file:line:column: text */
        GStringChunk *strings; /* owns the text */
        GBytes *image;         /* owned or NULL; owns the text of what is built in */
} Patterns;

/* No id of a pack begins with it. */
#define TERM_PREFIX "="

Category *category_new(void);
void category_free(void *category);

const char *role_name(Role role);
const char *severity_name(Severity severity);

Patterns *patterns_new(void);
void patterns_free(Patterns *patterns);

/*
 * One numbering of all that the matcher looks for: the items, then the terms. Of @n rising indexes, patterns_n_items()
 * are of items.
 */
guint patterns_n(const Patterns *patterns);
const Pattern *patterns_at(const Patterns *patterns, guint index);
size_t patterns_n_items(const Patterns *patterns, const uint32_t *indexes, size_t n);

/* An empty pattern: its lists are there and hold nothing. */
Pattern *pattern_new(void);
void pattern_free(void *pattern);

/* Takes over a pattern, in the place of one with its id, whose rule goes with it. */
void patterns_put(Patterns *patterns, Pattern *pattern);

/* Takes over a category, whose id is new. */
void patterns_add_category(Patterns *patterns, Category *category);

/* Takes a pattern away, and its rule. False when there is none. */
bool patterns_remove(Patterns *patterns, const char *id);

/* NULL when there is none. */
const Category *patterns_category(const Patterns *patterns, const char *id);
const Pattern *patterns_find(const Patterns *patterns, const char *id);

/* True when the pattern or its category says that it may bring about @effect. */
bool pattern_leads_to(const Pattern *cause, const Pattern *effect);

/* True when an entry of `leads_to` (a full id or a category) names @target. */
bool pattern_named_by(const Pattern *target, const char *entry);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Patterns, patterns_free)
