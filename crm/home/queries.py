"""What the first page of the day asks: next steps, stale deals, the month, what moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from crm.accounts.models import Account, Contact
from crm.alerts.models import Alert
from crm.clock import now, start_of, today
from crm.deals import board
from crm.deals.models import OPEN_STAGES, Deal, SalesTarget
from crm.deals.queries import medians
from crm.extensions import among, at_most, db
from crm.installed_base.models import WORK_ENDED, Unit, WorkOrder
from crm.products.models import Product
from crm.rights import Person
from crm.staff.models import Staff, Team
from crm.timeline.models import Event
from crm.timeline.sentences import LINES

STEPS = 12
ROWS = 8
Rows = Sequence[sa.Row[Any]]


def next_steps(user: Person, until: date) -> Rows:
    """A person's next steps due until a day, the late ones first."""
    return db.session.execute(
        sa.select(
            Deal.id, Deal.title, Deal.rank, Deal.amount, Deal.next_step, Deal.next_step_on,
            Deal.next_step_time, Deal.next_step_kind, Deal.next_step_promised,
            Account.name.label("account"), Account.name_core.label("account_core"),
            Contact.family_name, Contact.title.label("post"),
        )
        .join(Account, Account.id == Deal.account_id)
        .outerjoin(Contact, Contact.id == Deal.contact_id)
        .where(
            Deal.owner_id == user.id,
            Deal.next_step_on <= until,
            among(Deal.stage, OPEN_STAGES),
        )
        .order_by(
            Deal.next_step_on,
            sa.func.coalesce(Deal.next_step_time, "99:99"),
            Deal.id,
        )
        .limit(at_most(STEPS * 4))
    ).all()  # fmt: skip


def stale_deals(where: Sequence[sa.ColumnElement[bool]], limit: int = ROWS) -> list[board.Card]:
    """Deals that stay longer than twice the median of their stage, the longest first."""
    known = medians()
    if not known:
        return []
    parts = [
        sa.and_(
            Deal.stage == stage,
            Deal.stage_since < now() - timedelta(days=board.STALE_TIMES * days + 1),
        )
        for stage, days in known.items()
    ]
    longest = (
        sa.select(Deal.id)
        .where(*where, sa.or_(*parts))
        .order_by(Deal.stage_since, Deal.id)
        .limit(at_most(limit))
        .subquery()
    )
    rows = db.session.execute(
        sa.select(*board.COLUMNS)
        .select_from(board.JOINED)
        .where(Deal.id.in_(sa.select(longest.c.id)))
        .order_by(Deal.stage_since, Deal.id)
    ).all()
    return [card for card in board.cards(rows, known) if card.stale]


@dataclass(frozen=True, slots=True)
class Month:
    """A person's month: yen won, yen expected by rank, yen aimed at."""

    first: date
    won: int
    won_count: int
    weighted: int
    weighted_count: int
    target: int | None

    @property
    def landing(self) -> int:
        """What has come and what is expected."""
        return self.won + self.weighted


def month_of(user: Person) -> Month:
    """This month by the day of the order; what is late is expected this month."""
    first = today().replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    target = sa.select(SalesTarget.amount).where(
        SalesTarget.staff_id == user.id, SalesTarget.month == first
    )
    won = db.session.execute(
        sa.select(
            sa.func.count(), sa.func.sum(Deal.amount), target.scalar_subquery().label("target")
        ).where(
            Deal.owner_id == user.id,
            Deal.stage == "won",
            Deal.closed_on >= first,
            Deal.closed_on < after,
        )
    ).one()
    expected = db.session.execute(
        sa.select(sa.func.count(), sa.func.sum(board.WEIGHTED)).where(
            Deal.owner_id == user.id,
            among(Deal.stage, OPEN_STAGES),
            Deal.expected_close_on < after,
        )
    ).one()
    return Month(first, int(won[1] or 0), won[0], int(expected[1] or 0), expected[0], won.target)


@dataclass(frozen=True, slots=True)
class Move:
    """What another department did with a customer of ours."""

    department: str
    account: str
    account_id: int
    title: str
    at: datetime


def of_other_departments(user: Person, since: datetime, limit: int = 6) -> list[Move]:
    """What others than sales did with the accounts of a person, the latest first."""
    rows = db.session.execute(
        sa.select(
            Event.kind, Event.at, Event.facts, Team.department, Account.name, Account.name_core,
            Account.id,
        )
        .join(Account, Account.id == Event.account_id)
        .join(Staff, Staff.id == Event.by_id)
        .join(Team, Team.id == Staff.team_id)
        .where(
            Account.owner_id == user.id,
            Event.at >= since,
            Event.restricted.is_(False),
            Team.department != "sales",
        )
        .order_by(Event.at.desc(), Event.id.desc())
        .limit(at_most(limit))
    )  # fmt: skip
    return [
        Move(
            row.department, row.name_core or row.name, row.id,
            LINES[row.kind].title(row.facts), row.at,
        )
        for row in rows
    ]  # fmt: skip


def yesterday() -> datetime:
    """The beginning of yesterday, in UTC."""
    return start_of(today() - timedelta(days=1))


def work_of(user: Person, limit: int = 20) -> Rows:
    """Work orders of an engineer that are not finished: those planned first by their day."""
    return db.session.execute(
        sa.select(
            WorkOrder.id, WorkOrder.kind, WorkOrder.status, WorkOrder.opened_on, WorkOrder.symptom,
            WorkOrder.unit_id, WorkOrder.planned_on, WorkOrder.planned_at, Unit.serial_no,
            Product.name.label("product"), Account.name.label("account"),
        )
        .join(Unit, Unit.id == WorkOrder.unit_id)
        .join(Product, Product.id == Unit.product_id)
        .join(Account, Account.id == WorkOrder.account_id)
        .where(WorkOrder.assignee_id == user.id, WorkOrder.status.not_in(WORK_ENDED))
        .order_by(
            WorkOrder.planned_on.is_(None), WorkOrder.planned_on,
            WorkOrder.planned_at.is_(None), WorkOrder.planned_at,
            WorkOrder.opened_on, WorkOrder.id,
        )
        .limit(at_most(limit))
    ).all()  # fmt: skip


def unanswered(team_id: int | None) -> Rows:
    """Open alerts by the person they are addressed to: how many, since when, of what value."""
    where = [Alert.state == "open"]
    if team_id is not None:
        where.append(Alert.team_id == team_id)
    return db.session.execute(
        sa.select(
            Staff.id, Staff.name, sa.func.count().label("number"),
            sa.func.min(Alert.raised_at).label("oldest"),
            sa.func.sum(Alert.estimated_value).label("value"),
        )
        .outerjoin(Staff, Staff.id == Alert.owner_id)
        .where(*where)
        .group_by(Staff.id, Staff.name)
        .order_by(sa.desc("number"), Staff.id)
    ).all()  # fmt: skip
