"""Load the demo company into an empty database."""

from __future__ import annotations

import sqlalchemy as sa

from crm.accounts.former_names import FormerName
from crm.demo import (
    advising,
    asking,
    calls,
    catalogue,
    closing,
    covering,
    customers,
    ending,
    handing,
    installed,
    listening,
    metering,
    naming,
    past_alerts,
    people,
    registered,
    sales,
    twins,
    upkeep,
    workshop,
)
from crm.demo.book import Book
from crm.extensions import db
from crm.installed_base.models import WorkOrder
from crm.maintenance.models import MaintenancePlan, PlanUnit, Visit
from crm.staff.models import Staff
from crm.staff.queries import by_email
from crm.support.models import Ticket, TicketNote, TicketPause
from crm.timeline.models import Event


def is_empty() -> bool:
    """Nobody works here yet."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Staff)) == 0


def is_present() -> bool:
    """Is this database the demo company?"""
    return by_email("rep@example.com") is not None


def load() -> None:
    """Write 東都サイエンス株式会社: people, customers, units, calls, deals, alerts. No commit."""
    book = Book()
    people.hire(book)
    catalogue.stock(book)
    customers.settle(book)
    workshop.reserve(book)
    installed.deliver(book)
    ending.lease(book)
    calls.log(book)
    installed.arrange(book)
    upkeep.plan(book)
    closing.close(book)
    metering.install(book)
    workshop.furnish(book)
    handing.furnish(book)
    handing.write(book)
    covering.cover(book)
    covering.renew(book)
    covering.recall(book)
    installed.write(book)
    covering.write(book)
    closing.write(book)
    metering.write(book)
    book.write(Ticket, TicketNote, TicketPause, WorkOrder, MaintenancePlan, PlanUnit, Visit)
    workshop.write(book)
    sales.sell(book)
    ending.propose(book)
    for part in (past_alerts, registered, advising, naming):
        part.remember(book)
    book.write(FormerName, Event)
    asking.fill_in(book)
    book.finish()
    metering.look_ahead(book)
    past_alerts.judge_today(book)
    covering.tell(book)
    handing.hand_over(book)
    twins.enter(book)
    registered.publish(book)
    listening.listen()
