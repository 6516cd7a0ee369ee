# SPDX-License-Identifier: Apache-2.0
"""The job that refreshes exchange rates every 8 s; an advisory lock lets only one of its copies work. Usage: rates.py DSN"""

import logging
import random
import sys
import time

import psycopg2

logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(asctime)s %(levelname)s rates: %(message)s")
LOCK = 4711
db = psycopg2.connect(sys.argv[1], application_name="rates")
db.autocommit = True
while True:
    with db.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
        cursor.execute("UPDATE rates SET value = value * (1 + %s), fresh = clock_timestamp()", (random.uniform(-0.001, 0.001),))
        logging.info("%d rates refreshed", cursor.rowcount)
        cursor.execute("SELECT pg_advisory_unlock(%s)", (LOCK,))
    if random.random() < 0.12:
        logging.warning("the central bank's feed has no value for ISK, the last one is kept")
    time.sleep(8)
