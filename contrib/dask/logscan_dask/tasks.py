# SPDX-License-Identifier: Apache-2.0
"""What runs on the workers: each task is one call of logscan, takes text or ledgers and returns a ledger as bytes."""

import json
import os
import shutil
import subprocess
import tempfile
from datetime import timezone
from pathlib import Path

# Exit codes: made; the options are wrong; made, but some input could not be read whole, which the ledger says.
DONE, USAGE, PARTIAL = 0, 2, 3


class LogscanFailed(RuntimeError):
    """The last words of a logscan that did not do its work."""


def run(command, folder, **more):
    """Runs @command to its end, or kills it where the worker is killed: someone else does its task then."""
    if shutil.which("setpriv"):
        command = ["setpriv", "--pdeathsig", "KILL", *command]
    result = subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False, **more)
    if result.returncode not in (DONE, PARTIAL):
        raise LogscanFailed(result.stderr.decode(errors="replace").strip() or f"logscan ended with {result.returncode}")


def is_url(path):
    return "://" in path


def fetch(url, folder):
    """
    Copies an object to where @url leads as a path below @folder, with the time of its last change, from which logs without years are
    dated: "s3://bucket/app.log" is the file "app.log" in the folder "s3:/bucket", so that the report calls it by its address.
    """
    import fsspec

    filesystem, path = fsspec.core.url_to_fs(url)
    target = Path(folder, url)
    target.parent.mkdir(parents=True, exist_ok=True)
    with filesystem.open(path, "rb") as source, open(target, "wb") as copy:
        shutil.copyfileobj(source, copy, 1 << 20)
    try:
        changed = filesystem.modified(path)
        if changed.tzinfo is None:
            changed = changed.replace(tzinfo=timezone.utc)
        os.utime(target, (changed.timestamp(), changed.timestamp()))
    except (NotImplementedError, AttributeError):
        pass  # the file system does not say


def scan(logscan, options, folder, parts):
    """@parts: lines that `logscan parts` printed, or made for objects; @folder: from where their paths are meant."""
    with tempfile.TemporaryDirectory(prefix="logscan-") as scratch:
        ledger = Path(scratch, "ledger")
        urls = [part["source"] for part in map(json.loads, parts) if is_url(part["source"])]
        for url in urls:
            fetch(url, scratch)
        command = [*logscan, *options, "--quiet", "--host", "", "--parts", "-", "--ledger", ledger]
        run(command, scratch if urls else folder, input="".join(line + "\n" for line in parts).encode())
        return ledger.read_bytes()


def merge(logscan, options, ledgers):
    with tempfile.TemporaryDirectory(prefix="logscan-") as scratch:
        paths = [Path(scratch, f"{number}.ledger") for number in range(len(ledgers))]
        for path, ledger in zip(paths, ledgers):
            path.write_bytes(ledger)
        run([*logscan, "merge", *options, "--quiet", "--ledger", Path(scratch, "sum"), *paths], scratch)
        return Path(scratch, "sum").read_bytes()
