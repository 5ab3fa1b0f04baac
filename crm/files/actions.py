"""Hang a file on a record, and take it off again."""

from __future__ import annotations

from typing import Any

from flask import current_app
from flask_babel import gettext as _

from config import Settings
from crm.errors import Invalid
from crm.extensions import db
from crm.files import queries, store
from crm.files.cards import document_cards
from crm.files.kinds import kind_of, name_for
from crm.files.models import Attachment
from crm.search.actions import forget, index_many
from crm.timeline.actions import record

MEGABYTE = 1024 * 1024


def add_file(
    subject: tuple[str, int, Any], name: str, content: bytes, caption: str, by_id: int | None
) -> Attachment:
    """Keep a content and hang it on a record. Raises Invalid in words; then nothing is kept."""
    column, key, on = subject
    check_size(len(content))
    kind = kind_of(content)
    if queries.number_on(column, key) >= queries.MOST:
        why = _("A record has %(n)s files at most.", n=queries.MOST)
        raise Invalid({"file": [why]})
    sha256 = store.keep(content)
    if kind.photo:
        store.keep_small(sha256, content)
    made = Attachment(
        sha256=sha256, size=len(content), media_type=kind.media_type, photo=kind.photo,
        name=name_for(name, kind), caption=caption, by_id=by_id, **{column: key},
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    index_many(document_cards([made.id]), fresh=True)
    _tell("file.added", made, on, by_id)
    return made


def remove_file(found: Attachment, on: Any, by_id: int | None) -> None:
    """Take a file off its record; the line in the history stays. Its content goes at night."""
    forget("document", found.id)
    db.session.delete(found)
    _tell("file.removed", found, on, by_id)


def check_size(size: int) -> None:
    """Raises Invalid for what is larger than the installation keeps."""
    settings: Settings = current_app.extensions["settings"]
    if size > settings.max_file_bytes:
        most = settings.max_file_bytes // MEGABYTE
        raise Invalid({"file": [_("A file has %(n)s MB at most.", n=most)]})


def _tell(kind: str, one: Attachment, on: Any, by_id: int | None) -> None:
    account_id = on.id if one.account_id is not None else on.account_id
    record(
        kind, on, by_id, account_id=account_id, restricted=bool(getattr(on, "confidential", False)),
        name=one.name, caption=one.caption, media_type=one.media_type, file_id=one.id,
        size=one.size,
    )  # fmt: skip
