"""Migrates the database and, where settings allow it, loads the demo company when it is empty.

Both in one process: loading the program is what takes the time of a second start.
"""

from __future__ import annotations

import sys

from flask.cli import ScriptInfo

from wsgi import app


def main() -> None:
    """Run the two commands as bin/crm would; ends with the code of the one that fails."""
    words: tuple[list[str], ...] = (["db", "upgrade"],)
    if app.extensions["settings"].demo:
        words += (["demo"],)
    for command in words:
        try:
            app.cli.main(command, "bin/crm", obj=ScriptInfo(create_app=lambda: app))
        except SystemExit as end:
            if end.code:
                sys.exit(end.code)


if __name__ == "__main__":
    main()
