"""The process that works on a large import, beside the one that shows the pages."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from crm.transfers.jobs import be_polite, work_on


@click.command("work-on-import", hidden=True)
@click.argument("run_id", type=int)
@click.argument("message")
@with_appcontext
def work_on_import(run_id: int, message: str) -> None:
    """Go on with an import for a turn; the worker starts this by itself."""
    be_polite()
    work_on(run_id, message)
