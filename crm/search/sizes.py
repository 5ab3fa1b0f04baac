"""How many entries the index has, and how many bytes."""

from __future__ import annotations

import sqlalchemy as sa

from crm.extensions import db
from crm.search.models import Entry

_ON_POSTGRES = """
SELECT relname, pg_relation_size(oid) FROM pg_class
WHERE relkind IN ('r', 'i') AND relnamespace = current_schema()::regnamespace
AND relname ~ '^(search|ix_search|pk_search)_' ORDER BY relkind DESC, relname
"""
_ON_SQLITE = """
SELECT name, SUM(pgsize) FROM dbstat
WHERE name GLOB 'search_*' OR name GLOB 'ix_search_*' OR name GLOB 'sqlite_autoindex_search_*'
GROUP BY name ORDER BY name
"""


def entries() -> list[tuple[str, int]]:
    """Kind and number of entries; reads them all."""
    kind = Entry.kind
    rows = db.session.execute(sa.select(kind, sa.func.count()).group_by(kind).order_by(kind))
    return [(str(name), int(number)) for name, number in rows]


def sizes() -> list[tuple[str, int]]:
    """The tables and indexes of the search with their bytes on the disk."""
    is_sqlite = db.session.get_bind().dialect.name == "sqlite"
    rows = db.session.connection().exec_driver_sql(_ON_SQLITE if is_sqlite else _ON_POSTGRES)
    return [(str(name), int(size)) for name, size in rows]
