#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Evidence bundles of the sample logs: evidence.py LOGSCAN. Prints TAP.

Two runs give the same bytes; each of CHANGES random changes of one byte is found, in a folder and in an archive; excerpts
are found again in the logs, and not when a log was changed or is another; a log that is named is one of the bundle's.
"""

import gzip
import json
import random
import shutil
import subprocess
import sys
from pathlib import Path

import tap

SAMPLES = Path(__file__).resolve().parent.parent / "sample-logs/overloaded-database"
CHANGES = 200
DONE, FOUND = 0, 1


class Bench:
    """Two folders: one with the logs, one from which they are not at hand."""

    def __init__(self, logscan, folder):
        self.logscan = Path(logscan).resolve()
        self.here, self.away = folder / "here", folder / "away"
        self.away.mkdir()
        shutil.copytree(SAMPLES, self.here / "logs", ignore=shutil.ignore_patterns("shop", "*.py", "record", "*.in"))
        for name, more in ("a", []), ("b", ["--jobs", "1"]), ("safe", ["--redact"]):
            for form in name, name + ".tar.gz":
                self.run(self.here, "--quiet", *more, "--evidence", self.away / form, "logs")

    def run(self, folder, *arguments):
        return subprocess.run([self.logscan, *map(str, arguments)], cwd=folder, capture_output=True, text=True, check=False)

    def verify(self, folder, *arguments):
        return self.run(folder, "evidence", "verify", *arguments)


def content(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def without_command(files):
    manifest = json.loads(files["manifest.json"])
    return manifest | {"command": None}, {name: data for name, data in files.items() if not name.startswith("manifest.")}


def unnoticed(bench, rng, path, files):
    """Changes one byte, anywhere in the bundle in proportion to the sizes, so many times; what verify did not notice."""
    for _ in range(CHANGES):
        file = rng.choices(files, [path.stat().st_size for path in files])[0]
        before = file.read_bytes()
        at = rng.randrange(len(before))
        file.write_bytes(before[:at] + bytes([before[at] ^ rng.randrange(1, 256)]) + before[at + 1 :])
        result = bench.verify(bench.away, path)
        file.write_bytes(before)
        if result.returncode != FOUND or "AddressSanitizer" in result.stderr:
            yield f"byte {at} of {file.name}: exit {result.returncode}: {result.stdout}{result.stderr[:500]}"


def is_whole(result, at_hand):
    """Verified: nothing wrong, and all excerpts found or all without their log."""
    words = result.stdout.split()
    found, missing = (int(words[2]), int(words[8])) if len(words) > 8 else (0, 0)
    fine = result.returncode == DONE and (found > 0 and missing == 0 if at_hand else found == 0 and missing > 0)
    return [] if fine else [f"exit {result.returncode}", result.stdout, result.stderr]


def fails(result, what):
    return [] if result.returncode == FOUND and what in result.stderr else [f"exit {result.returncode}", result.stdout, result.stderr]


def counted(result, what):
    """Told, and the one thing that is wrong."""
    return fails(result, what) or ([] if result.stdout.endswith(", 1 wrong\n") else [result.stdout])


def inputs_of(folder):
    return {entry["name"]: entry["again"] for entry in json.loads((folder / "manifest.json").read_text())["inputs"]}


def check_archive(bench):
    """The logs in an archive, beside a picture that is no log."""
    (bench.here / "logs/logo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    subprocess.run(["tar", "-czf", "support.tar.gz", "logs"], cwd=bench.here, check=True)
    (bench.here / "logs/logo.png").unlink()
    made = bench.run(bench.here, "--quiet", "--evidence", bench.away / "archive", "support.tar.gz")
    inputs = inputs_of(bench.away / "archive") if made.returncode == DONE else {}
    right = "support.tar.gz!/logs/postgresql.log" in inputs and set(inputs.values()) == {"archive"} and not any(".png" in name for name in inputs)
    yield "logs in an archive are named", [] if right else [str(inputs), made.stderr]
    yield "they are found in the archive", is_whole(bench.verify(bench.here, bench.away / "archive"), True)
    (bench.here / "support.tar.gz").rename(bench.here / "other.tar.gz")
    yield "and in one of another name", is_whole(bench.verify(bench.here, bench.away / "archive", "other.tar.gz"), True)
    yield "and not without it", is_whole(bench.verify(bench.here, bench.away / "archive"), False)
    log = bench.here / "logs/postgresql.log"
    before = log.read_bytes()
    log.write_bytes(before.replace(b"remaining connection", b"remaining collection"))
    subprocess.run(["tar", "-czf", "support.tar.gz", "logs"], cwd=bench.here, check=True)
    log.write_bytes(before)
    yield "a changed archive is found", fails(bench.verify(bench.here, bench.away / "archive"), "not in support.tar.gz!/logs/postgresql.log")


def check_named(bench):
    """LOGs of the command line: known by what they hold, and wrong where they are none of the bundle's."""
    a, log, moved = bench.away / "a", bench.here / "logs/postgresql.log", bench.here / "moved"
    changed = bench.away / "postgresql.log"
    changed.write_text(log.read_text().replace("too many clients", "too many clowns"))
    told = "postgresql.log: not the logs/postgresql.log of the bundle"
    yield "a changed log that is named is wrong beside the original", counted(bench.verify(bench.here, a, changed), told)
    yield "and where the original is gone", counted(bench.verify(bench.away, a, changed), told)
    (bench.away / "more.log").write_text("2026-11-24T04:48:04Z INFO other\n")
    other = bench.verify(bench.here, a, bench.away / "more.log")
    yield "a log of another name, too", counted(other, "more.log: none of the logs of the bundle")
    plain = bench.here / "app.log"
    plain.write_bytes(gzip.decompress((bench.here / "logs/app.log.gz").read_bytes()))
    yield "a log is known once decompressed", is_whole(bench.verify(bench.here, a, plain), True)
    yield "standard input is refused", counted(bench.verify(bench.here, a, "-"), "-: standard input cannot be read twice")
    plain.unlink()

    shutil.move(bench.here / "logs", moved)
    yield "the folder of the logs is read", is_whole(bench.verify(bench.here, a, "moved"), True)
    (moved / "more.log").write_text("2026-11-24T04:48:04Z INFO other\n")
    yield "with other files in it", is_whole(bench.verify(bench.here, a, "moved"), True)
    log = moved / "postgresql.log"
    before = log.read_bytes()
    log.write_bytes(changed.read_bytes())
    result = bench.verify(bench.here, a, "moved")
    right = result.returncode == DONE and "moved/postgresql.log: not the logs/postgresql.log" in result.stderr
    yield "a changed log in it is told", [] if right else [result.stdout, result.stderr]
    log.write_bytes(before)
    (moved / "more.log").unlink()
    (bench.here / "empty").mkdir()
    yield "a folder without logs is told", counted(bench.verify(bench.here, a, "empty"), "empty: no log files in this folder")
    shutil.move(moved, bench.here / "logs")


