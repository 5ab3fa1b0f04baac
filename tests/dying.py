"""A process that dies at a named place, as a machine does that loses its power."""

from __future__ import annotations

import os
from collections.abc import Callable

from flask import Flask

from crm.extensions import db


def die_at(place: str, app: Flask, work: Callable[[], object]) -> int:
    """Do some work in a process of its own that ends at `name:k`, a crashpoint's k-th passing.

    Returns how it ended: 137 when it died there, 0 when it never came by. The process is this
    one's double, which saves it from starting anew; it has its own connections to the database.
    """
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        os.environ["CRM_CRASHPOINT"] = place
        with app.app_context():
            db.session.remove()
            db.engine.dispose(close=False)
            work()
        os._exit(0)
    finally:
        os._exit(1)
