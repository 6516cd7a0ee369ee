# SPDX-License-Identifier: Apache-2.0
"""Kiosks that send a batch of measures every 2 s or so, and send it again after SECONDS, up to TIMES.

Usage: kiosks.py PORT FIRST LAST VERSION SECONDS TIMES
"""

import http.client
import random
import sys
import threading
import time
from datetime import datetime

port, first, last = (int(word) for word in sys.argv[1:4])
version, wait, times = sys.argv[4], float(sys.argv[5]), int(sys.argv[6])
lock = threading.Lock()


def say(level, kiosk, text):
    with lock:
        moment = f"{datetime.utcnow():%d.%m.%Y %H:%M:%S,%f}"[:-3]
        print(f"{moment} | {level:<5} | {kiosk} | {text}", flush=True)


def send(kiosk, batch):
    """The status of the answer, or what went wrong."""
    server = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        server.request("POST", f"/batch/{kiosk}/{batch}")
        return server.getresponse().status
    except OSError as error:
        return str(error)
    finally:
        server.close()


def deliver(kiosk, batch):
    for _ in range(times):
        answer = send(kiosk, batch)
        if answer == 202:
            say("INFO", kiosk, f"batch {batch} sent")
            return
        time.sleep(wait)
    say("ERROR", kiosk, f"batch {batch} given up after {times} times, last answer {answer}")


def run(kiosk):
    time.sleep(random.random() * 2)
    say("INFO", kiosk, f"software {version}, 14 sensors, sends again after {wait:g} s, up to {times} times")
    number = int(time.time()) % 10000
    while True:
        time.sleep(random.uniform(1.2, 2.4))
        number += 1
        deliver(kiosk, f"{number}{'x' if random.random() < 0.04 else ''}")  # x: its checksum is wrong
        if random.random() < 0.004:
            say("ERROR", kiosk, "card reader: firmware does not answer, reset")


for number in range(first, last + 1):
    threading.Thread(target=run, args=(f"kiosk-{number:02d}",), daemon=True).start()
while True:
    time.sleep(60)
