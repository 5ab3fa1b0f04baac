"""What every process of Engawa stands on: settings, database, languages, and how rooms are wired.

What answers under an address is not here: `crm/app.py` puts it on top, and a process that only
works does without, which is half of the memory (`crm/importing.py`).
"""

from __future__ import annotations

from flask import Flask

from config import Settings
from crm import language
from crm.extensions import db
from crm.flask_settings import flask_config, start_logs
from crm.live import Hub
from crm.queue import Doorbell
from crm.rooms import ASLEEP, CLOCK, HANDLERS, LISTENERS, TOGETHER
from crm.searched import SEARCHED, WORDS_OF


def lay(app: Flask, settings: Settings) -> None:
    """Give an application its settings, the database, the languages and the tables of the rooms."""
    app.config.from_mapping(flask_config(settings))
    app.extensions["settings"] = settings
    app.extensions["handlers"] = HANDLERS
    app.extensions["listeners"] = LISTENERS
    app.extensions["together"] = TOGETHER
    app.extensions["asleep"] = ASLEEP
    app.extensions["searched"] = {one.kind: one for one in SEARCHED}
    app.extensions["words_of"] = WORDS_OF
    app.extensions["clock"] = CLOCK
    app.extensions["doorbell"] = Doorbell(settings.redis_url)
    app.extensions["hub"] = Hub(settings.redis_url)
    start_logs(settings)
    db.init_app(app)
    language.init_app(app)
