# SPDX-License-Identifier: Apache-2.0
"""Three consumers that send a mail for each confirmation, which takes 0.25 to 0.55 s. Usage: mailer.py BROKER_PORT VERSION"""

import json
import logging
import os
import random
import signal
import sys
import threading
import time

import pika

port, version = sys.argv[1:]
CONSUMERS = 3
LAYOUT = "%(asctime)s.%(msecs)03d | %(levelname)-7s | %(threadName)s | %(message)s"
logging.basicConfig(stream=sys.stdout, level=logging.INFO, format=LAYOUT, datefmt="%Y-%m-%d %H:%M:%S")
logging.getLogger("pika").setLevel(logging.WARNING)
log = logging.getLogger()


def send_mail(connection, order):
    """What is said of it to the orders."""
    begun = time.time()
    connection.sleep(random.uniform(0.25, 0.55))
    result = {"order": order["order"]}
    luck = random.random()
    if luck < 0.02:
        result["error"] = "550 5.1.1 user unknown"
        log.warning("order %s: 550 5.1.1 <c%s@example.net> user unknown", order["order"], order["customer"])
    else:
        log.info("order %s: mail sent to customer %s, %d ms", order["order"], order["customer"], 1000 * (time.time() - begun))
    if luck > 0.97:
        log.warning("template cache miss for locale de_AT, compiling")
    return result


def consume():
    connection = pika.BlockingConnection(pika.ConnectionParameters("127.0.0.1", int(port)))
    channel = connection.channel()
    channel.queue_declare("confirmations", durable=True)
    channel.basic_qos(prefetch_count=1)

    def handle(channel, method, _properties, body):
        result = send_mail(connection, json.loads(body))
        channel.basic_publish("", "confirmed", json.dumps(result))
        channel.basic_ack(method.delivery_tag)

    channel.basic_consume("confirmations", handle)
    channel.start_consuming()


def stop(number, _frame):
    log.info("mailer stopping, %s", signal.Signals(number).name)
    os._exit(0)  # the consumers wait for the broker


signal.signal(signal.SIGTERM, stop)
log.info("mailer %s started, %d consumers on queue confirmations", version, CONSUMERS)
for number in range(1, CONSUMERS + 1):
    threading.Thread(target=consume, name=f"mail-{number}", daemon=True).start()
    time.sleep(0.1)
while True:
    time.sleep(30)
