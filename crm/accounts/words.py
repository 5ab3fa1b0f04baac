"""Values of accounts and contacts in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask_babel import gettext as _

from crm.language import per_language
from crm.look import day, yen
from crm.staff.queries import everybody


def ranks() -> list[tuple[str, str]]:
    """Ranks of an account with their meaning."""
    return [("A", _("A Key account")), ("B", _("B Regular")), ("C", _("C Occasional"))]


def influences() -> list[tuple[str, str]]:
    """A person's part in decisions."""
    return [
        ("decides", _("Decision maker")), ("influences", _("Influencer")),
        ("promotes", _("Champion")), ("uses", _("User")),
    ]  # fmt: skip


def months() -> list[tuple[int, str]]:
    """The months of the year as the end of a fiscal year."""
    return [(n, month(n)) for n in range(1, 13)]


def month(number: int) -> str:
    """March · 3月"""
    names = [
        _("January"), _("February"), _("March"), _("April"), _("May"), _("June"), _("July"),
        _("August"), _("September"), _("October"), _("November"), _("December"),
    ]  # fmt: skip
    return names[(number - 1) % 12]


def fiscal_year_end(number: int | None) -> str:
    """The month in which the books close, and when next year's budget is asked for."""
    if number is None:
        return ""
    first, last = month((number - 6) % 12 + 1), month((number - 5) % 12 + 1)
    return _("%(month)s (budget %(first)s–%(last)s)", month=month(number), first=first, last=last)


@per_language
def department(code: str | None) -> str:
    """A department of ours."""
    words = {
        "sales": _("Sales"), "call_centre": _("Call centre"), "service": _("Service"),
        "engineering": _("Engineering"), "management": _("Management"),
    }  # fmt: skip
    return words.get(code or "", "")


def people() -> list[tuple[int, str]]:
    """Staff for a form to choose from."""
    return everybody()


def choices(name: str) -> list[tuple[Any, str]]:
    """What a field may be chosen from; nothing for one that is typed."""
    made: dict[str, Callable[[], Sequence[tuple[Any, str]]]] = {
        "rank": ranks, "influence": influences, "fiscal_year_end_month": months,
        "owner_id": people, "service_owner_id": people,
    }  # fmt: skip
    return [("", _("none")), *made[name]()] if name in made else []


def spoken(name: str, value: Any) -> str:
    """One value of an account as the page says it."""
    if value is None or value == "":
        return "―"
    if name == "fiscal_year_end_month":
        return fiscal_year_end(int(value))
    if name == "credit_limit":
        return yen(int(value))
    if name in ("screened_on", "met_on"):
        return day(value)
    return dict(choices(name)).get(value, str(value))


def columns() -> dict[str, str]:
    """The columns of the list in their order."""
    return {
        "name": "", "rank": _("Rank"), "industry": _("Industry"), "address": _("Address"),
        "phone": _("Phone"), "owner": _("Owner"), "updated_at": _("Changed"),
    }  # fmt: skip
