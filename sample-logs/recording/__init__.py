# SPDX-License-Identifier: Apache-2.0
"""What the record scripts share.

    record -> Stage (folder, programs, notes) -> servers, traffic, agents -> logs/, timeline.md, truth.json

Promises: every server listens on 127.0.0.1 with data of its own in a temporary folder and is stopped by its pid; no line of a log is
written by hand: each comes from the program that did what it says. Needs Debian 12 and root.
"""

from .servers import HAProxy, MariaDB, Memcached, Nginx, PhpFpm, Postgres, Redis
from .stage import Agent, Stage, npm_modules
from .traffic import Traffic

__all__ = ["Agent", "HAProxy", "MariaDB", "Memcached", "Nginx", "PhpFpm", "Postgres", "Redis", "Stage", "Traffic", "npm_modules"]
