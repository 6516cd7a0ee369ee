#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reads logs in the words of real software and compares the events with those that are written below them.

usage: cases.py LOGSCAN FOLDER... [--filter TEXT] [--accept]

Each file of a FOLDER holds cases:

    [name] source: the software or documentation whose words they are
    | a line of the log
    |e a line with escapes such as \\x1b or \\t
    = 1+3 2024-06-07T09:00:03Z error The message, LINE+LINES TIME LEVEL MESSAGE
      cause: what is expected of another field; a field that is not named is not looked at

Every log is a file of its own, last written on 2026-11-23T12:00:00Z. --accept writes what was found; read it before you commit it.
"""
import json
import os
import subprocess
import sys
import tempfile

WRITTEN = 1795435200
FIELDS = ["cause", "status", "logger", "location", "thread", "request"]


class Case:
    def __init__(self, head):
        self.name, _, self.source = head[1:].partition("] source: ")
        self.lines, self.expected = [], []

    def add(self, text):
        if text.startswith("|e "):
            self.lines.append(text[3:].encode("latin-1", "backslashreplace").decode("unicode_escape").encode("latin-1"))
        elif text.startswith("|"):
            self.lines.append(text[2:].encode("utf-8"))
        else:
            self.expected.append(text)


def read_cases(path):
    """The cases of a file, and for --accept its lines without expectations."""
    cases, kept = [], []
    for text in open(path, encoding="utf-8").read().split("\n"):
        if text.startswith("["):
            cases.append(Case(text))
        elif text.startswith("|") or (text[:2] in ("= ", "  ") and cases):
            cases[-1].add(text)
        kept.append(text)
    return cases, kept


def describe(event):
    lines = ["= %d+%d %s %s %s" % (event["line"], event["lines"], event["time"] or "-", event["level"] or "-", event["message"].replace("\n", "\\n"))]
    lines += ["  %s: %s" % (field, str(event[field]).replace("\n", "\\n")) for field in FIELDS if event.get(field)]
    return [line.rstrip() for line in lines]


def agrees(expected, found):
    """Every expected line is found, in order; fields that are not expected are passed over."""
    wanted, rest = list(expected), list(found)
    for line in wanted:
        while rest and rest[0] != line and rest[0].startswith("  "):
            rest.pop(0)
        if not rest or rest.pop(0) != line:
            return False
    return not any(line.startswith("= ") for line in rest)


def run(logscan, cases):
    """The events of each case, by one run of the program over all of them."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, case in enumerate(cases):
            paths.append(os.path.join(folder, "case-%04d.log" % number))
            with open(paths[-1], "wb") as file:
                file.write(b"".join(line + b"\n" for line in case.lines))
            os.utime(paths[-1], (WRITTEN, WRITTEN))
        found = {path: [] for path in paths}
        done = subprocess.run([logscan, "events", *paths], stdout=subprocess.PIPE, check=True)
        for text in done.stdout.decode("utf-8").splitlines():
            event = json.loads(text)
            found[event["source"]] += describe(event)
        return [found[path] for path in paths]


def accept(path, kept, found):
    """Writes the file again, with what was found behind each case."""
    out, number = [], -1
    for text in kept:
        if text[:2] in ("= ", "  "):
            continue
        if (text.startswith("[") or text == "") and number >= 0 and found[number] is not None:
            out += found[number]
            found[number] = None
        if text.startswith("["):
            number += 1
        out.append(text)
    if number >= 0 and found[number] is not None:
        out += found[number]
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(out))


def main():
    arguments = [a for a in sys.argv[1:] if not a.startswith("--")]
    wanted = None
    if "--filter" in sys.argv:
        wanted = sys.argv[sys.argv.index("--filter") + 1]
        arguments.remove(wanted)
    logscan, folders, number, failed = os.path.abspath(arguments[0]), arguments[1:], 0, 0
    for folder in folders:
        for name in sorted(os.listdir(folder)):
            path = os.path.join(folder, name)
            cases, kept = read_cases(path)
            found = run(logscan, cases)
            if "--accept" in sys.argv:
                accept(path, kept, found)
                continue
            for case, events in zip(cases, found):
                if wanted and wanted not in case.name:
                    continue
                number += 1
                good = bool(case.expected) and bool(case.source) and agrees(case.expected, events)
                failed += not good
                print("%sok %d - %s/%s" % ("" if good else "not ", number, name, case.name))
                if not good:
                    print("\n".join("# expected %s" % line for line in case.expected))
                    print("\n".join("# found    %s" % line for line in events))
    print("1..%d" % number)
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
