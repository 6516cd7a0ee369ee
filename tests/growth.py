#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""No line costs more than its length: growth.py LOGSCAN. Prints TAP.

A log holds what attackers send. A line of one byte or one word again and again, behind each header and envelope that is known, is read in a time that
grows with its length, not with the square of it: so a line of 1 MB takes less than LIMIT_SECONDS, and one that takes longer than NOISE_SECONDS takes
no more than a few times as long as one of a quarter of it.
"""

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

BYTES = 1_000_000
LIMIT_SECONDS = 1.0
NOISE_SECONDS = 0.2
GROWTH_MAX = 8  # 4 is linear, 16 the square
TIMEOUT_SECONDS = 20

UNITS = [c.encode() for c in "[](){}<>\"'`=:;,./\\|-+*#%&@^~!?$_ \t0aAT\r"] + [
    b"\xff", b"\xef\xbb\xbf", b"\x1b[", b"\x1b]", b"\0", b"a=", b"a=\"", b"\\\"", b"\\n", b"\\u", b"\"a\":", b"{\"a\":", b"[{", b",\"", b"<1>", b" [", b"a.b.",
    b"0:", b"1/", b"GET /", b" /", b"::", b".py:", b".rb:", b"Caused by: ", b" ---> ", b"error ", b"A ", b"12:00:00 ", b"2026-03-01 ", b"1.2.3.4 ", b"a@b.", b"=> ",
    b"%a", b"#011", b"*** (", b"\"log\":\"", b"\"events\":[", b"request_id", b"haproxy[",
]

TIME = b"2026-03-01T12:00:00Z"
PLAIN = b"2026-03-01 12:00:00 "
FRAMES = {
    "text": (PLAIN + b"INFO ", b""),
    "text without a level": (PLAIN, b""),
    "no time": (b"", b""),
    "syslog": (b"Mar  1 12:00:00 host app[7]: ", b""),
    "haproxy": (b"Mar  1 12:00:00 host haproxy[7]: ", b""),
    "syslog of RFC 5424": (b"<14>1 " + TIME + b" host app 7 - [a b=\"c\"] ", b""),
    "structured data": (b"<14>1 " + TIME + b" host app 7 - [a ", b""),
    "kernel": (b"[   12.345678] ", b""),
    "access log": (b"10.0.0.1 - - [01/Mar/2026:12:00:00 +0000] \"GET /", b" HTTP/1.1\" 200 1"),
    "klog": (b"E0301 12:00:00.000000 1 a.go:1] ", b""),
    "postgresql": (PLAIN + b"UTC [7] ERROR:  ", b""),
    "json": (b"{\"time\":\"" + TIME + b"\",\"level\":\"info\",\"msg\":\"", b"\"}"),
    "json without quotes": (b"{\"time\":\"" + TIME + b"\",\"level\":\"info\",\"a\":", b"}"),
    "logfmt": (b"time=" + TIME + b" level=info msg=", b""),
    "docker": (b"{\"log\":\"" + TIME + b" INFO ", b"\\n\",\"stream\":\"stdout\",\"time\":\"" + TIME + b"\"}"),
    "cri": (TIME + b" stdout F " + TIME + b" INFO ", b""),
    "compose": (b"web-1  | " + PLAIN + b"INFO ", b""),
    "pod": (b"[pod/web/web] " + PLAIN + b"INFO ", b""),
    "json in json": (b"{\"time\":\"" + TIME + b"\",\"message\":\"{\\\"level\\\":\\\"info\\\",\\\"time\\\":\\\"" + TIME + b"\\\",\\\"msg\\\":\\\"", b"\\\"}\"}"),
    "a batch": (b"{\"records\":[{\"time\":\"" + TIME + b"\",\"message\":\"a\"},", b"]}"),
    "colours": (b"\x1b[32m" + PLAIN + b"\x1b[0mINFO ", b""),
    "a trace": (PLAIN + b"ERROR broke\n\tat ", b""),
}


def line(frame, unit, n_bytes):
    before, after = frame
    return before + unit * (n_bytes // len(unit)) + after + b"\n"


def ordinary(frame):
    before, after = frame
    return (before + b"x" + after + b"\n") * 10


def seconds(logscan, path):
    """Of the processor, as user; None: too long."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    command = [logscan, "events", "--no-builtin-patterns", "--format", "tsv", path]
    try:
        subprocess.run(command, stdout=subprocess.DEVNULL, timeout=TIMEOUT_SECONDS, check=True)
    except subprocess.TimeoutExpired:
        return None
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def measure(logscan, folder, frame, units, n_bytes):
    path = Path(folder) / "a.log"
    path.write_bytes(ordinary(frame) + b"".join(line(frame, unit, n_bytes) for unit in units))
    return seconds(logscan, path)


def complaint(logscan, folder, frame, unit):
    """What is wrong with lines of @unit; None: nothing."""
    whole = measure(logscan, folder, frame, [unit], BYTES)
    if whole is None or whole > LIMIT_SECONDS:
        return f"{unit!r}: {'too long' if whole is None else f'{whole:.2f} s'}"
    if whole < NOISE_SECONDS:
        return None
    quarter = measure(logscan, folder, frame, [unit], BYTES // 4)
    return f"{unit!r}: {quarter:.2f} s grow to {whole:.2f} s" if whole > GROWTH_MAX * quarter else None


def suspects(logscan, folder, frame, units):
    """The units of which one takes long, found by halves: nearly all of them are harmless, and are measured together."""
    taken = measure(logscan, folder, frame, units, BYTES)
    if taken is not None and taken < NOISE_SECONDS * len(units) / 4:
        return []
    if len(units) == 1:
        return units
    half = len(units) // 2
    return suspects(logscan, folder, frame, units[:half]) + suspects(logscan, folder, frame, units[half:])


def main():
    logscan = os.path.abspath(sys.argv[1])
    failed = 0
    print(f"1..{len(FRAMES)}")
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, frame) in enumerate(FRAMES.items(), 1):
            found = [complaint(logscan, folder, frame, unit) for unit in suspects(logscan, folder, frame, UNITS)]
            found = [text for text in found if text]
            failed += bool(found)
            print(f"{'not ok' if found else 'ok'} {number} - {name}", *(f"# {text}" for text in found), sep="\n", flush=True)
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
