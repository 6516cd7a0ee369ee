#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sums up what `meson test` did in some build folders: each failed program in full, then one line for all.

A program that prints TAP counts as its subtests. One that ends badly though no subtest failed (a crash, a sanitizer, a
time-out) counts as one failure more, and so does a folder without results: its build failed.
"""

import json
import re
import sys
from pathlib import Path

GOOD = {"OK", "EXPECTEDFAIL", "SKIP"}
SUBTEST = re.compile(r"^(not )?ok\b(.*)", re.MULTILINE)
EXCUSED = re.compile(r"#\s*(skip|todo)", re.IGNORECASE)


def tally(result):
    """Passed and failed subtests of one program."""
    passed = failed = 0
    for bad, rest in SUBTEST.findall(result.get("stdout") or ""):
        if EXCUSED.search(rest):
            continue
        failed += bool(bad)
        passed += not bad
    if result["result"] not in GOOD:
        failed = max(failed, 1)
    return passed, failed


def show(folder, result):
    """All that the program printed, but for the subtests that passed."""
    print(f"\n----- {folder}: {result['name']}: {result['result']}")
    for stream in "stdout", "stderr":
        for line in (result.get(stream) or "").splitlines():
            if not line.startswith("ok "):
                print(line)


def main(folders):
    passed = failed = 0
    for folder in folders:
        log = Path(folder, "meson-logs/testlog.json")
        if not log.exists():
            print(f"\n----- {folder}: no results; the build failed")
            failed += 1
            continue
        for line in log.read_text(encoding="utf-8").splitlines():
            result = json.loads(line)
            good, bad = tally(result)
            passed += good
            failed += bad
            if bad:
                show(folder, result)
    print(f"\n{passed} passed, {failed} failed")
    return failed > 0


sys.exit(main(sys.argv[1:]))
