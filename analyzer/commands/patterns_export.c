/* SPDX-License-Identifier: Apache-2.0 */
#include "commands/patterns_tool.h"

#include "base/error.h"
#include "base/str.h"
#include "commands/re2.h"

/*
 * `patterns export ID... --format mtail|prometheus|loki`
 *
 * What would have noticed a failure early, ready to be pasted: the postmortem's "monitor it". A counter of each pattern and an
 * alert when it moves. mtail and Loki look at single lines; a condition that RE2 cannot say as it is becomes wider, and a
 * comment says so. Prints, or writes to the files of --output, of which a .yml beside an mtail program gets its alerts.
 */

/* How far back an alert looks. */
#define WINDOW "5m"

/* Loki wants a selector that is not empty; which labels logs have, only their owner knows. */
#define LOKI_SELECTOR "{job=~\".+\"}"

typedef enum { EXPORT_MTAIL, EXPORT_PROMETHEUS, EXPORT_LOKI, EXPORT_UNKNOWN } ExportFormat;

typedef struct Rule {
        const Pattern *pattern;
        GPtrArray *match; /* of regexes; owned */
        GPtrArray *unless;
        bool wider;       /* than the pattern */
        unsigned dropped; /* conditions that RE2 cannot say */
} Rule;

static void rule_clear(Rule *rule) {
        g_clear_pointer(&rule->match, g_ptr_array_unref);
        g_clear_pointer(&rule->unless, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Rule, rule_clear)

static ExportFormat format_named(const char *name) {
        static const char *const NAMES[] = { "mtail", "prometheus", "loki" };

        for (size_t i = 0; name && i < G_N_ELEMENTS(NAMES); i++)
                if (g_str_equal(name, NAMES[i]))
                        return (ExportFormat)i;
        return EXPORT_UNKNOWN;
}

/* The regexes from *@at on that fit into @bytes_max together, as one; at least one of them. */
static char *join_regexes(const GPtrArray *regexes, guint *at, size_t bytes_max) {
        GString *joined = g_string_new(regexes->pdata[(*at)++]);

        while (*at < regexes->len && joined->len + 1 + strlen(regexes->pdata[*at]) <= bytes_max)
                g_string_append_printf(joined, "|%s", (char *)regexes->pdata[(*at)++]);
        return g_string_free(joined, FALSE);
}

/* A match may be wider; an exception may not, for it would silence the alert. */
static bool fill_rule(Rule *rule, const Pattern *pattern, GError **error) {
        *rule = (Rule){ .pattern = pattern };
        rule->match = g_ptr_array_new_with_free_func(g_free);
        rule->unless = g_ptr_array_new_with_free_func(g_free);
        for (size_t i = 0; i < pattern->n_match; i++) {
                char *regex = re2_from_condition(&pattern->match[i], &rule->wider);
                if (regex)
                        g_ptr_array_add(rule->match, regex);
                else
                        rule->dropped++;
        }
        for (size_t i = 0; i < pattern->n_unless; i++) {
                bool wider = false;
                g_autofree char *regex = re2_from_condition(&pattern->unless[i], &wider);
                if (regex && !wider)
                        g_ptr_array_add(rule->unless, g_steal_pointer(&regex));
                else
                        rule->wider = true;
        }
        if (rule->match->len > 0)
                return true;
        g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_USAGE, "patterns export %s: RE2, which mtail and Loki use, cannot say its conditions", pattern->id);
        return false;
}

/* --- names --- */

/* "postgresql/connection-limit" as logscan_postgresql_connection_limit_total. */
static char *metric_of(const Pattern *pattern) {
        g_autofree char *id = g_strdelimit(g_strdup(pattern->id), "/-.", '_');

        return g_strdup_printf("logscan_%s_total", id);
}

/* As PostgresqlConnectionLimit. */
static char *alert_of(const Pattern *pattern) {
        GString *name = g_string_new(NULL);
        bool upper = true;

        for (const char *c = pattern->id; *c; c++) {
                if (g_ascii_isalnum(*c))
                        g_string_append_c(name, upper ? g_ascii_toupper(*c) : *c);
                upper = !g_ascii_isalnum(*c);
        }
        return g_string_free(name, FALSE);
}

