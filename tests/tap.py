# SPDX-License-Identifier: Apache-2.0
"""What the tests of the program print: the Test Anything Protocol."""

import sys
import tempfile
from pathlib import Path


def main(check):
    """Runs check(logscan, folder), which yields the name of each test and what is wrong; true if a test failed."""
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, wrongs) in enumerate(check(sys.argv[1], Path(folder)), 1):
            failed += bool(wrongs)
            print(f"{'not ok' if wrongs else 'ok'} {number} - {name}")
            for wrong in wrongs[:12]:
                print(f"# {wrong}")
            sys.stdout.flush()
    print(f"1..{number}")
    return failed > 0
