# SPDX-License-Identifier: Apache-2.0
"""Stands for two acquirers: one answers within 40 to 90 ms, the other accepts and never answers. Usage: acquirer.py PORT PORT_THAT_HANGS"""

import random
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Acquirer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        time.sleep(random.uniform(0.04, 0.09))
        self.send_response(402 if random.random() < 0.03 else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def hang(listener):
    kept = []
    while True:
        kept.append(listener.accept())


port, port_that_hangs = int(sys.argv[1]), int(sys.argv[2])
silent = socket.create_server(("127.0.0.1", port_that_hangs), backlog=200)
threading.Thread(target=hang, args=(silent,), daemon=True).start()
ThreadingHTTPServer(("127.0.0.1", port), Acquirer).serve_forever()
