#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the command-line tests: run.py LOGSCAN [--filter TEXT] [--accept]. Prints TAP.

A case is a folder tests/cli/AREA/NAME:

    cmd          shell line, run by sh in a fresh folder that is empty
    stdout       what it must print; no file: nothing
    stdout.glob  instead: each line a shell pattern, a line `...` for any number of lines
    stderr       the same for standard error (and stderr.glob)
    exit         its exit code; no file: 0

`cmd` finds the program in $LOGSCAN, its own folder in $CASE, tests/ in $TESTS and sample-logs/ in $SAMPLES.
--accept writes what was printed as the new expectation; a *.glob file that no longer fits is left to the author.
"""

import argparse
import concurrent.futures
import difflib
import os
import signal
import subprocess
import sys
import tempfile
from fnmatch import fnmatchcase
from pathlib import Path

CLI = Path(__file__).resolve().parent
TIMEOUT_SECONDS = 180
PARALLEL = 2


def environment(case, logscan, config):
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "TERM")}
    return kept | {
        "LOGSCAN": str(logscan),
        "CASE": str(case),
        "TESTS": str(CLI.parent),
        "SAMPLES": str(CLI.parent.parent / "sample-logs"),
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "COLUMNS": "80",
        "XDG_CONFIG_HOME": config,
    }


def run(case, logscan):
    """What the case prints and its exit code, as the files of the case hold them."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as config:
        os.chmod(folder, 0o755)  # some cases go on as another user
        process = subprocess.Popen(
            ["sh", "-c", (case / "cmd").read_text(encoding="utf-8")],
            cwd=folder,
            env=environment(case, logscan, config),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        try:
            stdout, stderr = process.communicate(timeout=TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            stdout, stderr = process.communicate()
            stderr += b"(took more than %d s)\n" % TIMEOUT_SECONDS
        return {"stdout": stdout, "stderr": stderr, "exit": b"%d\n" % process.returncode}


def fits(patterns, lines):
    """Do the lines follow the glob patterns? Row i of the table: which prefixes of @lines the first i patterns fit."""
    row = [True] + [False] * len(lines)
    for pattern in patterns:
        if pattern == "...":
            first = row.index(True) if True in row else len(row)
            row = [at >= first for at in range(len(row))]
        else:
            row = [False] + [row[at] and fnmatchcase(line, pattern) for at, line in enumerate(lines)]
    return row[-1]


def text(data):
    return data.decode("utf-8", "backslashreplace")


def expected(case, stream):
    path = case / stream
    return path.read_bytes() if path.exists() else b"0\n" if stream == "exit" else b""


def differences(case, actual):
    """Readable lines of what is not as expected; empty when all is well."""
    found = []
    for stream, data in actual.items():
        glob = case / f"{stream}.glob"
        if glob.exists():
            wanted = glob.read_text(encoding="utf-8").splitlines()
            fine = fits(wanted, text(data).splitlines())
        else:
            wanted = text(expected(case, stream)).splitlines()
            fine = data == expected(case, stream)
        if not fine:
            got = text(data).splitlines()
            found += difflib.unified_diff(wanted, got, f"{stream} expected", f"{stream} printed", lineterm="")
    return found


def accept(case, actual):
    for stream, data in actual.items():
        path = case / stream
        if (case / f"{stream}.glob").exists():
            continue
        if data in (b"", b"0\n" if stream == "exit" else b""):
            path.unlink(missing_ok=True)
        else:
            path.write_bytes(data)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("logscan", type=Path)
    parser.add_argument("--filter", default="", metavar="TEXT", help="only cases whose AREA/NAME holds TEXT")
    parser.add_argument("--accept", action="store_true", help="take what is printed as what is expected")
    arguments = parser.parse_args()

    cases = [path.parent for path in sorted(CLI.glob("*/*/cmd"))]
    cases = [case for case in cases if arguments.filter in str(case.relative_to(CLI))]
    logscan = arguments.logscan.resolve()
    failed = 0
    print(f"1..{len(cases)}")
    with concurrent.futures.ThreadPoolExecutor(PARALLEL) as pool:
        for number, (case, actual) in enumerate(zip(cases, pool.map(lambda case: run(case, logscan), cases)), 1):
            if arguments.accept:
                accept(case, actual)
            found = differences(case, actual)
            failed += bool(found)
            print(f"{'not ok' if found else 'ok'} {number} - {case.relative_to(CLI)}")
            for line in found:
                print(f"# {line}")
            sys.stdout.flush()
    return failed > 0


sys.exit(main())
