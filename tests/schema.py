#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Do JSON reports follow docs/logscan-report-1.schema.json? schema.py LOGSCAN. Prints TAP."""

import gzip
import json
import subprocess
import sys
import tempfile
from pathlib import Path

try:
    from jsonschema import Draft202012Validator
except ImportError:
    print("1..0 # SKIP python3-jsonschema is not installed")
    sys.exit(0)

ROOT = Path(__file__).resolve().parent.parent
SCHEMA = ROOT / "docs/logscan-report-1.schema.json"
SAMPLE = ROOT / "sample-logs/overloaded-database"


def report(program, folder, *arguments):
    result = subprocess.run(
        [program, *map(str, arguments)], cwd=folder, stdout=subprocess.PIPE, timeout=120, check=False
    )
    return json.loads(result.stdout)


def reports(program, folder):
    """Yields (name, report): one for each part of the format that only some logs show."""
    yield "the sample incident", report(program, folder, "-f", "json", SAMPLE)

    (folder / "empty.log").touch()
    yield "an empty log", report(program, folder, "-f", "json", "empty.log")

    (folder / "untimed.log").write_text("started\n" * 200 + "ERROR: out of memory, giving up\n" * 40)
    yield "a log without times", report(program, folder, "-f", "json", "untimed.log")

    (folder / "torn.log.gz").write_bytes(gzip.compress(b"2026-03-01 12:00:00 INFO started\n" * 1000)[:-20])
    yield "a torn gzip file", report(program, folder, "-f", "json", "torn.log.gz")

    (folder / "some.bin").write_bytes(bytes(range(256)) * 64)
    yield "a binary file and a missing one", report(program, folder, "-f", "json", "some.bin", "none.log")

    ledgers = []
    for number, log in enumerate(sorted(SAMPLE.rglob("*.log*"))):
        ledgers.append(f"{number}.ledger")
        subprocess.run([program, "--quiet", "--ledger", ledgers[-1], log], cwd=folder, timeout=120, check=True)
    yield "merged ledgers", report(program, folder, "merge", "-f", "json", *ledgers)


def undescribed(schema, place="#"):
    """Places of properties that say nothing about themselves."""
    if isinstance(schema, list):
        schema = dict(enumerate(schema))
    if not isinstance(schema, dict):
        return
    for name, field in schema.get("properties", {}).items():
        if "description" not in field and "$defs" not in field.get("$ref", ""):
            yield f"{place}/{name}"
    for name, part in schema.items():
        yield from undescribed(part, f"{place}/{name}")


def adds_up(document):
    coverage = document["coverage"]
    parts = coverage["matched"] + coverage["templated"] + coverage["evicted"]
    if parts != coverage["events"]:
        yield f"coverage: matched + templated + evicted is {parts}, events {coverage['events']}"
    for name in "bytes", "lines", "events":
        total = sum(source[name] for source in document["inputs"])
        if total != coverage[name]:
            yield f"coverage: {name} is {coverage[name]}, that of all inputs {total}"


def tests(program):
    """Yields (name, what is wrong)."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    yield "every field of the schema is described", list(undescribed(schema))
    with tempfile.TemporaryDirectory() as folder:
        for name, document in reports(Path(program).resolve(), Path(folder)):
            errors = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)]
            yield f"{name} follows the schema", errors
            yield f"{name} adds up", list(adds_up(document))


def main(program):
    failed = number = 0
    for number, (name, wrongs) in enumerate(tests(program), 1):
        failed += bool(wrongs)
        print(f"{'not ok' if wrongs else 'ok'} {number} - {name}")
        for wrong in wrongs:
            print(f"# {wrong}")
    print(f"1..{number}")
    return failed > 0


sys.exit(main(sys.argv[1]))
