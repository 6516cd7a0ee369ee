# SPDX-License-Identifier: Apache-2.0
"""Visitors: requests at random moments from made-up addresses (RFC 5737), until the recording ends."""

import http.client
import json
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor

AGENTS = [
    "ShopApp/6.1 (Android 15)",
    "ShopApp/6.0 (iOS 18.1)",
    "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36",
]


class Traffic(threading.Thread):
    """choose(random) gives (method, path, body as JSON or None) of the next visitor; rate is in requests per second."""

    def __init__(self, port, rate, choose, timeout=15, visitors=24):
        super().__init__(daemon=True)
        self.port, self.rate, self.choose, self.timeout = port, rate, choose, timeout
        self.random = random.Random(port)
        self.pool = ThreadPoolExecutor(visitors)
        self.over = False
        self.start()

    def run(self):
        while not self.over:
            time.sleep(self.random.expovariate(self.rate))
            if not self.over:  # stopped meanwhile
                self.pool.submit(self.visit, self.random.randint(1, 250), *self.choose(self.random))

    def visit(self, who, method, path, body):
        headers = {
            "Host": "shop.example",
            "X-Forwarded-For": f"203.0.113.{who}",
            "User-Agent": AGENTS[who % len(AGENTS)],
            "Content-Type": "application/json",
        }
        server = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
        try:
            server.request(method, path, json.dumps(body) if body is not None else None, headers)
            server.getresponse().read()
        except (OSError, http.client.HTTPException):
            pass  # the visitor goes away
        finally:
            server.close()

    def stop(self):
        self.over = True
        self.pool.shutdown(wait=False, cancel_futures=True)
