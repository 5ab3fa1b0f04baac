"""The web process of bin/run: loads the program once, prepares the database, then serves.

Loading the program is most of what a second start takes, so gunicorn's process does the migration
and the demo company too, and hands the loaded program to its worker.
"""

from __future__ import annotations

import sys

from flask.cli import ScriptInfo
from gunicorn.app.wsgiapp import WSGIApplication

from crm.extensions import db
from wsgi import app


class Web(WSGIApplication):
    """gunicorn with gunicorn.conf.py and our arguments, around the program that is loaded."""

    def load(self) -> object:
        """What the worker serves."""
        return app


def prepare() -> None:
    """Migrate and, when the database is empty, load the demo company, as bin/crm would."""
    commands = [["db", "upgrade"]]
    if app.extensions["settings"].demo:
        commands.append(["demo"])
    for command in commands:
        try:
            app.cli.main(command, "bin/crm", obj=ScriptInfo(create_app=lambda: app))
        except SystemExit as end:
            if end.code:
                raise
    # A connection does not survive the fork into the worker.
    with app.app_context():
        db.engine.dispose()


if __name__ == "__main__":
    prepare()
    sys.stdout.flush()
    Web("%(prog)s [OPTIONS]").run()
