#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""--follow on logs that grow and are rotated: follow.py LOGSCAN. Prints TAP.

No line is lost or counted twice over ROTATIONS rotations, by renaming and by copying and truncating; an incident is told
within LATE_SECONDS of its first line; folders, standard input, a journal and a baseline are followed too; memory does not grow
with the days; in words, too, it is told where to look, and of a pipe what was over when it was closed. Nothing is waited for by the clock alone: SIGUSR1 asks the program how much it has read.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from datetime import datetime, timezone
from pathlib import Path

import tap

ROTATIONS = 50
KEPT = 5
LATE_SECONDS = 5
PATIENCE_SECONDS = 120
DAYS = 14
SETTLED_DAYS = 7
GROWTH_BYTES = 16 << 20
SANITIZED_GROWTH_BYTES = 96 << 20  # the sanitizers' allocator gives nothing back, and spreads for weeks


def stamp(at=None):
    return datetime.fromtimestamp(at or time.time(), timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


class Following:
    """A running logscan and what it has told so far, each with the time of its arrival."""

    def __init__(self, logscan, *arguments, stdin=subprocess.DEVNULL, form="jsonl"):
        self.told, self.news, self.form = [], threading.Condition(), form
        words = [logscan, "--no-config", "--follow", "--format", form, *map(str, arguments)]
        environment = os.environ | {"ASAN_OPTIONS": "quarantine_size_mb=8"}
        environment.pop("MALLOC_PERTURB_", None)  # it writes to memory that would take no page
        self.process = subprocess.Popen(words, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()
        if form == "jsonl":
            self.wait_for("start")

    def read(self):
        for line in self.process.stdout:
            with self.news:
                self.told.append((time.time(), json.loads(line) if self.form == "jsonl" else line.decode()))
                self.news.notify_all()
        with self.news:
            self.news.notify_all()

    def wait_for(self, event, more=lambda told: True, since=0, seconds=PATIENCE_SECONDS):
        """(when, what) of the first event of that kind, None when the program ended or patience did."""
        deadline = time.monotonic() + seconds
        with self.news:
            while True:
                for when, told in self.told[since:]:
                    if told["event"] == event and more(told):
                        return when, told
                left = deadline - time.monotonic()
                if left <= 0 or not self.reader.is_alive():
                    return None
                self.news.wait(min(left, 1))

    def wait_for_lines(self, count):
        """Asks how much was read until it is as much."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            since = len(self.told)
            self.process.send_signal(signal.SIGUSR1)
            status = self.wait_for("status", since=since, seconds=PATIENCE_SECONDS / 4)
            if status and status[1]["lines"] >= count:
                return True
            time.sleep(0.02)
        return False

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.end()

    def end(self):
        self.process.wait(timeout=PATIENCE_SECONDS)
        self.reader.join()
        self.errors = self.process.stderr.read().decode()
        return next((told for _, told in self.told if told["event"] == "stop"), {}) if self.form == "jsonl" else self.text()

    def text(self):
        return "".join(line for _, line in self.told)

    def kinds(self):
        return [told["event"] for _, told in self.told if told["event"] != "status"]


def shift(log):
    for i in range(KEPT, 1, -1):
        if Path(f"{log}.{i - 1}").exists():
            os.replace(f"{log}.{i - 1}", f"{log}.{i}")


def rename(log):
    shift(log)
    os.replace(log, f"{log}.1")
    log.touch()


def copy_and_truncate(log):
    shift(log)
    shutil.copy(log, f"{log}.1")
    os.truncate(log, 0)


def count_over_rotations(logscan, log, rotate, followed=None):
    """Writes and rotates; at most KEPT - 1 files are unread, for what is gone from the disk nobody can read."""
    log.write_text(f"{stamp()} INFO shop: before\n")
    following = Following(logscan, followed or log)
    written, before = 0, [0, 0]
    for rotation in range(ROTATIONS):
        with open(log, "a") as file:
            for _ in range(20 + rotation % 7):
                file.write(f"{stamp()} INFO shop: order {written} came\n")
                written += 1
        if rotation % 2:
            following.wait_for_lines(before[0])
        with open(log, "a") as file:
            file.write(f"{stamp()} INFO shop: order {written} came\n")
        written += 1
        before = [before[1], written]
        rotate(log)
    following.wait_for_lines(written)
    stop = following.stop()
    right = stop.get("lines") == written and stop.get("events") == written and following.process.returncode == 0
    return [] if right else [f"{written} lines were written, told {stop}, exit {following.process.returncode}", following.errors[-600:]]


def check_returns(logscan, folder):
    """A file that is away, and back under its name; one whose time is ahead of the clock, as after the clock was set back."""
    for name, far in ("is away and back", False), ("is renamed, from tomorrow", True):
        log = folder / f"{name.split()[1]}.log"
        log.write_text(f"{stamp()} INFO shop: before\n")
        following = Following(logscan, log)
        for count in 5, 12:
            with open(log, "a") as file:
                file.write(healthy(count if count == 5 else 7, time.time()))
            following.wait_for_lines(count)
            if count == 5:
                os.replace(log, f"{log}.1")
                if far:
                    os.utime(f"{log}.1", (time.time() + 86400,) * 2)
        if not far:
            os.replace(f"{log}.1", log)
        with open(log, "a") as file:
            file.write(healthy(3, time.time()))
        following.wait_for_lines(15)
        stop = following.stop()
        yield f"a file that {name}", [] if stop.get("lines") == 15 else [str(stop), following.errors[-600:]]


def check_fast(logscan, folder):
    """A log that grows faster than it is read keeps nobody from ending it."""
    log = folder / "fast.log"
    log.write_text(f"{stamp()} INFO shop: before\n")
    following = Following(logscan, log)
    lines = 3 << 20
    with open(log, "a") as file:
        file.write(f"{stamp()} INFO shop: order came and went and came again\n" * lines)
    while not following.wait_for_lines(1):
        pass
    stop = following.stop()
    yield "a log that is far behind", [] if 0 < stop.get("lines", 0) < lines else [str(stop), following.errors[-600:]]


def healthy(count, until):
    return "".join(f"{stamp(until - count + i)} INFO shop: order {i} came\n" for i in range(count))


REFUSED = "ERROR shop: order not stored: FATAL:  sorry, too many clients already"


def write_errors(following, log, seen, count=400):
    """A line every 0.1 s until @seen; gives when the first one was written."""
    onset = time.time()
    with open(log, "a") as file:
        for _ in range(count):
            file.write(f"{stamp()} {REFUSED}\n")
            file.flush()
            if following.process.poll() is not None or seen():
                break
            time.sleep(0.1)
    return onset


def tell_incident(logscan, log, *arguments):
    log.write_text(healthy(600, time.time() - 1))
    following = Following(logscan, *arguments, log)
    onset = write_errors(following, log, lambda: following.wait_for("cause", is_postgres, seconds=0) or following.wait_for("begins", is_postgres, seconds=0))
    begins = [(arrived - onset, told) for arrived, told in following.told if told["event"] == "begins"]
    return begins, following


def is_postgres(told):
    return told.get("cause", {}).get("id") == "postgresql/connection-limit"


def check_incidents(logscan, folder):
    begins, following = tell_incident(logscan, folder / "d.log")
    following.stop()
    allowed = LATE_SECONDS * max(1, os.getloadavg()[0] / os.cpu_count())
    late = f"{begins[0][0]:.1f} s" if begins else "not at all"
    fine = len(begins) == 1 and begins[0][0] <= allowed
    yield f"an incident is told after {late}", [] if fine else [str(following.told)[:600], following.errors[-600:]]
    yield "its cause is named", [] if any(is_postgres(told) for _, told in following.told) else [str(following.told)[:600]]
    begins, following = tell_incident(logscan, folder / "e.log", "--fail-on", "low")
    following.end()
    code = following.process.returncode
    yield "--fail-on ends it with 1", [] if code == 1 and begins else [f"exit {code}", str(following.told)[:300]]


def check_zone(logscan, folder):
    """Lines that name no zone, of one that is five hours ahead."""
    log = folder / "zone.log"

    def lines(count, until, words):
        return "".join(f"{stamp(until - count + i + 5 * 3600)[:19]} {words} {i}\n" for i in range(count))

    log.write_text(lines(600, time.time() - 60, "INFO shop: order"))
    following = Following(logscan, "--tz", "zone.log=Etc/GMT-5", log)
    with open(log, "a") as file:
        file.write(lines(60, time.time(), REFUSED))
    begins = following.wait_for("begins")
    following.stop()
    onset = begins and datetime.fromisoformat(begins[1]["onset"].replace("Z", "+00:00")).timestamp()
    yield "--tz for one log", [] if begins and abs(begins[0] - onset) < 1800 else [str(following.told)[:600]]


def check_words(logscan, folder):
    """In words: which file and line, and no date where it is today's."""
    quiet, log = folder / "h.log", folder / "i.log"
    for path in quiet, log:
        path.write_text(healthy(600, time.time() - 1))
    following = Following(logscan, quiet, log, form="text")
    write_errors(following, log, lambda: "begins" in following.text())
    text = following.stop()
    told = re.search(r"^incident 1 begins: (.*) to (.*) UTC; .*\n    (.*):(\d+)  (.*)$", text, re.MULTILINE)
    midnight = any(" 00:00:" in line or " 23:59:" in line for line in text.splitlines())
    right = told and told[3] == str(log) and log.read_text().splitlines()[int(told[4]) - 1] == told[5]
    yield "in words the file and the line are told", [] if right else [text, following.errors[-600:]]
    yield "and the time alone where it is today's", [] if told and (midnight or len(told[1]) == len(told[2]) == len("21:07:31")) else [text]


def check_pipe(logscan):
    """A log of last year by a pipe that is closed: what was over before its end has ended."""
    start = datetime(2025, 3, 4, 5, 0, tzinfo=timezone.utc).timestamp()
    errors = "".join(f"{stamp(start + i)} {REFUSED}\n" for i in range(30))
    for name, after in ("is over", healthy(600, start + 640)), ("goes on", ""):
        for form in "text", "jsonl":
            following = Following(logscan, stdin=subprocess.PIPE, form=form)
            following.process.stdin.write((healthy(600, start - 1) + errors + after).encode())
            following.process.stdin.close()
            following.end()
            if form == "text":
                told = re.findall(r"^incident 1 (\w+): 2025-03-04 05:00:\d\d to 05:00:\d\d UTC", following.text(), re.MULTILINE)
            else:
                told = [kind for kind in following.kinds() if kind not in ("start", "stop")]
            wanted = ["begins", "ends"] if after else ["begins"]
            yield f"{form}: of a pipe an incident that {name}", [] if [kind for kind in told if kind != "cause"] == wanted else [str(following.told)[:900], following.errors[-600:]]


def check_baseline(logscan, folder):
    usual = folder / "usual/f.log"
    usual.parent.mkdir()
    start = time.time() - 90000
    usual.write_text("".join(f"{stamp(start + i)} {REFUSED if i % 3 == 0 else 'INFO shop: order came'}\n" for i in range(1800)))
    log = folder / "f.log"
    sure = {}
    for name, options in ("without", []), ("with", ["--baseline", usual]):
        log.write_text(healthy(600, time.time() - 31))
        following = Following(logscan, *options, log)
        with open(log, "a") as file:
            file.write("".join(f"{stamp(time.time() - 30 + i)} {REFUSED}\n" for i in range(31)))
        following.wait_for_lines(31)
        following.stop()
        sure[name] = {told["cause"]["confidence"] for _, told in following.told if is_postgres(told)}
    yield "what a baseline shows is usual", [] if sure["with"] <= {"low"} and sure["without"] & {"medium", "high"} else [str(sure)]


def check_folder(logscan, folder):
    logs = folder / "logs"
    logs.mkdir()
    (logs / "a.log").write_text(healthy(20, time.time()))
    (logs / "a.log.1").write_text(healthy(20, time.time() - 100))
    (logs / "a.log.2.gz").write_bytes(b"\x1f\x8b")
    other = folder / "other.log"
    other.write_text(healthy(20, time.time()))
    following = Following(logscan, logs, other)
    for path in logs / "a.log", other, logs / "new.log":
        with open(path, "a") as file:
            file.write(healthy(10, time.time()))
    rename(logs / "a.log")
    with open(logs / "a.log", "a") as file:
        file.write(healthy(10, time.time()))
    following.wait_for_lines(40)
    stop = following.stop()
    yield "a folder, a file, and a log that is new", [] if stop.get("lines") == 40 else [str(stop), following.errors[-600:]]


def check_empty_folder(logscan, folder):
    logs = folder / "empty"
    logs.mkdir()
    following = Following(logscan, logs)
    (logs / "new.log").write_text(healthy(10, time.time()))
    following.wait_for_lines(10)
    stop = following.stop()
    fine = stop.get("lines") == 10 and following.process.returncode == 0 and "no log files in this folder yet" in following.errors
    yield "a folder that is still empty", [] if fine else [str(stop), following.errors[-600:]]


def entry(number):
    now = int(time.time() * 1e6) + number
    return f"__REALTIME_TIMESTAMP={now}\n__MONOTONIC_TIMESTAMP={now}\n_BOOT_ID={'1' * 32}\nPRIORITY=3\nSYSLOG_IDENTIFIER=shop\nMESSAGE=order {number} lost\n\n"


def check_journal(logscan, folder):
    remote = next(filter(os.path.exists, ("/lib/systemd/systemd-journal-remote", "/usr/lib/systemd/systemd-journal-remote")), None)
    if not remote:
        yield "journal # SKIP systemd-journal-remote is not installed", []
        return
    path = folder / "shop.journal"

    def append(first, count):
        text = "".join(entry(i) for i in range(first, first + count))
        return subprocess.run([remote, "-o", path, "-"], input=text, text=True, capture_output=True, check=False)

    made = append(0, 30)
    if made.returncode:
        yield "journal # SKIP cannot be made here", []
        return
    following = Following(logscan, path)
    append(30, 25)
    following.wait_for_lines(25)
    stop = following.stop()
    yield "a journal is followed", [] if stop.get("lines") == 25 else [str(stop), following.errors[-600:]]


def resident(process):
    text = Path(f"/proc/{process.pid}/status").read_text()
    return int(next(line for line in text.splitlines() if line.startswith("VmRSS")).split()[1]) << 10


def check_memory(logscan):
    """Days are played back in a minute: each hour says other things than the last one did."""
    following = Following(logscan, stdin=subprocess.PIPE)
    start, step, sizes, lines = time.time() - DAYS * 86400, 0.5, [], 0
    for day in range(DAYS):
        for hour in range(24):
            text = []
            for i in range(int(3600 / step)):
                at = start + day * 86400 + hour * 3600 + i * step
                words = f"{chr(97 + hour)}{chr(97 + i % 26)}{chr(97 + day)}"
                text.append(f"{stamp(at)} {'ERROR' if i % 9 == 0 else 'INFO'} shop: {words}word of {words}kind {i} came\n")
            following.process.stdin.write("".join(text).encode())
            lines += len(text)
        sizes.append(resident(following.process))
    following.process.stdin.close()
    stop = following.end()
    yield f"{lines} lines of {DAYS} days are read", [] if stop.get("lines") == lines else [str(stop), following.errors[-600:]]
    settled, last = sizes[SETTLED_DAYS - 1], sizes[-1]
    name = f"memory after {SETTLED_DAYS} and {DAYS} days: {settled >> 20} and {last >> 20} MiB"
    sanitized = b"__asan_init" in Path(logscan).read_bytes()
    yield name, [] if last - settled <= (SANITIZED_GROWTH_BYTES if sanitized else GROWTH_BYTES) else [str(sizes)]


def check_usage(logscan, folder):
    log = folder / "g.log"
    log.write_text(healthy(3, time.time()))
    (folder / "g.log.gz").write_bytes(b"\x1f\x8b")
    for words in [folder / "none.log"], [folder / "g.log.gz"], ["--evidence", folder / "x", log], ["--format", "html", log], ["--window", "soon", log], ["-o", folder / "x", log]:
        result = subprocess.run([logscan, "--no-config", "--follow", *words], capture_output=True, stdin=subprocess.DEVNULL, timeout=60, check=False)
        shown = " ".join(str(word).replace(str(folder), "") for word in words)
        yield f"{shown} cannot be followed", [] if result.returncode == 2 and result.stderr else [str(result)]


def check(logscan, folder):
    yield f"{ROTATIONS} rotations by renaming", count_over_rotations(logscan, folder / "a.log", rename)
    yield f"{ROTATIONS} rotations by copying and truncating", count_over_rotations(logscan, folder / "c.log", copy_and_truncate)
    (folder / "in").mkdir()
    yield f"{ROTATIONS} rotations in a folder", count_over_rotations(logscan, folder / "in/a.log", rename, folder / "in")
    yield from check_returns(logscan, folder)
    yield from check_fast(logscan, folder)
    yield from check_incidents(logscan, folder)
    yield from check_zone(logscan, folder)
    yield from check_words(logscan, folder)
    yield from check_pipe(logscan)
    yield from check_baseline(logscan, folder)
    yield from check_folder(logscan, folder)
    yield from check_empty_folder(logscan, folder)
    yield from check_journal(logscan, folder)

    following = Following(logscan, stdin=subprocess.PIPE)
    following.process.stdin.write(healthy(100, time.time()).encode() + b"no newline at the end")
    following.process.stdin.close()
    stop = following.end()
    yield "standard input is followed to its end", [] if stop.get("lines") == 101 else [str(stop), following.errors[-600:]]
    yield from check_memory(logscan)
    yield from check_usage(logscan, folder)


sys.exit(tap.main(check))
