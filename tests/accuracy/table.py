#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the README's accuracy table anew. table.py LOGSCAN

Cases, their order and what happened in them are from the table in sample-logs/README.md; ranks are those of incidents.py and naive.py.
"""

import os
import re
import sys
from pathlib import Path

from incidents import Case, Score, first_causes, report
from naive import METHODS, ranks

ROOT = Path(__file__).resolve().parent.parent.parent
ROW = re.compile(r"^\| \[`([\w-]+)`\]\([^)]*\)(, hard)? \| (.*) \|$", re.M)
TABLE = re.compile(r"(?<=\| case \| what happened \| logscan \| count \| first \| new \|\n\| --- \| --- \| --- \| --- \| --- \| --- \|\n)(?:\|.*\n)+")


def row(cells):
    name, what, logscan, *naive = cells
    return f"| {name} | {what} | **{logscan}** | {' | '.join(map(str, naive))} |\n"


def table(program):
    scores = {name: Score() for name in ("logscan", *METHODS)}
    rows = []
    for name, hard, what in ROW.findall((ROOT / "sample-logs/README.md").read_text(encoding="utf-8")):
        case = Case(ROOT / "sample-logs" / name)
        document = report(program, [path.relative_to(ROOT) for path in case.paths], case.options)
        found = {"logscan": case.rank(first_causes(document))} | ranks(case)
        for method, score in scores.items():
            score.add(found[method])
        rows.append(row([f"[`{name}`](sample-logs/{name}/){hard}", what, *(found[method] or "missed" for method in scores)]))
    for title, best in ("all: first", 1), ("all: in the first three", 3):
        rows.append(row([title, "", *(f"{score.share(best):.2f}" for score in scores.values())]))
    return "".join(rows)


def main(program):
    readme, program = ROOT / "README.md", Path(program).resolve()
    os.chdir(ROOT)
    rows = table(program)
    text, n = TABLE.subn(lambda _: rows, readme.read_text(encoding="utf-8"))
    readme.write_text(text, encoding="utf-8")
    return n != 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
