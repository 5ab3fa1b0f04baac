"""Is a list longer than can be read whole? Asked before it is read, of what there is most of.

One short walk over an index for each kind, which stops when it has seen enough. It does not look
at the units themselves unless some of them are chosen: a list that it calls too long may hold a
few less, of units that are not in use any more.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from crm.campaigns.models import Campaign, CampaignItem
from crm.expiry.asking import Asked
from crm.expiry.cycles import for_the_first_time
from crm.expiry.dates import CHECKS
from crm.expiry.models import UnitDue
from crm.expiry.spans import ACTIVE, KEPT, Reading
from crm.extensions import at_most, db
from crm.installed_base.models import Unit
from crm.maintenance.models import OPEN, Visit

C, D, P = Campaign.__table__.c, UnitDue.__table__.c, CampaignItem.__table__.c
U, V = Unit.__table__.c, Visit.__table__.c


def crowded(asked: Asked, most: int) -> bool:
    """Does one kind alone make the list longer than `most` units? One statement; what is one rep's
    or one account's is never asked."""
    if asked.owner_id or asked.account_id:
        return False
    longest = _longest(asked, most)
    return longest is not None and (db.session.scalar(longest) or 0) > most


@lru_cache(maxsize=KEPT)
def _longest(asked: Asked, most: int) -> sa.Select[Any] | None:
    """The units of the kind that has most of them, counted to one more than so many."""
    reading = Reading(asked, None, most + 1)
    counts = [_count(one) for one in (_chosen(reading) if asked.chosen else _all(reading))]
    if not counts:
        return None
    return sa.select(sa.func.max(sa.union_all(*counts).subquery().c.units))


def _count(walk: sa.Select[Any]) -> sa.Select[Any]:
    seen = walk.subquery()
    return sa.select(sa.func.count(seen.c.unit_id.distinct()).label("units"))


def _chosen(reading: Reading) -> Iterator[sa.Select[Any]]:
    """Walks that look at the units, in the order of the days."""
    kinds = reading.asked.kinds
    if "warranty" in kinds:
        on = U.warranty_ends_on
        yield reading.units(Unit.__table__, on, "warranty").where(*reading.span(on))
    for kind in ("inspection", "consumable"):
        if kind in kinds:
            yield from for_the_first_time(reading, kind)


def _all(reading: Reading) -> Iterator[sa.Select[Any]]:
    """Walks of which an index knows all that is asked, or nearly all."""
    kinds = reading.asked.kinds
    if "warranty" in kinds:
        yield _some(reading, U.id, U.warranty_ends_on).where(U.status.in_(ACTIVE))
    for kind in ("inspection", "consumable"):
        if kind in kinds:
            yield _some(reading, D.unit_id, D.due_on).where(D.kind == kind)
    if set(CHECKS) & set(kinds):
        yield _some(reading, V.unit_id, V.visit_on).where(V.state.in_(OPEN))
    if "recall" in kinds:
        yield _some(reading, P.unit_id, P.appointed_on).where(P.done_on.is_(None))
        waits = (P.done_on.is_(None), P.appointed_on.is_(None), C.status == "running")
        some = _some(reading, P.unit_id, C.ends_on).where(P.campaign_id == C.id, *waits)
        yield some.select_from(CampaignItem)


def _some(reading: Reading, unit: Any, on: Any) -> sa.Select[Any]:
    days = sa.select(unit.label("unit_id")).where(*reading.span(on))
    return days.limit(at_most(reading.limit))
