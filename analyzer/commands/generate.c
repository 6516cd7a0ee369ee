/* SPDX-License-Identifier: Apache-2.0 */
#include "commands/generate.h"

#include "commands/session.h"

#include <string.h>

static const struct {
        const char *option, *values;
} VALUES[] = {
        { "format", "text brief json jsonl markdown postmortem html tsv logfmt mtail prometheus loki dot mermaid" },
        { "color", "auto always never" },
        { "progress", "auto always never" },
        { "role", "cause symptom change recovery" },
        { "severity", "critical error warning info" },
        { "fail-on", "high medium low" },
        { "min-level", "trace debug info notice warning error fatal" },
};

const char *generate_values(const char *option) {
        for (size_t i = 0; i < G_N_ELEMENTS(VALUES); i++)
                if (g_str_equal(VALUES[i].option, option))
                        return VALUES[i].values;
        return NULL;
}

static bool is_shown(const GOptionEntry *entry) {
        return *entry->long_name && !(entry->flags & G_OPTION_FLAG_HIDDEN);
}

static bool is_file(const GOptionEntry *entry) {
        return entry->arg == G_OPTION_ARG_FILENAME || entry->arg == G_OPTION_ARG_FILENAME_ARRAY;
}

/* What `patterns` does. */
#define TOOLS "list show match graph export init test lint"

/* --- bash --- */

static void append_bash_cases(GString *out, const Option *option) {
        for (; option->entry.long_name; option++) {
                const GOptionEntry *entry = &option->entry;
                const char *values = generate_values(entry->long_name);
                g_autofree char *short_name = entry->short_name ? g_strdup_printf("|-%c", entry->short_name) : g_strdup("");

                if (!is_shown(entry) || entry->arg == G_OPTION_ARG_NONE)
                        continue;
                if (values)
                        g_string_append_printf(out, "    --%s%s) COMPREPLY=($(compgen -W '%s' -- \"$cur\")); return ;;\n", entry->long_name, short_name,
                                               values);
                else
                        g_string_append_printf(out, "    --%s%s) %s return ;;\n", entry->long_name, short_name,
                                               is_file(entry) ? "COMPREPLY=($(compgen -f -- \"$cur\"));" : "COMPREPLY=();");
        }
}

static void append_names(GString *out, const Option *option) {
        for (; option->entry.long_name; option++)
                if (is_shown(&option->entry))
                        g_string_append_printf(out, " --%s", option->entry.long_name);
}

static void append_commands(GString *out, const Tables *t) {
        for (size_t i = 0; i < t->n_commands; i++)
                g_string_append_printf(out, " %s", t->commands[i].name);
}

static void generate_bash(GString *out, const Tables *t) {
        g_string_append(out, "# bash completion for logscan, made by `logscan --generate bash`\n\n_logscan() {\n"
                             "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
                             "  COMPREPLY=()\n"
                             "  if [[ $cur == = ]]; then\n    cur=\n  elif [[ $prev == = ]]; then\n    prev=${COMP_WORDS[COMP_CWORD-2]}\n  fi\n"
                             "  case $prev in\n");
        append_bash_cases(out, t->options);
        g_string_append(out, "  esac\n  if [[ $cur == -* ]]; then\n    COMPREPLY=($(compgen -W '");
        append_names(out, t->options);
        g_string_append(out, "' -- \"$cur\"))\n    return\n  fi\n"
                             "  if [[ ${COMP_WORDS[1]} == patterns && $COMP_CWORD -eq 2 ]]; then\n"
                             "    COMPREPLY=($(compgen -W '" TOOLS "' -- \"$cur\"))\n    return\n  fi\n"
                             "  if [[ ${COMP_WORDS[1]} == patterns && ${COMP_WORDS[2]} =~ ^(show|export)$ ]]; then\n"
                             "    COMPREPLY=($(compgen -W \"$(logscan patterns list 2>/dev/null | cut -d' ' -f1)\" -- \"$cur\"))\n    return\n  fi\n"
                             "  if [[ ${COMP_WORDS[1]} == evidence && $COMP_CWORD -eq 2 ]]; then\n"
                             "    COMPREPLY=($(compgen -W verify -- \"$cur\"))\n    return\n  fi\n"
                             "  COMPREPLY=($(compgen -f -- \"$cur\"))\n  if [[ $COMP_CWORD -eq 1 ]]; then\n    COMPREPLY+=($(compgen -W '");
        append_commands(out, t);
        g_string_append(out, "' -- \"$cur\"))\n  fi\n}\n\ncomplete -o filenames -F _logscan logscan\n");
}

/* --- zsh --- */

/* Within single quotes and brackets of a spec. */
static void append_zsh_text(GString *out, const char *text) {
        for (; *text; text++) {
                if (*text == '\'')
                        g_string_append(out, "'\\''");
                else if (strchr("[]:\\`", *text))
                        g_string_append_printf(out, "\\%c", *text);
                else
                        g_string_append_c(out, *text);
        }
}

