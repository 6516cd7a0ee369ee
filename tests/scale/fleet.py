#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A fleet on one machine: fleet.py LOGSCAN [BYTES]. Prints TAP.

Eight sshd on high ports of the loopback, each with a folder of its own as its root; one is killed while it scans. The report is of the other seven and says
so of the eighth; the second call completes it, and the result is the same, byte by byte, as of one run on all logs. BYTES: size of each log (default 100,000).
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import logs

FLEET = Path(__file__).resolve().parents[2] / "contrib/fleet/logscan-fleet"
HOSTS = [f"h{number}" for number in range(1, 9)]
VICTIM = "h5"
SSHD = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin")
OLD = 1772000000


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Host:
    """An sshd whose commands run in its own folder."""

    def __init__(self, name, top, key):
        self.name, self.root, self.port = name, top / name, free_port()
        (self.root / "logs").mkdir(parents=True)
        config = self.root / "sshd_config"
        config.write_text(
            f"ListenAddress 127.0.0.1:{self.port}\nHostKey {key}\nAuthorizedKeysFile {key}.pub\nStrictModes no\nUsePAM no\n"
            f"PidFile none\nPermitRootLogin prohibit-password\nForceCommand cd {self.root} && exec sh -c \"$SSH_ORIGINAL_COMMAND\"\n"
        )
        self.config, self.process = config, None

    def start(self):
        self.process = subprocess.Popen([SSHD, "-D", "-e", "-f", self.config], stderr=subprocess.DEVNULL)
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
        raise RuntimeError(f"{self.name}: sshd does not listen")

    def kill(self):
        for pid in [*descendants(self.process.pid), self.process.pid]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.process.wait()


def descendants(parent):
    children = {}
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit():
                children.setdefault(int((entry / "stat").read_text().rpartition(")")[2].split()[1]), []).append(int(entry.name))
        except OSError:
            pass
    found = children.get(parent, [])
    for pid in found:
        found += children.get(pid, [])
    return found


def call(program, top, key, out):
    environment = {**os.environ, "LOGSCAN": program, "HOME": str(top)}
    command = [FLEET, "--hosts", top / "hosts", "--into", top / "ledgers", "--logscan", "./logscan", "--report", "--format=json", "logs"]
    return subprocess.Popen(command, env=environment, stdout=open(out, "w"), stderr=subprocess.PIPE, text=True)


def prepare(program, top, size):
    key = top / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    hosts = [Host(name, top, key) for name in HOSTS]
    options = f"-i {key} -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR"
    (top / "hosts").write_text("".join(f"{host.name} -p {host.port} {options} 127.0.0.1\n" for host in hosts))
    for number, host in enumerate(hosts):
        path = host.root / "logs/app.log"
        logs.write(path, size, seed=number)
        os.utime(path, (OLD, OLD))
        (host.root / "logscan").symlink_to(program)
        (top / "one-run" / f"{host.name}:logs").mkdir(parents=True)
        shutil.copy2(path, top / "one-run" / f"{host.name}:logs" / "app.log")
    return key, hosts


def wait_for(path):
    for _ in range(300):
        if path.exists():
            return
        time.sleep(0.1)
    raise RuntimeError(f"{path} is not there")


def check(program, top, size):
    key, hosts = prepare(program, top, size)
    victim = hosts[HOSTS.index(VICTIM)]
    slow = victim.root / "logscan"
    slow.unlink()
    slow.write_text("#!/bin/sh\ntouch started\nexec sleep 60\n")
    slow.chmod(0o755)
    try:
        for host in hosts:
            host.start()
        first = call(program, top, key, top / "first.json")
        wait_for(victim.root / "started")
        victim.kill()
        complaint = first.communicate()[1]
        report = (top / "first.json").read_text()
        yield "the first call ends with 3", first.returncode == 3, complaint
        yield "and says who is missing", f"{VICTIM} was not scanned" in complaint, complaint
        yield "so does its report", f'"{VICTIM}"' in report and "not scanned" in report, report[-800:]
        yield "which has the seven others", sum(f'"source" : "{name}:logs/app.log"' in report for name in HOSTS) == 7, report[-800:]
        slow.unlink()
        slow.symlink_to(program)
        victim.start()
        stamps = {path.name: path.stat().st_mtime_ns for path in (top / "ledgers").glob("*.ledger")}
        second = call(program, top, key, top / "second.json")
        complaint = second.communicate()[1]
        again = {path.name: path.stat().st_mtime_ns for path in (top / "ledgers").glob("*.ledger")}
        yield "the second call scans one host", len(stamps) == 7 and len(again) == 8 and stamps.items() <= again.items(), f"{stamps} {again}"
        yield "and completes the report", second.returncode == 0, complaint
        names = [f"{name}:logs/app.log" for name in HOSTS]
        once = subprocess.run([program, "--format", "json", *names], cwd=top / "one-run", capture_output=True, text=True, check=False).stdout
        yield "which is that of one run", once != "" and (top / "second.json").read_text() == once, ""
    finally:
        for host in hosts:
            if host.process:
                host.kill()


def main(program, size=100_000):
    if not SSHD or not shutil.which("parallel") or not shutil.which("ssh-keygen"):
        print("1..0 # SKIP no sshd or no GNU parallel here")
        return 0
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    failed = number = 0
    with tempfile.TemporaryDirectory() as top:
        for number, (name, good, why) in enumerate(check(str(Path(program).resolve()), Path(top), size), 1):
            failed += not good
            print(f"{'ok' if good else 'not ok'} {number} - {name}", flush=True)
            for line in [] if good else str(why).splitlines()[-20:]:
                print(f"# {line}")
    print(f"1..{number}")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], *map(int, sys.argv[2:])))
