# SPDX-License-Identifier: Apache-2.0
"""A console tool of the finance team: compares the rates with the ledger and waits for the operator's word. Usage: reconcile.py DSN"""

import logging
import sys
import time

import psycopg2

logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(asctime)s %(levelname)s reconcile: %(message)s")
db = psycopg2.connect(sys.argv[1], application_name="reconcile")
db.autocommit = True
with db.cursor() as cursor:
    cursor.execute("SELECT pg_advisory_lock(4711)")
    logging.info("session of operator mk: lock 4711 taken, rates stand still while they are compared")
    cursor.execute("SELECT count(*) FROM rates")
    logging.info("%d rates to compare, waiting for the operator's word", cursor.fetchone()[0])
time.sleep(100000)  # the operator has gone to lunch
