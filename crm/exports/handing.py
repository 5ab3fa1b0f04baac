"""Handing out the file of an export: as it is read, or the one that was kept."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import IO

from flask import Response, stream_with_context
from flask_babel import force_locale
from flask_babel import gettext as _

from crm.clock import local, today
from crm.connections import writing
from crm.errors import Conflict, Invalid, NotFound
from crm.exports import making, queries
from crm.exports.models import Export
from crm.extensions import db
from crm.rights import Person
from crm.sheets.writing import UTF8, Odd, Written
from crm.sheets.writing_workbooks import MOST_ROWS, TooManyRows
from crm.staff.models import Staff

NAMED = 5
"""So many characters are named in a refusal."""


def file_of(export: Export, user: Person) -> Response:
    """The file. Raises Conflict before it is done, NotFound once it was tidied away, Invalid
    naming what its encoding lacks."""
    if export.state == "direct":
        return _direct(export, user)
    if export.state != "done":
        raise Conflict(_("This export is not done. It may still be being made."))
    parts = queries.parts_of(export.id)
    first = next(parts, None)
    if first is None:
        raise NotFound
    name = f"{export.kind}-{local(export.created_at).date()}.{export.format}"
    return _answer(_joined(first, parts), export.format, name)


def _direct(export: Export, user: Person) -> Response:
    wanted, written = queries.wanted_by(export, user), Written()
    name = making.file_name(wanted, today(), export.format)
    if export.format == "csv" and export.encoding == UTF8:
        queries.count_rows(wanted, user, 1)
        return _answer(_streamed(export.id, export.language, int(user.id)), "csv", name)
    with force_locale(export.language):
        parts = making.pieces(wanted, user, export.format, export.encoding, written)
        return _answer(_whole(parts, written), export.format, name)


def _streamed(export_id: int, language: str, user_id: int) -> Iterator[bytes]:
    """The file as it is read. That begins when the request is over and its session given back."""
    writing.set(False)
    try:
        user = db.session.get_one(Staff, user_id)
        wanted = queries.wanted_by(db.session.get_one(Export, export_id), user)
        with force_locale(language):
            yield from making.pieces(wanted, user, "csv", UTF8, Written())
    finally:
        writing.set(True)


def _whole(parts: Iterator[bytes], written: Written) -> Iterator[bytes]:
    """The same pieces once all of them are there: only then it is known that all can be written.

    Raises Invalid naming what cannot, at once.
    """
    file = tempfile.TemporaryFile(prefix="engawa-export-")  # noqa: SIM115  # closed by _closed
    try:
        for part in parts:
            file.write(part)
    except TooManyRows as error:
        file.close()
        raise Invalid({"format": [too_many()]}, too_many()) from error
    if written.odd:
        file.close()
        raise Invalid({"encoding": said(written.odd)}, cannot(written.odd))
    file.seek(0)
    return iter(lambda: file.read(making.PIECE) or _closed(file), b"")


def _closed(file: IO[bytes]) -> bytes:
    file.close()
    return b""


def _joined(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _answer(parts: Iterator[bytes], format: str, name: str) -> Response:
    response = Response(stream_with_context(parts), mimetype=making.TYPES[format])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Accel-Buffering"] = "no"
    return response


def too_many() -> str:
    """Why there is no workbook."""
    return _("A sheet holds %(n)s rows. Take a CSV file, or filter the list.", n=f"{MOST_ROWS:,}")


def cannot(odd: list[Odd]) -> str:
    """Why a file was refused, in one sentence."""
    if odd[0].character:
        return _("Shift_JIS lacks characters that stand in this list. Take UTF-8 or Excel instead.")
    return _("Some texts are too long for a cell of a workbook. Take a CSV file instead.")


def said(odd: list[Odd]) -> list[str]:
    """What cannot be written, each with its line and column, the first of them."""
    found = [one_said(one.line, one.column, one.character) for one in odd[:NAMED]]
    if len(odd) > NAMED:
        found.append(_("and %(n)s more", n=len(odd) - NAMED))
    return found


def one_said(line: int, column: str, character: str) -> str:
    """Line 12, Address: “𠮷” (U+20BB7)."""
    if not character:
        return _("Line %(line)s, %(column)s: too long", line=line, column=column)
    return _(
        "Line %(line)s, %(column)s: “%(character)s” (%(code)s)", line=line, column=column,
        character=character, code=f"U+{ord(character):04X}",
    )  # fmt: skip
