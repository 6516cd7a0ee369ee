#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""--follow on a log that grows and is rotated: follow.py LOGSCAN. Prints TAP.

No line is lost or counted twice over ROTATIONS rotations, by renaming and by copying and truncating; an incident is told
within LATE_SECONDS of its first line; standard input is followed to its end; a signal ends it cleanly.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from datetime import datetime, timezone
from pathlib import Path

ROTATIONS = 50
KEPT = 5
LATE_SECONDS = 5


def stamp(at=None):
    return datetime.fromtimestamp(at or time.time(), timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


class Following:
    """A running logscan and what it has told so far, each with the time of its arrival."""

    def __init__(self, logscan, *arguments, stdin=subprocess.DEVNULL):
        self.told = []
        words = [logscan, "--no-config", "--follow", "--format", "jsonl", *map(str, arguments)]
        self.process = subprocess.Popen(words, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.reader = threading.Thread(target=self.read)
        self.reader.start()

    def wait_for_start(self):
        while self.process.poll() is None and not self.told:
            time.sleep(0.05)
        return self

    def read(self):
        for line in self.process.stdout:
            self.told.append((time.time(), json.loads(line)))

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.end()

    def end(self):
        self.process.wait(timeout=60)
        self.reader.join()
        self.errors = self.process.stderr.read().decode()
        return next((told for _, told in self.told if told["event"] == "stop"), {})


def rename(log, number):
    for i in range(KEPT, 1, -1):
        if Path(f"{log}.{i - 1}").exists():
            os.replace(f"{log}.{i - 1}", f"{log}.{i}")
    os.replace(log, f"{log}.1")
    log.touch()


def copy_and_truncate(log, number):
    for i in range(KEPT, 1, -1):
        if Path(f"{log}.{i - 1}").exists():
            os.replace(f"{log}.{i - 1}", f"{log}.{i}")
    shutil.copy(log, f"{log}.1")
    os.truncate(log, 0)


def count_over_rotations(logscan, log, rotate, pause):
    log.write_text(f"{stamp()} INFO shop: before\n")
    following = Following(logscan, log).wait_for_start()
    written = 0
    for rotation in range(ROTATIONS):
        with open(log, "a") as file:
            for _ in range(20 + rotation % 7):
                file.write(f"{stamp()} INFO shop: order {written} came\n")
                written += 1
            file.flush()
            time.sleep(pause)
            file.write(f"{stamp()} INFO shop: order {written} came\n")
            written += 1
        rotate(log, rotation)
    time.sleep(6)
    stop = following.stop()
    right = stop.get("lines") == written and stop.get("events") == written and following.process.returncode == 0
    return [] if right else [f"{written} lines were written, told {stop}, exit {following.process.returncode}", following.errors[-600:]]


def healthy(count, until):
    return "".join(f"{stamp(until - count + i)} INFO shop: order {i} came\n" for i in range(count))


def tell_incident(logscan, log, *arguments):
    log.write_text(healthy(600, time.time() - 1))
    following = Following(logscan, *arguments, log).wait_for_start()
    onset = time.time()
    with open(log, "a") as file:
        for i in range(60):
            file.write(f"{stamp()} ERROR shop: order not stored: FATAL:  sorry, too many clients already\n")
            file.flush()
            if following.process.poll() is not None:
                break
            time.sleep(0.1)
    time.sleep(3)
    code = following.process.poll()
    if code is None:
        following.stop()
    else:
        following.end()
    begins = [(arrived - onset, told) for arrived, told in following.told if told["event"] == "begins"]
    return begins, code, following


def check(logscan, folder):
    yield f"{ROTATIONS} rotations by renaming", count_over_rotations(logscan, folder / "a.log", rename, 0.15)
    yield f"{ROTATIONS} quick rotations by renaming", count_over_rotations(logscan, folder / "b.log", rename, 0.4 / KEPT)
    yield f"{ROTATIONS} rotations by copying and truncating", count_over_rotations(logscan, folder / "c.log", copy_and_truncate, 0.5)

    begins, _, following = tell_incident(logscan, folder / "d.log")
    fine = len(begins) == 1 and begins[0][0] <= LATE_SECONDS
    late = f"{begins[0][0]:.1f} s" if begins else "not at all"
    yield f"an incident is told after {late}", [] if fine else [str(following.told)[:600], following.errors[-600:]]
    cause = begins[0][1].get("cause", {}) if begins else {}
    named = [told.get("cause", {}).get("id") for _, told in following.told]
    yield "its cause is named", [] if "postgresql/connection-limit" in named else [str(cause)]
    begins, code, following = tell_incident(logscan, folder / "e.log", "--fail-on", "low")
    yield "--fail-on ends it with 1", [] if code == 1 and begins else [f"exit {code}", str(following.told)[:300]]

    following = Following(logscan, stdin=subprocess.PIPE)
    following.process.stdin.write(healthy(100, time.time()).encode() + b"no newline at the end")
    following.process.stdin.close()
    stop = following.end()
    yield "standard input is followed to its end", [] if stop.get("lines") == 101 else [str(stop), following.errors[-600:]]
    missing = subprocess.run([logscan, "--follow", folder / "none.log"], capture_output=True, check=False)
    yield "a missing log is said", [] if missing.returncode == 2 and missing.stderr else [str(missing)]


def main(logscan):
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, wrongs) in enumerate(check(logscan, Path(folder)), 1):
            failed += bool(wrongs)
            print(f"{'not ok' if wrongs else 'ok'} {number} - {name}")
            for wrong in wrongs[:12]:
                print(f"# {wrong}")
            sys.stdout.flush()
    print(f"1..{number}")
    return failed > 0


sys.exit(main(sys.argv[1]))
