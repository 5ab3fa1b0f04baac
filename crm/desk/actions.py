"""A call becomes a ticket."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from crm.desk.reaching import sales_of
from crm.errors import Invalid
from crm.rights import Person, may
from crm.service.actions import open_work
from crm.support import progress
from crm.support.actions import open_ticket
from crm.support.models import Ticket
from crm.support.words import categories

URGENT = ("failure", "complaint")
"""Categories that a call opens with high severity."""

WORK = {"failure": "repair", "inspection": "inspection"}
WHO = ("account_id", "contact_id", "site_id", "unit_id")
SUBJECT = 60
Fields = dict[str, Any]


def save_call(fields: Fields, user: Person) -> Ticket:
    """Open the ticket of a call with its memo, and do what was promised. Does not commit.

    Raises Invalid naming the field that is missing for the promise.
    """
    outcome = fields.get("outcome")
    _check(fields, outcome, user)
    ticket = open_ticket(
        {
            **{name: fields.get(name) for name in WHO},
            "channel": "phone", "subject": subject(fields), "voice": fields["voice"],
            "category": fields["category"], "symptom": fields["symptom"],
            "severity": "high" if fields["category"] in URGENT else "normal",
            "attributes": fields["attributes"], "withdrawn_words": fields["withdrawn_words"],
        },
        user,
    )  # fmt: skip
    if fields["memo"] and outcome != "solved":
        progress.add_note(ticket, "phone", fields["memo"], user)
    if outcome == "visit":
        kind = WORK.get(ticket.category, "repair")
        open_work(
            {"unit_id": ticket.unit_id, "ticket_id": ticket.id, "kind": kind,
             "symptom": ticket.symptom or ticket.subject},
            user.id,
        )  # fmt: skip
    elif outcome == "solved":
        progress.solve(ticket, fields["memo"], user)
    elif outcome == "callback":
        progress.add_note(ticket, "internal", _("To be called back."), user)
    sales = sales_of(ticket.account_id) if fields.get("to_sales") else None
    if sales is not None:
        said = _("Being put through to %(name)s (sales).", name=sales.name)
        progress.add_note(ticket, "internal", said, user)
    return ticket


def _check(fields: Fields, outcome: str | None, user: Person) -> None:
    errors: dict[str, list[str]] = {}
    if not (fields["voice"] or fields["memo"] or fields["symptom"]):
        errors["voice"] = [_("Write what the customer said, or choose a symptom.")]
    if outcome == "visit" and not fields.get("unit_id"):
        errors["outcome"] = [_("Choose the unit that the visit is for.")]
    if outcome == "visit" and not may(user, "create", "work_order"):
        errors["outcome"] = [_("Your role cannot arrange a visit; register the call without it.")]
    if outcome == "solved" and not fields["memo"]:
        errors["memo"] = [_("Write what solved it; others will look it up.")]
    if outcome == "solved" and not may(user, "close", "ticket"):
        errors["outcome"] = [_("Your role cannot solve a ticket; register the call without it.")]
    if errors:
        raise Invalid(errors)


def subject(fields: Fields) -> str:
    """What the ticket is called: the symptom, else how the customer began, else its category."""
    if fields["symptom"]:
        return str(fields["symptom"])
    said = " ".join((fields["voice"] or fields["memo"]).split())
    if said:
        first = said.split("。")[0]
        return first if len(first) <= SUBJECT else f"{first[: SUBJECT - 1]}…"
    return dict(categories())[fields["category"]]
