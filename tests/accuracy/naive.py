#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What do the simplest methods find? naive.py FOLDER...

Three ways to look at a log without logscan, on the cases of incidents.py and judged as there: error lines whose numbers are masked, ranked by
how many there are (count), by which comes first (first), and by how many there are of those that the first third of each log does not
have (new). An error line names a severity of error or worse, an exception, or an answer of 500 to 599.
"""

import re
import sys

from incidents import EVIDENCE, Score, cases_below, read

ERROR = re.compile(r"\b(?:error|fatal|critical|crit|panic|severe|emerg|alert|err)\b|exception|traceback|\" 5\d\d |\"status\":5\d\d|status=5\d\d", re.I)
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


def main(folders):
    scores = {name: Score() for name in METHODS}
    print("| case | " + " | ".join(METHODS) + " |\n|---|" + "---|" * len(METHODS))
    for case in cases_below(folders):
        if case.is_quiet():
            continue
        found = ranks(case)
        print(f"| {case.name} | " + " | ".join(str(found[name] or "-") for name in METHODS) + " |")
        for name, rank in found.items():
            scores[name].add(rank)
    for name, score in scores.items():
        print(f"{name:6} {score}")


if __name__ == "__main__":
    main(sys.argv[1:])
