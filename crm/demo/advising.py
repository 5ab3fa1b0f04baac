"""What colleagues of the demo company asked each other, what was advised, and what came of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from crm.advice.models import Advice
from crm.deals.models import Deal
from crm.demo.advising_words import LONG_AGO, STORY, Told
from crm.demo.book import Book
from crm.extensions import db
from crm.installed_base.models import Unit
from crm.products.models import Product
from crm.staff.models import Staff, Team
from crm.support.models import Ticket
from crm.timeline.models import Event

TECHNIQUE = ("小林 大輔", "高橋 健", "森 和也")
"""Who is asked, in turn."""


class Case(NamedTuple):
    """A ticket or a deal, its customer, its title, since when it is, and who works on it."""

    column: str
    key: int
    account_id: int
    title: str
    since: datetime
    person: str


def remember(book: Book) -> None:
    """The running story, then what was settled in the last months."""
    for told in STORY:
        case = _named(told)
        if case is not None:
            _write(book, case, told, _when(book, told))
    used: set[tuple[str, int]] = set()
    for place, told in enumerate(LONG_AGO):
        case = _fitting(told, used)
        if case is not None:
            used.add((case.column, case.key))
            asked = TECHNIQUE[place % len(TECHNIQUE)]
            if asked == case.person:
                asked = TECHNIQUE[(place + 1) % len(TECHNIQUE)]
            wait = timedelta(minutes=35) if case.column == "ticket_id" else timedelta(hours=4)
            _write(book, case, told._replace(asked=asked), case.since + wait)
    book.write(Advice)


def _when(book: Book, told: Told) -> datetime:
    """`minutes` before now, or in the afternoon of a day."""
    if told.minutes:
        return book.now - timedelta(minutes=told.minutes)
    return book.at(book.day(told.days), 11, 40)


def _named(told: Told) -> Case | None:
    """The case of the story: a ticket by its number, a deal by its title."""
    if told.ticket:
        return _ticket(Ticket.id == told.ticket)
    return _deal(Deal.title == told.title)


def _fitting(told: Told, used: set[tuple[str, int]]) -> Case | None:
    """A case about the product that no advice hangs on yet."""
    column, taken = f"{told.on}_id", {key for name, key in used if name == f"{told.on}_id"}
    if column == "deal_id":
        return _deal(Deal.title.startswith(told.title), Deal.id.not_in(taken))
    product = sa.select(Unit.id).join(Product, Product.id == Unit.product_id)
    some = product.where(Product.code == told.title)
    return _ticket(
        Ticket.unit_id.in_(some), Ticket.category == "failure", Ticket.id.not_in(taken),
        Ticket.status == "closed", Ticket.confidential.is_(False),
    )  # fmt: skip


def _ticket(*where: sa.ColumnElement[bool]) -> Case | None:
    row = db.session.execute(
        sa.select(Ticket.id, Ticket.account_id, Ticket.subject, Ticket.opened_at, Staff.name)
        .join(Staff, Staff.id == sa.func.coalesce(Ticket.opened_by_id, Ticket.assignee_id))
        .where(*where)
        .order_by(Ticket.id.desc())
        .limit(1)
    ).first()
    return Case("ticket_id", *row) if row else None


def _deal(*where: sa.ColumnElement[bool]) -> Case | None:
    row = db.session.execute(
        sa.select(Deal.id, Deal.account_id, Deal.title, Deal.created_at, Staff.name)
        .join(Staff, Staff.id == Deal.owner_id)
        .join(Team, Team.id == Staff.team_id)
        .where(*where)
        .order_by(Deal.id.desc())
        .limit(1)
    ).first()
    return Case("deal_id", *row) if row else None


def _write(book: Book, case: Case, told: Told, at: datetime) -> None:
    """The request as it stands, and its lines in the history."""
    asker, asked = book.keys[told.asker or case.person], book.keys[told.asked]
    state = "answered" if told.answer else "declined" if told.word and not told.by else "open"
    settled = at + timedelta(minutes=told.took) if state != "open" else None
    judged = settled + timedelta(minutes=55) if settled and told.outcome else None
    key = book.add(
        Advice, ticket_id=None, deal_id=None, asker_id=asker, asked_id=asked,
        question=told.question, wanted_on=book.day(-told.wanted) if told.wanted else None,
        state=state, asked_at=at, handed_by_id=book.keys[told.by] if told.by else None,
        word=told.word, answer=told.answer, settled_at=settled, seen_at=judged,
        outcome=told.outcome or None, outcome_word=told.done, outcome_at=judged,
        created_at=at, updated_at=judged or settled or at, version=1,
    )  # fmt: skip
    book.rows[Advice][-1][case.column] = case.key
    facts: dict[str, Any] = {"advice_id": key, "title": case.title}
    subject = (case.column.removesuffix("_id"), case.key)
    _line(book, "asked", subject, at, asker, facts | {"name": told.asked, "text": told.question})
    if settled and told.answer:
        said = facts | {"text": told.answer, "question": told.question}
        if told.outcome:
            said |= {"outcome": told.outcome, "outcome_word": told.done}
        book.event("advice.answered", subject, case.account_id, settled, asked, **said)
    elif settled:
        _line(book, "declined", subject, settled, asked, facts | {"word": told.word})


def _line(
    book: Book, what: str, subject: tuple[str, int], at: datetime, by: int, facts: dict[str, Any]
) -> None:
    """A line among colleagues: on the case, not in the history of the customer."""
    book.add(
        Event, kind=f"advice.{what}", at=at, account_id=None, subject_type=subject[0],
        subject_id=subject[1], by_id=by, facts=facts, restricted=False,
    )  # fmt: skip
