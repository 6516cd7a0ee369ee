# SPDX-License-Identifier: Apache-2.0
"""Takes the measures of the pumps from MQTT and keeps the latest of each. Usage: bridge.py PORT HOST FOLDER"""

import logging
import random
import sys

import paho.mqtt.client as mqtt

port, host, folder = int(sys.argv[1]), sys.argv[2], sys.argv[3]
logging.Formatter.default_msec_format = "%s.%03d"
logging.basicConfig(stream=sys.stdout, level=logging.INFO, format=f"%(asctime)s {host} bridge/%(levelname)s: %(message)s")
kept = 0


def on_connect(client, _data, _flags, code):
    logging.info("session with the broker opened, rc=%d", code)
    client.subscribe("pumps/+/flow", 0)


def on_disconnect(_client, _data, code):
    logging.info("session with the broker is over, rc=%d", code)


def on_message(_client, _data, message):
    global kept
    kept += 1
    pump, value = message.topic.split("/")[1], message.payload.decode()
    with open(f"{folder}/{pump}", "w", encoding="utf-8") as file:
        file.write(value)
    if kept % 40 == 0:
        logging.info("%d measures kept", kept)
    if random.random() < 0.004:
        logging.error("calibration table of %s has no row for %s", pump, value)


client = mqtt.Client(client_id="bridge-main", clean_session=True)
client.on_connect, client.on_disconnect, client.on_message = on_connect, on_disconnect, on_message
client.reconnect_delay_set(6, 12)
client.connect("127.0.0.1", port, 20)
client.loop_forever()
