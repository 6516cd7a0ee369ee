# SPDX-License-Identifier: Apache-2.0
"""Checkout in foreign currencies on Flask and SQLAlchemy under gunicorn; a rate older than 30 s is not used. Environment: DSN"""

import logging
import os
import random

from flask import Flask, request
from sqlalchemy import create_engine, text

app = Flask("checkout")
engine = create_engine(os.environ["DSN"], pool_size=4, max_overflow=2, pool_timeout=5)
log = logging.getLogger("gunicorn.error")
LIMIT = 30


class StaleRate(Exception):
    pass


@app.get("/rates/<code>")
def show(code):
    with engine.connect() as db:
        value = db.scalar(text("SELECT value::float FROM rates WHERE code = :code"), {"code": code})
    if value is None:
        log.warning("rate %s is not known", code)
        return {"error": "unknown"}, 404
    return {"value": value}


@app.post("/checkout")
def checkout():
    form = request.get_json()
    with engine.begin() as db:
        row = db.execute(
            text("SELECT value::float, extract(epoch FROM clock_timestamp() - fresh)::int FROM rates WHERE code = :code"), {"code": form["currency"]}
        ).first()
        if row is None:
            log.warning("checkout refused: no currency %s", form["currency"])
            return {"error": "currency"}, 422
        value, age = row
        if age > LIMIT:
            raise StaleRate(f"rate {form['currency']} is {age} s old, at most {LIMIT} s are allowed")
        if random.random() < 0.04:
            log.warning("payment of customer %d declined", form["customer"])
            return {"error": "declined"}, 402
        db.execute(text("INSERT INTO sales VALUES (:customer, :amount)"), {"customer": form["customer"], "amount": form["amount"] * value})
    log.info("sale to customer %d: %.2f %s", form["customer"], form["amount"], form["currency"])
    return {}, 201


@app.errorhandler(StaleRate)
def stale(error):
    log.exception("checkout failed: %s", error)
    return {"error": "rates"}, 503


@app.post("/receipts")
def receipts():
    """Sent after the sale; one customer's mailbox in forty is full."""
    customer = request.get_json()["customer"]
    if customer % 40 == 3:
        log.error("receipt of customer %d bounced: 552 mailbox full", customer)
        return {"error": "bounced"}, 422
    return {}, 202
