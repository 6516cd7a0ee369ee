#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The man page and the completions that are made from the table of options: installed.py LOGSCAN. Prints TAP.

man must have nothing to warn about, and each option, command and section must be there. A shell that is not installed is
skipped, and that is said.
"""

import os
import re
import shutil
import subprocess
import sys

import tap

SECTIONS = ["NAME", "SYNOPSIS", "DESCRIPTION", "COMMANDS", "OPTIONS", "JSON", "PATTERN PACKS", "EXIT STATUS", "ENVIRONMENT", "FILES", "EXAMPLES"]

TOOLS = ["list", "show", "match", "graph", "export", "init", "test", "lint"]


def run(*words):
    environment = os.environ | {"LC_ALL": "C.UTF-8", "MANWIDTH": "80", "MANROFFSEQ": "", "MAN_KEEP_FORMATTING": ""}
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False, env=environment)


def completed(shell, path, line):
    """What the shell offers for the last word of the line."""
    if shell == "fish":
        result = run("fish", "--no-config", "-c", f"source {path}; complete -C '{line}'")
        return [offer.split("\t")[0] for offer in result.stdout.splitlines()]
    words = line.split(" ")
    script = f'source {path}; COMP_WORDS=({" ".join(words[:-1])} "{words[-1]}"); COMP_CWORD={len(words) - 1}; _logscan; echo "${{COMPREPLY[@]}}"'
    return run("bash", "--norc", "-c", script).stdout.split()


def values_of(line):
    """What the help of an option says that it can be."""
    lists = re.findall(r"((?:[a-z]+(?: \([^)]*\))?, )*[a-z]+(?: \([^)]*\))? or [a-z]+)", line)
    return [value for words in lists for value in re.findall(r"[a-z]+", re.sub(r"\([^)]*\)| or ", ",", words))]


def check_values(help_text, files):
    for option, words in re.findall(r"^  (?:-., )?--([a-z-]+)=(?:FORMAT|LEVEL|ROLE|SEVERITY|WHEN) +(.*)$", help_text, re.MULTILINE):
        wanted = values_of(words)
        missing = [f"{shell} does not offer {value}" for shell in ("zsh", "fish") for value in wanted
                   if not re.search(rf"\b{option}\b.*\b{value}\b", files[shell].read_text())]
        if shutil.which("bash"):
            offers = completed("bash", files["bash"], f"logscan --{option} ")
            missing += [f"bash does not offer {value}" for value in wanted if value not in offers]
        missing += [f"the man page does not say {value}" for value in wanted if value not in files["man"].read_text()]
        yield f"--{option} is completed with its {len(wanted)} values", missing


def named_tools(logscan):
    """The tools of `patterns` that its usage line names, less those that it says it has, and the other way round."""
    usage = re.search(r"\[OPTION[^\]]*\] ([a-z|]+)", run(logscan, "patterns", "--no-config", "--help").stdout)[1].split("|")
    said = run(logscan, "patterns", "--no-config").stderr
    return [f"{tool}: not in the usage line" for tool in TOOLS if tool not in usage] + [f"{tool}: not told" for tool in usage if tool not in said]


def check(logscan, folder):
    own = run(logscan, "--no-config", "--help").stdout
    commands = re.search(r"^Commands: ([a-z, ]+)", own, re.MULTILINE)[1].split(", ")
    commands[-1] = commands[-1].split()[0]
    help_text = own + "".join(run(logscan, command, "--no-config", "--help").stdout for command in commands)
    options = sorted(set(re.findall(r"^  (?:-., )?--([a-z-]+)", help_text, re.MULTILINE)))
    files = {}
    for what in "man", "bash", "zsh", "fish":
        files[what] = folder / what
        files[what].write_text(run(logscan, "--no-config", "--generate", what).stdout)

    if shutil.which("man"):
        page = run("man", "--warnings", "-l", files["man"])
        yield "man has nothing to warn about", page.stderr.splitlines()
        plain = re.sub(".\b", "", page.stdout)
        missing = [f"no section {section}" for section in SECTIONS if not re.search(f"^{section}$", plain, re.MULTILINE)]
        missing += [f"no --{option}" for option in options if not re.search(rf"^ +(-., )?--{option}\b", plain, re.MULTILINE)]
        missing += [f"no command {command}" for command in commands if f"logscan {command}" not in plain]
        yield f"the page has {len(SECTIONS)} sections, {len(options)} options, {len(commands)} commands", missing
    else:
        yield "man # SKIP not installed", []

    for shell in "bash", "zsh", "fish":
        if not shutil.which(shell):
            yield f"{shell} # SKIP not installed", []
            continue
        result = run(shell, "-n", files[shell])
        text = files[shell].read_text()
        missing = [f"no {option}" for option in options if not re.search(rf"(--|-l ){option}\b", text)]
        yield f"{shell} takes the completions", [result.stderr] * (result.returncode != 0) + missing
    for shell in filter(shutil.which, ("bash", "fish")):
        for line, offer in ("logscan --fail-o", "--fail-on"), ("logscan ev", "events"), ("logscan --color ", "always"), ("logscan patterns li", "lint"):
            offers = completed(shell, files[shell], line)
            yield f"{shell} completes {line!r}", [] if offer in offers else [f"offers {offers[:8]}"]
    yield "the usage of patterns names its tools", named_tools(logscan)
    yield from check_values(own, files)
    yield from check_values(run(logscan, "patterns", "list", "--no-config", "--help").stdout, files)
    yield "something else is not made", [] if run(logscan, "--generate", "cake").returncode == 2 else ["accepted"]


sys.exit(tap.main(check))