def check_stdin(bench):
    with open(bench.here / "logs/postgresql.log", "rb") as log:
        command = [bench.logscan, "--quiet", "--evidence", bench.away / "stdin"]
        made = subprocess.run(command, stdin=log, cwd=bench.here, capture_output=True, check=False)
    files = json.loads((bench.away / "stdin/manifest.json").read_text())
    right = made.returncode == DONE and inputs_of(bench.away / "stdin") == {"-": "nowhere"} and not files["excerpts"]
    yield "of standard input there is only the report", [] if right else [str(files["inputs"]), made.stderr.decode()]
    result = bench.verify(bench.here, bench.away / "stdin")
    yield "which verifies", [] if result.returncode == DONE else [result.stdout, result.stderr]


def check_parts(bench):
    """The same logs in parts: each is one input, and its excerpts stand there once."""
    (bench.here / "logs.parts").write_text(bench.run(bench.here, "parts", "--size", "16K", "logs").stdout)
    bench.run(bench.here, "--quiet", "--parts", "logs.parts", "--evidence", bench.away / "parts")
    manifest, whole = (json.loads((bench.away / name / "manifest.json").read_text()) for name in ("parts", "a"))
    right = manifest["inputs"] == whole["inputs"] and manifest["excerpts"] == whole["excerpts"]
    yield "logs in parts give the same excerpts", [] if right else [str(manifest["inputs"])]
    yield "which verify", is_whole(bench.verify(bench.here, bench.away / "parts"), True)


def check_host(bench):
    """Logs of a named host: the report names them HOST:PATH, and they are read under their path."""
    made = bench.run(bench.here, "--quiet", "--host", "web1", "--evidence", bench.away / "host", "logs")
    manifest = json.loads((bench.away / "host/manifest.json").read_text())
    report = (bench.away / "host/report.json").read_text()
    right = made.returncode == DONE and manifest["host"] == "web1" and "web1:logs/postgresql.log" in report
    yield "logs of a host are named", [] if right else [str(manifest["inputs"]), made.stderr]
    yield "and found by their paths", is_whole(bench.verify(bench.here, bench.away / "host"), True)


