"""Which accounts a batch of the register is about: one question for a thousand rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from crm.accounts.models import Account
from crm.extensions import db
from crm.register.judging import Known

A = Account.__table__.c
_COLUMNS = (
    A.id, A.name, A.name_kana, A.name_en, A.corporate_number, A.address, A.postal_code,
    A.closed_on, A.successor_number,
)  # fmt: skip


def by_number(numbers: Collection[str]) -> dict[str, Known]:
    """Corporate number → our account of it."""
    rows = db.session.execute(sa.select(*_COLUMNS).where(A.corporate_number.in_(numbers)))
    return {row.corporate_number: _known(row) for row in rows}


def some_without_number() -> bool:
    """Is there any account whose number nobody knows?"""
    return bool(db.session.scalar(sa.select(sa.exists().where(A.corporate_number.is_(None)))))


def without_number(name_keys: Collection[str]) -> dict[str, list[Known]]:
    """Folded name → our accounts of it that have no corporate number."""
    found: dict[str, list[Known]] = defaultdict(list)
    rows = db.session.execute(
        sa.select(*_COLUMNS, A.name_key).where(
            A.name_key.in_(set(name_keys) - {""}), A.corporate_number.is_(None)
        )
    )
    for row in rows:
        found[row.name_key].append(_known(row))
    return found


def _known(row: Any) -> Known:
    return Known(*row[: len(_COLUMNS)])
