"""Open tickets and change them. The customer's own words are written once and never again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm import clock
from crm.attributes import values
from crm.errors import Invalid
from crm.extensions import db
from crm.references import refuse_if_referred_to
from crm.rights import Person, may
from crm.search.actions import forget, forget_many, index_many
from crm.support import queries, sla
from crm.support.cards import note_cards, note_keys, ticket_card
from crm.support.cover import verdict_of_the_day
from crm.support.links import OWNED, Fields, linked, unit_label
from crm.support.models import Ticket
from crm.support.progress import assign, begin_pause, pend, resume, set_due
from crm.text import buying_words
from crm.timeline.actions import record
from crm.timeline.models import Event

EXCERPT = 400
"""Characters of the customer's words that an event carries."""

PLAIN = ("subject", "category", "symptom", "severity", "confidential")
PARTS = ("events", "ticket_notes", "ticket_pauses")
LINKS = ("account_id", "contact_id", "site_id", "unit_id")


def open_ticket(fields: Fields, user: Person, at: datetime | None = None) -> Ticket:
    """Open a ticket; `at` is another instant than now, for history that is taken over.

    Raises Invalid when a key leads nowhere or to another customer's record.
    """
    _check_status(fields.get("status", "open"))
    row = linked(fields, new=True)
    opened_at = at or clock.now()
    words = list(dict.fromkeys(fields.get("withdrawn_words") or ())) or None
    fields = fields | {"withdrawn_words": words}
    ticket = Ticket(
        **{name: value for name, value in fields.items() if name not in ("status", "attributes")},
        opened_at=opened_at, opened_by_id=user.id, status="open",
    )  # fmt: skip
    _defaults(ticket, fields, row, user)
    ticket.entitlement = verdict_of_the_day(row, clock.local(opened_at).date())
    hours = queries.working_hours(ticket)
    ticket.due_at = sla.due(hours, opened_at, queries.promised_hours(ticket))
    custom = values.settle(ticket, fields.get("attributes"), True)
    db.session.add(ticket)
    db.session.flush()
    if custom:
        values.keep(ticket)
    index_many([ticket_card(ticket, row)], fresh=True)
    if fields.get("status") == "pending":
        ticket.status = "pending"
        begin_pause(ticket, opened_at)
    record(
        "ticket.opened", ticket, user.id, account_id=ticket.account_id, at=opened_at,
        restricted=ticket.confidential, title=ticket.subject, category=ticket.category,
        severity=ticket.severity, channel=ticket.channel, symptom=ticket.symptom,
        voice=ticket.voice[:EXCERPT], unit=unit_label(row), unit_id=ticket.unit_id,
        **({"withdrawn_words": _as_said(ticket.voice, words)} if words else {}),
    )  # fmt: skip
    return ticket


def _defaults(ticket: Ticket, fields: Fields, row: Any, user: Person) -> None:
    """Who opens a ticket and may work on it has it, unless the body says otherwise."""
    for name, usual in (("channel", "phone"), ("category", "other"), ("severity", "normal"),
                        ("voice", ""), ("symptom", ""), ("confidential", False)):  # fmt: skip
        if getattr(ticket, name) is None:
            setattr(ticket, name, usual)
    if "assignee_id" not in fields and may(user, "edit", "ticket"):
        ticket.assignee_id = user.id
    ticket.team_id = row.assignee_team if row.assignee_id else user.team_id
    if ticket.site_id is None:
        ticket.site_id = row.unit_site or row.contact_site


def _as_said(voice: str, words: list[str]) -> list[str]:
    """What the customer said where the dictionary has these words; else the words."""
    said: Fields = {}
    for hit in buying_words.find(voice):
        said.setdefault(hit.word, voice[hit.start : hit.end])
    return [said.get(word, word) for word in words]


def _check_status(status: str) -> None:
    if status in ("solved", "closed"):
        raise Invalid({"status": [_("A ticket is solved and closed through its closure.")]})


def change_ticket(ticket: Ticket, fields: Fields, user: Person) -> None:
    """Change what may change. Raises Invalid for the customer's own words."""
    if "voice" in fields:
        raise Invalid({"voice": [_("The customer's own words are never rewritten. Add a note.")]})
    if "withdrawn_words" in fields:
        why = _("Which words are no sign for sales is said when the ticket is opened.")
        raise Invalid({"withdrawn_words": [why]})
    custom = values.settle(ticket, fields.get("attributes"), False)
    fields = {k: v for k, v in fields.items() if k != "attributes" and getattr(ticket, k) != v}
    if "status" in fields:
        change_status(ticket, fields.pop("status"), user)
    if "assignee_id" in fields:
        assign(ticket, fields.pop("assignee_id"), user)
    if not fields and not custom:
        return
    given = OWNED if "account_id" in fields else fields
    row = linked({name: fields.get(name, getattr(ticket, name)) for name in LINKS}, given)
    for name, value in fields.items():
        setattr(ticket, name, value)
    before: Fields = {"told": ticket.entitlement} if "unit_id" in fields else {}
    if before:
        day = clock.local(ticket.opened_at).date()
        ticket.entitlement = verdict_of_the_day(row, day)
    if {"unit_id", "account_id", "severity"} & fields.keys():
        set_due(ticket)
    if "confidential" in fields:
        _restrict(ticket)
    if custom:
        values.keep(ticket)
    changes = {name: value for name, value in fields.items() if name in PLAIN}
    record(
        "ticket.changed", ticket, user.id, account_id=ticket.account_id,
        restricted=ticket.confidential, title=ticket.subject, fields=sorted(fields),
        changes=changes, **before, **values.facts(custom),
    )  # fmt: skip
    index_many([ticket_card(ticket, row), *note_cards(note_keys(ticket.id))])


def _restrict(ticket: Ticket) -> None:
    """What was written in the history before follows the ticket's confidentiality."""
    mine = (Event.subject_type == "ticket", Event.subject_id == ticket.id)
    db.session.execute(sa.update(Event).where(*mine).values(restricted=ticket.confidential))


def change_status(ticket: Ticket, status: str, user: Person, at: datetime | None = None) -> None:
    """Between open and waiting for the customer. Raises Invalid for what closure does."""
    _check_status(status)
    if ticket.status in ("solved", "closed"):
        raise Invalid({"status": [_("This ticket is finished. Reopen it first.")]})
    if status == "pending":
        pend(ticket, user, at)
    else:
        resume(ticket, user, at)


def remove_ticket(ticket: Ticket, user: Person) -> None:
    """Take a ticket away. Raises Conflict when an alert or a work order refers to it."""
    refuse_if_referred_to(ticket, PARTS)
    record(
        "ticket.removed", ticket, user.id, account_id=ticket.account_id,
        restricted=ticket.confidential, title=ticket.subject,
    )  # fmt: skip
    forget("ticket", ticket.id)
    forget_many("note", note_keys(ticket.id))
    db.session.delete(ticket)
