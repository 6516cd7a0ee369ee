# SPDX-License-Identifier: Apache-2.0
"""
Sends the parts of logs to the workers, has their ledgers merged in a tree, and prints the report of what is left.

Ledgers are small, so they come here at once: a worker that dies takes with it only the part that it is at. Dask is imported late, for that takes
half a second in which `logscan parts` reads already.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

from . import options as command_line
from . import tasks

FAN_IN = 16  # ledgers that one task merges

# Tasks here are few and long and run outside Python: looking at what Python does a hundred times a second shows nothing and takes 2 % of a core.
CONFIGURATION = {"distributed.worker.profile.enabled": False, "distributed.admin.tick.interval": "1s"}


# --- parts ---


def parts_of_objects(url, problems):
    """An object is one part: its bytes go over the network once, to the worker that scans them."""
    import fsspec

    filesystem, path = fsspec.core.url_to_fs(url)
    found = filesystem.glob(path, detail=True) if any(c in path for c in "*?[") else filesystem.find(path, detail=True)
    if not found:
        problems.append(f"{url}: there is nothing")
    for name, info in sorted(found.items()):
        if info.get("type", "file") == "file":
            size = info["size"] if "size" in info else filesystem.size(name)
            yield {"source": filesystem.unstrip_protocol(name), "range": "0-" if name == path else "0-,found", "bytes": size or 0}


class Cutting:
    """`logscan parts` on files: it begins to read at once, and gives parts as it finds them."""

    def __init__(self, options, paths):
        command = [options.logscan, "parts", "--size", options.size, "--", *paths]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    def parts(self, problems):
        for line in self.process.stdout:
            yield json.loads(line)
        if self.process.wait() != tasks.DONE:
            problems.append("not all paths could be cut")


def batches(options, cutting, problems):
    """Lists of parts of one kind, files or objects, that together are about as large as one part may be."""
    limit = command_line.bytes_of(options.size)
    streams = [parts_of_objects(url, problems) for url in options.paths if tasks.is_url(url)]
    if cutting:
        streams.append(cutting.parts(problems))
    for stream in streams:
        batch, size = [], 0
        for part in stream:
            if batch and size + part["bytes"] > limit * 5 // 4:
                yield batch, size
                batch, size = [], 0
            batch.append(part)
            size += part["bytes"]
        if batch:
            yield batch, size


# --- progress ---


class Progress:
    def __init__(self, when):
        self.shown = when == "always" or (when == "auto" and sys.stderr.isatty())
        self.started, self.n, self.done, self.total, self.read = time.monotonic(), 0, 0, 0, 0

    def say(self):
        if self.shown:
            seconds = time.monotonic() - self.started
            text = f"{self.done} of {self.n} tasks, {self.read / 1e9:.2f} of {self.total / 1e9:.2f} GB, {seconds:.0f} s"
            print(f"\r{text}", end="", file=sys.stderr, flush=True)

    def end(self):
        if self.shown:
            print(file=sys.stderr)


# --- the tasks ---


class Run:
    """The tasks of a run, and the ledgers that came back and are not yet merged."""

    def __init__(self, client, options, absent):
        from dask.distributed import as_completed

        self.client, self.options, self.absent = client, options, absent
        self.progress, self.flow = Progress(options.progress), as_completed(with_results=True, raise_errors=False)
        self.batches = {}  # of parts, by the key of the task that scans them
        self.ledgers = []
        warnings.filterwarnings("ignore", "Large object", UserWarning)  # ledgers that go out to be merged

    def submit(self, function, *arguments):
        future = self.client.submit(function, *arguments, retries=self.options.retries, pure=False)
        self.flow.add(future)
        return future

    def scan(self, batch, size):
        lines = [json.dumps(part) for part in batch]
        future = self.submit(tasks.scan, [self.options.logscan], self.options.scan, os.getcwd(), lines)
        self.batches[future.key] = (batch, size)
        self.progress.n, self.progress.total = self.progress.n + 1, self.progress.total + size

    def take(self, future, result):
        batch, size = self.batches.pop(future.key, ([], 0))
        self.progress.done, self.progress.read = self.progress.done + bool(batch), self.progress.read + size
        self.progress.say()
        if future.status == "finished":
            self.ledgers.append(result)
        elif batch:
            why = str(result[1]).splitlines()[-1] if future.status == "error" else future.status
            self.absent += [(f"{part['source']} {part['range']}", why) for part in batch]
        else:
            raise result[1] if future.status == "error" else result
        if len(self.ledgers) >= FAN_IN:
            self.submit(tasks.merge, [self.options.logscan], command_line.of_merge(self.options), self.ledgers)
            self.ledgers = []

    def all_of(self, stream):
        """Fewer than FAN_IN ledgers that together are of all parts which could be scanned."""
        for batch, size in stream:
            self.scan(batch, size)
            for future, result in self.flow.next_batch(block=False):
                self.take(future, result)
        for future, result in self.flow:
            self.take(future, result)
        self.progress.end()
        return self.ledgers


def run(options, cutting, problems, absent):
    import dask
    from dask.distributed import Client, LocalCluster

    cluster = None
    if not options.scheduler:
        dask.config.set(CONFIGURATION)
        cluster = LocalCluster(
            n_workers=options.workers or os.cpu_count(), threads_per_worker=1, processes=True, dashboard_address=None, memory_limit=0
        )
    with Client(cluster or options.scheduler) as client:
        ledgers = Run(client, options, absent).all_of(batches(options, cutting, problems))
    if cluster:
        cluster.close()
    return ledgers


def report(options, ledgers, absent):
    with tempfile.TemporaryDirectory(prefix="logscan-") as scratch:
        paths = [Path(scratch, f"{number}.ledger") for number in range(len(ledgers))]
        for path, ledger in zip(paths, ledgers):
            path.write_bytes(ledger)
        missing = [word for name, why in absent for word in ("--absent", f"{name.replace('=', ':')}={why}")]
        return subprocess.run([options.logscan, "merge", *options.report, *missing, *paths], check=False).returncode


def complain(words):
    print(f"logscan-dask: {words}", file=sys.stderr)


def is_usable(options):
    """Whether logscan is there and takes the options: it reads an empty log with them, before all parts fail for one word."""
    try:
        trial = subprocess.run([options.logscan, *command_line.of_trial(options), "--quiet", "-"], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    except OSError as error:
        complain(f"{options.logscan}: {error.strerror}")
        return False
    if trial.returncode == tasks.USAGE:
        sys.stderr.write(trial.stderr.decode(errors="replace"))
    return trial.returncode != tasks.USAGE


def main(arguments=None):
    options = command_line.parse(arguments)
    if not is_usable(options):
        return tasks.USAGE
    problems, absent = [], []
    files = [path for path in options.paths if not tasks.is_url(path)]
    try:
        ledgers = run(options, Cutting(options, files) if files else None, problems, absent)
    except (OSError, tasks.LogscanFailed) as error:  # no scheduler there; ledgers that cannot be merged
        complain(error)
        return tasks.USAGE
    for problem in problems:
        complain(problem)
    if not ledgers:
        for name, why in absent:
            complain(f"{name}: {why}")
        complain("nothing was scanned")
        return tasks.USAGE
    return report(options, ledgers, absent) or (tasks.PARTIAL if problems else tasks.DONE)