static void append_zsh_option(GString *out, const Option *option) {
        const GOptionEntry *entry = &option->entry;
        g_autofree char *description = options_describe(option);
        bool repeats = entry->arg == G_OPTION_ARG_FILENAME_ARRAY || entry->arg == G_OPTION_ARG_STRING_ARRAY;
        const char *values = generate_values(entry->long_name);

        g_string_append_printf(out, "  '%s--%s%s[", repeats ? "*" : "", entry->long_name, entry->arg == G_OPTION_ARG_NONE ? "" : "=");
        append_zsh_text(out, description);
        g_string_append_c(out, ']');
        if (entry->arg != G_OPTION_ARG_NONE)
                g_string_append_printf(out, ":%s:", entry->arg_description);
        if (values)
                g_string_append_printf(out, "(%s)", values);
        else if (is_file(entry))
                g_string_append(out, "_files");
        g_string_append(out, "' \\\n");
}

static void generate_zsh(GString *out, const Tables *t) {
        g_string_append(out, "#compdef logscan\n# made by `logscan --generate zsh`\n\n_logscan_first() {\n  _values command");
        for (size_t i = 0; i < t->n_commands; i++) {
                g_string_append_printf(out, " '%s[", t->commands[i].name);
                append_zsh_text(out, t->commands[i].summary);
                g_string_append(out, "]'");
        }
        g_string_append(out, "\n  _files\n}\n\n_logscan_rest() {\n"
                             "  if [[ $words[2] == patterns ]] && (( CURRENT == 3 )); then\n    _values what " TOOLS "\n"
                             "  elif [[ $words[2] == patterns && $words[3] == (show|export) ]]; then\n"
                             "    compadd -- ${(f)\"$(logscan patterns list 2>/dev/null | cut -d' ' -f1)\"}\n"
                             "  elif [[ $words[2] == evidence ]] && (( CURRENT == 3 )); then\n    _values what verify\n  else\n    _files\n  fi\n}\n\n"
                             "_arguments -s \\\n");
        for (const Option *option = t->options; option->entry.long_name; option++)
                if (is_shown(&option->entry))
                        append_zsh_option(out, option);
        g_string_append(out, "  '1:command or log:_logscan_first' '*:log:_logscan_rest'\n");
}

/* --- fish --- */

static void append_fish_text(GString *out, const char *text) {
        g_string_append_c(out, '\'');
        for (; *text; text++) {
                if (*text == '\'' || *text == '\\')
                        g_string_append_c(out, '\\');
                g_string_append_c(out, *text);
        }
        g_string_append_c(out, '\'');
}

static void append_fish_option(GString *out, const Option *option) {
        const GOptionEntry *entry = &option->entry;
        g_autofree char *description = options_describe(option);
        const char *values = generate_values(entry->long_name);

        g_string_append_printf(out, "complete -c logscan -l %s", entry->long_name);
        if (entry->short_name)
                g_string_append_printf(out, " -s %c", entry->short_name);
        if (values)
                g_string_append_printf(out, " -x -a '%s'", values);
        else if (entry->arg != G_OPTION_ARG_NONE)
                g_string_append(out, is_file(entry) ? " -r" : " -x");
        g_string_append(out, " -d ");
        append_fish_text(out, description);
        g_string_append_c(out, '\n');
}

static void generate_fish(GString *out, const Tables *t) {
        g_string_append(out, "# fish completion for logscan, made by `logscan --generate fish`\n");
        for (size_t i = 0; i < t->n_commands; i++) {
                g_string_append_printf(out, "complete -c logscan -n __fish_use_subcommand -a %s -d ", t->commands[i].name);
                append_fish_text(out, t->commands[i].summary);
                g_string_append_c(out, '\n');
        }
        g_string_append(out, "complete -c logscan -n '__fish_seen_subcommand_from patterns' -a '" TOOLS "'\n"
                             "complete -c logscan -n '__fish_seen_subcommand_from show export' -a '(logscan patterns list 2>/dev/null | cut -d\" \" -f1)'\n"
                             "complete -c logscan -n '__fish_seen_subcommand_from evidence' -a verify\n");
        for (const Option *option = t->options; option->entry.long_name; option++)
                if (is_shown(&option->entry))
                        append_fish_option(out, option);
}

/* --- all --- */

static const struct {
        const char *name;
        void (*write)(GString *out, const Tables *tables);
} WRITERS[] = { { "man", generate_man }, { "bash", generate_bash }, { "zsh", generate_zsh }, { "fish", generate_fish } };

int generate(const char *what, const Command *scan, const Command *commands, size_t n_commands) {
        Options nothing = { 0 };
        g_autofree Option *options = options_table(&nothing);
        Tables tables = { options, scan, commands, n_commands };
        g_autoptr(GString) out = g_string_new(NULL);
        g_autoptr(GError) error = NULL;

        for (size_t i = 0; i < G_N_ELEMENTS(WRITERS); i++)
                if (g_str_equal(WRITERS[i].name, what))
                        WRITERS[i].write(out, &tables);
        if (out->len > 0 && session_print(out->str, &error))
                return EXIT_DONE;
        session_complain("%s", error ? error->message : "--generate: expected man, bash, zsh or fish");
        return EXIT_USAGE;
}
