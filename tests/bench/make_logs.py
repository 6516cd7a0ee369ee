#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes a large, repeatable log for benchmarks: make_logs.py KIND MEGABYTES > LOG

Kinds: plain (an application's log), json (the same as JSON lines), trace (every third event with a stack trace), access (nginx, combined),
long (lines of 4 KB), distinct (every message has words of its own, so that no table is large enough).
In the last tenth something fails, as it would: connections run out, and requests with them.
"""
import json
import random
import sys
import time

WORDS = ("account archive audit basket batch billing branch bucket buffer build cache carrier cart catalog channel charge checkout claim "
         "cluster column contract coupon courier credit cursor customer delivery deposit device discount document domain draft export "
         "feature filter folder gateway grant handler health import index invoice item job journal label lease ledger letter limit link").split()
SERVICES = ("web", "api", "cart", "payment", "inventory", "mailer")
START = 1717740000.0


class Shop:
    """The events of a shop, in words; half a millisecond apart."""

    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.now = START
        self.late = False

    def event(self):
        """(time, level, logger, thread, message)"""
        rng = self.rng
        self.now += rng.random() / 500
        roll, rint = rng.random(), rng.randint
        thread = "%s-%d" % (SERVICES[rint(0, 5)], rint(1, 16))
        if self.late and roll < 0.02:
            return self.now, "ERROR", "db.Pool", thread, "FATAL: sorry, too many clients already"
        if self.late and roll < 0.05:
            return self.now, "ERROR", "web.Gateway", thread, "POST /api/checkout status=503 took=%dms order=%d" % (rint(900, 5000), rint(1, 10**7))
        if roll < 0.06:
            return self.now, "WARN", "web.Validator", thread, "form field %s rejected for user %d" % (WORDS[rint(0, 50)], rint(1, 10**6))
        if roll < 0.08:
            return self.now, "WARN", "db.Query", thread, "slow query (%d ms): SELECT * FROM %ss WHERE id = %d" % (rint(500, 9000), WORDS[rint(0, 9)], rint(1, 99999))
        if roll < 0.2:
            return self.now, "DEBUG", "cache.Client", thread, "hit session:%016x ttl=%d" % (rng.getrandbits(64), rint(1, 3600))
        if roll < 0.25:
            return self.now, "INFO", "jobs.%s" % WORDS[rint(0, 20)].title(), thread, "done with %d %ss in %.2f s" % (rint(1, 500), WORDS[rint(0, 9)], rng.random() * 9)
        path = ("/api/cart", "/api/checkout", "/api/products/%d" % rint(1, 99999), "/login", "/api/orders/%d" % rint(1, 99999))[rint(0, 4)]
        return (self.now, "INFO", "web.Requests", thread, "GET %s status=200 bytes=%d took=%dms user=%d ip=10.%d.%d.%d" % (
            path, rint(100, 90000), rint(1, 400), rint(1, 10**6), rint(0, 255), rint(0, 255), rint(0, 255)))


def stamp(when, form):
    return time.strftime(form, time.gmtime(when))


def plain(shop):
    when, level, logger, thread, message = shop.event()
    return "%s.%03d %-5s [%s] com.shop.%s - %s\n" % (stamp(when, "%Y-%m-%d %H:%M:%S"), when * 1000 % 1000, level, thread, logger, message)


def as_json(shop):
    when, level, logger, thread, message = shop.event()
    return json.dumps({"timestamp": stamp(when, "%Y-%m-%dT%H:%M:%S") + ".%03dZ" % (when * 1000 % 1000), "level": level.lower(),
                       "logger": "com.shop." + logger, "thread": thread, "message": message}) + "\n"


def trace(shop):
    line, rng = plain(shop), shop.rng
    if rng.random() > 0.34:
        return line
    frames = "".join("\tat com.shop.%s.%s.%s(%s.java:%d)\n" % (a, b.title(), c, b.title(), rng.randint(1, 900))
                     for a, b, c in (rng.sample(WORDS[:30], 3) for _ in range(rng.randint(4, 14))))
    return line.replace("INFO ", "ERROR") + "java.lang.IllegalStateException: %s is closed\n%sCaused by: java.io.IOException: broken %s\n%s" % (
        WORDS[rng.randint(0, 9)], frames, WORDS[rng.randint(0, 9)], frames[:frames.index("\n") + 1])


def access(shop):
    when, level, _, _, message = shop.event()
    rng = shop.rng
    path = message.split()[1] if message.startswith(("GET", "POST")) else "/static/%s.css" % WORDS[rng.randint(0, 50)]
    return '10.%d.%d.%d - - [%s] "GET %s HTTP/1.1" %d %d "https://shop.example/" "Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/115.0"\n' % (
        rng.randint(0, 255), rng.randint(0, 255), rng.randint(0, 255), stamp(when, "%d/%b/%Y:%H:%M:%S +0000"), path, 503 if level == "ERROR" else 200,
        rng.randint(100, 90000))


def long(shop):
    return plain(shop)[:-1] + " payload=" + " ".join("%s=%d" % (shop.rng.choice(WORDS), shop.rng.randint(1, 10**6)) for _ in range(280)) + "\n"


def distinct(shop):
    return plain(shop)[:-1] + " " + " ".join("".join(chr(97 + shop.rng.randint(0, 25)) for _ in range(7)) for _ in range(3)) + "\n"


KINDS = {"plain": plain, "json": as_json, "trace": trace, "access": access, "long": long, "distinct": distinct}


def main():
    kind, want = KINDS[sys.argv[1]], float(sys.argv[2]) * 1e6
    shop, size = Shop(7), 0
    while size < want:
        shop.late = size > want * 0.9
        text = kind(shop)
        sys.stdout.write(text)
        size += len(text)


main()
