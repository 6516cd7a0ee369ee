# SPDX-License-Identifier: Apache-2.0
"""The worker manager: eight workers of four threads, each recycled after some 520 requests."""
import multiprocessing
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from common import LOGGING  # noqa: E402

multiprocessing.current_process().name = "manager"
bind = os.environ["APP_ADDRESS"]
wsgi_app = "app:app"
preload_app = True
workers = 8
worker_class = "gthread"
threads = 4
max_requests = 390
max_requests_jitter = 260
graceful_timeout = 5
logconfig_dict = LOGGING


def post_fork(_server, worker):
    multiprocessing.current_process().name = f"worker-{worker.age}"


def post_worker_init(_worker):
    from app import load_settings
    load_settings()
