#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""logscan on a cluster of Dask on one machine: dask_cluster.py LOGSCAN [BYTES [SIZE]]. Prints TAP.

A scheduler and four workers, each a process of its own on the loopback; a log of BYTES (default 8,000,000,000) in parts of SIZE (default 256M);
one worker is killed half-way. The report is the same, byte by byte, as of one run. Says wall times of both and the peak memory of each process.
"""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import logs

PACKAGE = Path(__file__).resolve().parents[2] / "contrib/dask"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(PACKAGE)}
N_WORKERS = 4
SCHEDULER = "from distributed.cli.dask_scheduler import main; main()"
WORKER = "from distributed.cli.dask_worker import main; main()"
WALL_FACTOR_MAX = 1.25
FULL_BYTES = 1_000_000_000  # from here on wall time says something


def find_python():
    for python in (sys.executable, "/usr/bin/python3"):
        if Path(python).exists() and subprocess.run([python, "-c", "import distributed, fsspec"], capture_output=True, check=False).returncode == 0:
            return python
    return None


class Memory(threading.Thread):
    """The largest memory of each child of this process, and of theirs, by what it is."""

    def __init__(self):
        super().__init__(daemon=True)
        self.peaks, self.ended = {}, threading.Event()

    def run(self):
        while not self.ended.wait(0.5):
            for pid, name in processes_below(os.getpid()):
                try:
                    status = Path(f"/proc/{pid}/status").read_text()
                except OSError:
                    continue
                peak = re.search(r"VmHWM:\s+(\d+)", status)
                if peak:
                    self.peaks[name] = max(self.peaks.get(name, 0), int(peak[1]) // 1024)


def processes_below(parent):
    parents, names = {}, {}
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit():
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                names[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            pass
    for pid in list(parents):
        above = pid
        while above in parents and above != parent:
            above = parents[above]
        if above == parent and pid != parent:
            yield pid, kind_of(names.get(pid, ""))


def kind_of(command):
    for word, kind in (("dask_scheduler", "scheduler"), ("dask_worker", "worker"), ("logscan_dask", "driver"), ("logscan merge", "logscan merge")):
        if word in command:
            return kind
    return "logscan parts" if " parts " in command else "logscan" if "logscan" in command else "other"


class Cluster:
    def __init__(self, python, top):
        self.top, self.processes = top, []
        self.command = [python, "-c"]
        info = top / "scheduler.json"
        self.start(SCHEDULER, "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", info)
        for _ in range(600):
            if info.exists() and info.read_text().strip().endswith("}"):
                break
            time.sleep(0.1)
        self.address = json.loads(info.read_text())["address"]
        for _ in range(N_WORKERS):
            self.start(WORKER, self.address, *"--host 127.0.0.1 --nthreads 1 --no-nanny --no-dashboard --memory-limit 0 --local-directory".split(), top)
        self.wait(python)

    def start(self, *arguments):
        with open(self.top / "cluster.txt", "a") as words:
            self.processes.append(subprocess.Popen([*self.command, *map(str, arguments)], stdout=words, stderr=words, cwd=self.top, env=ENVIRONMENT))

    def wait(self, python):
        code = f"from distributed import Client; Client({self.address!r}).wait_for_workers({N_WORKERS}, 120)"
        subprocess.run([python, "-c", code], check=True, capture_output=True)

    def stop(self):
        for process in self.processes:
            process.kill()
            process.wait()


def kill_half_way(driver, cluster):
    """Reads the progress of @driver; kills a worker when half of the bytes are read. Returns what was done then and the last words."""
    words, killed = "", None
    while True:
        piece = driver.stderr.read1(4096).decode()
        if not piece:
            return killed, words
        words += piece
        done = re.findall(r"(\d+) of (\d+) tasks", words)
        if done and not killed and 2 * int(done[-1][0]) >= int(done[-1][1]) > 1:
            cluster.processes[1].send_signal(signal.SIGKILL)
            killed = done[-1]


def check(program, python, top, size, part):
    log = top / "big.log"
    logs.write_large(log, size)
    started = time.monotonic()
    once = subprocess.run([program, "--format", "json", log.name], cwd=top, capture_output=True, check=True).stdout
    alone = time.monotonic() - started
    memory = Memory()
    memory.start()
    cluster = Cluster(python, top)
    try:
        command = [python, "-m", "logscan_dask", "--scheduler", cluster.address, "--size", part, "--logscan", program, "--progress", "always"]
        started = time.monotonic()
        with open(top / "report", "wb") as out:
            driver = subprocess.Popen([*command, "--format", "json", log.name], cwd=top, env=ENVIRONMENT, stdout=out, stderr=subprocess.PIPE)
            killed, words = kill_half_way(driver, cluster)
        code = driver.wait()
        seconds = time.monotonic() - started
        yield "a worker was killed half-way", killed is not None, words
        yield "the run ends well all the same", code == 0, words[-2000:]
        yield "the report is that of one run", once != b"" and (top / "report").read_bytes() == once, words[-2000:]
        yield f"{seconds:.1f} s, one run {alone:.1f} s", size < FULL_BYTES or seconds <= WALL_FACTOR_MAX * alone, "slower than it should be"
    finally:
        cluster.stop()
        memory.ended.set()
    print(f"# peak memory in MiB: {', '.join(f'{name} {mib}' for name, mib in sorted(memory.peaks.items()))}")


def main(program, size=8_000_000_000, part="256M"):
    python = find_python()
    if not python:
        print("1..0 # SKIP no Dask here (Debian: python3-distributed, python3-fsspec)")
        return 0
    failed = number = 0
    with tempfile.TemporaryDirectory() as top:
        for number, (name, good, why) in enumerate(check(str(Path(program).resolve()), python, Path(top), int(size), part), 1):
            failed += not good
            print(f"{'ok' if good else 'not ok'} {number} - {name}", flush=True)
            for line in [] if good else str(why).splitlines()[-20:]:
                print(f"# {line}")
    print(f"1..{number}")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
