# SPDX-License-Identifier: Apache-2.0
"""Agents of three nodes that store a heartbeat in etcd every 4 s. Usage: agents.py ETCD_URL"""

import base64
import logging
import random
import sys
import threading
import time

import requests

PERIOD = 4  # seconds
NODES = "n-1", "n-2", "n-3"
LAYOUT = "%(asctime)s.%(msecs)03dZ %(threadName)s node-agent[%(process)d] %(levelname)s %(message)s"
logging.basicConfig(stream=sys.stdout, level=logging.INFO, format=LAYOUT, datefmt="%Y-%m-%dT%H:%M:%S")
logging.getLogger("urllib3").setLevel(logging.WARNING)
etcd = sys.argv[1]


def encode(text):
    return base64.b64encode(text.encode()).decode()


def store(session, name):
    body = {"key": encode("/nodes/" + name), "value": encode(str(time.time()))}
    answer = session.post(etcd + "/v3/kv/put", json=body, timeout=3)
    if answer.status_code != 200:
        raise RuntimeError(answer.json()["message"])


def beat(session, name, number):
    try:
        store(session, name)
        if number % 5 == 0:
            logging.info("heartbeat %d ok, load %.2f, %d volumes attached", number, random.random() + 0.3, random.randint(20, 40))
    except Exception as error:
        logging.error("heartbeat %d not stored: %s", number, error)
    if random.random() < 0.04:
        logging.warning("volume c-%d: device busy, unmount will be retried", random.randint(5000, 5200))


def run(name):
    session = requests.Session()
    number = 0
    time.sleep(random.random() * 3)
    logging.info("agent 3.2.1 started, heartbeat every 4 s")
    while True:
        time.sleep(PERIOD)
        number += 1
        beat(session, name, number)


for name in NODES:
    threading.Thread(target=run, args=(name,), name=name, daemon=True).start()
while True:
    time.sleep(60)
