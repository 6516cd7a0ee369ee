#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What do the simplest methods find? naive.py [--logscan LOGSCAN] FOLDER...

Three ways to look at a log without logscan, on the cases of incidents.py and judged as there: error lines whose numbers are masked, ranked by
how many there are (count), by which comes first (first), and by how many there are of those that the first third of each log does not
have (new). An error line names a severity of error or worse, an exception, or an answer of 500 to 599. --logscan adds its column.
"""

import argparse
import re

from incidents import EVIDENCE, Score, cases_below, first_causes, read, report

ERROR = re.compile(
    r"\b(?:error|fatal|critical|crit|panic|severe|emerg|alert|err)\b|exception|traceback|\" 5\d\d |\"status\":5\d\d|status=5\d\d", re.I
)
MASKED = re.compile(r"\b[0-9a-f]{8,}\b|\d+")
KEY = 160  # characters of a masked line


def error_groups(case):
    """The groups: how many lines, the position of the first in its log from 0 to 1, and the first few."""
    groups = {}
    for path in case.paths:
        lines = read(path).decode(errors="replace").splitlines()
        for number, line in enumerate(lines):
            if not ERROR.search(line):
                continue
            position = number / len(lines)
            group = groups.setdefault(MASKED.sub("#", line)[:KEY], {"count": 0, "first": position, "texts": []})
            group["count"] += 1
            group["first"] = min(group["first"], position)
            if len(group["texts"]) < EVIDENCE:
                group["texts"].append(line)
    return list(groups.values())


METHODS = {
    "count": lambda groups: sorted(groups, key=lambda g: -g["count"]),
    "first": lambda groups: sorted(groups, key=lambda g: g["first"]),
    "new": lambda groups: sorted((g for g in groups if g["first"] > 1 / 3), key=lambda g: -g["count"]),
}


def ranks(case):
    """{method: rank of the true cause, 0 where it is missed}"""
    groups = error_groups(case)
    return {
        name: case.rank([{"evidence": [{"text": text} for text in group["texts"]]} for group in order(groups)])
        for name, order in METHODS.items()
    }


def main():
    args = argparse.ArgumentParser()
    args.add_argument("folders", nargs="+")
    args.add_argument("--logscan")
    args = args.parse_args()
    columns = (["logscan"] if args.logscan else []) + list(METHODS)
    scores = {name: Score() for name in columns}
    print("| case | " + " | ".join(columns) + " |\n|---|" + "---|" * len(columns))
    for case in cases_below(args.folders):
        if case.is_quiet():
            continue
        found = ranks(case)
        if args.logscan:
            found["logscan"] = case.rank(first_causes(report(args.logscan, case.paths, case.options)))
        print(f"| {case.name} | " + " | ".join(str(found[name] or "-") for name in columns) + " |")
        for name in columns:
            scores[name].add(found[name])
    for name, score in scores.items():
        print(f"{name:8} {score}")


if __name__ == "__main__":
    main()
