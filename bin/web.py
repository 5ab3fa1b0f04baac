"""The web process of bin/run: loads the program once, prepares the database, then serves.

Loading the program is most of what a second start takes, so gunicorn's process does the migration
and the demo company too, and hands the loaded program to its worker.
"""

from __future__ import annotations

import sys

from flask.cli import ScriptInfo
from gunicorn.app.wsgiapp import WSGIApplication
from sqlalchemy.exc import OperationalError

from crm.demo.people import PASSWORD
from crm.extensions import db
from crm.staff.models import Staff
from wsgi import app


class Web(WSGIApplication):
    """gunicorn with gunicorn.conf.py and our arguments, around the program that is loaded."""

    def load(self) -> object:
        """What the worker serves."""
        return app


ROLES = ("rep", "clerk", "engineer", "manager", "admin")


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
        except OperationalError as error:
            sys.stderr.write(f"CRM_DATABASE_URL: the database cannot be used: {error.orig}\n")
            sys.exit(1)
    with app.app_context():
        sys.stdout.write(who_may_sign_in())
        # A connection does not survive the fork into the worker.
        db.session.remove()
        db.engine.dispose()


def who_may_sign_in() -> str:
    """The demo company's people with their password, or how to enter the first person."""
    demo = [f"{role}@example.com" for role in ROLES]
    there = set(db.session.scalars(db.select(Staff.email).where(Staff.email.in_(demo))))
    if app.extensions["settings"].demo and there:
        people = "".join(f"  {email}\n" for email in demo if email in there)
        return f"Demo company: anybody may sign in with the password {PASSWORD} as\n{people}"
    if db.session.scalar(db.select(Staff.id).limit(1)) is None:
        return (
            "Nobody may sign in yet. In a second terminal:\n"
            '  bin/crm staff add you@example.com --name "Your Name" --role admin\n'
        )
    return ""


if __name__ == "__main__":
    prepare()
    sys.stdout.flush()
    Web("%(prog)s [OPTIONS]").run()
