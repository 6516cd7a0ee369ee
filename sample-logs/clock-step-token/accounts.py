# SPDX-License-Identifier: Apache-2.0
"""Two services: tokens (issues signed tokens) and ledger (accepts them). Usage: accounts.py tokens PORT | ledger PORT PORT_OF_TOKENS"""

import json
import logging
import random
import sys
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer

import jwt

KEY = "a secret of this recording, known to both"
role, port = sys.argv[1], int(sys.argv[2])
host = {"tokens": "auth-1", "ledger": "app-1"}[role]
logging.Formatter.converter = time.gmtime
logging.basicConfig(
    stream=sys.stdout, level=logging.INFO, format=f"%(asctime)s,%(msecs)03d {host} %(levelname)-5s {role}: %(message)s", datefmt="%Y-%m-%d %H:%M:%S"
)
log = logging.getLogger(role)


class Service(BaseHTTPRequestHandler):
    def do_GET(self):
        status, body = self.answer()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        log.info("GET %s %d", self.path, status)

    def log_message(self, *_):
        pass


class Tokens(Service):
    def answer(self):
        now = int(time.time())
        account = self.path.rpartition("/")[2]
        return 200, jwt.encode({"sub": account, "iat": now, "exp": now + 300}, KEY, algorithm="HS256").encode()


class Ledger(Service):
    def answer(self):
        account = self.path.rpartition("/")[2]
        if not account.isdigit() or int(account) > 5000:
            log.warning("account %s does not exist", account)
            return 404, b""
        token = urllib.request.urlopen(f"http://127.0.0.1:{sys.argv[3]}/token/{account}", timeout=5).read()
        if int(account) % 97 == 5:
            token = token[:-4] + b"AAAA"  # some customers' old app spoils its tokens
        try:
            claims = jwt.decode(token, KEY, algorithms=["HS256"])
        except jwt.InvalidTokenError as refused:
            log.warning("token of account %s refused: %s: %s", account, type(refused).__name__, refused)
            return 401, b""
        return 200, json.dumps({"account": claims["sub"], "balance": random.randint(0, 9000)}).encode()


def statements():
    while True:
        time.sleep(21)
        log.error("statements not printed: printer pool lp-7 answers client-error-not-possible")


if role == "ledger":
    threading.Thread(target=statements, daemon=True).start()
log.info("%s is up", role)
if role == "tokens":
    HTTPServer(("127.0.0.1", port), Tokens).serve_forever()  # no threads: libfaketime and they do not get on
else:
    ThreadingHTTPServer(("127.0.0.1", port), Ledger).serve_forever()
