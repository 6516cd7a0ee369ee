#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The examples for clusters do what they say: examples.py LOGSCAN. Prints TAP.

Their syntax is checked, and both scripts run on this machine as the tasks of a cluster would; the merged report is that of one run.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import logs
import yaml

CONTRIB = Path(__file__).resolve().parents[2] / "contrib"
SLURM = CONTRIB / "slurm/logscan-array.sh"
FLEET = CONTRIB / "fleet/logscan-fleet"
JOB = CONTRIB / "kubernetes/logscan-job.yaml"
SHARES = 3


def job_script():
    """The Job, and what its container runs."""
    job = yaml.safe_load(JOB.read_text())
    container = job["spec"]["template"]["spec"]["containers"][0]
    return job, container


def run_shares(command, environment, folder, index_name):
    for index in range(SHARES):
        subprocess.run(command, cwd=folder, env={**environment, index_name: str(index)}, check=True, capture_output=True)


def check(program, folder):
    for script in (SLURM, FLEET):
        yield f"{script.name}: bash takes it", subprocess.run(["bash", "-n", script], check=False).returncode == 0
    job, container = job_script()
    shares = {entry["name"]: entry["value"] for entry in container["env"]}["SHARES"]
    yield "the Job is an indexed one", job["kind"] == "Job" and job["spec"]["completionMode"] == "Indexed"
    yield "with as many shares as completions", str(job["spec"]["completions"]) == shares

    logs.write(folder / "app.log", 200_000)
    once = subprocess.run([program, "-f", "json", "app.log"], cwd=folder, capture_output=True, check=True).stdout
    parts = subprocess.run([program, "parts", "--size", "20000", "app.log"], cwd=folder, capture_output=True, check=True).stdout
    (folder / "parts.jsonl").write_bytes(parts)
    (folder / "bin").mkdir()
    (folder / "bin/logscan").symlink_to(program)
    environment = {**os.environ, "PATH": f"{folder}/bin:{os.environ['PATH']}", "SHARES": str(SHARES), "SLURM_ARRAY_TASK_COUNT": str(SHARES)}

    run_shares(["bash", SLURM, "parts.jsonl", "slurm"], environment, folder, "SLURM_ARRAY_TASK_ID")
    yield "Slurm: the report of one run", merged(program, folder, "slurm") == once
    command = [part.replace("/scratch/", f"{folder}/scratch/").replace("/tmp/parts", f"{folder}/share") for part in container["command"]]
    (folder / "scratch").mkdir()
    (folder / "scratch/parts.jsonl").write_bytes(parts)
    run_shares(command, environment, folder, "JOB_COMPLETION_INDEX")
    yield "Kubernetes: the report of one run", merged(program, folder, "scratch/ledgers") == once


def merged(program, folder, ledgers):
    return subprocess.run([program, "merge", "-f", "json", ledgers], cwd=folder, capture_output=True, check=True).stdout


def main(program):
    failed = number = 0
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, good) in enumerate(check(str(Path(program).resolve()), Path(folder)), 1):
            failed += not good
            print(f"{'ok' if good else 'not ok'} {number} - {name}", flush=True)
    print(f"1..{number}")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
