# SPDX-License-Identifier: Apache-2.0
"""Parcel tracking for customers: Flask under gunicorn, psycopg2 through PgBouncer."""
import logging, os, random, threading, time
import psycopg2
from flask import Flask, jsonify, request

logging.basicConfig(level=logging.INFO, format="%(asctime)s.%(msecs)03d %(process)d/%(threadName)s %(levelname).1s %(message)s", datefmt="%d.%m.%Y %H:%M:%S")
log = logging.getLogger()
app = Flask(__name__)
local = threading.local()


def cursor():
    if getattr(local, "connection", None) is None or local.connection.closed:
        local.connection = psycopg2.connect(os.environ["DSN"])
        local.connection.autocommit = True
    return local.connection.cursor()


@app.get("/t/<code>")
def track(code):
    begun = time.monotonic()
    if len(code) != 12:
        log.warning("tracking code %r rejected by checksum", code)
        return "", 400
    try:
        with cursor() as c:
            c.execute("SELECT status, hub, eta FROM parcels WHERE code = %s", (code,))
            row = c.fetchone()
    except psycopg2.Error as e:
        local.connection = None
        log.error("tracking page of %s given up after %.2f s: %s", code, time.monotonic() - begun, str(e).strip())
        return "", 503
    if random.random() < 0.008:
        log.error("carrier feed GLX answered garbage for %s, old hub shown", code)
    log.info("tracked %s hub=%s in %d ms", code, row and row[1], 1000 * (time.monotonic() - begun))
    return jsonify(row)
