"""Doors to tickets, lists of them, and what is read beside one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm import neighbours
from crm.accounts.models import Account, Contact, Site
from crm.clock import now, zone
from crm.closed_days.queries import workdays
from crm.errors import NotFound
from crm.extensions import among, at_most, db, keys_given, takes_arrays
from crm.installed_base.models import Unit
from crm.paging import Page, Sort, page
from crm.products.models import Product
from crm.rights import Person, Reader, branches, may, reader, scope
from crm.staff.models import Staff
from crm.support import sla
from crm.support.cover import kept_around_the_clock, kept_hours, kept_repair_hours
from crm.support.models import Ticket, TicketNote, TicketPause
from crm.typed import LARGEST_KEY

UNFINISHED = ("open", "pending")
SOON = timedelta(hours=2)
"""How near its end a promise is called near."""

T = Ticket.__table__.c
_UNFINISHED = among(T.status, UNFINISHED)
COLUMNS = [
    T.id, T.account_id, Account.name.label("account"), T.subject, T.symptom, T.status, T.severity,
    T.category, T.channel, T.unit_id, Unit.serial_no, Product.name.label("product"),
    Product.code.label("product_code"), T.assignee_id, Staff.name.label("assignee"), T.opened_at,
    T.due_at, T.solved_at, T.resolution, T.confidential,
]  # fmt: skip
JOINS = (
    sa.join(Ticket, Account, Ticket.account_id == Account.id)
    .outerjoin(Unit, Ticket.unit_id == Unit.id)
    .outerjoin(Product, Unit.product_id == Product.id)
    .outerjoin(Staff, Ticket.assignee_id == Staff.id)
)
SORTS = {"id": T.id, "opened_at": T.opened_at, "due_at": T.due_at}


def get_ticket(ticket_id: int, user: Person, action: str = "view") -> Ticket:
    """The door: raises NotFound when missing or not for this person."""
    found = db.session.get(Ticket, ticket_id) if ticket_id < LARGEST_KEY else None
    if found is None or not may(user, action, "ticket", found):
        raise NotFound
    return found


def working_hours(ticket: Ticket | None = None) -> sla.WorkingHours:
    """When this company works; of a ticket the hours that its contract's promise counts."""
    around = ticket is not None and kept_around_the_clock(ticket.entitlement)
    return sla.WorkingHours(zone(), works=workdays().is_business_day, around_the_clock=around)


def seen(user: Person) -> sa.ColumnElement[bool]:
    """Which tickets a person may see, as one predicate for short reads of one record's."""
    return sa.or_(*branches(user, "view", "ticket", Ticket))