def check_names(bench):
    """Of the bundle: an archive that is there, and what would look like one."""
    archive = bench.away / "b.tar.gz"
    before = archive.read_bytes()
    again = bench.run(bench.here, "--quiet", "--evidence", archive, "logs")
    refused = again.returncode == 2 and "is there already" in again.stderr and archive.read_bytes() == before
    yield "an archive is not written over", [] if refused else [f"exit {again.returncode}", again.stderr]
    for name in "ev.zip", "ev.tar", "ev.tar.xz", "ev.TGZ", "ev.7z":
        result = bench.run(bench.here, "--quiet", "--evidence", name, "logs")
        refused = result.returncode == 2 and "a .tar.gz, a .tgz or a folder" in result.stderr and not (bench.here / name).exists()
        yield f"{name} is refused", [] if refused else [f"exit {result.returncode}", result.stderr]
    made = bench.run(bench.here, "--quiet", "--evidence", "ev.tgz", "logs")
    whole = is_whole(bench.verify(bench.here, "ev.tgz"), True)
    yield "a .tgz is written", whole if made.returncode == DONE else [made.stderr]


def check(bench):
    yield from check_archive(bench)
    yield from check_stdin(bench)
    yield from check_parts(bench)
    yield from check_host(bench)
    yield from check_named(bench)
    rng = random.Random(6)
    a, b, safe = bench.away / "a", bench.away / "b", bench.away / "safe"
    yield "two runs give the same folder", [] if without_command(content(a)) == without_command(content(b)) else ["they differ"]
    bench.run(bench.here, "--quiet", "--evidence=" + str(bench.away / "c.tar.gz"), "logs")
    same = (bench.away / "a.tar.gz").read_bytes() == (bench.away / "c.tar.gz").read_bytes()
    yield "two runs give the same archive", [] if same else ["they differ"]
    subprocess.run(["tar", "-xzf", "a.tar.gz", "--one-top-level=x"], cwd=bench.away, check=True)
    yield "the archive holds the folder", [] if content(bench.away / "x") == content(a) else ["they differ"]

    for path in a, bench.away / "a.tar.gz", safe, bench.away / "safe.tar.gz":
        yield f"{path.name} verifies beside its logs", is_whole(bench.verify(bench.here, path), True)
        yield f"{path.name} verifies without them", is_whole(bench.verify(bench.away, path), False)
    shutil.move(bench.here / "logs", bench.here / "moved")
    logs = [path for path in sorted((bench.here / "moved").rglob("*")) if path.is_file() and path.suffix != ".md"]
    yield "logs under other names are known", is_whole(bench.verify(bench.here, a, *logs), True)
    shutil.move(bench.here / "moved", bench.here / "logs")

    folder_files = sorted(path for path in a.rglob("*") if path.is_file())
    yield f"{CHANGES} changes of a folder are found", list(unnoticed(bench, rng, a, folder_files))
    yield f"{CHANGES} changes of an archive are found", list(unnoticed(bench, rng, bench.away / "a.tar.gz", [bench.away / "a.tar.gz"]))
    archive = (bench.away / "a.tar.gz").read_bytes()
    for name, data in ("longer", archive + b"\0"), ("shorter", archive[:-1]), ("empty", b""), ("another", gzip.compress(b"x" * 2000)):
        (bench.away / "bad.tar.gz").write_bytes(data)
        yield f"an archive that is {name} is found", fails(bench.verify(bench.away, "bad.tar.gz"), "archive")
    (a / "excerpts/more.log").write_text("planted")
    yield "a file too many is found", fails(bench.verify(bench.away, a), "more.log: not in the manifest")
    (a / "excerpts/more.log").unlink()
    (a / "report.txt").rename(bench.away / "report.txt")
    yield "a file too few is found", fails(bench.verify(bench.away, a), "report.txt: missing")
    (bench.away / "report.txt").rename(a / "report.txt")

    for name, data in ("nested", b"[" * 1000000), ("nested behind a comment", b'#"\n' + b"[" * 1000000), ("nested in objects", b'{"a":' * 1000000):
        (b / "manifest.json").write_bytes(data)
        yield f"a manifest that is {name} is found", fails(bench.verify(bench.away, b), "not a manifest")

    log = bench.here / "logs/postgresql.log"
    log.write_text(log.read_text().replace("too many clients", "too many clowns"))
    yield "a changed log is found", fails(bench.verify(bench.here, a), "not in logs/postgresql.log")
    yield "a changed log is found, redacted", fails(bench.verify(bench.here, safe), "not in logs/postgresql.log")
    leaked = [name for name, data in content(safe).items() if b"@example.com" in data]
    yield "nothing in a redacted bundle is unredacted", leaked
    again = bench.run(bench.here, "--quiet", "--evidence", a, "logs")
    yield "a folder is not written over", [] if again.returncode == 2 and "not empty" in again.stderr else [again.stderr]
    yield from check_names(bench)


sys.exit(tap.main(lambda logscan, folder: check(Bench(logscan, folder))))
