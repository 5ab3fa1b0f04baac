"""The terms of a contract one after the other: what renews what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.errors import Invalid
from crm.extensions import at_most, db
from crm.installed_base.contract_rules import gap
from crm.installed_base.models import ServiceContract

MOST_TERMS = 60
C = ServiceContract.__table__.c


def successor(contract_id: int) -> sa.Row[Any] | None:
    """The term after a contract."""
    return db.session.execute(sa.select(C.id, C.number).where(C.renews_id == contract_id)).first()


def check_renews(contract: ServiceContract) -> None:
    """What a contract renews is an earlier term of its account with no other successor.

    Raises Invalid.
    """
    if contract.renews_id is None:
        return
    before = db.session.get(ServiceContract, contract.renews_id)
    why = None
    if before is None or before.account_id != contract.account_id:
        why = _("This contract is another account's.")
    elif before.id == contract.id or before.starts_on >= contract.starts_on:
        why = _("A contract renews one that started before it.")
    else:
        after = successor(before.id)
        if after is not None and after.id != contract.id:
            why = _("It was renewed already, by %(number)s.", number=after.number)
    if why:
        raise Invalid({"renews_id": [why]})


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a chain; `gap` are the days before it that no term covers, `change` by how many
    yen a year it differs from the term before."""

    id: int
    number: str
    starts_on: date
    last_on: date
    annual_amount: int
    gap: tuple[date, date] | None = None
    change: int | None = None


def chain(contract_id: int) -> list[Term]:
    """All terms that a contract belongs to, the first first; two statements."""
    rows = db.session.execute(
        sa.select(C.id, C.number, C.starts_on, C.ends_on, C.cancelled_on, C.annual_amount)
        .where(C.id.in_(_linked(contract_id)))
        .order_by(C.starts_on, C.id)
        .limit(at_most(MOST_TERMS))
    ).all()
    return _terms(rows)


def _linked(contract_id: int) -> sa.Select[Any]:
    """The keys of a chain, found backwards and forwards from one of its terms."""
    before = sa.select(C.id, C.renews_id).where(C.id == contract_id).cte("before", recursive=True)
    before = before.union(sa.select(C.id, C.renews_id).where(C.id == before.c.renews_id))
    after = sa.select(C.id).where(C.id == contract_id).cte("after_it", recursive=True)
    after = after.union(sa.select(C.id).where(C.renews_id == after.c.id))
    return sa.select(before.c.id).union(sa.select(after.c.id))  # type: ignore[return-value]


def _terms(rows: Sequence[Any]) -> list[Term]:
    terms: list[Term] = []
    for row in rows:
        last = row.ends_on if row.cancelled_on is None else min(
            row.ends_on, row.cancelled_on - date.resolution
        )  # fmt: skip
        old = terms[-1] if terms else None
        terms.append(
            Term(
                row.id, row.number, row.starts_on, last, row.annual_amount,
                gap(old.last_on, row.starts_on) if old else None,
                row.annual_amount - old.annual_amount if old else None,
            )
        )  # fmt: skip
    return terms
