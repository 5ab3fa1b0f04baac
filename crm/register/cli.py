"""The command that reads the register's file of the day."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import force_locale
from flask_babel import gettext as _

from crm.extensions import db
from crm.register import words
from crm.register.models import RegisterFile
from crm.register.taking import take
from crm.sheets.refusals import Refusal

MOST = 20
EACH = 20
"""After so many batches what was read is committed, so that others can write meanwhile."""


class _Refused(click.ClickException):
    """A file that is none of the register: its reason in words."""

    exit_code = 2


@click.command("register")
@click.argument("files", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option("--whole", is_flag=True, help="The register as it stands: compare names, addresses.")
@with_appcontext
def register_command(files: tuple[Path, ...], whole: bool) -> None:
    """Read files of the corporate register and propose what they mean for accounts."""
    language: str = current_app.extensions["settings"].language
    with force_locale(language):
        for file in files:
            for line in _read(file, whole):
                click.echo(line)


def _read(file: Path, whole: bool) -> Iterator[str]:
    try:
        read = _in_parts(file, whole)
    except Refusal as error:
        db.session.rollback()
        raise _Refused(str(error)) from error
    yield from report(read)


def _in_parts(file: Path, whole: bool) -> RegisterFile:
    steps = take(file, None, whole)
    read = next(steps)
    for number, _step in enumerate(steps, 1):
        if number % EACH == 0:
            db.session.commit()
    db.session.commit()
    return read


def report(read: RegisterFile) -> Iterator[str]:
    """What a file told, a line at a time."""
    yield _("%(file)s: %(rows)s rows, read as %(encoding)s, %(n)s of them corrections",
            file=read.name, rows=read.rows, encoding=read.encoding, n=read.corrections)  # fmt: skip
    said = words.told()
    told = [f"{said[kind]} {number}" for kind, number in sorted(read.told.items())]
    if told:
        yield "  " + _(", ").join(told)
    yield "  " + _("about accounts here %(ours)s, new proposals %(new)s, brought up to date %(n)s",
                   ours=read.ours, new=read.new, n=read.updated)  # fmt: skip
    if read.wrong:
        yield "  " + _("lines that cannot be read: %(n)s", n=read.wrong)
        for line, why in read.problems[:MOST]:
            yield "    " + _("line %(n)s: %(why)s", n=line, why=why)
