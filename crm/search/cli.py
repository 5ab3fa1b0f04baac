"""The commands about the index: how large it is, and building it anew while people work."""

from __future__ import annotations

import time

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import OperationalError

from crm.extensions import db
from crm.search import rebuilding, sizes
from crm.search.rebuild_models import MAKE, Rebuild

TRIES = 50
PAUSE = 0.2
TOLD_EVERY = 2.0
"""Seconds between two lines of progress."""


@click.group("search")
def search_group() -> None:
    """The index that finds records by any part of their names."""


@search_group.command("status")
@with_appcontext
def status() -> None:
    """Entries of each kind, bytes, and how far a rebuild is."""
    for kind, number in sizes.entries():
        click.echo(f"{kind:12} {number:>12,}")
    for name, size in sizes.sizes():
        click.echo(f"{name:40} {size:>15,} bytes")
    click.echo(_told(rebuilding.latest()))


@search_group.command("rebuild")
@click.option("--anew", is_flag=True, help="From the beginning, also when one is under way.")
@with_appcontext
def rebuild(anew: bool) -> None:
    """Build the index anew. It can be stopped at any time, and goes on where it was."""
    run = rebuilding.begin(anew)
    run_id = run.id
    db.session.commit()
    told = 0.0
    while run.finished_at is None:
        run = _chunk(run_id)
        if time.monotonic() - told > TOLD_EVERY:
            told = time.monotonic()
            click.echo(_told(run))
    click.echo(_told(run))


def _chunk(run_id: int) -> Rebuild:
    for left in range(TRIES, 0, -1):
        try:
            run = rebuilding.step(run_id)
            db.session.commit()
        except OperationalError as error:
            db.session.rollback()
            if left == 1:
                raise click.ClickException(str(error.orig)) from error
            time.sleep(PAUSE)
        else:
            return run
    raise AssertionError("the last try returns or raises")


def _told(run: Rebuild | None) -> str:
    if run is None or not run.whole:
        return f"never rebuilt, make {MAKE if run is None else run.make}"
    if run.finished_at is not None:
        return (
            f"rebuilt {run.finished_at:%Y-%m-%d %H:%M} UTC, {run.done:,} records, make {run.make}"
        )
    where = "looking for entries of records that are gone" if run.kind == "-" else run.kind
    return f"rebuilding: {run.done:,} of {run.whole:,} records, {where}"
