# SPDX-License-Identifier: Apache-2.0
"""Made-up logs for the tests of scale: a shop whose database runs out of connections three fifths of the way through."""

import random
from datetime import datetime, timedelta

NAMES = ("alice", "bob", "carol", "dave", "erin")
START = datetime(2026, 3, 1)
BROKEN_FROM, BROKEN_TO = 0.60, 0.75


def lines(target_bytes, seed=5, broken=True):
    rng = random.Random(seed)
    time, written, number = START, 0, 0
    while written < target_bytes:
        time += timedelta(milliseconds=rng.randrange(1, 9))
        number += 1
        stamp = f"{time:%Y-%m-%d %H:%M:%S}.{time.microsecond // 1000:03d}"
        dice = rng.random()
        if broken and BROKEN_FROM * target_bytes < written < BROKEN_TO * target_bytes and dice < 0.1:
            line = (
                f"{stamp} ERROR [pool-{number % 8}] shop.Db - FATAL: sorry, too many clients already\n"
                f"java.sql.SQLException: no connection\n\tat shop.Cart.step(Cart.java:{number % 300})\n"
                f"Caused by: java.net.ConnectException: refused\n"
            )
        elif dice < 0.001:
            line = f"{stamp} WARN  [gc] slow collection {number} ms\n"
        elif dice < 0.5:
            line = f"{stamp} INFO  [pool-{number % 8}] shop.Cart - added article {number} for {NAMES[number % 5]} in {number % 97} ms\n"
        else:
            line = f"{stamp} INFO  [http-{number % 16}] shop.Web - GET /api/item/{number % 5000} 200 {number % 300}ms client=10.0.{number % 255}.{number % 250}\n"
        written += len(line)
        yield line


def write_large(path, target_bytes, base_bytes=100_000_000):
    """A log of days that are alike, but for an incident on the one three fifths of the way through."""
    base_bytes = min(base_bytes, target_bytes)
    n_days = target_bytes // base_bytes
    today = f"{START:%Y-%m-%d}".encode()
    quiet = "".join(lines(base_bytes, broken=False)).encode()
    broken = "".join(lines(base_bytes)).encode()
    with open(path, "wb") as out:
        for day in range(n_days):
            text = broken if day == n_days * 3 // 5 else quiet
            out.write(text.replace(today, f"{START + timedelta(days=day):%Y-%m-%d}".encode()))


def write(path, target_bytes, seed=5):
    """A log of about @target_bytes."""
    with open(path, "w", encoding="ascii") as out:
        out.writelines(lines(target_bytes, seed))
