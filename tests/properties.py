#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What must not change a report: properties.py LOGSCAN. Prints TAP.

The same logs give the same bytes for any number of workers, any size of a block, plain, compressed by anything or in any archive,
with or without the fast libraries, and for any way to split the files, or to cut them, into ledgers and merge those. The templates of a log are the same
too when its lines are shuffled within a second, or its events are dealt out to several files.
"""

import bz2
import difflib
import gzip
import itertools
import json
import lzma
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

SAMPLE = Path(__file__).resolve().parent.parent / "sample-logs/overloaded-database"
START = datetime(2026, 3, 1, 12, 0, 0, tzinfo=timezone.utc)
EVENTS = 600
BROKEN = range(400, 520)  # when the made-up logs report errors
DIFF_LINES = 60
MTIME = int(START.timestamp())

BLOCKS = (1024, 65536, 1048576)
JOBS = (1, 2, 8)


# --- logs ---


def moment(i):
    return START + timedelta(seconds=i)


def json_line(i):
    broken = i in BROKEN
    return json.dumps({
        "ts": moment(i).isoformat(timespec="milliseconds"),
        "level": "error" if broken else "info",
        "msg": "dial tcp 10.0.0.7:5432: connect: connection refused" if broken else f"order {i} stored",
        "request": {"id": f"{i * 7919:08x}", "path": "/checkout"},
    })


def logfmt_line(i):
    level, message = ("error", f"charge {i} failed: context deadline exceeded") if i in BROKEN else ("info", "charged")
    return f'time={moment(i):%Y-%m-%dT%H:%M:%SZ} level={level} msg="{message}" amount={i % 97}'


def trace_lines(i):
    time = f"{moment(i):%Y-%m-%d %H:%M:%S},{i % 1000:03d}"
    if i not in BROKEN:
        return f"{time} INFO  [pool-{i % 8}] shop.Cart - added article {i}"
    frames = "".join(f"\n\tat shop.Cart.step{n}(Cart.java:{n})" for n in range(3 if i % 40 else 4000))
    return (
        f"{time} ERROR [pool-{i % 8}] shop.Cart - cannot store cart {i}\n"
        f"java.lang.IllegalStateException: no cart{frames}\n"
        f"Caused by: java.sql.SQLTransientConnectionException: HikariPool-1 - Connection is not available, "
        f"request timed out after 30000ms.\n\t... 12 more"
    )


def untimed_line(i):
    return f"worker {i % 4}: " + ("ERROR: out of memory, giving up" if i in BROKEN else f"did job {i} in {i % 13} ms")


def write_logs(folder):
    """Each set of logs by its name: files below @folder."""
    kinds = {"json": json_line, "logfmt": logfmt_line, "traces": trace_lines, "untimed": untimed_line}
    sets = {}
    for name, line in kinds.items():
        path = folder / f"{name}.log"
        path.write_text("".join(line(i) + "\n" for i in range(EVENTS)), encoding="utf-8")
        sets[name] = [path]
    sets["mixed"] = [path for name in ("json", "logfmt", "traces") for path in sets[name]]
    sets["sample"] = []
    for path in sorted(SAMPLE.rglob("*.log*")):
        copy = folder / "sample" / path.relative_to(SAMPLE)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
        sets["sample"].append(copy)
    for paths in sets.values():
        for path in paths:
            os.utime(path, (MTIME, MTIME))
    return {name: [path.relative_to(folder) for path in paths] for name, paths in sets.items()}


def repack(source, target):
    """Writes plain as gzip and gzip as plain, under the same name: what a file is, its bytes say."""
    data = source.read_bytes()
    if data.startswith(b"\x1f\x8b"):
        data = gzip.decompress(data)
    else:
        # Two members, as appending leaves it, cut in the middle of a line.
        half = len(data) // 2
        data = b"".join(gzip.compress(part, mtime=MTIME) for part in (data[:half], data[half:]))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
    os.utime(target, (MTIME, MTIME))


# --- the program ---


class Logscan:
    def __init__(self, program, folder):
        self.program, self.folder = program, folder

    def run(self, *arguments):
        result = subprocess.run(
            [self.program, *map(str, arguments)], cwd=self.folder, capture_output=True, timeout=120, check=False
        )
        if result.returncode != 0:
            return f"exit {result.returncode}\n{result.stdout.decode()}{result.stderr.decode()}"
        return result.stdout.decode()

    def report(self, *arguments):
        return self.run("--format", "json", *arguments)

    def save(self, ledger, *arguments):
        """Saves a ledger; returns its name."""
        complaint = self.run(*arguments, "--quiet", "--ledger", ledger)
        return ledger if not complaint else complaint


# --- properties: each yields (name, expected, actual) ---


def check_runs(logscan, paths):
    expected = logscan.report("--jobs", 1, *paths)
    yield "there is an incident to compare", 1, expected.count('"verdict" : "incident"')
    for jobs in JOBS:
        yield f"--jobs {jobs}", expected, logscan.report("--jobs", jobs, *paths)
    for size in BLOCKS:
        yield f"--block-bytes {size}", expected, logscan.report("--block-bytes", size, *paths)
    yield "--portable", expected, logscan.report("--portable", *paths)


def check_events(logscan, paths):
    expected = logscan.run("events", *paths)
    for size in BLOCKS:
        yield f"events --block-bytes {size}", expected, logscan.run("events", "--block-bytes", size, *paths)


COMPRESSION = re.compile(r'"compression" : "[a-z0-9+]+"')
NOT_BUILT_IN = re.compile(r"\w+ is not built in")


def same_report(expected, actual):
    """Both without what they must differ in; a build that cannot read this says so, and no more is asked of it."""
    if NOT_BUILT_IN.search(actual):
        return True, True
    return COMPRESSION.sub("", expected), COMPRESSION.sub("", actual)


def check_packing(logscan, paths):
    other = Logscan(logscan.program, logscan.folder / "repacked")
    for path in paths:
        repack(logscan.folder / path, other.folder / path)
    yield "gzip against plain", *same_report(logscan.report(*paths), other.report(*paths))


COMPRESSORS = {
    "zstd": lambda data: subprocess.run(["zstd", "-q"], input=data, capture_output=True, check=True).stdout,
    "lz4": lambda data: subprocess.run(["lz4", "-q"], input=data, capture_output=True, check=True).stdout,
    "xz": lzma.compress,
    "bzip2": bz2.compress,
    "gzip in gzip": lambda data: gzip.compress(gzip.compress(data, mtime=MTIME), mtime=MTIME),
    "UTF-16": lambda data: data.decode("utf-8").encode("utf-16"),
}


def without_note(report):
    return re.sub(r'"note" : ("[^"]*"|null)', "", report)


def check_compressors(logscan, paths):
    expected = without_note(logscan.report(*paths))
    for name, compress in COMPRESSORS.items():
        other = Logscan(logscan.program, logscan.folder / name)
        for path in paths:
            data = (logscan.folder / path).read_bytes()
            data = gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data
            target = other.folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(compress(data))
            os.utime(target, (MTIME, MTIME))
        yield f"{name} against plain", *same_report(expected, without_note(other.report(*paths)))


# What bsdtar calls them; "warc" and others hold no files.
ARCHIVES = ("tar", "tar.gz", "tar.zst", "tar.xz", "zip", "7z", "cpio")


def check_archives(logscan, paths):
    """A file in a folder named "logs.tar!" has the same name as one in the archive "logs.tar"."""
    for kind in ARCHIVES:
        other = Logscan(logscan.program, logscan.folder / "archives" / kind)
        for path in paths:
            target = other.folder / f"logs.{kind}!" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(logscan.folder / path, target)
        # In reverse: the order of an archive is as good as any.
        subprocess.run(["bsdtar", "-acf", other.folder / f"logs.{kind}", *reversed(paths)], cwd=logscan.folder, check=True)
        expected = other.report(*(f"logs.{kind}!/{path}" for path in paths))
        yield f"{kind} against files", *same_report(expected, other.report(f"logs.{kind}"))
        for jobs, size in ((1, 1024), (8, 65536)) if kind == "tar.gz" else ():
            runs = "--jobs", jobs, "--block-bytes", size
            yield f"{kind} --jobs {jobs} --block-bytes {size}", *same_report(expected, other.report(*runs, f"logs.{kind}"))


JOURNAL_WRITER = Path("/usr/lib/systemd/systemd-journal-remote")


def journal_entry(i):
    broken = i in BROKEN
    message = "FATAL:  sorry, too many clients already" if broken else f"order {i} stored"
    return (
        f"__REALTIME_TIMESTAMP={MTIME + i}000000\n__MONOTONIC_TIMESTAMP={i + 1}\n_BOOT_ID={'01' * 16}\n"
        f"_TRANSPORT=journal\nPRIORITY={3 if broken else 6}\nSYSLOG_IDENTIFIER=shop\n_PID={i % 7}\nMESSAGE={message}\n\n"
    ), f"{moment(i):%Y-%m-%dT%H:%M:%SZ} {'ERROR' if broken else 'INFO'} shop[{i % 7}]: {message}\n"


def check_journal(logscan):
    """A journal against the lines that it stands for."""
    if not JOURNAL_WRITER.exists():
        return
    other = Logscan(logscan.program, logscan.folder / "journal")
    other.folder.mkdir()
    entries, lines = zip(*map(journal_entry, range(EVENTS)))
    (logscan.folder / "x.journal").write_text("".join(lines), encoding="utf-8")
    subprocess.run([JOURNAL_WRITER, "-o", "x.journal", "-"], input="".join(entries).encode(), cwd=other.folder, capture_output=True, check=True)
    yield "journal: against its lines", *same_report(logscan.report("x.journal"), other.report("x.journal"))


def check_merge(logscan, paths):
    expected = logscan.report(*paths)
    half = (len(paths) + 1) // 2
    alone = [logscan.save(f"{i}.ledger", path) for i, path in enumerate(paths)]
    front, back = logscan.save("front.ledger", *paths[:half]), logscan.save("back.ledger", *paths[half:])
    yield "one ledger each", expected, logscan.run("merge", "-f", "json", *alone)
    yield "one ledger each, last first", expected, logscan.run("merge", "-f", "json", *reversed(alone))
    yield "two halves", expected, logscan.run("merge", "-f", "json", front, back)
    yield "two halves, last first", expected, logscan.run("merge", "-f", "json", back, front)
    inner = logscan.save("inner.ledger", "merge", *alone[1:])
    yield "a merge of a merge", expected, logscan.run("merge", "-f", "json", inner, alone[0])


def deal_parts(logscan, rng, size, paths):
    """Parts of the logs, dealt out to a few ledgers, which are merged in a random order."""
    parts = logscan.run("parts", "--size", size, *paths).splitlines()
    hands = [[] for _ in range(min(4, len(parts)))]
    for number, part in enumerate(rng.sample(parts, len(parts))):
        hands[number % len(hands)].append(part)
    ledgers = []
    for number, hand in enumerate(hands):
        (logscan.folder / f"{number}.parts").write_text("\n".join(hand) + "\n")
        ledgers.append(logscan.save(f"part-{number}.ledger", "--parts", f"{number}.parts"))
    return len(parts), logscan.run("merge", "-f", "json", *rng.sample(ledgers, len(ledgers)))


def check_parts(logscan, paths):
    rng = random.Random(len(str(paths)))
    expected = logscan.report(*paths)
    for size in (3000, 20000):
        n, actual = deal_parts(logscan, rng, size, paths)
        yield f"{n} parts of {size} bytes", expected, actual


MANY_PARTS = {
    "gzip members": lambda part: gzip.compress(part, mtime=MTIME),
    "zstd frames": lambda part: subprocess.run(["zstd", "-q"], input=part, capture_output=True, check=True).stdout,
}


def check_members(logscan):
    """Compressed data is cut where members or frames begin, which may be within a line."""
    data = "".join(trace_lines(i) + "\n" for i in range(EVENTS)).encode()
    for name, compress in MANY_PARTS.items():
        path = logscan.folder / f"{name.replace(' ', '-')}.log"
        path.write_bytes(b"".join(compress(data[at : at + 30000]) for at in range(0, len(data), 30000)))
        os.utime(path, (MTIME, MTIME))
        expected = logscan.report(path.name)
        if NOT_BUILT_IN.search(expected):
            continue
        n, actual = deal_parts(logscan, random.Random(1), 50000, [path.name])
        yield f"{name}: there are parts", True, n > 2
        yield f"{name}: {n} parts", expected, actual


def crowded_events():
    """Events of many kinds, some of several lines, five in each second; one odd line; names that are no numbers."""
    names = ("alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi", "ivan", "judy")
    for i in range(EVENTS * 2):
        stamp, name = f"{moment(i // 5):%Y-%m-%d %H:%M:%S}", names[i * 7 % len(names)]
        yield stamp, (
            f"INFO order {i} of {name} stored in {i * 31 % 97} ms",
            f"INFO login of user {name} from 10.0.0.{i % 9}:{40000 + i}",
            f'WARN cache key="{name} {i % 3}" status={200 + i % 2} expired=',
            f"ERROR cannot store order {i}\njava.lang.IllegalStateException: no cart\n\tat shop.Cart.step(Cart.java:{i})",
            f"INFO the {name} finished",
            "INFO heartbeat",
            f"INFO order {i} of {name} (new) stored in 5 ms" if i % 100 == 6 else "INFO heartbeat",
        )[i % 7]


def check_templates(logscan):
    rng = random.Random(6)
    events = [f"{stamp} {text}\n" for stamp, text in crowded_events()]

    def templates(number, *parts, options=()):
        paths = []
        for part, lines in enumerate(parts):
            path = logscan.folder / f"crowd-{number}-{part}.log"
            path.write_text("".join(lines), encoding="utf-8")
            paths.append(path.name)
        return logscan.run("templates", "--format", "json", *options, *paths)

    expected = templates(0, events)
    yield "there are templates", True, 5 <= expected.count('"count"') and "order <*> of <*> stored in <*>" in expected
    for jobs in JOBS:
        yield f"--jobs {jobs}", expected, templates(0, events, options=("--jobs", jobs))
    for size in BLOCKS:
        yield f"--block-bytes {size}", expected, templates(0, events, options=("--block-bytes", size))
    for number in range(1, 4):
        shuffled = sorted(events, key=lambda event: (event[:19], rng.random()))
        yield f"shuffled within a second, {number}", expected, templates(number, shuffled)
        cuts = sorted(rng.sample(range(1, len(events)), 3))
        parts = [events[a:b] for a, b in zip([0, *cuts], [*cuts, len(events)])]
        yield f"cut at events {cuts}", expected, templates(10 + number, *reversed(parts))
        dealt = [rng.randrange(4) for _ in events]
        parts = [[event for event, hand in zip(shuffled, dealt) if hand == part] for part in range(4)]
        yield f"dealt out to files, {number}", expected, templates(20 + number, *parts)


def check_all(logscan, sets):
    for what, expected, actual in check_templates(logscan):
        yield f"templates: {what}", expected, actual
    for name, paths in sets.items():
        checks = [check_runs, check_events, check_packing, check_compressors, check_parts]
        if len(paths) > 1:
            checks += [check_archives, check_merge]
        for check in checks:
            for what, expected, actual in check(logscan, paths):
                yield f"{name}: {what}", expected, actual
    yield from check_journal(logscan)
    yield from check_members(logscan)


def main(program):
    failed = number = 0
    with tempfile.TemporaryDirectory() as folder:
        logscan = Logscan(Path(program).resolve(), Path(folder))
        for number, (name, expected, actual) in enumerate(check_all(logscan, write_logs(Path(folder))), 1):
            same = expected == actual
            failed += not same
            print(f"{'ok' if same else 'not ok'} {number} - {name}", flush=True)
            if not same:
                rows = [str(text).splitlines() for text in (expected, actual)]
                for line in itertools.islice(difflib.unified_diff(*rows, "expected", "actual", lineterm=""), DIFF_LINES):
                    print(f"# {line}")
    print(f"1..{number}")
    return failed > 0


sys.exit(main(sys.argv[1]))
