"""The contract of a plan on a day: a plan goes on under the term that renews the one before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from crm.extensions import db
from crm.installed_base.models import ServiceContract
from crm.maintenance.models import MaintenancePlan
from crm.timeline.actions import record
from crm.timeline.models import Event

C = ServiceContract.__table__.c
Terms = Mapping[int, Sequence[Any]]


def terms_of(contract_ids: Iterable[int | None]) -> Terms:
    """Contract → all terms of its chain, before it and after it; one statement."""
    keys = {key for key in contract_ids if key is not None}
    found: dict[int, list[Any]] = defaultdict(list)
    if not keys:
        return found
    start = sa.select(C.id.label("asked"), C.id, C.renews_id).where(C.id.in_(keys))
    before = start.cte("terms_before", recursive=True)
    before = before.union(
        sa.select(before.c.asked, C.id, C.renews_id).join_from(
            before, ServiceContract, C.id == before.c.renews_id
        )
    )
    after = start.cte("terms_after", recursive=True)
    after = after.union(
        sa.select(after.c.asked, C.id, C.renews_id).join_from(
            after, ServiceContract, C.renews_id == after.c.id
        )
    )
    linked = sa.union(
        sa.select(before.c.asked, before.c.id), sa.select(after.c.asked, after.c.id)
    ).subquery()
    rows = db.session.execute(
        sa.select(linked.c.asked, C.id, C.number, C.starts_on, C.ends_on, C.cancelled_on)
        .join(ServiceContract, C.id == linked.c.id)
        .order_by(C.starts_on, C.id)
    )
    for row in rows:
        found[row.asked].append(row)
    return found


def term_on(terms: Terms, contract_id: int | None, day: date) -> Any:
    """The term of a contract's chain that is in force on a day, or None."""
    for one in terms.get(contract_id or 0, ()):
        over = one.cancelled_on is not None and one.cancelled_on <= day
        if one.starts_on <= day <= one.ends_on and not over:
            return one
    return None


def follow_renewal(event: Event) -> None:
    """A contract renews another: the plans under that one are under this one from now on."""
    after = db.session.get(ServiceContract, event.subject_id)
    if after is None or after.renews_id is None:
        return
    plans = sa.select(MaintenancePlan).where(MaintenancePlan.contract_id == after.renews_id)
    for plan in db.session.scalars(plans.order_by(MaintenancePlan.id)).all():
        plan.contract_id = after.id
        record(
            "plan.changed", plan, event.by_id, account_id=plan.account_id, plan_id=plan.id,
            name=plan.name, work_kind=plan.work_kind, fields=["contract_id"],
            contract=after.number,
        )  # fmt: skip
