# SPDX-License-Identifier: Apache-2.0
"""Recommendations: three workers that take some 80 ms for each answer, requests wait in line. Usage: reco.py PORT"""

import logging
import random
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(asctime)s | %(levelname)-8s | reco | %(message)s")
workers = threading.BoundedSemaphore(3)
waiting = []


class Reco(BaseHTTPRequestHandler):
    def do_GET(self):
        begun = time.monotonic()
        waiting.append(self)
        with workers:
            waiting.remove(self)
            waited = time.monotonic() - begun
            if random.random() < 0.01:
                logging.warning("no model for segment %d, the common one is used", random.randint(40, 60))
            time.sleep(random.uniform(0.05, 0.11))
        if waited > 1:
            logging.warning("slow: %s waited %.1f s for a worker, %d in line", self.path, waited, len(waiting))
        try:
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"[]")
        except (BrokenPipeError, ConnectionResetError):
            logging.error("client went away before the answer to %s", self.path)

    def log_message(self, *_):
        pass


def heartbeat():
    while True:
        time.sleep(15)
        logging.info("model of tonight in use, %d in line", len(waiting))


class Server(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True


threading.Thread(target=heartbeat, daemon=True).start()
logging.info("reco is up with 3 workers")
Server(("127.0.0.1", int(sys.argv[1])), Reco).serve_forever()
