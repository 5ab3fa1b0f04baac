"""What happens to a ticket after it was opened: notes, pauses, hands, the end and the return."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from crm import clock
from crm.errors import Conflict, Invalid
from crm.extensions import db
from crm.rights import Person
from crm.search.actions import index_many
from crm.staff.models import Staff
from crm.support import queries, sla
from crm.support.cards import note_cards, note_keys, ticket_cards
from crm.support.models import Ticket, TicketNote, TicketPause
from crm.timeline.actions import record

EXCERPT = 300
FINISHED = ("solved", "closed")


def add_note(
    ticket: Ticket, kind: str, body: str, user: Person, at: datetime | None = None
) -> TicketNote:
    """Write one note; the first one that reached the customer is the first response."""
    at = at or clock.now()
    note = TicketNote(ticket_id=ticket.id, kind=kind, body=body, by_id=user.id, at=at)
    db.session.add(note)
    if kind in ("mail", "phone") and ticket.first_response_at is None:
        ticket.first_response_at = at
    db.session.flush()
    index_many(note_cards([note.id]), fresh=True)
    _tell("ticket.noted", ticket, user, at, note_kind=kind, text=body[:EXCERPT])
    return note


def assign(
    ticket: Ticket, assignee_id: int | None, user: Person, at: datetime | None = None
) -> None:
    """Give a ticket to somebody, or back to nobody. Raises Invalid for who is not there."""
    person = db.session.get(Staff, assignee_id) if assignee_id is not None else None
    if assignee_id is not None and (person is None or not person.active):
        raise Invalid({"assignee_id": [_("There is no such record, or it is not for you.")]})
    ticket.assignee_id = assignee_id
    if person is not None:
        ticket.team_id = person.team_id
    index_ticket(ticket)
    _tell("ticket.assigned", ticket, user, at, to=person.name if person else None)


def index_ticket(ticket: Ticket) -> None:
    """Let the search know who handles a ticket now, and what was written under it."""
    db.session.flush()
    index_many([*ticket_cards([ticket.id]), *note_cards(note_keys(ticket.id))])


def pend(ticket: Ticket, user: Person, at: datetime | None = None) -> None:
    """The customer has the ball: the clock stands still. Twice is once."""
    if ticket.status == "pending":
        return
    if ticket.status in FINISHED:
        raise Conflict(_("This ticket is finished. Reopen it first."))
    ticket.status = "pending"
    begin_pause(ticket, at or clock.now())
    _tell("ticket.pended", ticket, user, at)


def resume(ticket: Ticket, user: Person, at: datetime | None = None) -> None:
    """We have the ball again: the clock runs on, and the end moves by what it stood still."""
    if ticket.status != "pending":
        return
    _end_pauses(ticket, at or clock.now())
    ticket.status = "open"
    set_due(ticket)
    _tell("ticket.resumed", ticket, user, at)


def solve(ticket: Ticket, resolution: str, user: Person, at: datetime | None = None) -> None:
    """The customer is helped. Raises Invalid without words, Conflict when it is finished."""
    if ticket.status in FINISHED:
        raise Conflict(_("This ticket is finished already."))
    if not resolution:
        raise Invalid({"resolution": [_("Write what solved it; others will look it up.")]})
    at = at or clock.now()
    _end_pauses(ticket, at)
    set_due(ticket)
    ticket.status, ticket.resolution, ticket.solved_at = "solved", resolution, at
    ticket.first_response_at = ticket.first_response_at or at
    facts = {"resolution": resolution[:EXCERPT], "unit_id": ticket.unit_id}
    _tell("ticket.solved", ticket, user, at, **facts)


def close(ticket: Ticket, resolution: str, user: Person, at: datetime | None = None) -> None:
    """Nothing more is to be done, solved or not. Raises Conflict when it is closed already."""
    if ticket.status == "closed":
        raise Conflict(_("This ticket is finished already."))
    at = at or clock.now()
    _end_pauses(ticket, at)
    ticket.status, ticket.closed_at = "closed", at
    ticket.resolution = resolution or ticket.resolution
    _tell("ticket.closed", ticket, user, at, resolution=ticket.resolution[:EXCERPT])


def reopen(ticket: Ticket, user: Person, at: datetime | None = None) -> None:
    """It was not over. The time it counted as finished does not count against the promise."""
    if ticket.status not in FINISHED:
        raise Conflict(_("This ticket is not finished."))
    at = at or clock.now()
    ended = min(when for when in (ticket.solved_at, ticket.closed_at) if when is not None)
    db.session.add(TicketPause(ticket_id=ticket.id, began_at=ended, ended_at=at))
    db.session.flush()
    ticket.status, ticket.solved_at, ticket.closed_at = "open", None, None
    set_due(ticket)
    _tell("ticket.reopened", ticket, user, at)


def begin_pause(ticket: Ticket, at: datetime) -> None:
    """The clock stands still from now on."""
    db.session.add(TicketPause(ticket_id=ticket.id, began_at=at))


def _end_pauses(ticket: Ticket, at: datetime) -> None:
    db.session.flush()
    db.session.execute(
        sa.update(TicketPause)
        .where(TicketPause.ticket_id == ticket.id, TicketPause.ended_at.is_(None))
        .values(ended_at=at)
        .execution_options(synchronize_session=False)
    )


def set_due(ticket: Ticket) -> None:
    """When the promise ends, as severity, contract and pauses say now."""
    with db.session.no_autoflush:
        pauses = queries.pauses_of(ticket.id)
    hours = queries.promised_hours(ticket)
    ticket.due_at = sla.due(queries.working_hours(ticket), ticket.opened_at, hours, pauses)


def _tell(kind: str, ticket: Ticket, user: Person, at: datetime | None, **facts: object) -> None:
    record(
        kind, ticket, user.id, account_id=ticket.account_id, at=at,
        restricted=ticket.confidential, title=ticket.subject, **facts,
    )  # fmt: skip
