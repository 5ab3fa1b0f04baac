"""Long exports are made in the background. A second run makes the same file again."""

from __future__ import annotations

import tempfile
import time
from typing import IO, Any

import sqlalchemy as sa
import structlog
from flask_babel import force_locale

from crm.connections import writing
from crm.errors import Forbidden, Invalid
from crm.exports import actions, making, queries
from crm.exports.models import Export
from crm.extensions import db
from crm.sheets.writing import Written
from crm.sheets.writing_workbooks import TooManyRows
from crm.staff.models import Staff

log = structlog.get_logger()
BEAT = 0.7
"""Seconds between two notes of progress."""
PIECE = 1024 * 1024


def build(payload: dict[str, Any]) -> None:
    """Make the file of an export. Nothing is locked while it is read."""
    export = db.session.get(Export, payload["export_id"])
    if export is None or export.state in ("done", "refused"):
        return
    actions.start(export)
    db.session.commit()
    written = Written()
    with tempfile.TemporaryFile(prefix="engawa-export-") as file:
        why = _read(payload["export_id"], written, file)
        export = db.session.get_one(Export, payload["export_id"])
        if why:
            actions.give_up(export, why, written)
        else:
            actions.finish(export, written, _kept(export.id, file))
        db.session.commit()
    log.info("export.made", export=export.id, state=export.state, rows=export.row_count)


def _read(export_id: int, written: Written, file: IO[bytes]) -> str:
    """Write the file to the disk; says why that could not be."""
    token = writing.set(False)
    try:
        return _made(export_id, written, file)
    except (Forbidden, Invalid):
        return "rights"
    except TooManyRows:
        return "rows"
    finally:
        db.session.rollback()
        writing.reset(token)


def _made(export_id: int, written: Written, file: IO[bytes]) -> str:
    """With the rights that the person has now."""
    export = db.session.get_one(Export, export_id)
    user = db.session.get(Staff, export.requested_by_id)
    if user is None or not user.active:
        return "rights"
    with force_locale(export.language):
        wanted = queries.wanted_by(export, user)
        progress = _Progress(export.id, queries.count_rows(wanted, user, 2**40))
        parts = making.pieces(wanted, user, export.format, export.encoding, written, progress.hear)
        for piece in parts:
            file.write(piece)
    return "encoding" if written.odd else ""


def _kept(export_id: int, file: IO[bytes]) -> int:
    """Keep the file in pieces; its size in bytes."""
    size = file.seek(0, 2)
    file.seek(0)
    position = 0
    while piece := file.read(PIECE):
        actions.keep(export_id, position, piece)
        position += 1
    return size


class _Progress:
    """Notes how far it has come on a connection of its own: the other one is still reading."""

    def __init__(self, export_id: int, number: int) -> None:
        self._export_id, self._number, self._last = export_id, max(number, 1), time.monotonic()

    def hear(self, rows: int) -> None:
        """So many rows are written."""
        if time.monotonic() - self._last < BEAT:
            return
        self._last = time.monotonic()
        percent = min(99, max(1, 99 * rows // self._number))
        token = writing.set(True)
        try:
            with db.engine.begin() as apart:
                apart.execute(
                    sa.update(Export).where(Export.id == self._export_id).values(progress=percent)
                )
        finally:
            writing.reset(token)


def tidy(_payload: dict[str, Any]) -> None:
    """Every day: files that were kept for a week go."""
    actions.forget_old()
