# SPDX-License-Identifier: Apache-2.0
"""What all programs of the host share: one log file and the way to the database."""
import logging
import os
import time

from sqlalchemy import create_engine, event

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {
        "format": "%(asctime)s %(levelname)s [%(name)s] [%(processName)s] %(message)s"}},
    "handlers": {"file": {
        "class": "logging.FileHandler", "filename": os.environ["APP_LOG"], "formatter": "line"}},
    "root": {"level": "INFO", "handlers": ["file"]},
    "loggers": {"gunicorn.error": {"level": "INFO", "propagate": True},
                "shop": {"level": "DEBUG"}},
}
SLOW_QUERY = 0.2  # seconds


def connect_pool(size):
    """A pool of up to `size` connections, plus as many when busy; it opens none yet."""
    engine = create_engine(os.environ["DATABASE_URL"], pool_size=size, max_overflow=size,
                           pool_timeout=3, pool_pre_ping=True, pool_recycle=60)

    @event.listens_for(engine, "before_cursor_execute")
    def started(conn, _cursor, _statement, _parameters, _context, _many):
        conn.info["started"] = time.monotonic()

    @event.listens_for(engine, "after_cursor_execute")
    def finished(conn, _cursor, statement, _parameters, _context, _many):
        took = time.monotonic() - conn.info["started"]
        if took > SLOW_QUERY:
            logging.getLogger("shop.db").warning(
                "slow query: %.0f ms: %s", took * 1000, " ".join(statement.split()))

    return engine
