#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures logscan and draws its speed: plot.py LOGSCAN FOLDER [LARGEST_MB]

Writes to FOLDER results.csv and four drawings (SVG): speed against the number of patterns, against threads, against the size of the log (with peak
memory), and by kind of log. A point is the fastest of several runs. Speed is MB/s of log for each second that a core worked, which another process
on the machine disturbs little; against threads it is MB/s of the clock. Logs are made by make_logs.py in a temporary folder.
"""
import csv
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
RUNS = 3
KINDS = ("plain", "json", "trace", "access", "long", "distinct")
WORDS = "broker certificate checkpoint cluster commit heap index lease mount partition pool quorum queue replica rollback segment session shard snapshot topic".split()


class Run:
    """The fastest of several runs: seconds of the clock, of the cores, and peak memory in MB."""

    def __init__(self, command, runs=RUNS):
        self.clock = self.cores = float("inf")
        self.memory = 0
        for _ in range(runs):
            start = time.monotonic()
            child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            _, status, usage = os.wait4(child.pid, 0)
            if os.waitstatus_to_exitcode(status) not in (0, 3):
                sys.exit("failed: %s" % " ".join(map(str, command)))
            self.clock = min(self.clock, time.monotonic() - start)
            self.cores = min(self.cores, usage.ru_utime + usage.ru_stime)
            self.memory = max(self.memory, usage.ru_maxrss / 1024)


def make_log(folder, kind, megabytes):
    path = folder / ("%s-%g.log" % (kind, megabytes))
    with open(path, "wb") as out:
        subprocess.run([sys.executable, HERE / "make_logs.py", kind, str(megabytes)], stdout=out, check=True)
    return path


def repeat_log(folder, log, megabytes):
    """The log again and again: times start anew, which a reader does not mind."""
    path = folder / ("repeated-%g.log" % megabytes)
    with open(path, "wb") as out:
        while out.tell() < megabytes * 1e6:
            with open(log, "rb") as part:
                shutil.copyfileobj(part, out)
        out.truncate(int(megabytes * 1e6))
    return path


def make_pack(folder, n):
    """A pack of @n patterns that no line of the logs matches."""
    rng = random.Random(n)
    path = folder / ("pack-%d.yaml" % n)
    lines = ["pack: bench", "title: Patterns of a benchmark", "patterns:"]
    for i in range(n):
        text = " ".join(rng.sample(WORDS, 4)) + " n%d" % i
        lines += ["  - id: p%d" % i, "    title: Pattern %d" % i, "    category: application/exception", "    severity: error", "    role: symptom", "    match:",
                  "      - %s: '%s'" % (("regex", text + r" \d+ (?:exceeded|lost)") if i % 2 else ("text", text)),
                  "    explain: For the benchmark.", "    checks: [none]", "    fixes: [none]", "    prevents: [none]",
                  "    tests: {match: ['%s 7 exceeded'], ignore: ['%s']}" % (text, text[:6])]
    path.write_text("\n".join(lines) + "\n")
    return path


def measure(logscan, folder, largest):
    """Rows of (plot, x, MB/s, MB of memory)."""
    mb = min(100, largest)
    plain = make_log(folder, "plain", mb)
    for n in (10, 50, 100, 200, 500, 1000, 2000):
        run = Run([logscan, "-j", "1", "--no-builtin-patterns", "--patterns", make_pack(folder, n), plain])
        yield "patterns", n, mb / run.cores, run.memory
    for n in (1, 2, 4):
        run = Run([logscan, "-j", str(n), plain], RUNS + 2)
        yield "threads", n, mb / run.clock, run.memory
    for size in (1, 4, 16, 64, 256, 1024, 4096):
        if size <= largest:
            log = repeat_log(folder, plain, size)
            run = Run([logscan, log], RUNS if size <= 256 else 1)
            yield "size", size, size / run.cores, run.memory
            log.unlink()
    for kind in KINDS:
        log = make_log(folder, kind, min(60, largest))
        run = Run([logscan, "-j", "1", log])
        yield "kinds", kind, min(60, largest) / run.cores, run.memory
        log.unlink()


TITLES = {
    "patterns": ("Speed against the number of patterns", "patterns"),
    "threads": ("Speed against threads (by the clock)", "threads"),
    "size": ("Speed and peak memory against the size of the log", "MB of log"),
    "kinds": ("Speed by kind of log", "kind"),
}
WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 640, 320, 70, 50, 40


def scale(values, low, high):
    top = max(values) * 1.1
    return lambda value: low + (high - low) * value / top


def curve(xs, values, color, unit, left):
    """A curve with its figure at each point; the axis is that from nought to the largest."""
    y = scale(values, HEIGHT - BOTTOM, TOP)
    parts = ["<polyline fill='none' stroke='%s' stroke-width='2' points='%s'/>" % (color, " ".join("%.1f,%.1f" % (x, y(v)) for x, v in zip(xs, values)))]
    for x, value in zip(xs, values):
        parts.append("<circle cx='%.1f' cy='%.1f' r='3' fill='%s'/><text x='%.1f' y='%.1f' text-anchor='middle' fill='%s'>%.0f</text>" % (
            x, y(value), color, x, y(value) - 8, color, value))
    parts.append("<text x='%d' y='%d' fill='%s'>%s</text>" % (left, TOP - 8, color, unit))
    return parts


def bars(xs, values, names):
    y = scale(values, HEIGHT - BOTTOM, TOP)
    return ["<rect x='%.1f' y='%.1f' width='50' height='%.1f' fill='#3465a4'><title>%s</title></rect><text x='%.1f' y='%.1f' text-anchor='middle'>%.0f</text>" % (
        x - 25, y(v), HEIGHT - BOTTOM - y(v), name, x, y(v) - 6, v) for x, v, name in zip(xs, values, names)]


def draw(plot, rows):
    title, label = TITLES[plot]
    xs = [LEFT + (WIDTH - LEFT - 40) * (i + 0.5) / len(rows) for i in range(len(rows))]
    speeds, memories = [row[2] for row in rows], [row[3] for row in rows]
    parts = ["<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' font-family='sans-serif' font-size='12'>" % (WIDTH, HEIGHT),
             "<rect width='100%' height='100%' fill='white'/>", "<text x='%d' y='18' font-size='14'>%s</text>" % (LEFT, title)]
    if plot == "kinds":
        parts += bars(xs, speeds, [row[1] for row in rows]) + ["<text x='%d' y='%d'>MB/s for each core</text>" % (LEFT, TOP - 8)]
    else:
        parts += curve(xs, speeds, "#3465a4", "MB/s" if plot == "threads" else "MB/s for each core", LEFT)
    if plot == "size":
        parts += curve(xs, memories, "#cc0000", "MB of memory", LEFT + 150)
    parts.append("<line x1='%d' y1='%d' x2='%d' y2='%d' stroke='black'/>" % (LEFT, HEIGHT - BOTTOM, WIDTH - 20, HEIGHT - BOTTOM))
    parts += ["<text x='%.1f' y='%d' text-anchor='middle'>%s</text>" % (x, HEIGHT - BOTTOM + 18, row[1]) for x, row in zip(xs, rows)]
    parts += ["<text x='%d' y='%d' text-anchor='middle'>%s</text>" % (WIDTH / 2, HEIGHT - 10, label), "</svg>"]
    return "\n".join(parts) + "\n"


def main():
    logscan, out = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
    largest = float(sys.argv[3]) if len(sys.argv) > 3 else 4096
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        rows = []
        for row in measure(logscan, Path(scratch), largest):
            print("%-9s %-9s %7.0f MB/s %6.0f MB" % row, flush=True)
            rows.append(row)
    with open(out / "results.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["date", "plot", "x", "mb_per_second", "peak_mb"])
        writer.writerows([time.strftime("%Y-%m-%d"), plot, x, "%.1f" % speed, "%.1f" % memory] for plot, x, speed, memory in rows)
    for plot in TITLES:
        (out / (plot + ".svg")).write_text(draw(plot, [row for row in rows if row[0] == plot]))


main()
