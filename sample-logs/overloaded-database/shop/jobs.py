# SPDX-License-Identifier: Apache-2.0
"""The shop's background jobs: the newsletter (its mail relay refuses) and the stock count."""
import itertools
import logging.config
import multiprocessing
import smtplib
import time

from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from common import LOGGING, connect_pool

RELAY = ("127.0.0.1", 2525)  # decommissioned; nobody has missed the newsletter so far

multiprocessing.current_process().name = "jobs"
logging.config.dictConfig(LOGGING)
newsletter_log = logging.getLogger("shop.newsletter")
stock_log = logging.getLogger("shop.stock")
engine = connect_pool(1)


def newsletter():
    with engine.connect() as db:
        readers = db.scalar(text("SELECT count(*) FROM customers WHERE id % 40 = 7"))
    try:
        smtplib.SMTP(*RELAY, timeout=5)
    except OSError as error:
        newsletter_log.error("newsletter to %d readers not sent: mail relay %s:%d: %s",
                             readers, *RELAY, error)


def stock():
    with engine.connect() as db:
        scarce = db.scalar(text("SELECT count(*) FROM products WHERE stock < 520"))
    stock_log.info("stock counted: %d products are scarce", scarce)


for tick in itertools.count():
    for job, period, log in (stock, 15, stock_log), (newsletter, 40, newsletter_log):
        if tick % period == 0:
            try:
                job()
            except OperationalError as failure:
                log.error("job failed: %s", str(failure.orig).strip())
    time.sleep(1)
