"""Who pays for work on a unit: a pure function of its terms and a day.

Order: warranty, then a contract over the unit, then one over its product, its site, its account,
then nobody but the customer. Both end days of a term belong to it; a contract that was cancelled
holds to the day before its cancellation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import pgettext

from crm.look import day as written
from crm.look import language

FREE, PARTLY, CHARGEABLE = "free", "partly", "chargeable"
SOON = 90
"""Days before the end of a warranty from which they are counted."""


@dataclass(frozen=True, slots=True)
class UnitTerms:
    """What of a unit decides; `begins_on` is the first day it was the customer's."""

    begins_on: date | None = None
    warranty_ends_on: date | None = None
    removed_on: date | None = None
    is_competitor: bool = False


@dataclass(frozen=True, slots=True)
class Shares:
    """How much of each cost is borne for the customer, in percent."""

    labour: int = 0
    travel: int = 0
    parts: int = 0

    @property
    def verdict(self) -> str:
        """free when everything is borne, chargeable when nothing is."""
        borne = self.labour + self.travel + self.parts
        return FREE if borne == 300 else PARTLY if borne else CHARGEABLE


ALL, NONE = Shares(100, 100, 100), Shares()


@dataclass(frozen=True, slots=True)
class ContractTerms:
    """What of a contract decides; `response_hours` is what it promises, and `width` how wide it
    was written: 0 the unit itself, 1 its product, 2 its site, 3 the whole account."""

    id: int
    number: str
    starts_on: date
    ends_on: date
    cancelled_on: date | None = None
    response_hours: int | None = None
    width: int = 0
    shares: Shares = ALL

    @property
    def last_on(self) -> date:
        """The last day on which it holds."""
        if self.cancelled_on is None:
            return self.ends_on
        return min(self.ends_on, self.cancelled_on - timedelta(days=1))

    def holds(self, on: date) -> bool:
        """Is it in force on this day?"""
        return self.starts_on <= on <= self.last_on


@dataclass(frozen=True, slots=True)
class Verdict:
    """free, partly or chargeable, why (a code with its parameters), which shares of the cost are
    borne, and who promises what until when."""

    verdict: str
    code: str
    params: dict[str, Any] = field(default_factory=dict)
    contract_id: int | None = None
    response_hours: int | None = None
    covers_until: date | None = None
    shares: Shares = NONE

    @property
    def coverage(self) -> str:
        """The badge: warranty, contract, chargeable or unknown."""
        if self.code in ("warranty", "contract"):
            return self.code
        if self.code == "contract_part":
            return "contract"
        return "unknown" if self.code == "competitor" else "chargeable"


def entitlement(unit: UnitTerms, contracts: Sequence[ContractTerms], on: date) -> Verdict:
    """Judge one unit on one day. Needs no database."""
    if unit.removed_on is not None and on > unit.removed_on:
        return Verdict(CHARGEABLE, "removed", {"on": unit.removed_on.isoformat()})
    contract = min((one for one in contracts if one.holds(on)), key=_best, default=None)
    number, hours = (contract.id, contract.response_hours) if contract else (None, None)
    warranty = unit.warranty_ends_on
    if warranty is not None and on <= warranty and (not unit.begins_on or unit.begins_on <= on):
        until = {"until": warranty.isoformat()}
        return Verdict(FREE, "warranty", until, number, hours, warranty, ALL)
    if contract is not None:
        return _by_contract(contract)
    return _chargeable(unit, contracts, on)


def _best(contract: ContractTerms) -> tuple[int, int, int, int]:
    """The narrowest first, then the quickest promise, then the one that holds longest."""
    hours = contract.response_hours if contract.response_hours is not None else 10_000
    return contract.width, hours, -contract.last_on.toordinal(), contract.id


def _by_contract(contract: ContractTerms) -> Verdict:
    params: dict[str, Any] = {"number": contract.number, "until": contract.last_on.isoformat()}
    code, shares = "contract", contract.shares
    if shares != ALL:
        code = "contract_part"
        params |= {"labour": shares.labour, "travel": shares.travel, "parts": shares.parts}
    return Verdict(
        shares.verdict, code, params, contract.id, contract.response_hours, contract.last_on, shares
    )


