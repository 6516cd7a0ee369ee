#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Shows for each file of a folder how it is read, and what share of its events has a time.

usage: coverage.py LOGSCAN FOLDER... [--min PERCENT]

Files in which nothing has a time are shown, but do not count: whether they have none, or have one that is not known, is for the
reader to judge. With --min the exit code is 1 when the share over all other files is lower.
"""
import json
import os
import subprocess
import sys


def read_statistics(text):
    values = {}
    for line in text.splitlines()[1:]:
        name, _, value = line.strip().partition(" ")
        values.setdefault(name, value.strip())
    return values


def look_at(logscan, path):
    """Events, events with a time of their own, with one of the event before, layout, zone."""
    done = subprocess.run([logscan, "events", "--stats", "--", path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    values = read_statistics(done.stdout.decode("utf-8", "replace"))
    if "events" not in values:
        return None
    times = values["times"].split()
    return int(values["events"].split()[0]), int(times[0]), int(times[4]), values["layout"], values.get("zone", "")


def files_of(folders):
    for folder in folders:
        if os.path.isfile(folder):
            yield folder
        for base, folders_within, names in os.walk(folder):
            folders_within.sort()
            for name in sorted(names):
                yield os.path.join(base, name)


def main():
    arguments, least = sys.argv[1:], None
    if "--min" in arguments:
        at = arguments.index("--min")
        least = float(arguments[at + 1])
        del arguments[at:at + 2]
    events = timed = 0
    for path in files_of(arguments[1:]):
        found = look_at(arguments[0], path)
        if not found:
            print("   -          %s: not read" % path)
            continue
        n, own, inherited, layout, zone = found
        share = 100.0 * (own + inherited) / n if n else 0.0
        print("%6.1f %% %7d %s: %s%s" % (share, n, path, layout, ", " + zone if zone else ""))
        if own:
            events += n
            timed += own + inherited
    total = 100.0 * timed / events if events else 100.0
    print("%6.2f %% of %d events in files with times" % (total, events))
    return least is not None and total < least


if __name__ == "__main__":
    sys.exit(main())
