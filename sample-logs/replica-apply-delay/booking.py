# SPDX-License-Identifier: Apache-2.0
"""Bookings on Flask and psycopg2: written to the primary, read from the replica. Usage: booking.py PORT PRIMARY REPLICA"""

import logging
import sys
import threading
import time

import psycopg2
import psycopg2.pool
from flask import Flask, abort, request

port, primary_dsn, replica_dsn = sys.argv[1:]
logging.basicConfig(
    stream=sys.stdout, level=logging.INFO, format="%(asctime)s.%(msecs)03d %(levelname)-7s [%(name)s] %(message)s", datefmt="%Y-%m-%d %H:%M:%S"
)
logging.getLogger("werkzeug").setLevel(logging.ERROR)
log = logging.getLogger("booking.web")
tickets_log = logging.getLogger("booking.tickets")
primary = psycopg2.pool.ThreadedConnectionPool(1, 40, primary_dsn)
replica = psycopg2.pool.ThreadedConnectionPool(1, 40, replica_dsn)
app = Flask("booking")


def rows(pool, query, *values):
    connection = pool.getconn()
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(query, values)
            return cursor.fetchall()
    finally:
        pool.putconn(connection)


@app.before_request
def begin():
    request.begun = time.monotonic()


@app.after_request
def end(response):
    took = (time.monotonic() - request.begun) * 1000
    log.info("%s %s %d %.0fms", request.method, request.full_path.rstrip("?"), response.status_code, took)
    return response


@app.get("/bookings/<int:number>")
def show(number):
    found = rows(replica, "SELECT id, guest, nights FROM bookings WHERE id = %s", number)
    if not found:
        log.warning("booking %d not found", number)
        abort(404)
    return {"booking": found[0]}


@app.post("/bookings")
def book():
    form = request.get_json()
    if form["nights"] < 1:
        log.warning("booking refused: %d nights", form["nights"])
        abort(422)
    (number,) = rows(primary, "INSERT INTO bookings (guest, nights) VALUES (%s, %s) RETURNING id", form["guest"], form["nights"])[0]
    log.info("booking %d stored for guest %d", number, form["guest"])
    threading.Thread(target=print_ticket, args=(number,), daemon=True).start()
    return {"booking": number}, 201


def print_ticket(number):
    """The ticket's page is built from what the replica says, as all pages are."""
    for attempt in range(1, 6):
        time.sleep(0.7)
        if rows(replica, "SELECT id FROM bookings WHERE id = %s", number):
            tickets_log.info("ticket of booking %d printed", number)
            return
        tickets_log.warning("ticket of booking %d: no such booking, attempt %d of 5", number, attempt)
    tickets_log.error("ticket of booking %d given up: BookingNotFound", number)


def remind():
    """Reminders by text message; the provider's contract has ended."""
    while True:
        time.sleep(23)
        tickets_log.error("reminders not sent: 402 Payment Required from the text message provider")


threading.Thread(target=remind, daemon=True).start()
log.info("booking is up on port %s", port)
app.run("127.0.0.1", int(port), threaded=True)
