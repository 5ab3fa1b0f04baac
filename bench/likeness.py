"""Is the index that the benchmark filled the one that the application would have written?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa

from bench import fill
from bench.company_db import app_over
from bench.happenings import MAKERS
from bench.names import pick
from bench.works import same
from crm.extensions import db
from crm.search.actions import Card, index_many
from crm.search.models import Entry, Handler, Identifier

SAMPLE = 40
KINDS = ("accounts", "sites", "contacts", "units", "contracts", "deals", "tickets")


def check_index(url: str, home: Path, _bare: psycopg.Connection[Any]) -> None:
    """Write a sample of the entries through `index_many`, compare, and roll back.

    Raises WrongAnswer when one differs.
    """
    said = fill.filled(url)
    assert said is not None
    size = fill.size_of(said)
    app = app_over(url, home, None)
    with app.app_context():
        for kind in KINDS:
            keys = {1 + pick(n, 301, size.count(kind)) for n in range(SAMPLE)}
            cards = [
                one for key in keys for one in MAKERS[kind](size, key) if isinstance(one, Card)
            ]
            before = _entries([card.key for card in cards])
            index_many(cards)
            same(f"index of {kind}", before, _entries([card.key for card in cards]))
            db.session.rollback()
        db.engine.dispose()


def _entries(keys: list[int]) -> list[Any]:
    columns = [c for c in Entry.__table__.columns if c.name not in ("updated_at", "grams")]
    entries = db.session.execute(
        sa.select(*columns, Entry.grams).where(Entry.id.in_(keys)).order_by(Entry.id)
    )
    hangs = [
        db.session.execute(
            sa.select(*table.__table__.columns)
            .where(table.entry_id.in_(keys))
            .order_by(*table.__table__.columns)
        )
        for table in (Identifier, Handler)
    ]
    return [list(map(tuple, rows)) for rows in (entries, *hangs)]
