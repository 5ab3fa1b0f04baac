"""Gather what the figures of reliability are made of, in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.clock import local, start_of
from crm.errors import Invalid
from crm.extensions import at_most, db
from crm.installed_base.models import Unit, WorkOrder
from crm.products.models import Product
from crm.reports.reliability import Failure, Group, Reliability, reliability
from crm.support.models import Ticket

MOST = 100_000
"""Failures that one page counts; more are a matter of one product or a shorter period."""
_BEGUN = sa.func.coalesce(Unit.installed_on, Unit.accepted_on, Unit.delivered_on).label("begun")


@dataclass(frozen=True, slots=True)
class Asked:
    """A period, both days in it, and a product or all."""

    since: date
    until: date
    product_id: int | None = None

    @property
    def units(self) -> sa.ColumnElement[bool]:
        """Units that may have been in service."""
        mine = Unit.product_id == self.product_id if self.product_id else sa.true()
        return sa.and_(mine, Unit.status != "planned", Unit.is_competitor.is_(False))


def figures(asked: Asked) -> Reliability:
    """Three statements. Raises Invalid when too much would have to be counted."""
    reported, repaired = _reported(asked), _repaired(asked)
    if len(reported) > MOST or len(repaired) > MOST:
        why = _("More than %(n)s failures. Choose a model or a shorter period.", n=f"{MOST:,}")
        raise Invalid({"since": [why]})
    days = {(one.unit_id, one.on) for one in reported}
    failures = reported + [one for one in repaired if (one.unit_id, one.on) not in days]
    return reliability(_groups(asked), failures, asked.since, asked.until)


def _groups(asked: Asked) -> list[Group]:
    rows = db.session.execute(
        sa.select(Unit.product_id, _BEGUN, Unit.removed_on, sa.func.count())
        .where(asked.units)
        .group_by(Unit.product_id, _BEGUN, Unit.removed_on)
    )
    return [Group(*row) for row in rows]


def _of_period(asked: Asked) -> list[sa.ColumnElement[bool]]:
    """Tickets that report a failure; nobody learns here of confidential ones."""
    return [
        Ticket.category == "failure",
        Ticket.confidential.is_(False),
        Ticket.opened_at >= start_of(asked.since),
        Ticket.opened_at < start_of(asked.until + timedelta(days=1)),
    ]


def _reported(asked: Asked) -> list[Failure]:
    done = (
        sa.select(sa.func.min(WorkOrder.done_on))
        .where(WorkOrder.ticket_id == Ticket.id)
        .scalar_subquery()
    )
    rows = db.session.execute(
        sa.select(
            Unit.id, Unit.product_id, _BEGUN, Unit.removed_on, Ticket.opened_at,
            sa.type_coerce(done, sa.Date).label("done"),
        )
        .join(Unit, Unit.id == Ticket.unit_id)
        .where(*_of_period(asked), asked.units)
        .order_by(Ticket.id)
        .limit(at_most(MOST + 1))
    )  # fmt: skip
    found = []
    for unit_id, product_id, begun, removed, opened_at, done_on in rows:
        on = local(opened_at).date()
        found.append(Failure(unit_id, product_id, begun, removed, on, met=done_on == on))
    return found


def _without_ticket(asked: Asked) -> list[sa.ColumnElement[bool]]:
    return [
        WorkOrder.kind == "repair",
        WorkOrder.ticket_id.is_(None),
        WorkOrder.opened_on.between(asked.since, asked.until),
    ]


def _repaired(asked: Asked) -> list[Failure]:
    rows = db.session.execute(
        sa.select(Unit.id, Unit.product_id, _BEGUN, Unit.removed_on, WorkOrder.opened_on)
        .join(Unit, Unit.id == WorkOrder.unit_id)
        .where(*_without_ticket(asked), asked.units)
        .order_by(WorkOrder.id)
        .limit(at_most(MOST + 1))
    )
    return [
        Failure(unit_id, product_id, begun, removed, on, reported=False)
        for unit_id, product_id, begun, removed, on in rows
    ]


def units_named(unit_ids: Iterable[int]) -> dict[int, sa.Row[Any]]:
    """Unit → how it is called."""
    rows = db.session.execute(
        sa.select(Unit.id, Unit.serial_no, Product.code)
        .join(Product, Product.id == Unit.product_id)
        .where(Unit.id.in_(list(unit_ids)))
    )
    return {row.id: row for row in rows}


def never_failed(asked: Asked, limit: int) -> Sequence[sa.Row[Any]]:
    """Some units that were in service and did not fail."""
    tickets = sa.exists().where(Ticket.unit_id == Unit.id, *_of_period(asked))
    repairs = sa.exists().where(WorkOrder.unit_id == Unit.id, *_without_ticket(asked))
    gone = sa.or_(Unit.removed_on.is_(None), Unit.removed_on > asked.since)
    return db.session.execute(
        sa.select(Unit.id, Unit.serial_no, Product.code)
        .join(Product, Product.id == Unit.product_id)
        .where(asked.units, gone, sa.func.coalesce(_BEGUN.element, asked.since) <= asked.until)
        .where(~tickets, ~repairs)
        .order_by(Unit.id)
        .limit(at_most(limit))
    ).all()


def products_named(product_ids: Iterable[int]) -> dict[int, sa.Row[Any]]:
    """Product → code and name."""
    rows = db.session.execute(
        sa.select(Product.id, Product.code, Product.name).where(Product.id.in_(list(product_ids)))
    )
    return {row.id: row for row in rows}
