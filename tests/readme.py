#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Is what the README shows what the program prints? readme.py LOGSCAN [--accept]. Prints TAP.

Each ```console block begins with a line `$ logscan ARGUMENTS`, which is run in the project's folder at 80 columns; the rest of the block is
its output. "N patterns in N packs" is counted. --accept writes what is right.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"```console\n\$ logscan ([^\n]*)\n(.*?)```", re.DOTALL)
COUNTS = re.compile(r"\d+ patterns in \d+ packs")


def run(program, arguments):
    environment = os.environ | {"COLUMNS": "80", "LC_ALL": "C.UTF-8", "TZ": "UTC", "XDG_CONFIG_HOME": "/nonexistent"}
    command = [program, *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, timeout=120, check=True).stdout.decode()


def main(program, accept):
    program = str(Path(program).resolve())
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    ids = [line.split()[0] for line in run(program, ["patterns", "list"]).splitlines() if "/" in line]
    counts = f"{len(ids)} patterns in {len({i.split('/')[0] for i in ids})} packs"
    right = COUNTS.sub(counts, text)
    right = BLOCK.sub(lambda block: f"```console\n$ logscan {block[1]}\n{run(program, block[1].split())}```", right)
    if accept:
        readme.write_text(right, encoding="utf-8")
    checks = {
        "there is output to check": bool(BLOCK.search(text)),
        "counts of patterns and packs": COUNTS.findall(text) == [counts] or accept,
        "output of commands": BLOCK.findall(text) == BLOCK.findall(right) or accept,
    }
    for number, (name, good) in enumerate(checks.items(), 1):
        print(f"{'ok' if good else 'not ok'} {number} - {name}")
    if not all(checks.values()):
        print("# tests/readme.py LOGSCAN --accept writes it anew")
    print(f"1..{len(checks)}")
    return not all(checks.values())


sys.exit(main(sys.argv[1], "--accept" in sys.argv[2:]))
