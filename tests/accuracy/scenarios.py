#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the diagnosis must conclude from made-up logs, one rule each: scenarios.py LOGSCAN. Prints TAP.

Recorded incidents (sample.py) say how well logscan judges; these say by which rules. Each scenario writes a few minutes of ordinary
traffic and one thing that goes wrong.
"""

import json
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

START = datetime(2026, 3, 1, 12, 0, tzinfo=timezone.utc)
SPAN = 600  # seconds


class Log:
    """Lines of one file, by second."""

    def __init__(self):
        self.lines = []

    def at(self, second, text):
        self.lines.append((second, text))

    def every(self, step, first, last, text):
        n, second = 0, first
        while second < last:
            self.at(second, text.replace("{n}", str(n)))
            n, second = n + 1, second + step

    def text(self):
        rows = sorted(self.lines, key=lambda row: row[0])
        return "".join(f"{(START + timedelta(seconds=s)).strftime('%Y-%m-%dT%H:%M:%S.%f')[:-3]}Z {t}\n" for s, t in rows)


def traffic(step=0.5, last=SPAN):
    log = Log()
    log.every(step, 0, last, "INFO shop: order {n} taken")
    log.every(37, 5, last, "ERROR shop: avatar of user {n} is not an image")
    return log


def first_cause(document):
    return document["incidents"][0]["causes"][0] if document["incidents"] and document["incidents"][0]["causes"] else {}


def causes(document):
    return document["incidents"][0]["causes"] if document["incidents"] else []


def texts(cause):
    return " | ".join(line["text"] for line in cause.get("evidence", []))


# --- scenarios: each gives files, options, and what must hold ---


def steady_noise():
    log = traffic()
    yield {"app.log": log}, [], "no incident", lambda d: d["verdict"] == "no-incident"


def startup_noise():
    log = traffic()
    log.every(0.2, 0, 4, "ERROR shop: cache is cold, key {n}")
    yield {"app.log": log}, [], "no incident", lambda d: d["verdict"] == "no-incident"


def blip():
    log = traffic()
    log.every(0.5, 300, 302, "ERROR shop: carrier said no to parcel {n}")
    yield {"app.log": log}, [], "no incident", lambda d: d["verdict"] == "no-incident"


def cause_before_louder_victim():
    log = traffic()
    log.every(4, 300, 420, "ERROR shop: stock file has no column price, article {n}")
    log.every(0.2, 303, 420, "ERROR shop: request {n} failed with status 500")
    yield {"app.log": log}, [], "the first, though it is quieter", lambda d: "no column price" in texts(first_cause(d))
    yield {"app.log": log}, [], "its onset is exact", lambda d: d["incidents"][0]["onset"] == "2026-03-01T12:05:00Z"
    yield {"app.log": log}, [], "its end is told", lambda d: not d["incidents"][0]["ongoing"]


def still_going():
    log = traffic()
    log.every(1, 400, SPAN, "ERROR shop: stock file has no column price, article {n}")
    yield {"app.log": log}, [], "it goes on", lambda d: d["incidents"][0]["ongoing"] and d["incidents"][0]["end"] is None


def two_incidents():
    log = traffic()
    log.every(0.5, 120, 160, "ERROR shop: stock file has no column price, article {n}")
    log.every(0.5, 420, 460, "ERROR mail: template welcome is missing for user {n}")
    yield {"app.log": log}, [], "two of them", lambda d: len(d["incidents"]) == 2


def silent_worker():
    shop, worker = traffic(), Log()
    worker.every(0.7, 0, 300, "INFO worker: job {n} done")
    worker.at(300.2, "INFO worker: job 429 of parcel 770017 begins")
    shop.every(0.5, 306, SPAN, "ERROR shop: label {n} not ready after 6000 ms")
    found = {"shop.log": shop, "worker.log": worker}
    yield found, [], "who fell silent comes first", lambda d: first_cause(d).get("kind") == "silence"
    yield found, [], "its last line is the evidence", lambda d: "parcel 770017" in texts(first_cause(d))


def explained_silence():
    shop, worker = traffic(), Log()
    worker.every(0.7, 0, 300, "INFO worker: job {n} done")
    worker.at(300, "ERROR worker: cannot go on, licence expired")
    shop.every(0.5, 306, SPAN, "ERROR shop: label {n} not ready after 6000 ms")
    yield {"shop.log": shop, "worker.log": worker}, [], "words beat silence", lambda d: "licence" in texts(first_cause(d))


def value_of_a_rise():
    log = traffic()
    log.every(2, 0, SPAN, "WARN gate: quota exceeded tenant=crawler limit=3")
    log.every(0.2, 300, 420, "WARN gate: quota exceeded tenant=checkout limit=4")
    log.every(0.5, 303, 420, "ERROR shop: order {n} failed, retrying later")
    yield {"app.log": log}, [], "the tenant is named", lambda d: any("tenant=checkout" in c["title"] for c in causes(d)[:2])
    yield {"app.log": log}, [], "the other tenant is no evidence", lambda d: not any("crawler" in texts(c) for c in causes(d)[:2])


def one_host_of_three():
    log = Log()
    for number, host in enumerate(("app-1", "app-2", "app-3")):
        log.every(1, 0.2 * number, SPAN, f"INFO shop: order {{n}} taken host={host} took=12")
    log.every(1, 300, 420, "ERROR shop: order {n} not signed, no such key host=app-3")
    yield {"app.log": log}, [], "the host is named", lambda d: any("only host=app-3" in w["text"] for w in first_cause(d)["why"])


def slow_holder():
    shop, job = traffic(), Log()
    for run, second in enumerate((30, 90, 150, 210, 270)):
        job.at(second, f"INFO job: run {run} committed after 0.6 s")
    job.at(420, "INFO job: run 5 committed after 120.4 s")
    shop.every(0.5, 305, 420, "ERROR shop: payment {n} failed, timed out waiting")
    yield {"shop.log": shop, "job.log": job}, [], "what took as long as the incident", lambda d: "120.4" in texts(first_cause(d))


def measure_that_jumps():
    log, watch = traffic(), Log()
    for n in range(40):
        watch.at(15 * n, f"INFO watch: pool in_use={2 + n % 3 if not 300 <= 15 * n < 430 else 28} waiting={n % 2} total={100 * n}")
    log.every(0.5, 302, 420, "ERROR shop: payment {n} failed, timed out waiting")
    yield {"app.log": log, "watch.log": watch}, [], "is told", lambda d: any("in_use up to 28" in c["title"] for c in causes(d)[:3])
    yield {"app.log": log, "watch.log": watch}, [], "a total is no measure", lambda d: not any("total" in c["title"].split("(")[-1] for c in causes(d))


def only_victims():
    shop, ops = traffic(), Log()
    ops.at(60, "INFO ops: report of yesterday sent")
    ops.at(299, "INFO ops: routes file replaced, revision 118")
    shop.every(0.3, 300, 420, "ERROR shop: request {n} failed with status 503, upstream unavailable, giving up")
    found = {"shop.log": shop, "ops.log": ops}
    yield found, [], "the change just before", lambda d: any(c["kind"] == "change" for c in causes(d)[:2])
    yield found, [], "is the one with the words", lambda d: any("routes file replaced" in texts(c) for c in causes(d)[:2])


def against_a_baseline():
    healthy, log = traffic(), traffic()
    healthy.every(3, 0, SPAN, "WARN shop: cart {n} is empty")
    log.every(3, 0, SPAN, "WARN shop: cart {n} is empty")
    log.every(3, 0, SPAN, "ERROR shop: route {n} has no price")
    files = {"base/app.log": healthy, "now/app.log": log}
    yield files, ["now", "--baseline", "base"], "what it lacks is new", lambda d: "has no price" in texts(first_cause(d))
    yield files, ["now", "--baseline", "base"], "what it has is not", lambda d: not any("is empty" in texts(c) for c in causes(d))
    yield files, ["base", "--baseline", "base"], "itself is no incident", lambda d: d["verdict"] == "no-incident"


def no_times():
    lines = [f"INFO order {n} taken" for n in range(300)] + [f"ERROR stock of article {n} is broken" for n in range(60)]
    yield {"app.log": "\n".join(lines) + "\n"}, [], "by line", lambda d: d["incidents"][0]["onset_line"] == 301


SCENARIOS = [
    steady_noise, startup_noise, blip, cause_before_louder_victim, still_going, two_incidents, silent_worker, explained_silence,
    value_of_a_rise, one_host_of_three, slow_holder, measure_that_jumps, only_victims, against_a_baseline, no_times,
]  # fmt: skip


def report(program, files, arguments):
    with tempfile.TemporaryDirectory() as folder:
        for name, log in files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(log if isinstance(log, str) else log.text(), encoding="utf-8")
        command = [program, "--format", "json", "--no-builtin-patterns", *(arguments or files)]
        result = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, timeout=120, check=True)
        return json.loads(result.stdout)


def main(program):
    failed = number = 0
    program = str(Path(program).resolve())
    for scenario in SCENARIOS:
        for files, arguments, what, holds in scenario():
            number += 1
            document = report(program, files, arguments)
            try:
                passed = holds(document)
            except (IndexError, KeyError):
                passed = False
            failed += not passed
            print(f"{'ok' if passed else 'not ok'} {number} - {scenario.__name__.replace('_', ' ')}: {what}")
            if not passed:
                print(f"# {document['verdict']}: " + "; ".join(f"{c['kind']} {c['title']!r}" for c in causes(document)[:4]))
    print(f"1..{number}")
    return failed > 0


sys.exit(main(sys.argv[1]))