static const char *severity_of(const Pattern *pattern) {
        return pattern->severity == SEVERITY_CRITICAL ? "critical" : pattern->severity == SEVERITY_INFO ? "info" : "warning";
}

/* Two braces would begin a template of Prometheus; this template says two braces. Returns how many more bytes were read. */
static size_t append_braces(GString *out) {
        g_string_append(out, "{{ `{{` }}");
        return 1;
}

/* For YAML in double quotes. */
static void append_quoted(GString *out, const char *text) {
        g_string_append_c(out, '"');
        for (; *text; text++) {
                if (*text == '"' || *text == '\\')
                        g_string_append_c(out, '\\');
                if (*text == '{' && text[1] == '{')
                        text += append_braces(out);
                else
                        g_string_append_c(out, (unsigned char)*text < 32 ? ' ' : *text);
        }
        g_string_append_c(out, '"');
}

/* --- rules --- */

static void append_remarks(GString *out, const Rule *rule, const char *indent) {
        if (rule->wider)
                g_string_append_printf(out, "%s# Matches a little more than the pattern: RE2 has no look-around.\n", indent);
        if (rule->dropped > 0)
                g_string_append_printf(out, "%s# %u of the pattern's %zu conditions cannot be said with RE2 and are left out.\n", indent, rule->dropped,
                                       rule->pattern->n_match);
}

static void append_annotation(GString *out, const char *name, const char *text) {
        g_string_append_printf(out, "          %s: ", name);
        append_quoted(out, text);
        g_string_append_c(out, '\n');
}

static void append_alert(GString *out, const Rule *rule, const char *expression) {
        const Pattern *p = rule->pattern;
        g_autofree char *alert = alert_of(p);
        g_autofree char *todo = g_strjoinv(" ", (char **)p->fixes), *look = g_strjoinv("; ", (char **)p->checks);

        g_string_append_printf(out, "      - alert: %s\n        expr: |-\n          %s\n", alert, expression);
        g_string_append_printf(out, "        labels:\n          severity: %s\n          category: %s\n        annotations:\n", severity_of(p), p->category->id);
        append_annotation(out, "summary", p->title);
        append_annotation(out, "description", p->explain);
        if (*look)
                append_annotation(out, "check", look);
        if (*todo)
                append_annotation(out, "action", todo);
        if (p->references[0])
                append_annotation(out, "reference", p->references[0]);
}

static void append_prometheus(GString *out, const Rule *rule) {
        g_autofree char *metric = metric_of(rule->pattern), *expression = g_strdup_printf("increase(%s[" WINDOW "]) > 0", metric);

        append_alert(out, rule, expression);
}

/* LogQL quotes with backticks, in which nothing is special, or else as Go does. */
static void append_logql(GString *out, const char *operator, const GPtrArray * regexes) {
        guint at = 0;
        g_autofree char *regex = join_regexes(regexes, &at, SIZE_MAX);
        bool raw = strchr(regex, '`') == NULL;

        g_string_append_printf(out, " %s ", operator);
        if (raw)
                g_string_append_printf(out, "`%s`", regex);
        else
                append_quoted(out, regex);
}

static void append_loki(GString *out, const Rule *rule) {
        g_autoptr(GString) expression = g_string_new("sum(count_over_time(" LOKI_SELECTOR);

        append_remarks(out, rule, "      ");
        append_logql(expression, "|~", rule->match);
        if (rule->unless->len > 0)
                append_logql(expression, "!~", rule->unless);
        g_string_append(expression, " [" WINDOW "])) > 0");
        append_alert(out, rule, expression->str);
}

/* --- mtail --- */

/* mtail refuses a regex of more than 1024 bytes. */
#define MTAIL_REGEX_MAX 1000

static void append_slashed(GString *out, const char *regex) {
        g_string_append_c(out, '/');
        for (; *regex; regex++) {
                if (*regex == '\\' && regex[1]) {
                        g_string_append_len(out, regex++, 2);
                        continue;
                }
                if (*regex == '/')
                        g_string_append_c(out, '\\');
                g_string_append_c(out, *regex);
        }
        g_string_append_c(out, '/');
}

