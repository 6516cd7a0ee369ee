# SPDX-License-Identifier: Apache-2.0
"""Takes announcements of parcels: asks geo for the zone, queues a label in Redis. Usage: intake.py PORT REDIS_PORT GEO_PORT VERSION"""

import logging
import random
import sys
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import redis

port, redis_port = int(sys.argv[1]), int(sys.argv[2])
geo_port, version = sys.argv[3], sys.argv[4]
KEPT = 600  # seconds for which a parcel is known
LAYOUT = "%(asctime)s %(levelname)-7s [%(threadName)s] intake: %(message)s"
logging.basicConfig(stream=sys.stdout, level=logging.INFO, format=LAYOUT)
log = logging.getLogger()
store = redis.Redis(port=redis_port, decode_responses=True)


def zone_of(parcel):
    return urllib.request.urlopen(f"http://127.0.0.1:{geo_port}/zone/{parcel}", timeout=5).read().decode()


def show(parcel):
    state = store.get("parcel:" + parcel)
    return (200, state) if state else (404, "unknown")


def announce(parcel):
    zone = zone_of(parcel)
    if random.random() < 0.03:
        log.warning("parcel %s: weight differs from announcement, surcharge", parcel)
    try:
        store.set("parcel:" + parcel, "announced", ex=KEPT)
        store.lpush("labels", f"{parcel} {zone}")
    except redis.RedisError as error:
        log.error("parcel %s not queued: %s: %s", parcel, type(error).__name__, error)
        return 503, "later"
    log.info("parcel %s announced, zone %s", parcel, zone)
    return 202, "ok"


class Intake(BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer(*show(self.parcel()))

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.answer(*announce(self.parcel()))

    def parcel(self):
        return self.path.split("/")[-1]

    def answer(self, status, text):
        body = text.encode()
        try:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            pass  # the visitor went away

    def log_message(self, *_):
        pass


log.info("intake %s starts on %s, queue at %s", version, port, redis_port)
ThreadingHTTPServer(("127.0.0.1", port), Intake).serve_forever()
