"""Visits follow what happens elsewhere, in the same transaction: their work order is planned anew,
their unit goes out of use or becomes another customer's."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.errors import Conflict
from crm.extensions import at_most, db
from crm.installed_base.models import Unit, WorkOrder
from crm.maintenance.actions import skip_visit, tell_moved
from crm.maintenance.models import OPEN, MaintenancePlan, Visit
from crm.maintenance.queries import visit_of_work
from crm.timeline.models import Event

MOST = 200


def follow_unit(event: Event) -> None:
    """A unit was changed or moved: what was arranged for it under a plan that it has left goes with
    its reason. Work that has begun stays."""
    for visit, status in _left(event.subject_id):
        gone, moved = _("The unit is out of use."), _("The unit is another customer's now.")
        try:
            with db.session.begin_nested():
                skip_visit(visit, gone if status == "removed" else moved, event.by_id)
        except Conflict:
            continue


def follow_work(event: Event) -> None:
    """A work order was changed: its visit is on the day and with the engineer that it says."""
    if not {"planned_on", "planned_at", "assignee_id"} & set(event.facts.get("fields", ())):
        return
    work, visit = db.session.get(WorkOrder, event.subject_id), visit_of_work(event.subject_id)
    if work is None or visit is None or visit.state not in OPEN:
        return
    visit.assignee_id, before = work.assignee_id, visit.visit_on
    if work.planned_on not in (None, before):
        visit.visit_on, visit.state = work.planned_on, "moved"
        visit.reason = _("As planned on %(no)s", no=work.number)
        tell_moved(visit, before, event.by_id)


def _left(unit_id: int) -> Sequence[sa.Row[tuple[Visit, str]]]:
    """Open visits of a unit that is removed or no more the account's of their plan."""
    work, plan = WorkOrder.__table__.c, MaintenancePlan.__table__.c
    not_begun = sa.or_(
        work.id.is_(None), sa.and_(work.status == "received", work.arrived_at.is_(None))
    )
    return db.session.execute(
        sa.select(Visit, Unit.status)
        .join(Unit, Unit.id == Visit.unit_id)
        .join(MaintenancePlan, plan.id == Visit.plan_id)
        .outerjoin(WorkOrder, work.id == Visit.work_order_id)
        .where(
            Visit.unit_id == unit_id, Visit.state.in_(OPEN), not_begun,
            sa.or_(Unit.status == "removed", plan.account_id != Unit.account_id),
        )
        .order_by(Visit.id)
        .limit(at_most(MOST))
    ).all()  # fmt: skip
