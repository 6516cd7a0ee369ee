#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How often is the true cause first? incidents.py LOGSCAN FOLDER... [--robust] [--ablation]

Each FOLDER holds cases: CASE/truth.json and CASE/logs/ (or the logs beside truth.json). truth.json has regular expressions of lines that
state the root cause (root_any), of victims (symptom_any) and of errors of healthy times (noise_any); a case without root_any is quiet.
A cause states the root when of its first five evidence lines more match root_any than the others.

--robust     also mixes in ten times as much harmless noise, cuts off the first or the last 30 % of the logs, shifts the clock of every
             second source by 3 s, and leaves out every second source; counted are the cases in which root lines are left. And counts what
             is said of clocks that differ: right when it is what they were shifted by, wrong else, silent when shifted clocks are not told.
--ablation   ranks again with each factor of the score left out.
"""

import argparse
import gzip
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

EVIDENCE = 5
NOT_LOGS = {"truth.json", "README.md", "record"}


def read(path):
    data = path.read_bytes()
    return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


class Case:
    def __init__(self, folder):
        self.name = folder.name
        self.folder = folder
        self.truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
        root = folder / "logs" if (folder / "logs").is_dir() else folder
        self.root = root
        self.paths = sorted(
            p for p in root.rglob("*") if p.is_file() and p.name not in NOT_LOGS and p.suffix not in (".py", ".in", ".md", ".conf", ".sql")
        )
        self.roots = self.patterns("root_any")
        self.others = self.patterns("symptom_any", "noise_any")
        self.options = ["--tz", self.truth["tz"]] if self.truth.get("tz") else []

    def patterns(self, *keys):
        return [re.compile(pattern, re.I) for key in keys for pattern in self.truth.get(key) or []]

    def is_quiet(self):
        return not self.roots

    def rank(self, causes):
        for position, cause in enumerate(causes, 1):
            texts = [line["text"] for line in cause["evidence"][:EVIDENCE]]
            roots = [any(p.search(text) for p in self.roots) for text in texts]
            others = [any(p.search(text) for p in self.others) for text in texts]
            if sum(roots) > sum(other and not root for root, other in zip(roots, others)):
                return position
        return 0


def cases_below(folders):
    return [Case(truth.parent) for folder in folders for truth in sorted(Path(folder).glob("*/truth.json"))]


def report(program, paths, options=()):
    command = [program, "--format", "json", *options, *map(str, paths)]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=300).stdout)


def first_causes(document):
    return document["incidents"][0]["causes"] if document["incidents"] else []


class Score:
    """Ranks of the true cause, 0 where it is missed."""

    def __init__(self):
        self.ranks = []

    def add(self, rank):
        self.ranks.append(rank)

    def share(self, best):
        return sum(0 < rank <= best for rank in self.ranks) / max(len(self.ranks), 1)

    def __str__(self):
        return f"{len(self.ranks)} cases, first {self.share(1):.3f}, in the first three {self.share(3):.3f}"


# --- what may happen to logs ---

TIME = re.compile(rb"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d")
NOISE = [
    b"ERROR avatar %d of user %d is not an image",
    b"WARN voucher %d is not known, order %d goes on without",
    b"ERROR address of customer %d has no postcode, letter %d skipped",
]


def cut(lines, start, end):
    n = len(lines)
    return lines[int(n * start) : int(n * end)]


def shifted(data, seconds):
    def later(match):
        separator = match[0][10:11].decode()
        moment = datetime.fromisoformat(match[0].decode().replace("T", " ")) + timedelta(seconds=seconds)
        return moment.strftime(f"%Y-%m-%d{separator}%H:%M:%S").encode()

    return TIME.sub(later, data)


def noise_for(case, document):
    """Errors that nobody minds, evenly over the whole time: ten for each error event of the healthy part."""
    inputs = [i for i in document["inputs"] if i["first"]]
    first = min(datetime.fromisoformat(i["first"].replace("Z", "+00:00")) for i in inputs)
    last = max(datetime.fromisoformat(i["last"].replace("Z", "+00:00")) for i in inputs)
    incident = document["incidents"][0] if document["incidents"] else None
    before = incident["errors_per_minute_before"] if incident else 10
    count = int(10 * max(before, 1) * (last - first).total_seconds() / 60)
    step = (last - first) / max(count, 1)
    times = (first + step * i for i in range(count))
    return b"".join(
        f"{t.strftime('%Y-%m-%dT%H:%M:%S')}.{t.microsecond // 1000:03}Z ".encode() + NOISE[i % 3] % (i, 7 * i % 1000) + b"\n"
        for i, t in enumerate(times)
    )


def variants(case, program):
    """Yields (what was done, {name: bytes}, {name: seconds by which its clock was set})."""
    logs = {str(path.relative_to(case.root)): read(path) for path in case.paths}
    names = sorted(logs)
    yield "ten times the noise", logs | {"noise.log": noise_for(case, report(program, case.paths, case.options))}, {}
    for what, start, end in ("first 30 % cut off", 0.3, 1), ("last 30 % cut off", 0, 0.7):
        yield what, {name: b"".join(cut(data.splitlines(keepends=True), start, end)) for name, data in logs.items()}, {}
    apart = {name: shifted(logs[name], 3 * (i % 2)) for i, name in enumerate(names)}
    yield "clocks 3 s apart", apart, {name: 3 for name in names if apart[name] != logs[name]}
    for odd in 0, 1:
        if len(names) > 1:
            yield "every second source", {name: logs[name] for name in names[odd::2]}, {}


def has_root(case, logs):
    return any(p.search(line) for data in logs.values() for line in data.decode(errors="replace").splitlines() for p in case.roots)


def judge_clocks(document, folder, set_by):
    """What the report says of clocks: how often it is right, and wrong; and whether it is silent where there is something to say."""
    told = document["clocks"]
    by_path = {str(Path(folder, name.removesuffix(".gz"))): seconds for name, seconds in set_by.items()}
    right = sum(
        abs(by_path.get(c["source"], 0) - by_path.get(c["reference"], 0) - c["ahead_seconds"]) <= c["uncertainty_seconds"] for c in told
    )
    return Counter(right=right, wrong=len(told) - right, silent=int(not told and 0 < len(by_path)))


def robust(program, cases):
    scores, clocks = {}, Counter()
    for case in cases:
        if case.is_quiet():
            continue
        for what, logs, set_by in variants(case, program):
            if not has_root(case, logs):
                continue
            with tempfile.TemporaryDirectory() as folder:
                for name, data in logs.items():
                    path = Path(folder, name.removesuffix(".gz"))
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(data)
                paths = sorted(p for p in Path(folder).rglob("*") if p.is_file())
                document = report(program, paths, case.options)
                rank = case.rank(first_causes(document))
                clocks += judge_clocks(document, folder, set_by)
            scores.setdefault(what, Score()).add(rank)
            if not 0 < rank <= 3:
                print(f"  {case.name}, {what}: {rank or 'missed'}")
    for what, score in scores.items():
        print(f"{what:22} {score}")
    print(f"{'clocks that differ':22} told {clocks['right']} times right, {clocks['wrong']} wrong; silent in {clocks['silent']} cases")


# --- what each factor is worth ---


def ablation(program, cases):
    ranked = [(case, first_causes(report(program, case.paths, case.options))) for case in cases if not case.is_quiet()]
    factors = [why["factor"] for _, causes in ranked[:1] for why in causes[0]["why"]]
    for left_out in [None, *factors]:
        score = Score()
        for case, causes in ranked:
            key = lambda cause: -sum(w["value"] * w["weight"] for w in cause["why"] if w["factor"] != left_out)
            score.add(case.rank(sorted(causes, key=key)))
        print(f"{'without ' + left_out if left_out else 'all factors':18} {score}")


def main():
    args = argparse.ArgumentParser()
    args.add_argument("program")
    args.add_argument("folders", nargs="+")
    args.add_argument("--robust", action="store_true")
    args.add_argument("--ablation", action="store_true")
    args = args.parse_args()
    cases = cases_below(args.folders)
    score, quiet, loud = Score(), 0, 0
    for case in cases:
        document = report(args.program, case.paths, case.options)
        if case.is_quiet():
            quiet += 1
            loud += document["verdict"] == "incident"
            continue
        rank = case.rank(first_causes(document))
        score.add(rank)
        if rank != 1:
            print(f"  {case.name}: {rank or 'missed'}")
    print(f"{'as recorded':22} {score}; quiet {quiet - loud} of {quiet}")
    if args.robust:
        robust(args.program, cases)
    if args.ablation:
        ablation(args.program, cases)
    return 0


if __name__ == "__main__":
    sys.exit(main())
