#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The merge law at random: merge_law.py LOGSCAN [RUNS [BYTES]].

Cuts logs at random sizes, deals the parts out to ledgers at random, merges those in a random tree, and compares the report with that of
one run, byte by byte: RUNS times (default 1,000), half of them on a made-up log of BYTES (default 400,000,000), half on the folders below
$LOGSCAN_LAW_FOLDER, or on the sample logs without it. Each cut is scanned once and grouped GROUPINGS times.
"""

import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import logs

GROUPINGS = 25
SAMPLES = Path(__file__).resolve().parents[2] / "sample-logs"


class Law:
    def __init__(self, program, scratch, rng):
        self.program, self.scratch, self.rng = program, scratch, rng

    def run(self, *arguments, **more):
        result = subprocess.run([self.program, *map(str, arguments)], capture_output=True, check=False, **more)
        if result.returncode not in (0, 3):  # 3: the log itself is damaged, in one run as well
            raise RuntimeError(f"{arguments}: {result.stderr.decode()}")
        return result.stdout

    def cut(self, folder, paths, total):
        """Ledgers of the parts of one random cut, each of a random share of them."""
        size = max(200, int(total / self.rng.uniform(1.5, 40)))
        parts = self.run("parts", "--size", size, *paths, cwd=folder).splitlines(keepends=True)
        self.rng.shuffle(parts)
        n = min(len(parts), self.rng.randrange(2, 24))
        hands = [parts[i::n] for i in range(n)]
        for number, hand in enumerate(hands):
            self.run("-q", "--parts", "-", "--ledger", self.scratch / f"{number}.ledger", input=b"".join(hand), cwd=folder)
        return len(parts), [self.scratch / f"{number}.ledger" for number in range(n)]

    def grouped(self, ledgers):
        """The report of the ledgers merged in a random tree; some inner nodes are saved and loaded again."""
        nodes = self.rng.sample(ledgers, len(ledgers))
        for number in range(self.rng.randrange(0, 4)):
            if len(nodes) < 3:
                break
            taken, nodes = nodes[:2], nodes[2:]
            inner = self.scratch / f"inner-{number}.ledger"
            self.run("merge", "-q", "--ledger", inner, *taken)
            nodes.insert(self.rng.randrange(len(nodes) + 1), inner)
        return self.run("merge", "-f", "json", *nodes)


def total_of(paths):
    return sum(path.stat().st_size * (10 if path.suffix in (".gz", ".zst", ".xz", ".bz2") else 1) for path in paths)


def check(law, name, folder, files, runs):
    """Number of wrong reports of @runs."""
    paths = [path.relative_to(folder) for path in files]
    expected = law.run("-f", "json", *paths, cwd=folder)
    wrong = done = most = 0
    while done < runs:
        n, ledgers = law.cut(folder, paths, total_of(files))
        most = max(most, n)
        for _ in range(min(GROUPINGS, runs - done)):
            wrong += law.grouped(ledgers) != expected
            done += 1
    print(f"{name}: {done} groupings, up to {most} parts, {wrong} differ", flush=True)
    return wrong


def incidents(root):
    """Folders with logs in them, each with its logs."""
    for folder in sorted({path.parent for path in root.rglob("*") if path.is_file()}):
        files = sorted(path for path in folder.iterdir() if path.is_file() and ".log" in path.name)
        if files:
            yield folder, files


def main(program, runs=1000, size=400_000_000):
    rng = random.Random(10)
    with tempfile.TemporaryDirectory() as scratch:
        law = Law(str(Path(program).resolve()), Path(scratch), rng)
        big = Path(scratch) / "big.log"
        logs.write(big, size)
        wrong = check(law, f"made-up log of {big.stat().st_size} bytes", big.parent, [big], runs // 2)
        folders = list(incidents(Path(os.environ.get("LOGSCAN_LAW_FOLDER", SAMPLES))))
        left = runs - runs // 2
        for number, (folder, files) in enumerate(folders):
            share = left * (number + 1) // len(folders) - left * number // len(folders)
            wrong += check(law, f"{folder.parent.name}/{folder.name}", folder, files, share) if share else 0
    print(f"{runs} groupings, {wrong} differ")
    return wrong > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], *map(int, sys.argv[2:])))
