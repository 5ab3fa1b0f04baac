"""Solved tickets that resemble what is being said: by the grams two texts share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from crm.extensions import db
from crm.installed_base.models import Unit
from crm.products.models import Product
from crm.rights import Person
from crm.support.models import Ticket
from crm.support.queries import seen
from crm.text.normal import grams_of_term, search_key

LOOKED_AT = 60
"""Solved tickets of the product or category that are compared, newest first."""

UNITS_MOST = 400
"""Units of a product whose tickets are looked at, newest first."""

LEAST = 8
"""Below this share of common grams two texts have nothing to do with each other, in percent."""


@dataclass(frozen=True, slots=True)
class Case:
    """A solved ticket, and how far it resembles, in percent."""

    id: int
    subject: str
    product: str
    resolution: str
    score: int


def likeness(one: str, other: str) -> int:
    """The share of pairs of characters two texts have in common, of the shorter one's, in percent.

    >>> likeness("採水ランプが赤", "採水ランプが赤い")
    100
    """
    mine, theirs = (set(grams_of_term(search_key(text))) for text in (one, other))
    if min(len(mine), len(theirs)) < 2:
        return 0
    return round(100 * len(mine & theirs) / min(len(mine), len(theirs)))


def solved_like(
    user: Person, text: str, category: str, product_id: int | None, but: int = 0, limit: int = 3
) -> list[Case]:
    """Solved tickets most like `text`: of the same product first, else of the same category."""
    if not text.strip():
        return []
    where = [Ticket.category == category]
    if product_id:
        where = [Ticket.unit_id.in_(units_of_products([product_id]))]
    rows = db.session.execute(
        sa.select(
            Ticket.id, Ticket.subject, Ticket.symptom, Ticket.voice, Ticket.resolution,
            Ticket.category, Product.code,
        )
        .outerjoin(Unit, Ticket.unit_id == Unit.id)
        .outerjoin(Product, Unit.product_id == Product.id)
        .where(
            Ticket.status.in_(("solved", "closed")), Ticket.resolution != "", Ticket.id != but,
            *where, seen(user),
        )
        .order_by(Ticket.id.desc())
        .limit(LOOKED_AT)
    )  # fmt: skip
    cases = [
        Case(row.id, row.subject, row.code or "", row.resolution, _score(text, category, row))
        for row in rows
    ]
    best = sorted(cases, key=lambda case: (-case.score, -case.id))
    return [case for case in best if case.score >= LEAST][:limit]


def units_of_products(product_ids: Iterable[int]) -> sa.Select[tuple[int]]:
    """Keys of the newest units of some products: enough to learn from, few enough to be quick."""
    newest = sa.select(Unit.id).where(Unit.product_id.in_(list(product_ids)))
    some = newest.order_by(Unit.id.desc()).limit(UNITS_MOST).subquery()
    return sa.select(some.c.id)


def _score(text: str, category: str, row: sa.Row[Any]) -> int:
    said = likeness(text, f"{row.subject} {row.symptom} {row.voice}")
    return min(99, said + 5) if row.category == category and said else said
