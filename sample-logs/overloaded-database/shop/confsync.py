# SPDX-License-Identifier: Apache-2.0
"""confsync, the configuration agent: applies the changes that are put into its folder.

A change is a file such as
    {"id": "CHG-7", "title": "...", "postgresql": {"work_mem": "8MB"}, "nginx": "reload"}
Usage: confsync.py <folder of changes> <pg_ctl command> <nginx command>
"""
import json
import logging.config
import multiprocessing
import os
import pathlib
import shlex
import subprocess
import sys
import time

import psycopg2
from psycopg2.sql import SQL, Identifier, Literal

from common import LOGGING

multiprocessing.current_process().name = "confsync"
logging.config.dictConfig(LOGGING)
log = logging.getLogger("confsync")


def run(command, *arguments):
    subprocess.run([*shlex.split(command), *arguments], check=True, stdout=subprocess.DEVNULL)


def set_postgresql(change, pg_ctl):
    admin = psycopg2.connect(os.environ["ADMIN_DSN"])
    admin.autocommit = True
    with admin.cursor() as cursor:
        for name, new in change["postgresql"].items():
            cursor.execute(SQL("SHOW {}").format(Identifier(name)))
            log.info("%s: postgresql %s %s -> %s", change["id"], name, cursor.fetchone()[0], new)
            cursor.execute(SQL("ALTER SYSTEM SET {} = {}").format(Identifier(name), Literal(new)))
    admin.close()
    log.info("%s: restarting postgresql", change["id"])
    run(pg_ctl, "restart", "-m", "fast")


changes, pg_ctl, nginx = sys.argv[1:]
applied = None
for tick in range(sys.maxsize):
    for path in sorted(pathlib.Path(changes).glob("*.json")):
        change = json.loads(path.read_text())
        log.info("configuration change %(id)s '%(title)s' received", change)
        if "postgresql" in change:
            set_postgresql(change, pg_ctl)
        if "nginx" in change:
            run(nginx, "-s", change["nginx"])
        applied = change["id"]
        log.info("%s: applied", applied)
        path.rename(path.with_suffix(".applied"))
    if tick % 60 == 30:
        log.info("host in sync, last change: %s", applied or "none")
    time.sleep(1)
