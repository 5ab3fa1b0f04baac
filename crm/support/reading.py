"""What the page of one ticket shows, gathered in few statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import pgettext

from crm.accounts.models import Account, Contact, Site
from crm.attributes.values import shown
from crm.clock import local, now, start_of
from crm.extensions import db
from crm.installed_base.models import Unit, WorkOrder
from crm.products.models import Product
from crm.rights import Person, may
from crm.search.queries import Found, Viewer, find
from crm.service.actions import OFFICE_OPENS
from crm.support import drawing, queries, words
from crm.support.cover import kept_around_the_clock, kept_reason
from crm.support.models import Ticket
from crm.support.similar import solved_like
from crm.text import buying_words
from crm.timeline.queries import Item, history

TOLD = ("ticket.assigned", "ticket.pended", "ticket.resumed", "ticket.solved", "ticket.closed",
        "ticket.reopened", "ticket.changed", "advice.answered")  # fmt: skip
MOST_FOUND = 8
_STOPS = "、。，．,.!?！？\n「」"


def page_of(ticket: Ticket, user: Person) -> dict[str, Any]:
    """Everything beside the ticket itself."""
    beside = queries.beside(ticket)
    state = queries.clock_of(ticket)
    said = f"{ticket.subject} {ticket.symptom} {ticket.voice}"
    product_id = beside.unit.product_id if beside.unit else None
    return {
        "beside": beside, "clock": state, "bar": drawing.bar(state), "hours": drawing.hours,
        "promised": queries.promised_hours(ticket), "now": now(),
        "around": kept_around_the_clock(ticket.entitlement),
        "talk": conversation(ticket, user, works_of(ticket)),
        "voice": marked(ticket.voice, ticket.withdrawn_words),
        "cases": solved_like(user, said, ticket.category, product_id, ticket.id),
        "may": {act: may(user, act, "ticket", ticket) for act in ("edit", "note", "close")},
        "kept_reason": kept_reason, "custom": shown(ticket, every=True),
        "sees_alerts": may(user, "view", "alert"),
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """One entry of the conversation: a note, a line of what happened, or a work order."""

    at: datetime
    note: Any = None
    item: Item | None = None
    work: Any = None
    day_alone: bool = False
    """Is the hour of `at` not known, as it was entered on another day?"""


def conversation(ticket: Ticket, user: Person, works: Sequence[Any] = ()) -> list[Said]:
    """Notes and what happened between them, the opening of `works` too, oldest first."""
    items = history(
        subject=("ticket", ticket.id), kinds=TOLD, limit=100, sees_restricted=True, own_id=user.id
    )
    talk = [Said(note.at, note=note) for note in queries.notes_of(ticket.id)]
    talk += [Said(item.at, item=item) for item in items]
    talk += [_opened(work) for work in works]
    return sorted(talk, key=lambda one: one.at)


def _opened(work: Any) -> Said:
    """A work order that was entered on another day stands where the history shows it too."""
    if local(work.created_at).date() == work.opened_on:
        return Said(work.created_at, work=work)
    return Said(start_of(work.opened_on) + OFFICE_OPENS, work=work, day_alone=True)


def marked(voice: str, withdrawn: Sequence[str] | None = None) -> list[tuple[str, bool]]:
    """The customer's words in pieces; True where they told sales something that the clerk did
    not take back (`withdrawn`)."""
    spans: list[tuple[int, int]] = []
    for hit in buying_words.find(voice, withdrawn):
        start = max((voice.rfind(stop, 0, hit.start) for stop in _STOPS), default=-1) + 1
        ends = [place for stop in _STOPS if (place := voice.find(stop, hit.end)) >= 0]
        end = min(ends, default=len(voice))
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    pieces, last = [], 0
    for start, end in spans:
        pieces += [(voice[last:start], False), (voice[start:end], True)]
        last = end
    return [piece for piece in (*pieces, (voice[last:], False)) if piece[0]]


def works_of(ticket: Ticket) -> list[sa.Row[Any]]:
    """Work orders that came of the ticket."""
    return list(
        db.session.execute(
            sa.select(WorkOrder.id, WorkOrder.opened_on, WorkOrder.created_at)
            .where(WorkOrder.ticket_id == ticket.id)
            .order_by(WorkOrder.id)
        )
    )


def choices(account_id: int | None) -> dict[str, Any]:
    """The account's contacts, sites and units to choose from in a form."""
    if account_id is None or not 0 < account_id < 2**53:
        return {"account": None, "contacts": [], "sites": [], "units": []}
    account = db.session.execute(
        sa.select(Account.id, Account.name).where(Account.id == account_id)
    ).first()
    contacts = db.session.execute(
        sa.select(Contact.id, Contact.family_name, Contact.given_name, Contact.department)
        .where(Contact.account_id == account_id)
        .order_by(Contact.id)
        .limit(200)
    )
    sites = db.session.execute(
        sa.select(Site.id, Site.name).where(Site.account_id == account_id).order_by(Site.id)
    )
    units = db.session.execute(
        sa.select(Unit.id, Product.name, Product.code, Unit.serial_no)
        .join(Product, Unit.product_id == Product.id)
        .where(Unit.account_id == account_id)
        .order_by(Unit.id)
        .limit(200)
    )
    return {
        "account": account,
        "contacts": [
            (row.id, f"{row.family_name} {row.given_name} {row.department}".strip())
            for row in contacts
        ],
        "sites": [(row.id, row.name) for row in sites],
        "units": [(row.id, f"{row.name} {row.code} {row.serial_no}") for row in units],
    }


def accounts(q: str, user: Person) -> list[Found]:
    """Accounts that a word or number finds, to choose whose ticket it is."""
    viewer = Viewer((f"staff:{user.id}",))
    return find(viewer, q[:200], ("account",), MOST_FOUND) if q.strip() else []


def labels() -> dict[str, str]:
    """What the fields of the form are called."""
    return {
        "subject": _("Subject"), "category": _("Category"), "severity": _("Severity"),
        "contact_id": _("Contact"), "unit_id": _("Unit"),
        "confidential": pgettext("ticket", "Confidential"),
    }  # fmt: skip


def say(name: str, value: Any) -> str:
    """A value of the form in words."""
    if value is None or value == "":
        return "―"
    if name in ("category", "severity"):
        return dict(words.categories() if name == "category" else words.severities())[value]
    if name == "unit_id":
        found = db.session.scalar(sa.select(Unit.serial_no).where(Unit.id == value))
        return str(found or value)
    if name == "contact_id":
        person = db.session.get(Contact, value)
        return person.name if person else str(value)
    return (_("Yes") if value else _("No")) if isinstance(value, bool) else str(value)
