# SPDX-License-Identifier: Apache-2.0
"""A catalogue on ASGI (uvicorn): pages come from memcached, what is not there from the pricing service, which allows 8 a second.

catalog.py pricing PORT | catalog.py stats PORT_OF_MEMCACHED | uvicorn catalog:app (environment: MEMCACHED, PRICING)
"""

import asyncio
import json
import logging
import os
import sys
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from pymemcache.client.base import Client, PooledClient

PAGE = 14000  # bytes of a rendered product
PRODUCTS = 600
logging.basicConfig(
    stream=sys.stdout,
    level=logging.INFO,
    format='{"ts":"%(asctime)s.%(msecs)03dZ","lvl":"%(levelname)s","logger":"%(name)s","msg":"%(message)s"}',
    datefmt="%Y-%m-%dT%H:%M:%S",
)
logging.Formatter.converter = time.gmtime


# --- the pricing service: a token bucket for each client ---

PER_SECOND = 8
bucket = {"tokens": 20.0, "at": time.monotonic()}
bucket_lock = threading.Lock()


def token():
    with bucket_lock:
        moment = time.monotonic()
        bucket["tokens"] = min(20.0, bucket["tokens"] + PER_SECOND * (moment - bucket["at"]))
        bucket["at"] = moment
        if bucket["tokens"] < 1:
            return False
        bucket["tokens"] -= 1
        return True


class Pricing(BaseHTTPRequestHandler):
    def do_GET(self):
        allowed = token()
        if not allowed:
            logging.getLogger("pricing").warning("client catalog is over its quota of %d requests a second, %s refused", PER_SECOND, self.path)
        time.sleep(0.02)
        body = json.dumps({"price": len(self.path) * 1.5}).encode()
        self.send_response(200 if allowed else 429)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


# --- what the cache says of itself, every 10 s ---


def stats(port):
    log = logging.getLogger("cachestat")
    keys = (b"get_hits", b"get_misses", b"evictions")
    before = Client(("127.0.0.1", port)).stats()
    while True:
        time.sleep(10)
        try:
            client = Client(("127.0.0.1", port), timeout=2)
            now = client.stats()
            client.close()
            if now[b"uptime"] < before[b"uptime"]:  # it counts from the beginning again
                before = dict.fromkeys(now, 0)
            hits, misses, evictions = (now[key] - before[key] for key in keys)
            ratio = hits / max(hits + misses, 1)
            log.info("memcached items=%d bytes=%d evictions=%d hit_ratio=%.2f", now[b"curr_items"], now[b"bytes"], evictions, ratio)
            before = now
        except OSError as failure:
            log.warning("memcached does not answer: %s", failure)


# --- the catalogue ---

log = logging.getLogger("catalog")
pool = ThreadPoolExecutor(16)
cache = PooledClient(("127.0.0.1", int(os.environ["MEMCACHED"])), max_pool_size=16, ignore_exc=True) if "MEMCACHED" in os.environ else None


def render(product):
    """The page, from the cache where it is there."""
    page = cache.get(f"page:{product}")
    if page:
        return page
    with urllib.request.urlopen(f"http://127.0.0.1:{os.environ['PRICING']}/prices/{product}", timeout=5) as answer:
        price = json.load(answer)["price"]
    page = f"<h1>Product {product}</h1><p>{price:.2f} EUR</p>".ljust(PAGE).encode()
    cache.set(f"page:{product}", page, expire=3600)
    return page


def answer(path):
    kind, _, number = path.strip("/").partition("/")
    if kind != "products" or not number.isdigit():
        return 404, b""
    if int(number) > PRODUCTS:
        log.warning("product %s is not in the catalogue", number)
        return 404, b""
    try:
        return 200, render(int(number))
    except urllib.error.HTTPError as failure:
        log.error("product %s not rendered: pricing answered %d %s", number, failure.code, failure.reason)
        return 502, b""


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    begun = time.monotonic()
    status, body = await asyncio.get_running_loop().run_in_executor(pool, answer, scope["path"])
    log.info("GET %s %d %dms", scope["path"], status, (time.monotonic() - begun) * 1000)
    await send({"type": "http.response.start", "status": status, "headers": []})
    await send({"type": "http.response.body", "body": body})


def reviews():
    while True:
        time.sleep(18)
        log.error("reviews not imported: certificate of reviews.example.net has a name that does not match")


if __name__ == "__main__":
    if sys.argv[1] == "stats":
        stats(int(sys.argv[2]))
    logging.getLogger("pricing").info("pricing is up on port %s", sys.argv[2])
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2])), Pricing).serve_forever()
else:
    threading.Thread(target=reviews, daemon=True).start()