/* Opens a block for each piece that mtail takes: what @within says is done within it, the next piece is tried in its `else`. */
static unsigned append_chain(GString *out, const GPtrArray *regexes, const char *within, bool opens_last) {
        unsigned depth = 0;

        for (guint at = 0; at < regexes->len;) {
                g_autofree char *piece = join_regexes(regexes, &at, MTAIL_REGEX_MAX);
                bool opens = at < regexes->len || opens_last;
                append_slashed(out, piece);
                g_string_append_printf(out, " {\n%s}%s\n", within, opens ? " else {" : "");
                depth += opens;
        }
        return depth;
}

static void append_mtail(GString *out, const Rule *rule) {
        g_autofree char *metric = metric_of(rule->pattern), *count = g_strdup_printf("  %s++\n", metric);
        unsigned depth;

        g_string_append_printf(out, "\n# %s: %s.\n", rule->pattern->id, rule->pattern->title);
        append_remarks(out, rule, "");
        g_string_append_printf(out, "counter %s\n\n", metric);
        depth = append_chain(out, rule->unless, "", true);
        depth += append_chain(out, rule->match, count, false);
        while (depth-- > 0)
                g_string_append(out, "}\n");
}

/* --- the file --- */

static const struct {
        const char *head;
        void (*append)(GString *out, const Rule *rule);
} WRITERS[] = {
        [EXPORT_MTAIL] = { "# Counts known failures in logs: mtail --progs FOLDER --logs LOG. The alert rules: --format prometheus.\n", append_mtail },
        [EXPORT_PROMETHEUS] = { "# Alert rules for the counters of the mtail program: rule_files of Prometheus.\ngroups:\n  - name: logscan\n    rules:\n",
                                append_prometheus },
        [EXPORT_LOKI] = { "# Rules for Loki's ruler. Put the labels of your logs in place of job.\ngroups:\n  - name: logscan\n    rules:\n", append_loki },
};

static char *write_rules(const Patterns *patterns, char **ids, ExportFormat format, GError **error) {
        g_autoptr(GString) out = g_string_new(WRITERS[format].head);
        g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

        for (; *ids; ids++) {
                const Pattern *pattern = patterns_find(patterns, *ids);
                g_auto(Rule) rule = { 0 };

                if (!pattern) {
                        g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_USAGE, "patterns export %s: no such pattern (see `logscan patterns list`)", *ids);
                        return NULL;
                }
                if (!fill_rule(&rule, pattern, error))
                        return NULL;
                if (g_hash_table_add(seen, (void *)pattern->id))
                        WRITERS[format].append(out, &rule);
        }
        return g_string_free(g_steal_pointer(&out), FALSE);
}

/* Beside a program goes the file of its alerts. */
static ExportFormat format_of_file(const char *path, ExportFormat format) {
        bool is_yaml = g_str_has_suffix(path, ".yml") || g_str_has_suffix(path, ".yaml");

        return format == EXPORT_MTAIL && is_yaml ? EXPORT_PROMETHEUS : format;
}

static bool export_all(const Patterns *patterns, const Options *options, ExportFormat format, GError **error) {
        char **ids = options->paths + 1;

        if (!options->outputs) {
                g_autofree char *text = write_rules(patterns, ids, format, error);
                return text && session_print(text, error);
        }
        for (char **path = options->outputs; *path; path++) {
                g_autofree char *text = write_rules(patterns, ids, format_of_file(*path, format), error);
                if (!text || !session_write(*path, text, error))
                        return false;
        }
        return true;
}

int patterns_export(const Tool *tool) {
        const Options *options = tool->options;
        ExportFormat format = format_named(options->format);
        g_autoptr(GError) error = NULL;

        if (format == EXPORT_UNKNOWN || !options->paths[1]) {
                session_complain("patterns export ID...: say how with --format mtail, prometheus or loki");
                return EXIT_USAGE;
        }
        if (export_all(tool->patterns, options, format, &error))
                return EXIT_DONE;
        session_complain("%s", error->message);
        return EXIT_USAGE;
}
