"""The record that a cell of a custom field names: by its record ID, its number, or its name."""

from __future__ import annotations

import re

import sqlalchemy as sa

from crm.attributes.kinds import REFERRED
from crm.exports.marks import own_key
from crm.extensions import at_most, db
from crm.transfers.directories import DIRECTORIES
from crm.transfers.finding import Finder

NUMBERED = {"campaign": "number", "deal": "title"}
"""Kinds that are looked up in one column of their own."""
_MARKED = re.compile(r"\(([0-9a-f]{6}-\d{1,15})\)$")


def named_record(kind: str, text: str, finder: Finder) -> int | None:
    """The key of the one record; None where there is none, or several without a directory.

    Raises Unreadable where several records of a directory are called so.
    """
    marked = _MARKED.search(text)
    key = own_key(marked[1] if marked else text)
    plain = text.removeprefix("#")
    if key is None and plain.isascii() and plain.isdigit() and len(plain) < 16:
        key = int(plain)
    table = db.metadata.tables[REFERRED[kind].table]
    if key is not None:
        return db.session.scalar(sa.select(table.c.id).where(table.c.id == key))
    if kind in DIRECTORIES:
        return finder.find(kind, text)
    if kind not in NUMBERED:
        return None
    column = table.c[NUMBERED[kind]]
    found = db.session.scalars(sa.select(table.c.id).where(column == text).limit(at_most(2))).all()
    return found[0] if len(found) == 1 else None
