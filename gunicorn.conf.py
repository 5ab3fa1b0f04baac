"""How gunicorn runs Engawa; read by itself from the folder it starts in.

One process with many threads: an open alert stream holds one thread for as long as a page is
open, so there are as many threads as people with a page open, and a few more.
"""

from __future__ import annotations

import gc
import threading
from typing import Any

from crm.app import start_background
from crm.cli import start_clock

wsgi_app = "wsgi:app"
worker_class = "gthread"
workers = 1
threads = 200
keepalive = 30
# Streams never end by themselves; nobody waits longer than this for a stop.
graceful_timeout = 3
control_socket_disable = True
# The process beats from its own loop, whatever the threads do.
timeout = 60
# Behind a proxy the access log is the proxy's; Engawa logs what matters itself.
accesslog = None
loglevel = "warning"

GARBAGE_THRESHOLD = 2_000
"""Objects made before Python looks for rubbish. A page leaves some hundred to some thousand: looked
for seldom, all of it is a stop of 30 ms to one request in twenty; so it is one of 1 ms to each, and
the mean is the same."""

background: list[threading.Event] = []


def post_worker_init(worker: Any) -> None:
    """Without workers of their own, drain the outbox and watch the calendar in this process."""
    # What was loaded stays for good: the collector need not walk it at every turn of a request.
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_THRESHOLD)
    app = worker.wsgi
    if app.extensions["settings"].embedded_worker:
        stop = start_background(app)
        start_clock(app, stop)
        background.append(stop)


def worker_exit(_server: Any, _worker: Any) -> None:
    """Begin no new work while the process ends; what was begun is one transaction."""
    for stop in background:
        stop.set()
