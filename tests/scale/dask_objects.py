#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Logs that fsspec fetches for a cluster of Dask: dask_objects.py LOGSCAN. Prints TAP.

The cluster lives in this process. Objects are files, memory, and what a server on the loopback gives in ranges; each report is, byte by byte, that of
one run on files of the same names: "http://host/app.log" is also the file "app.log" in the folder "http:/host".
"""

import functools
import gzip
import http.server
import os
import re
import sys
import threading
import time
from pathlib import Path
from subprocess import run

import dask_cluster
import logs

sys.path[:0] = [str(dask_cluster.PACKAGE), str(Path(__file__).resolve().parents[1])]
import tap

CHANGED = 1767226800  # 2026-01-01 00:20 UTC
FAR_FROM_UTC = "Asia/Tokyo"


class Ranges(http.server.SimpleHTTPRequestHandler):
    """Files of a folder, whole or in ranges."""

    asked = 0  # for ranges

    def do_GET(self):
        path = self.translate_path(self.path)
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if not wanted or not os.path.isfile(path):
            super().do_GET()
            return
        Ranges.asked += 1
        data = Path(path).read_bytes()
        start, end = int(wanted[1]), min(int(wanted[2] or len(data)), len(data) - 1)
        self.send_response(206)
        self.send_header("Content-Range", f"bytes {start}-{end}/{len(data)}")
        self.send_header("Content-Length", str(end + 1 - start))
        self.end_headers()
        self.wfile.write(data[start : end + 1])

    def log_message(self, *_):
        pass


def write_logs(folder):
    folder.mkdir()
    logs.write(folder / "app.log", 60_000, seed=1)
    logs.write(folder / "web.log", 30_000, seed=2)
    (folder / "web.log.gz").write_bytes(gzip.compress((folder / "web.log").read_bytes(), mtime=0))
    (folder / "web.log").unlink()
    # Of 2026 if it was changed when it was, of 2025 if nine hours before: lines may be two days behind that.
    (folder / "db.log").write_text("".join(f"Jan  2 23:{minute:02}:00 db1 postgres[7]: FATAL: sorry, too many clients already\n" for minute in range(60)))
    for path in folder.iterdir():
        os.utime(path, (CHANGED, CHANGED))


class Objects:
    def __init__(self, program, folder, cluster):
        self.program, self.folder, self.cluster = program, folder, cluster

    def report(self, *paths):
        """What the cluster reports, and its exit code."""
        from logscan_dask.main import main

        out = self.folder / "report.json"
        out.unlink(missing_ok=True)
        code = main(["--scheduler", self.cluster.scheduler_address, "--logscan", self.program, "--size", "50K", "-o", str(out), *paths])
        return code, out.read_text() if out.exists() else ""

    def check(self, path, stands_for):
        """Wrongs of the report on @path, which is @stands_for in the folder that stands for the world."""
        code, report = self.report(path)
        alias = self.folder / "world" / stands_for[0]
        alias.parent.mkdir(parents=True, exist_ok=True)
        alias.symlink_to(stands_for[1])
        once = run([self.program, "--format", "json", path], cwd=self.folder / "world", capture_output=True, text=True, check=False).stdout
        alias.unlink()
        return [*([f"it ends with {code}"] if code != 0 else []), *(["the report is another one"] if report != once or not once else [])]


def check_web(objects, folder):
    try:
        import fsspec

        fsspec.filesystem("http")
    except ImportError as missing:
        yield f"http # SKIP {missing}", []
        return
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Ranges, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    host = f"127.0.0.1:{server.server_port}"
    yield "http, one object", objects.check(f"http://{host}/logs/app.log", (f"http:/{host}", folder))
    yield "which the server gave in ranges", [] if Ranges.asked else ["it was not asked for any"]
    code, report = objects.report(f"http://{host}/logs/")
    missing = [name for name in ("app.log", "web.log", "db.log") if f"http://{host}/logs/{name}" not in report]
    yield "http, a folder", [*([f"it ends with {code}"] if code else []), *missing]
    code, _ = objects.report(f"http://{host}/logs/none.log")
    yield "http, an object that is not there", [] if code == 2 else [f"it ends with {code}"]
    server.shutdown()


def check_memory(objects, folder):
    import fsspec

    memory = fsspec.filesystem("memory")
    for path in (folder / "logs").iterdir():
        memory.pipe(f"/bucket/{path.name}", path.read_bytes())
    code, report = objects.report("memory://bucket/*.log")
    names = re.findall(r'"source" : "(memory:[^"]*)"', report)
    yield "memory, by a pattern", [] if code == 0 and set(names) >= {"memory:///bucket/app.log"} and not any(".gz" in name for name in names) else [str(code), *names]


def check(program, folder):
    from dask.distributed import LocalCluster

    os.environ["TZ"] = FAR_FROM_UTC
    time.tzset()
    write_logs(folder / "logs")
    with LocalCluster(n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None) as cluster:
        objects = Objects(str(Path(program).resolve()), folder, cluster)
        yield "files, a folder", objects.check(f"file://{folder}/logs", ("file:", "/"))
        yield "files, one of them, without years in it", objects.check(f"file://{folder}/logs/db.log", ("file:", "/"))
        code, _ = objects.report(f"file://{folder}/nothing")
        yield "files, a folder that is not there", [] if code == 2 else [f"it ends with {code}"]
        yield from check_memory(objects, folder)
        yield from check_web(objects, folder)


if __name__ == "__main__":
    PYTHON = dask_cluster.find_python()
    if not PYTHON:
        print("1..0 # SKIP no Dask here (Debian: python3-distributed, python3-fsspec)")
        sys.exit(0)
    if PYTHON != sys.executable:
        os.execv(PYTHON, [PYTHON, *sys.argv])
    sys.exit(tap.main(check))