def _chargeable(unit: UnitTerms, contracts: Sequence[ContractTerms], on: date) -> Verdict:
    coming = min((c.starts_on for c in contracts if on < c.starts_on <= c.last_on), default=None)
    over = max((c for c in contracts if c.last_on < on), key=lambda c: c.last_on, default=None)
    if coming is not None:
        return Verdict(CHARGEABLE, "contract_to_come", {"on": coming.isoformat()})
    if over is not None:
        params = {"number": over.number, "on": over.last_on.isoformat()}
        return Verdict(CHARGEABLE, "contract_over", params)
    if unit.is_competitor:
        return Verdict(CHARGEABLE, "competitor")
    if unit.warranty_ends_on is not None and unit.warranty_ends_on < on:
        params = {"on": unit.warranty_ends_on.isoformat()}
        return Verdict(CHARGEABLE, "warranty_over", params)
    return Verdict(CHARGEABLE, "nothing")


def reason(code: str, params: dict[str, Any]) -> str:
    """The verdict's reason in the reader's language."""
    told = {
        name: written(date.fromisoformat(value)) if name in ("on", "until") else value
        for name, value in params.items()
    }
    on, until = told.get("on", ""), told.get("until", "")
    number = told.get("number", "")
    said = {
        "warranty": lambda: _("Free: under warranty until %(until)s.", until=until),
        "contract": lambda: _(
            "Free: under contract %(number)s until %(until)s.", number=number, until=until
        ),
        "contract_part": lambda: _(
            "Contract %(number)s until %(until)s bears %(labour)s%% of labour, %(travel)s%% of "
            "travel and %(parts)s%% of parts.",
            number=number,
            until=until,
            labour=told.get("labour"),
            travel=told.get("travel"),
            parts=told.get("parts"),
        ),
        "contract_to_come": lambda: _("Chargeable: the contract begins on %(on)s.", on=on),
        "contract_over": lambda: _(
            "Chargeable: contract %(number)s ended on %(on)s.", number=number, on=on
        ),
        "warranty_over": lambda: _(
            "Chargeable: the warranty ended on %(on)s, and there is no contract.", on=on
        ),
        "removed": lambda: _("Chargeable: the unit was removed on %(on)s.", on=on),
        "competitor": lambda: _("Chargeable: another maker's unit without a contract."),
    }
    nothing = _("Chargeable: neither warranty nor contract.")
    return said[code]() if code in said else nothing


def brief(verdict: Verdict, on: date) -> str:
    """The same in a few words, for a line in a list."""
    if verdict.covers_until is not None:
        day_ = _plain(verdict.covers_until)
        left = (verdict.covers_until - on).days
        if verdict.coverage == "contract":
            return _("contract ends %(day)s", day=day_)
        if left <= SOON:
            return _("warranty ends %(day)s (%(n)s days)", day=day_, n=left)
        return _("warranty ends %(day)s", day=day_)
    said = {
        "contract_to_come": _("contract to begin"), "contract_over": _("contract ended"),
        "warranty_over": _("no contract"), "removed": pgettext("unit", "Removed"),
        "competitor": _("another maker's, no contract"),
    }  # fmt: skip
    return said.get(verdict.code, _("no contract"))


def _plain(on: date) -> str:
    return f"{on:%Y/%m/%d}" if language() == "ja" else written(on)


def as_json(verdict: Verdict) -> dict[str, Any]:
    """What the API answers and a ticket keeps: the code with its parameters speaks any language."""
    hours = verdict.response_hours
    return {
        "verdict": verdict.verdict, "reason": reason(verdict.code, verdict.params),
        "code": verdict.code, "params": verdict.params, "contract_id": verdict.contract_id,
        "sla": None if hours is None else {"response_hours": hours},
        "covers_until": verdict.covers_until.isoformat() if verdict.covers_until else None,
        "shares": asdict(verdict.shares),
    }  # fmt: skip
