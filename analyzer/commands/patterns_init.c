/* SPDX-License-Identifier: Apache-2.0 */
#include "commands/patterns_tool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* %s: the name of the pack, in every place. */
static const char TEMPLATE[] = "# yaml-language-server: $schema=logscan-pack-1.schema.json\n"
                               "#\n"
                               "# A pattern pack for logscan. Try it as you write:\n"
                               "#   logscan patterns test --no-builtin-patterns %1$s.yaml\n"
                               "#   logscan patterns lint --no-builtin-patterns %1$s.yaml\n"
                               "#   logscan patterns match --patterns %1$s.yaml <some.log\n"
                               "#   logscan patterns lint --healthy healthy.log --no-builtin-patterns %1$s.yaml\n"
                               "# Used always from ~/.config/logscan/patterns or /etc/logscan/patterns.\n"
                               "pack: %1$s\n"
                               "title: %1$s # what people call the software\n"
                               "\n"
                               "# Patterns of earlier packs that are not wanted here; a whole pack is PACK/*.\n"
                               "# disable: [http/server-error]\n"
                               "\n"
                               "patterns:\n"
                               "  - id: license-expired # the full id is %1$s/license-expired\n"
                               "    title: The licence has expired, requests are refused # no full stop, at most 72 characters\n"
                               "    category: configuration/invalid # what kind of failure: `logscan patterns list` shows those in use\n"
                               "    severity: critical # critical, error, warning, info\n"
                               "    role: cause # cause: it can break first; symptom: follows from something; change; recovery\n"
                               "    match: # any of these; a regex is PCRE2 and needs 4 bytes that stand in every match\n"
                               "      - text: licence check failed, refusing requests # in any case\n"
                               "      - regex: 'license \"(?<license>[^\"]+)\" expired on (?<expired>\\d{4}-\\d\\d-\\d\\d)' # named groups become facts\n"
                               "    unless: # none of these in the same event\n"
                               "      - text: grace period\n"
                               "    leads_to: [http/server-error] # categories or full ids that follow from it\n"
                               "    explain: >-\n"
                               "      The software stops serving when its licence has expired, and says so only once.\n"
                               "    checks: # commands to look further\n"
                               "      - grep -i license /etc/%1$s/%1$s.conf\n"
                               "    fixes: # what to do now\n"
                               "      - Install the new licence and reload the service.\n"
                               "    prevents: # what keeps it from happening again\n"
                               "      - Alert 30 days before the licence ends.\n"
                               "    references: # the vendor's own words\n"
                               "      - https://example.com/%1$s/licensing\n"
                               "    tests:\n"
                               "      match: # lines as the software writes them, of several versions\n"
                               "        - '2026-03-01 00:00:01 ERROR licence check failed, refusing requests'\n"
                               "        - 'license \"team-50\" expired on 2026-02-28'\n"
                               "      ignore: # lines that look alike and mean something else\n"
                               "        - '2026-03-01 00:00:01 WARN license \"team-50\" expired on 2026-02-28, grace period of 14 days'\n"
                               "        - '2026-02-01 00:00:01 INFO license \"team-50\" expires on 2026-02-28'\n";

static bool is_name(const char *name) {
        return *name && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(name);
}

/* Never over a file that is there. */
static bool write_new(const char *path, const char *text) {
        int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        size_t length = strlen(text);
        bool ok;

        if (fd < 0)
                return false;
        ok = write(fd, text, length) == (ssize_t)length;
        return close(fd) == 0 && ok;
}

int patterns_init(const Options *options, const char *name) {
        g_autofree char *path = NULL, *text = NULL;

        if (!name || options->paths[2]) {
                session_complain("patterns init: say one NAME; it writes NAME.yaml");
                return EXIT_USAGE;
        }
        if (!is_name(name)) {
                session_complain("patterns init %s: a pack's name has only a-z, 0-9 and hyphens", name);
                return EXIT_USAGE;
        }
        path = g_strconcat(name, ".yaml", NULL);
        text = g_strdup_printf(TEMPLATE, name);
        if (!write_new(path, text)) {
                session_complain("patterns init: %s: %s", path, g_strerror(errno));
                return EXIT_USAGE;
        }
        printf("%s written; next: logscan patterns test --no-builtin-patterns %s\n", path, path);
        return EXIT_DONE;
}
