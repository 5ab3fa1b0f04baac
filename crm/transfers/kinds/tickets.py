"""Tickets of the past: no promise is counted for them, and no rule hears of them as news."""

from __future__ import annotations

from flask_babel import gettext as _

from crm.support.models import CATEGORIES, CHANNELS, SEVERITIES, STATUSES, Ticket
from crm.transfers.finding import Finder
from crm.transfers.kinds import Fields, Item, Kind, Told
from crm.transfers.kinds.installed_base import unit_facts
from crm.transfers.refusals import Unreadable
from crm.transfers.tables import table_of

_PLAIN = (
    "channel", "subject", "voice", "category", "symptom", "severity", "status", "opened_at",
    "first_response_at", "solved_at", "closed_at", "resolution",
)  # fmt: skip
EXCERPT = 400
"""Characters of the customer's words that an event carries."""


def derive(fields: Fields, finder: Finder) -> Fields:
    """The columns of a ticket; the customer is the unit's when the file names none.

    A finished one whose end is not known counts as ended when it was opened: the page needs an
    end, and any other would be invented.
    """
    columns = {name: fields.get(name) for name in _PLAIN}
    unit = finder.facts("unit").get(fields.get("unit") or 0)
    account_id = fields.get("account") or (unit["account_id"] if unit else None)
    if account_id is None:
        raise Unreadable(_("A ticket needs a customer or a unit."))
    if unit is not None and unit["account_id"] != account_id:
        raise Unreadable(_("The unit is another customer's."))
    ends = {"solved": "solved_at", "closed": "closed_at"}
    if (end := ends.get(columns["status"] or "")) and columns[end] is None:
        columns[end] = columns["solved_at"] or columns["opened_at"]
    assignee = finder.facts("staff").get(fields.get("assignee") or 0)
    return columns | {
        "account_id": account_id, "unit_id": fields.get("unit"),
        "site_id": unit["site_id"] if unit else None, "assignee_id": fields.get("assignee"),
        "team_id": assignee["team_id"] if assignee else None, "created_at": columns["opened_at"],
    }  # fmt: skip


def tell(item: Item, finder: Finder) -> list[Told]:
    """The inquiry on its day."""
    said, unit = item.columns, unit_facts(item.columns["unit_id"], finder)
    facts = {
        "title": said["subject"], "category": said["category"], "status": said["status"],
        "voice": (said["voice"] or "")[:EXCERPT], "unit_id": said["unit_id"],
        "unit": f"{unit.get('product_code', '')} {unit.get('serial_no', '')}".strip(),
    }  # fmt: skip
    return [Told("ticket.imported", said["opened_at"], facts)]


TICKETS = Kind(
    name="tickets",
    record="ticket",
    table=table_of(Ticket),
    fields=frozenset((*_PLAIN, "account", "unit", "assignee")),
    required=("subject", "opened_at"),
    references={"account": "account", "unit": "unit", "assignee": "staff"},
    derive=derive,
    tell=tell,
    instants=("opened_at", "first_response_at", "solved_at", "closed_at"),
    choices={
        "channel": CHANNELS, "category": CATEGORIES, "severity": SEVERITIES, "status": STATUSES,
    },
)  # fmt: skip