def ticket_page(
    user: Person,
    where: Sequence[sa.ColumnElement[bool]],
    sort: Sort,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """One page of the list."""
    reach = branches(user, "view", "ticket", Ticket)
    made_of = None if where else ("tickets", reader(user))
    return page(COLUMNS, T.id, reach, where, sort, cursor, limit, JOINS, made_of)


def place(
    ticket: Ticket, user: Person, where: Sequence[sa.ColumnElement[bool]], sort: Sort
) -> neighbours.Place | None:
    """Where a ticket stands in a list, with the ones beside it."""
    return neighbours.place(sort, T.id, [seen(user), *where], ticket)


def _first(user: Person, where: Sequence[Any], order: str, limit: int) -> Sequence[sa.Row[Any]]:
    return ticket_page(user, where, Sort(order, SORTS[order]), None, limit).rows


def my_tickets(user: Person, limit: int = 10) -> Sequence[sa.Row[Any]]:
    """Unfinished tickets of this person, the promise that ends first on top."""
    return _first(user, mine(user), "due_at", limit)


def breaching_soon(user: Person, limit: int = 10) -> Sequence[sa.Row[Any]]:
    """Tickets whose promise is broken or near its end, whoever has them."""
    return _first(user, soon(), "due_at", limit)


def unassigned(user: Person, limit: int = 10) -> Sequence[sa.Row[Any]]:
    """Unfinished tickets that nobody has taken."""
    return _first(user, free(), "due_at", limit)


def mine(user: Person) -> list[sa.ColumnElement[bool]]:
    """This person has it, and it is not finished."""
    return [T.assignee_id == user.id, _UNFINISHED]


def free() -> list[sa.ColumnElement[bool]]:
    """Nobody has taken it."""
    return [T.assignee_id.is_(None), _UNFINISHED]


def soon() -> list[sa.ColumnElement[bool]]:
    """The clock runs, and its end is near or past."""
    return running_out(now() + SOON)


def running_out(by: Any) -> list[sa.ColumnElement[bool]]:
    """The clock runs, and its end is before an instant."""
    return [T.status == "open", T.due_at < by]


def tickets_of(
    user: Person, *, account_id: int | None = None, unit_id: int | None = None, limit: int = 30
) -> list[sa.Row[Any]]:
    """The last tickets of an account or of a unit, newest first."""
    if max(account_id or 0, unit_id or 0) > LARGEST_KEY:
        return []
    where = [T.account_id == account_id] if account_id else [T.unit_id == unit_id]
    read = sa.select(*COLUMNS).select_from(JOINS).where(*where, seen(user))
    return list(db.session.execute(read.order_by(T.id.desc()).limit(at_most(limit))))


def open_tickets_of(user: Person, account_ids: Sequence[int], most: int = 100) -> list[sa.Row[Any]]:
    """Unfinished tickets of some accounts, newest first, in one statement."""
    read = _open_ones(reader(user), most, takes_arrays())
    return list(db.session.execute(read, {"accounts": list(account_ids)}))


@lru_cache(maxsize=200)
def _open_ones(who: Reader, most: int, arrays: bool) -> sa.Select[Any]:
    """The statement of `open_tickets_of`, made once for a reader."""
    where = [keys_given("accounts", arrays)(T.account_id), _UNFINISHED, seen(who)]
    read = sa.select(*COLUMNS).select_from(JOINS).where(*where)
    return read.order_by(T.id.desc()).limit(at_most(most))


@dataclass(frozen=True, slots=True)
class Beside:
    """What is shown of the records that a ticket names."""

    account: str
    account_rank: str | None
    owner: str | None
    owner_id: int | None
    contact: Any
    site: str | None
    unit: Any
    assignee: str | None
    assignee_extension: str | None
    opened_by: str | None


def beside(ticket: Ticket) -> Beside:
    """Everything a ticket refers to, in one statement."""
    owner, assignee, opener = (sa.orm.aliased(Staff) for _ in range(3))
    row = db.session.execute(
        sa.select(
            Account.name.label("account"), Account.rank, owner.name.label("owner"),
            owner.id.label("owner_id"), Site.name.label("site"),
            Contact.id.label("contact_id"), Contact.family_name, Contact.given_name,
            Contact.department, Contact.title, Contact.email,
            Unit.id.label("unit_id"), Unit.serial_no, Unit.installed_on,
            Product.name.label("product"), Product.code.label("product_code"),
            Product.id.label("product_id"),
            assignee.name.label("assignee"), assignee.extension.label("inside"),
            opener.name.label("opener"),
        )
        .select_from(Ticket)
        .join(Account, Ticket.account_id == Account.id)
        .outerjoin(Contact, Ticket.contact_id == Contact.id)
        .outerjoin(Site, Ticket.site_id == Site.id)
        .outerjoin(Unit, Ticket.unit_id == Unit.id)
        .outerjoin(Product, Unit.product_id == Product.id)
        .outerjoin(owner, Account.owner_id == owner.id)
        .outerjoin(assignee, Ticket.assignee_id == assignee.id)
        .outerjoin(opener, Ticket.opened_by_id == opener.id)
        .where(Ticket.id == ticket.id)
    ).one()  # fmt: skip
    return Beside(
        row.account, row.rank, row.owner, row.owner_id, row if row.contact_id else None, row.site,
        row if row.unit_id else None, row.assignee, row.inside, row.opener,
    )  # fmt: skip


def notes_of(ticket_id: int) -> list[sa.Row[Any]]:
    """The conversation, oldest first, with who wrote and from which department."""
    team = sa.table("teams", sa.column("id"), sa.column("department"))
    return list(
        db.session.execute(
            sa.select(
                TicketNote.id, TicketNote.ticket_id, TicketNote.kind, TicketNote.body,
                TicketNote.by_id, TicketNote.at, Staff.name.label("by"), team.c.department,
            )
            .outerjoin(Staff, TicketNote.by_id == Staff.id)
            .outerjoin(team, Staff.team_id == team.c.id)
            .where(TicketNote.ticket_id == ticket_id)
            .order_by(TicketNote.id)
            .limit(at_most(500))
        )
    )  # fmt: skip


def pauses_of(ticket_id: int) -> list[sla.Pause]:
    """When the clock of a ticket stood still."""
    rows = db.session.execute(
        sa.select(TicketPause.began_at, TicketPause.ended_at)
        .where(TicketPause.ticket_id == ticket_id)
        .order_by(TicketPause.began_at, TicketPause.id)
    )
    return [(row.began_at, row.ended_at) for row in rows]


def promised_hours(ticket: Ticket) -> int:
    """Hours until this ticket is to be solved: severity, or what the contract promises."""
    kept = ticket.entitlement
    return sla.hours_for(ticket.severity, kept_hours(kept), kept_repair_hours(kept))


def clock_of(ticket: Ticket, at: datetime | None = None) -> sla.Clock:
    """The clock of a ticket; of a finished one as it stood when it was solved."""
    stop = ticket.solved_at or ticket.closed_at or at or now()
    pauses = pauses_of(ticket.id)
    return sla.clock(working_hours(ticket), ticket.opened_at, promised_hours(ticket), pauses, stop)


def handlers_of(ticket: Any) -> list[str] | None:
    """Who may find a confidential ticket by searching; None: everybody."""
    if not ticket.confidential:
        return None
    people = {one for one in (ticket.assignee_id, ticket.opened_by_id) if one is not None}
    teams = [f"team:{ticket.team_id}"] if ticket.team_id else []
    return [f"staff:{one}" for one in sorted(people)] + teams


def sees_confidential(user: Person) -> bool:
    """May this person see every confidential ticket?"""
    return scope(user, "view", "ticket") == "all"


def handling_staff() -> list[tuple[int, str]]:
    """Who may be given a ticket: key and name, with the extension, of everybody active; support
    first."""
    order = sa.case((Staff.role.in_(("clerk", "engineer")), 0), else_=1)
    rows = db.session.execute(
        sa.select(Staff.id, Staff.name, Staff.extension)
        .where(Staff.active.is_(True))
        .order_by(order, Staff.id)
    )
    return [(row.id, f"{row.name}　{inside(row.extension)}".strip()) for row in rows]


def inside(extension: str) -> str:
    """A colleague's extension in words; nothing when there is none."""
    return _("ext. %(n)s", n=extension) if extension else ""
