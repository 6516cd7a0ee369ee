#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does logscan find what broke? sample.py LOGSCAN. Prints TAP.

Each folder of sample-logs/ holds recorded logs of an incident and truth.json: what the cause and the change that
triggered it look like, as regular expressions, and when it began.
"""

import gzip
import json
import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path

SAMPLES = Path(__file__).resolve().parent.parent.parent / "sample-logs"
ONSET_TOLERANCE_SECONDS = 10


def report(program, *paths, stdin=None):
    result = subprocess.run(
        [program, "--format", "json", *paths], input=stdin, stdout=subprocess.PIPE, timeout=120, check=True
    )
    return json.loads(result.stdout)


def first_cause(document):
    incidents = document["incidents"]
    return incidents[0]["causes"][0] if incidents and incidents[0]["causes"] else None


def mentions(patterns, evidence):
    return any(re.search(pattern, line["text"]) for pattern in patterns for line in evidence)


def time_of(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def onset_fits(truth, onset):
    begun = [time_of(truth[key]) for key in ("onset", "detected_in_logs")]
    return onset and min(abs((time_of(onset) - time).total_seconds()) for time in begun) <= ONSET_TOLERANCE_SECONDS


def check_case(program, case):
    """Yields (name, passed, what was found)."""
    truth = json.loads((case / "truth.json").read_text(encoding="utf-8"))
    document = report(program, case)
    cause = first_cause(document)
    if not cause:
        yield "there is a cause", False, document["verdict"]
        return
    onset = document["incidents"][0]["onset"]
    changes = [change["evidence"] for change in cause["just_before"]]
    yield "the first cause is the root cause", mentions(truth["root_any"], cause["evidence"]), cause["title"]
    yield "its confidence is high", cause["confidence"] == "high", cause["confidence"]
    yield f"the onset is right within {ONSET_TOLERANCE_SECONDS} s", onset_fits(truth, onset), onset
    yield "what triggered it is told", mentions(truth["trigger_any"], changes), changes

    log = case / "app.log.gz"
    if log.exists():
        for name, document in {
            "app.log.gz alone": report(program, log),
            "app.log on standard input": report(program, "-", stdin=gzip.decompress(log.read_bytes())),
        }.items():
            alone = first_cause(document)
            yield f"{name} gives the same first cause", alone and alone["id"] == cause["id"], alone and alone["id"]


def main(program):
    failed = number = 0
    for case in sorted(path.parent for path in SAMPLES.glob("*/truth.json")):
        for name, passed, found in check_case(program, case):
            number += 1
            failed += not passed
            print(f"{'ok' if passed else 'not ok'} {number} - {case.name}: {name}")
            if not passed:
                print(f"# found: {found}")
    print(f"1..{number}")
    return failed > 0


sys.exit(main(sys.argv[1]))
