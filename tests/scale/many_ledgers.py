#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How long `logscan merge` takes, and how much memory: many_ledgers.py LOGSCAN [N [BYTES]].

Makes N ledgers (default 10,000) of as many hosts, each of a log of about BYTES (default 300,000): of DISTINCT logs by a scan, of the
others by writing another host of the same length into a copy. Says sizes, time and peak memory, and fails above the limits.
"""

import hashlib
import os
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path

import logs

DISTINCT = 50
SECONDS_MAX, MIB_MAX = 60, 200
HEADER = 8 + 32


def host(number):
    return f"h{number:06d}"


def with_host(ledger, old, new):
    """The same ledger of another host: names and hosts are of equal length, so that no offset in it changes."""
    body = zlib.decompress(ledger[HEADER + 8 :]).replace(old.encode(), new.encode())
    packed = struct.pack("<Q", len(body)) + zlib.compress(body)
    return ledger[:8] + hashlib.sha256(packed).digest() + packed


def peak_mib(program, *arguments):
    started = time.monotonic()
    with open(os.devnull, "w") as nothing:
        process = subprocess.Popen([program, *arguments], stdout=nothing)
        _, status, usage = os.wait4(process.pid, 0)
    return status, time.monotonic() - started, usage.ru_maxrss / 1024


def main(program, n=10000, size=300000):
    program = str(Path(program).resolve())
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        inputs = bytes_of_ledgers = 0
        for base in range(min(DISTINCT, n)):
            logs.write(folder / "app.log", size * (base % 5 + 1) // 3, seed=base)
            inputs += (folder / "app.log").stat().st_size
            subprocess.run([program, "-q", "--host", host(base), "--ledger", "app.ledger", "app.log"], cwd=folder, check=True)
            ledger = (folder / "app.ledger").read_bytes()
            bytes_of_ledgers += len(ledger)
            (folder / "app.ledger").unlink()
            for number in range(base, n, DISTINCT):
                (folder / f"{host(number)}.ledger").write_bytes(with_host(ledger, host(base), host(number)))
        print(f"{n} ledgers; {bytes_of_ledgers} bytes for {inputs} bytes of log: 1 : {inputs / bytes_of_ledgers:.0f}")
        status, seconds, mib = peak_mib(program, "merge", "--format", "json", str(folder))
        print(f"merged and reported in {seconds:.1f} s, {n / seconds:.0f} ledgers/s, {mib:.0f} MiB")
    return status != 0 or seconds > SECONDS_MAX or mib > MIB_MAX


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], *map(int, sys.argv[2:])))
