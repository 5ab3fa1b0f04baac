"""The lists that can be kept under a name, and what of their addresses is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from flask_babel import gettext as _

from crm.accounts import words as accounts
from crm.attributes.columns import ALSO
from crm.attributes.listing import FILTER, VALUE, asked_text
from crm.columns import ASKED, Columns, chosen, written
from crm.deals import words as deals
from crm.errors import BadRequest
from crm.exports.kinds.every import TABLES
from crm.exports.tables import Table
from crm.installed_base import words as units
from crm.rights import Person, may, sees_amounts
from crm.support import words as tickets
from crm.text.normal import clean

LONGEST_VALUE = 300
SORT = "sort"


@dataclass(frozen=True, slots=True)
class ListOf:
    """One list: the kind of record whose filters it has, and its address."""

    name: str
    kind: str
    path: str
    title: Callable[[], str]
    nav: str
    """The place of the pages that its link stands under."""
    unordered: bool = False
    """Has it no order and no columns of custom fields?"""

    @property
    def table(self) -> Table:
        """What its rows are read from by the same filters."""
        return TABLES[self.kind]

    def known(self) -> tuple[str, ...]:
        """The names of the address that are kept, in their order."""
        if self.unordered:
            return tuple(one for one in self.table.known() if one != SORT)
        return (*self.table.known(), ALSO, *([ASKED] if self.name in COLUMNS else ()))

    def columns(self, user: Person) -> Columns:
        """The columns that this person may choose from."""
        return self._columns(sees_amounts(user))

    def kept(self, args: Mapping[str, str]) -> str:
        """What of an address is kept, always written alike; empty where nothing is narrowed.

        The place in the list, and whatever the list does not know, is left out.
        """
        said = {name: clean(args.get(name, ""))[:LONGEST_VALUE] for name in self.known()}
        said[FILTER] = asked_text(said)
        if said.get(ASKED):
            said[ASKED] = self._written(said)
        return urlencode({name: said[name] for name in said if said[name] and name != VALUE})

    def check(self, said: Mapping[str, str]) -> None:
        """Raises BadRequest for a column that the list does not have."""
        if self.name in COLUMNS:
            chosen(said, self._columns(True))

    def _columns(self, amounts: bool) -> Columns:
        return COLUMNS[self.name](amounts) if self.name in COLUMNS else {}

    def _written(self, said: Mapping[str, str]) -> str:
        try:
            return written(chosen(said, self._columns(True)), self._columns(True))
        except BadRequest:
            return said[ASKED]  # the list itself refuses it

    def open_to(self, user: Person) -> bool:
        """May this person see the list at all?"""
        return may(user, self.table.action, self.table.record)

    def address(self, query: str, user: Person) -> str:
        """The list as it was kept; who may not see amounts gets it in its usual order."""
        said = parts_of(query)
        by_amount = said.get(SORT, "").removeprefix("-") in self.table.hidden_sorts
        if by_amount and not sees_amounts(user):
            del said[SORT]
        return f"{self.path}?{urlencode(said)}" if said else self.path


COLUMNS: dict[str, Callable[[bool], Columns]] = {
    "deals": deals.columns,
    "tickets": lambda _amounts: tickets.columns(),
    "accounts": lambda _amounts: accounts.columns(),
    "units": lambda _amounts: units.columns(),
}
"""List → its columns, for somebody who may see amounts or not; others show theirs unasked."""

LISTS: dict[str, ListOf] = {
    one.name: one
    for one in (
        ListOf("deals", "deals", "/deals", lambda: _("Deals"), "deals"),
        ListOf("board", "deals", "/deals/board", lambda: _("Board of deals"), "deals", True),
        ListOf("tickets", "tickets", "/tickets", lambda: _("Tickets"), "tickets"),
        ListOf("accounts", "accounts", "/accounts", lambda: _("Accounts"), "accounts"),
        ListOf("units", "units", "/units", lambda: _("Units"), "units"),
        ListOf("contracts", "contracts", "/contracts", lambda: _("Contracts"), "units"),
        ListOf("work-orders", "work-orders", "/work-orders", lambda: _("Work orders"), "units"),
    )
}


def parts_of(query: str) -> dict[str, str]:
    """A query as names and values; of what is said twice the first counts, as on a page."""
    found: dict[str, str] = {}
    for name, value in parse_qsl(query.removeprefix("?"), max_num_fields=None):
        found.setdefault(name, value)
    return found
