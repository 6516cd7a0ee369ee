#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""logscan on a cluster of Dask on one machine: dask_cluster.py LOGSCAN [BYTES [SIZE]]. Prints TAP.

A scheduler and four workers, each a process of its own on the loopback; a log of BYTES (default 8,000,000,000) in parts of SIZE (default 256M);
one worker is killed half-way. The report is the same, byte by byte, as of one run. Says wall times of both and the peak memory of each process.
"""

import json
import multiprocessing
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import logs

PACKAGE = Path(__file__).resolve().parents[2] / "contrib/dask"
ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": str(PACKAGE),
    "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",  # as the README of the package advises
    "DASK_DISTRIBUTED__ADMIN__TICK__INTERVAL": "1s",
}
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


def peak_mib(*command, **more):
    """Runs @command; the most memory that it or one of its children took."""
    process = subprocess.Popen([str(word) for word in command], **more)
    return os.wait4(process.pid, 0)[2].ru_maxrss // 1024


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

    def peaks(self):
        """Of the scheduler and the workers that are still there, in MiB."""
        texts = [Path(f"/proc/{process.pid}/status").read_text() for process in self.processes]
        first, *others = [int(peak[1]) // 1024 for peak in map(re.compile(r"VmHWM:\s+(\d+)").search, texts) if peak]
        return {"scheduler": first, "worker": max(others)}

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


def peaks_of_logscan(program, top, part):
    """Of its processes, each run once more: what the cluster calls them for takes the same."""
    parts = subprocess.run([program, "parts", "--size", part, "big.log"], cwd=top, capture_output=True, check=True).stdout
    (top / "part").write_bytes(parts.splitlines(keepends=True)[0])
    return {
        "logscan parts": peak_mib(program, "parts", "--size", part, "big.log", cwd=top, stdout=subprocess.DEVNULL),
        "logscan": peak_mib(program, "--jobs", 1, "-q", "--parts", "part", "--ledger", "one.ledger", cwd=top),
        "logscan merge": peak_mib(program, "merge", "-q", "--ledger", "sum.ledger", "one.ledger", cwd=top),
    }


def check(program, python, top, size, part):
    log = top / "big.log"
    writer = multiprocessing.Process(target=logs.write_large, args=(log, size))  # its memory would be counted for all that is started later
    writer.start()
    writer.join()
    os.sync()  # or the disk is still at it while others are timed
    started = time.monotonic()
    once = subprocess.run([program, "--format", "json", log.name], cwd=top, capture_output=True, check=True).stdout
    alone = time.monotonic() - started
    cluster = Cluster(python, top)
    try:
        command = [python, "-m", "logscan_dask", "--scheduler", cluster.address, "--size", part, "--logscan", program, "--progress", "always"]
        started = time.monotonic()
        with open(top / "report", "wb") as out:
            driver = subprocess.Popen([*command, "--format", "json", log.name], cwd=top, env=ENVIRONMENT, stdout=out, stderr=subprocess.PIPE)
            killed, words = kill_half_way(driver, cluster)
        _, status, usage = os.wait4(driver.pid, 0)
        seconds = time.monotonic() - started
        yield "a worker was killed half-way", killed is not None, words
        yield "the run ends well all the same", status == 0, words[-2000:]
        yield "the report is that of one run", once != b"" and (top / "report").read_bytes() == once, words[-2000:]
        yield f"{seconds:.1f} s, one run {alone:.1f} s", size < FULL_BYTES or seconds <= WALL_FACTOR_MAX * alone, "slower than it should be"
        peaks = {**cluster.peaks(), "driver": usage.ru_maxrss // 1024, **peaks_of_logscan(program, top, part)}
        print(f"# peak memory in MiB: {', '.join(f'{name} {mib}' for name, mib in peaks.items())}")
    finally:
        cluster.stop()


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
