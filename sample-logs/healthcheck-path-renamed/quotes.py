# SPDX-License-Identifier: Apache-2.0
"""Quotes of parcels: one of three instances, standard library only, JSON lines. Usage: quotes.py NAME PORT RELEASE

Release 3.2 serves its health under /healthz, as all services shall do, and no longer under /health.
"""

import json
import random
import signal
import sys
import threading
import time
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

name, port, release = sys.argv[1], int(sys.argv[2]), sys.argv[3]
HEALTH = "/health" if release < "3.2" else "/healthz"


def log(severity, message, **fields):
    moment = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    print(json.dumps({"@timestamp": moment, "severity": severity, "instance": name, "message": message} | fields), flush=True)


class Quotes(BaseHTTPRequestHandler):
    def do_GET(self):
        begun = time.monotonic()
        status = self.answer()
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()
        took = round((time.monotonic() - begun) * 1000)
        log("INFO", f"GET {self.path} {status}", ms=took, client=self.headers.get("X-Forwarded-For", "-"))

    def answer(self):
        if self.path == HEALTH:
            return 200
        if not self.path.startswith("/quotes/"):
            return 404
        weight = int(self.path.rsplit("=", 1)[1])
        if not 0 < weight <= 31500:
            log("WARN", f"quote refused: weight {weight} g is out of range")
            return 422
        time.sleep(random.uniform(0.005, 0.05))
        return 200

    def log_message(self, *_):
        pass


def carrier():
    while True:
        time.sleep(random.uniform(25, 35))
        log("ERROR", "tariff of carrier NorthSea not read: FTP answered 530 Login incorrect")


signal.signal(signal.SIGTERM, lambda *_: (log("INFO", "stopping"), sys.exit(0)))
threading.Thread(target=carrier, daemon=True).start()
log("INFO", f"quotes {release} is up", port=port)
ThreadingHTTPServer(("127.0.0.1", port), Quotes).serve_forever()
