"""Commands of the administrator: backup, restore, check."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext

from crm.errors import Conflict
from crm.operations import copies
from crm.operations.checks import checks


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
def backup(file: Path) -> None:
    """Copy the database into FILE, and documents and photos into FILE.files.tar."""
    try:
        copies.backup(file)
    except Conflict as error:
        raise click.ClickException(error.detail) from error
    click.echo(f"{file}: {file.stat().st_size:,} bytes")


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
def restore(file: Path) -> None:
    """Put the copy in FILE (and FILE.files.tar) into an empty database."""
    try:
        copies.restore(file)
    except Conflict as error:
        raise click.ClickException(error.detail) from error
    click.echo(f"{file} is restored.")


@click.command("check")
@with_appcontext
def check() -> None:
    """Look at everything this installation needs; ends with 1 when something is wrong."""
    found = checks()
    for one in found:
        click.echo(f"{'ok  ' if one.well else 'BAD '} {one.what:10} {one.words}".rstrip())
    if not all(one.well for one in found):
        raise SystemExit(1)
