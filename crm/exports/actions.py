"""Ask for an export, note how far it has come, and keep its file for a while."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
import structlog

from crm.clock import now
from crm.exports import queries
from crm.exports.models import Export, ExportPart
from crm.extensions import db
from crm.outbox.actions import send
from crm.outbox.models import HEAVY
from crm.rights import Person
from crm.sheets.writing import UTF8, Written
from crm.timeline.actions import record

log = structlog.get_logger()
KEPT_DAYS = 7
"""How long the file of an export is kept."""


def request_export(
    fields: dict[str, Any], user: Person, language: str, direct: bool = False
) -> Export:
    """Write down who takes what out, and a message when it is too long to be sent at once.

    Raises Invalid for a wrong filter, Forbidden for a kind the role may not see. With `direct` it
    is sent at once however long it is.
    """
    table = queries.table_named(fields["kind"], user)
    columns, names = fields.get("columns", "all"), fields.get("names", "words")
    filters = {name: value for name, value in fields.get("filters", {}).items() if value != ""}
    number = queries.count_rows(queries.wanted_of(table, filters, columns, names), user)
    at_once = direct or number <= queries.DIRECT
    export = Export(
        kind=table.name, format=fields.get("format", "csv"), columns=columns, names=names,
        encoding=fields.get("encoding", UTF8), filters=filters, language=language,
        requested_by_id=user.id, state="direct" if at_once else "queued",
        row_count=number if number <= queries.DIRECT else None,
    )  # fmt: skip
    db.session.add(export)
    db.session.flush()
    if not at_once:
        send("exports.build", f"export:{export.id}", {"export_id": export.id}, HEAVY)
    _tell(export, user)
    return export


def _tell(export: Export, user: Person) -> None:
    log.info(
        "export.asked", export=export.id, kind=export.kind, format=export.format, by=user.id,
        filters=sorted(export.filters), columns=export.columns, rows=export.row_count,
    )  # fmt: skip
    record(
        "export.asked", export, user.id, account_id=None, what=export.kind, format=export.format,
        rows=export.row_count,
    )  # fmt: skip


def start(export: Export) -> None:
    """It is being made; what an earlier attempt left is taken away."""
    forget(export)
    export.state, export.progress, export.error = "running", 1, None


def keep(export_id: int, position: int, content: bytes) -> None:
    """Keep a piece of the file."""
    part = {"export_id": export_id, "position": position, "content": content}
    db.session.execute(sa.insert(ExportPart), part)


def finish(export: Export, written: Written, size: int) -> None:
    """The file is whole."""
    export.state, export.progress, export.finished_at = "done", 100, now()
    export.row_count, export.size = written.rows, size


def give_up(export: Export, why: str, written: Written | None = None) -> None:
    """There will be no file: "encoding" and "rows" are refused with the way out."""
    forget(export)
    export.state = "refused" if why in ("encoding", "rows") else "failed"
    export.error, export.finished_at = why, now()
    export.odd = odd_of(written) if written else []


def odd_of(written: Written) -> list[dict[str, Any]]:
    """What could not be written, as JSON holds it."""
    return [
        {"line": one.line, "column": one.column, "character": one.character} for one in written.odd
    ]


def forget(export: Export) -> None:
    """Take away the pieces of a file."""
    old = sa.delete(ExportPart).where(ExportPart.export_id == export.id)
    db.session.execute(old.execution_options(synchronize_session=False))


def forget_old() -> None:
    """Take away the files that have been kept long enough; who exported what stays."""
    before = now() - timedelta(days=KEPT_DAYS)
    old = sa.select(Export.id).where(Export.finished_at < before)
    gone = sa.delete(ExportPart).where(ExportPart.export_id.in_(old))
    db.session.execute(gone.execution_options(synchronize_session=False))
