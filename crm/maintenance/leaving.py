"""Nobody is sent to a unit that is out of use or another customer's: its visits are left out."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.errors import Conflict
from crm.extensions import at_most, db
from crm.installed_base.models import Unit, WorkOrder
from crm.maintenance.actions import skip_visit
from crm.maintenance.models import OPEN, MaintenancePlan, Visit
from crm.timeline.models import Event

MOST = 200


def follow_unit(event: Event) -> None:
    """A unit was changed or moved: what was arranged for it under a plan that it has left goes, in
    the same transaction, with its reason. Work that has begun stays."""
    for visit, status in _left(event.subject_id):
        gone, moved = _("The unit is out of use."), _("The unit is another customer's now.")
        try:
            with db.session.begin_nested():
                skip_visit(visit, gone if status == "removed" else moved, event.by_id)
        except Conflict:
            continue


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
