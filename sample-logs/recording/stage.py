# SPDX-License-Identifier: Apache-2.0
"""A recording: its temporary folder, the programs that run in it, what was done when, and what is delivered."""

import gzip
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from datetime import datetime, timezone
from pathlib import Path

LOUD = 48 * 1024  # larger logs are delivered as gzip
NO_YEAR = re.compile(rb"^\W?([A-Z][a-z]{2} [ \d]\d )?\d\d:\d\d:", re.M)  # so do logs whose times name no year or day: the header of gzip keeps it
PATIENCE = 120  # seconds until a server must answer


def now():
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def require(packages):
    """Installs what is missing, without starting any service."""
    if subprocess.run(["dpkg", "-s", *packages], capture_output=True).returncode == 0:
        return
    environment = os.environ | {"RUNLEVEL": "1", "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], check=True)
    subprocess.run(["apt-get", "install", "-qq", "--no-install-recommends", *packages], check=True, env=environment)


def npm_modules(stage, *names):
    """Installs packages for Node.js into the recording's folder; returns the environment that finds them."""
    command = ["npm", "install", "--no-audit", "--no-fund", "--silent", "--prefix", str(stage.folder), *names]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return {"NODE_PATH": str(stage.folder / "node_modules")}


class Stage:
    """with Stage(__file__, packages, base_port) as stage: ...; stage.deliver()"""

    def __init__(self, script, packages, base_port):
        self.case = Path(script).resolve().parent
        self.out = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else self.case
        self.base_port = base_port
        self.healthy = float(os.environ.get("HEALTHY", 200))  # seconds of each part
        self.failure = float(os.environ.get("FAILURE", 100))
        self.after = float(os.environ.get("RECOVERED", 45))
        require(packages)
        self.folder = Path(tempfile.mkdtemp(prefix=self.case.name + ".", dir="/tmp"))
        self.folder.chmod(0o755)
        self.logs = self.folder / "logs"
        self.logs.mkdir()
        self.logs.chmod(0o777)
        self.programs = []
        self.timeline = []
        self.times = {}
        self.over = False
        os.environ["TZ"] = "UTC"
        time.tzset()

    def __enter__(self):
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what runs is stopped then too
        return self

    def __exit__(self, kind, _value, _traceback):
        self.over = True
        for program in reversed(self.programs):
            self.stop(program)
        if kind:
            print(f"record: given up; what there is, is in {self.folder}", file=sys.stderr)
        else:
            shutil.rmtree(self.folder, ignore_errors=True)

    def port(self, offset):
        """The n-th port of the recording, which must be free."""
        number = self.base_port + offset
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", number))
        return number

    # --- programs ---

    def start(self, *command, log="output", user=None, env=None, stop_with=signal.SIGTERM):
        """Runs a program until the end of the recording; what it prints is added to a log."""
        if user:
            command = ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", *command]
        path = self.logs / log if log != "output" else self.folder / log
        with open(path, "ab") as output:
            program = subprocess.Popen(
                [str(word) for word in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self.folder,
                env=os.environ | {key: str(value) for key, value in (env or {}).items()},
                start_new_session=True,
            )
        program.stop_with = stop_with
        self.programs.append(program)
        return program

    def stop(self, program):
        if program.poll() is None:
            program.send_signal(program.stop_with)
            try:
                program.wait(20)
            except subprocess.TimeoutExpired:
                program.kill()
                program.wait()
        try:
            os.killpg(program.pid, signal.SIGKILL)  # children it left behind, of its own session
        except ProcessLookupError:
            pass
        if program in self.programs:
            self.programs.remove(program)

    def wait_port(self, port):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                time.sleep(0.2)
        raise TimeoutError(f"nothing listens on port {port}")

    # --- what happens when ---

    def note(self, text, mark=None):
        """One row of the timeline; mark: "onset" or "recovered" of truth.json."""
        moment = now()
        self.timeline.append(f"| {moment[:10]} {moment[11:23]} | {text} |")
        if mark:
            self.times[mark] = moment
        print(moment, text, flush=True)

    def pause(self, seconds):
        time.sleep(seconds)

    def detect(self, pattern):
        """Notes when the logs first say it, from now on."""
        wanted = re.compile(pattern.encode())
        sizes = {path: path.stat().st_size for path in self.logs.iterdir()}

        def look():
            while "detected" not in self.times and not self.over:
                for path in self.logs.iterdir():
                    with open(path, "rb") as log:
                        log.seek(sizes.get(path, 0))
                        if wanted.search(log.read()):
                            self.times.setdefault("detected", now())
                time.sleep(0.25)

        self.looking = threading.Thread(target=look, daemon=True)
        self.looking.start()

    # --- what is delivered ---

    def deliver(self):
        self.note("end of the recording")
        target = self.out / "logs"
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        for path in sorted(self.logs.iterdir()):
            data = path.read_bytes()
            if len(data) > LOUD or NO_YEAR.search(data):
                (target / (path.name + ".gz")).write_bytes(gzip.compress(data, 9, mtime=int(time.time())))
            elif data:
                (target / path.name).write_bytes(data)
        rows = ["| time (UTC) | what was done |", "|---|---|", *self.timeline]
        (self.out / "timeline.md").write_text("\n".join(rows) + "\n", encoding="utf-8")
        truth = (self.case / "truth.json.in").read_text(encoding="utf-8")
        for mark in "onset", "detected", "recovered":
            truth = truth.replace(f'"@{mark.upper()}@"', json.dumps(self.times.get(mark)))
        (self.out / "truth.json").write_text(truth, encoding="utf-8")
        print(f"recorded into {self.out}")


class Agent:
    """A configuration agent: makes changes and says so in a log of its own, in the layout of its kind."""

    LAYOUTS = {
        "iso": "{time:%Y-%m-%dT%H:%M:%SZ} {name}[{pid}]: {text}",
        "syslog": "{time:%b %e %H:%M:%S} {host} {name}[{pid}]: {text}",
        "logfmt": 'time={time:%Y-%m-%dT%H:%M:%SZ} level=info agent={name} msg="{text}"',
        "bracket": "[{time:%Y-%m-%d %H:%M:%S}] INFO {name}: {text}",
    }

    def __init__(self, stage, name, layout="iso", host="ops-1"):
        self.path = stage.logs / (name + ".log")
        self.name, self.layout, self.host = name, self.LAYOUTS[layout], host

    def say(self, text):
        moment = datetime.now(timezone.utc)
        line = self.layout.format(time=moment, name=self.name, host=self.host, pid=os.getpid(), text=text)
        with open(self.path, "a", encoding="utf-8") as log:
            log.write(line + "\n")

    def change(self, title, action):
        """Says it, does it, says how long it took."""
        self.say(title)
        begun = time.monotonic()
        result = action()
        self.say(f"done in {time.monotonic() - begun:.1f} s")
        return result
