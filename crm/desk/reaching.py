"""Who in sales a caller may be put through to, and what sales has promised."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from crm.accounts.models import Account
from crm.extensions import db
from crm.staff.models import Office, Staff, Team


def promised(deals: Sequence[sa.Row[Any]]) -> list[sa.Row[Any]]:
    """What sales has promised the customer in these deals, the nearest day first."""
    told = [one for one in deals if one.next_step_promised and one.next_step_on is not None]
    return sorted(told, key=lambda one: (one.next_step_on, one.id))


def reached(staff_id: int) -> sa.Row[Any] | None:
    """A colleague's name and extension with her office, or her team's, and its telephone; None for
    nobody."""
    where = sa.func.coalesce(Staff.office_id, Team.office_id)
    return db.session.execute(
        sa.select(Staff.name, Staff.extension, Office.name.label("office"), Office.phone)
        .outerjoin(Team, Staff.team_id == Team.id)
        .outerjoin(Office, Office.id == where)
        .where(Staff.id == staff_id, Staff.active.is_(True))
    ).first()


def sales_of(account_id: int) -> sa.Row[Any] | None:
    """Key and name of who looks after an account in sales, when somebody does."""
    return db.session.execute(
        sa.select(Staff.id, Staff.name)
        .join(Account, Account.owner_id == Staff.id)
        .where(Account.id == account_id, Staff.active.is_(True))
    ).first()
