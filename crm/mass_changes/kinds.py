"""Which fields of which lists can be changed for many records at once, and by which action.

A list's own table for exports says how it is filtered; its own door, schema and action decide.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import marshmallow as ma
from flask_babel import gettext as _
from sqlalchemy.orm import InstrumentedAttribute

from crm.accounts import actions as account_actions
from crm.accounts import queries as accounts
from crm.accounts import words as account_words
from crm.accounts.models import Account
from crm.accounts.schemas import AccountSchema
from crm.deals import actions as deal_actions
from crm.deals import queries as deals
from crm.deals import words as deal_words
from crm.deals.models import Deal
from crm.deals.schemas import DealSchema
from crm.exports.kinds.accounts import ACCOUNTS
from crm.exports.kinds.sales import DEALS
from crm.exports.kinds.work import TICKETS
from crm.exports.tables import Table
from crm.rights import Person
from crm.staff.queries import everybody
from crm.support import actions as ticket_actions
from crm.support import queries as tickets
from crm.support import words as ticket_words
from crm.support.models import Ticket
from crm.support.schemas import TicketSchema

Fields = dict[str, Any]
Choices = Sequence[tuple[Any, str]]


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `choices` are all it takes; without them it takes a `day` or a `text`, whose
    `known` values are offered. `empty` is what none is called, where there may be none."""

    name: str
    icon: str
    choices: Callable[[], Choices] | None = None
    kind: str = "choice"
    empty: Callable[[], str] | None = None
    known: Callable[[], Sequence[str]] | None = None
    words: Callable[[], Choices] | None = None
    """What its values are called, where a record may have more of them than can be chosen."""
    label: Callable[[], str] | None = None
    """What it is called, where the list's page has another word than its export."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A list whose records can be changed together; `called` is what a record is called by."""

    table: Table
    schema: type[ma.Schema]
    door: Callable[[int, Person, str], Any]
    change: Callable[[Any, Fields, Person], None]
    called: InstrumentedAttribute[str]
    fields: tuple[Field, ...]

    @property
    def name(self) -> str:
        """The list, as addresses name it."""
        return self.table.name

    def label(self, name: str) -> str:
        """What a field is called in the reader's language."""
        own = next((one.label for one in self.fields if one.name == name), None)
        return own() if own else self.table.labels()[name.removesuffix("_id")]

    @property
    def of_accounts(self) -> bool:
        """Do its records belong to accounts?"""
        return self.table.model is not Account

    def said(self, row: Any) -> str:
        """What a row with `id` and `called` is called: #10482 and its subject, of a ticket."""
        name = row.called or "―"
        return f"#{row.id} {name}" if self.table.model is Ticket else name


def _people() -> Choices:
    return [(one.id, f"{one.name}（{one.team or '―'}）") for one in deals.sales_people()]


def _statuses() -> Choices:
    return [(name, word) for name, word, *_rest in ticket_words.statuses()]


def _unfinished() -> Choices:
    """A ticket is solved and closed one by one, with what solved it."""
    return [one for one in _statuses() if one[0] in tickets.UNFINISHED]


def _change_account(account: Account, fields: Fields, user: Person) -> None:
    account_actions.change_account(account, accounts.check_links(fields, user), user.id)


_KINDS = (
    Kind(
        DEALS, DealSchema, deals.get_deal, deal_actions.change_deal, Deal.title,
        (
            Field("owner_id", "user", _people, "staff"),
            Field("expected_close_on", "calendar-event", kind="day"),
            Field("rank", "star", deal_words.ranks),
            Field("next_step_on", "corner-down-right", kind="day"),
        ),
    ),
    Kind(
        TICKETS, TicketSchema, tickets.get_ticket, ticket_actions.change_ticket, Ticket.subject,
        (
            Field("assignee_id", "user", tickets.handling_staff, "staff", lambda: _("nobody"),
                  label=lambda: _("Assigned to")),
            Field("severity", "alert-triangle", ticket_words.severities),
            Field("status", "progress", _unfinished, words=_statuses),
        ),
    ),
    Kind(
        ACCOUNTS, AccountSchema, accounts.get_account, _change_account, Account.name,
        (
            Field("owner_id", "user", everybody, "staff"),
            Field("rank", "star", account_words.ranks),
            Field("industry", "building-factory-2", kind="text", known=accounts.industries),
        ),
    ),
)  # fmt: skip
KINDS: dict[str, Kind] = {one.name: one for one in _KINDS}
