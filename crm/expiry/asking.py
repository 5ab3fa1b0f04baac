"""What a list of expiries is asked for: the months, the kinds, whose, and with a deal or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from crm.accounts.queries import get_account
from crm.errors import named
from crm.expiry.dates import CHECKS, KINDS, ON_PAPER
from crm.installed_base.terms import months_after
from crm.products.queries import get_product
from crm.rights import Person
from crm.staff.queries import get_staff, get_team

MONTHS = 4
"""As many months are shown unless somebody asks for more or fewer."""
MOST_MONTHS = 12

ONE_KIND = (
    "warranty", "contract", "lease", "support", "notice", "parts", "checks", "recall",
    "consumable", "all",
)  # fmt: skip
OF_UNITS = tuple(kind for kind in KINDS if kind != "budget")
"""Every kind of day that is a unit's; the request for a budget is the customer's."""

DEALS = ("with", "without")


@dataclass(frozen=True, slots=True)
class Asked:
    """`month` is the first day of the first month; `kind` empty: those of the printed list."""

    month: date
    months: int = MONTHS
    kind: str = ""
    team_id: int | None = None
    owner_id: int | None = None
    account_id: int | None = None
    product_id: int | None = None
    deal: str = ""

    @property
    def last(self) -> date:
        """The last day of the last month."""
        return months_after(self.month, self.months) - timedelta(days=1)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of days of which the earliest decides."""
        if self.kind == "all":
            return OF_UNITS
        if self.kind == "checks":
            return CHECKS
        return (self.kind,) if self.kind else ON_PAPER

    @property
    def any(self) -> bool:
        """Is anything filtered besides the months?"""
        return bool(self.kind) or self.chosen

    @property
    def chosen(self) -> bool:
        """Are some units asked for, and not those of the whole company?"""
        return bool(
            self.team_id or self.owner_id or self.account_id or self.product_id or self.deal
        )

    def firsts(self) -> list[date]:
        """The first day of every month."""
        return [months_after(self.month, n) for n in range(self.months)]

    def as_fields(self) -> dict[str, Any]:
        """The same as an address or a body says it; reading it again gives the same."""
        return {
            "month": f"{self.month:%Y-%m}", "months": self.months, "kind": self.kind,
            "team_id": self.team_id, "owner_id": self.owner_id, "account_id": self.account_id,
            "product_id": self.product_id, "deal": self.deal,
        }  # fmt: skip


DOORS = {
    "team_id": get_team, "owner_id": get_staff, "account_id": get_account,
    "product_id": get_product,
}  # fmt: skip


def read(fields: Mapping[str, Any], user: Person, today: date) -> Asked:
    """Loaded fields of `ExpiryQuery` as what is asked for.

    Raises Invalid naming the field of a record that is not there for this person.
    """
    for name, door in DOORS.items():
        if fields.get(name) is not None:
            with named(name):
                door(fields[name], user)
    month = fields.get("month")
    first = date.fromisoformat(f"{month}-01") if month else today.replace(day=1)
    return Asked(
        first, fields.get("months") or MONTHS, fields.get("kind") or "", fields.get("team_id"),
        fields.get("owner_id"), fields.get("account_id"), fields.get("product_id"),
        fields.get("deal") or "",
    )  # fmt: skip
