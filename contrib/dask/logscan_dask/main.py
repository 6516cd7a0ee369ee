# SPDX-License-Identifier: Apache-2.0
"""Sends the parts of logs to the workers, merges their ledgers in a tree, and prints the report of the last one."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from dask.distributed import Client, LocalCluster, as_completed

from . import options as command_line
from . import tasks

FAN_IN = 16  # ledgers that one task merges
SIZE_UNITS = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}


def bytes_of(size):
    unit = SIZE_UNITS.get(size[-1:].upper())
    return int(size[:-1]) * unit if unit else int(size)


# --- parts ---


def parts_of_objects(url):
    """An object is one part: its bytes go over the network once, to the worker that scans them."""
    import fsspec

    filesystem, path = fsspec.core.url_to_fs(url)
    found = filesystem.glob(path) if any(c in path for c in "*?[") else filesystem.find(path)
    for name in sorted(found):
        address = filesystem.unstrip_protocol(name)
        yield {"source": address, "range": "0-" if address == url else "0-,found", "bytes": filesystem.size(name) or 0}


def parts_of_files(options, paths, problems):
    """As `logscan parts` finds them, one after the other, so that workers begin while it still reads."""
    command = [options.logscan, "parts", "--size", options.size, "--", *paths]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            yield json.loads(line)
    if process.returncode != tasks.DONE:
        problems.append("parts")


def batches(options, problems):
    """Lists of parts of one kind, files or objects, that together are about as large as one part may be."""
    limit = bytes_of(options.size)
    files = [path for path in options.paths if not tasks.is_url(path)]
    streams = [parts_of_objects(url) for url in options.paths if tasks.is_url(url)]
    if files:
        streams.append(parts_of_files(options, files, problems))
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


# --- the tree ---


class Tree:
    """Ledgers that wait to be merged, as futures: their bytes stay on the workers."""

    def __init__(self, client, options):
        self.client, self.options = client, options
        self.ready = []
        self.merging = command_line.of_merge(options)

    def take(self, future):
        """The future of a merge when enough are ready, else None."""
        self.ready.append(future)
        return self.fold() if len(self.ready) >= FAN_IN else None

    def fold(self):
        taken, self.ready = self.ready, []
        arguments = [self.options.logscan], self.merging, taken
        return self.client.submit(tasks.merge, *arguments, retries=self.options.retries, pure=False)


def ledger_of_all(client, options, problems, absent):
    """The bytes of one ledger; None when no part could be scanned. @absent: (name, why) of parts that were given up."""
    progress, tree, sizes = Progress(options.progress), Tree(client, options), {}
    flow = as_completed()
    for batch, size in batches(options, problems):
        lines = [json.dumps(part) for part in batch]
        arguments = [options.logscan], options.scan, os.getcwd(), lines
        future = client.submit(tasks.scan, *arguments, retries=options.retries, pure=False)
        sizes[future.key] = (batch, size)
        progress.n, progress.total = progress.n + 1, progress.total + size
        flow.add(future)
    while flow.count() > 0 or len(tree.ready) > 1:
        if flow.count() == 0:
            flow.add(tree.fold())
        future = next(flow)
        batch, size = sizes.pop(future.key, ([], 0))
        progress.done, progress.read = progress.done + bool(batch), progress.read + size
        progress.say()
        if future.status == "finished":
            more = tree.take(future)
            if more:
                flow.add(more)
        elif batch:
            absent += [(f"{part['source']} {part['range']}", str(future.exception()).splitlines()[-1]) for part in batch]
        else:
            raise future.exception()
    progress.end()
    return tree.ready[0].result() if tree.ready else None


def report(options, ledger, absent):
    with tempfile.TemporaryDirectory(prefix="logscan-") as scratch:
        path = Path(scratch, "all.ledger")
        path.write_bytes(ledger)
        missing = [word for name, why in absent for word in ("--absent", f"{name.replace('=', ':')}={why}")]
        return subprocess.run([options.logscan, "merge", *options.report, *missing, path], check=False).returncode


def main(arguments=None):
    options = command_line.parse(arguments)
    problems, absent = [], []
    cluster = None
    if not options.scheduler:
        cluster = LocalCluster(
            n_workers=options.workers or os.cpu_count(), threads_per_worker=1, processes=True, dashboard_address=None, memory_limit=0
        )
    with Client(cluster or options.scheduler) as client:
        ledger = ledger_of_all(client, options, problems, absent)
    if cluster:
        cluster.close()
    if ledger is None:
        for name, why in absent:
            print(f"logscan-dask: {name}: {why}", file=sys.stderr)
        print("logscan-dask: nothing was scanned", file=sys.stderr)
        return 2
    return report(options, ledger, absent) or (tasks.PARTIAL if problems else tasks.DONE)
