"""The states of a repair: which follows which, what each needs, how long each lasted. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from crm.installed_base.models import WORK_ENDED, WORK_STATUSES
from crm.installed_base.words import work_statuses

_AT_WORK = ("diagnosing", "estimating", "awaiting_parts", "repairing")
NEXT: dict[str, tuple[str, ...]] = {
    "received": (*_AT_WORK, "returned", "unrepairable"),
    "diagnosing": ("estimating", "awaiting_parts", "repairing", "returned", "unrepairable"),
    "estimating": ("awaiting_approval", "diagnosing", "unrepairable"),
    "awaiting_approval": (
        "repairing", "awaiting_parts", "estimating", "estimate_declined", "unrepairable",
    ),
    "awaiting_parts": ("repairing", "diagnosing", "estimating", "returned", "unrepairable"),
    "repairing": ("returned", "awaiting_parts", "estimating", "diagnosing", "unrepairable"),
}  # fmt: skip
"""State → the states that may follow it; what has ended is only opened again."""

REOPENED = ("diagnosing", "repairing")
WAITING = ("awaiting_approval", "awaiting_parts")


def following(status: str, may_reopen: bool = False) -> tuple[str, ...]:
    """The states that may follow one."""
    if status in WORK_ENDED:
        return (*REOPENED, "received") if may_reopen else ()
    return NEXT[status]


def refusal(before: str, work: Any, may_reopen: bool = False) -> dict[str, list[str]]:
    """Why a work order cannot have come from a state to the one it has: field → words.

    `work` has its fields as they would be. Empty when nothing speaks against it.
    """
    after = work.status
    if after == before:
        return {}
    if before in WORK_ENDED and not may_reopen:
        return {"status": [_("This work has ended already; an engineer or a manager reopens it.")]}
    if after not in following(before, may_reopen):
        words = work_statuses()
        why = _(
            "%(before)s is not followed by %(after)s. Next: %(all)s.",
            before=words[before],
            after=words[after],
            all=", ".join(words[one] for one in following(before, may_reopen)),
        )
        return {"status": [why]}
    return _missing(before, work)


def _missing(before: str, work: Any) -> dict[str, list[str]]:
    if work.status == "awaiting_approval" and work.estimate_amount is None:
        return {"estimate_amount": [_("Enter the estimate that the customer is to approve.")]}
    leaves = before == "awaiting_approval" and work.status in ("repairing", "awaiting_parts")
    if leaves and work.chargeable:
        wrong: dict[str, list[str]] = {}
        if not work.approved_by:
            wrong["approved_by"] = [_("Say who approved the estimate.")]
        if work.approved_on is None:
            wrong["approved_on"] = [_("Say when the estimate was approved.")]
        return wrong
    if work.status == "estimate_declined" and not work.declined_reason:
        return {"declined_reason": [_("Say why; the reason is kept.")]}
    return {}


@dataclass(frozen=True, slots=True)
class Stay:
    """How long a work order was in a state: from a day on, for so many days."""

    status: str
    since: date
    days: int
    note: str = ""
    by_id: int | None = None


def stays(opened_on: date, status: str, steps: Iterable[Any], until: date) -> list[Stay]:
    """The states of a work order in their order; a day counts for the state it began in.

    `steps` have before, status, on, note and by_id, the oldest first; `status` is the one it has
    now, for those that never moved. The last state counts to `until`, unless it is an end.
    """
    rows = list(steps)
    first = rows[0].before if rows and rows[0].before in WORK_STATUSES else status
    told: list[tuple[str, date, str, int | None]] = [(first, opened_on, "", None)]
    told += [(one.status, one.on, one.note, one.by_id) for one in rows]
    ends = [since for _status, since, _note, _by in told[1:]] + [until]
    return [
        Stay(one, since, 0 if last and one in WORK_ENDED else max(0, (end - since).days), note, by)
        for (one, since, note, by), end, last in zip(
            told, ends, [False] * (len(told) - 1) + [True], strict=True
        )
    ]


def days_in_states(found: Iterable[Stay]) -> dict[str, int]:
    """State → all the days a work order was in it."""
    days: dict[str, int] = {}
    for stay in found:
        days[stay.status] = days.get(stay.status, 0) + stay.days
    return days
