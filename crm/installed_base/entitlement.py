"""Who pays for work on a unit: a pure function of its terms and a day.

Order: a recall, a warranty, a contract over the unit, then one over its product, its site, its
account, then nobody but the customer. Recalls, warranties and the contract that speaks are put
together cost by cost: the largest share bears, of equal ones the first in this order. Both end
days of a term belong to it; a contract that was cancelled holds to the day before its
cancellation. What covers a unit depends on whose it was and where it stood on that day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from crm.installed_base.cover_terms import (
    ALL,
    COSTS,
    NONE,
    ContractTerms,
    Shares,
    UnitTerms,
    WarrantyTerms,
)

FREE, PARTLY, CHARGEABLE = "free", "partly", "chargeable"
Params = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Bearer:
    """What bears how much of one cost: a source by its code, with the words' parameters."""

    cost: str
    percent: int
    code: str
    params: Params


@dataclass(frozen=True, slots=True)
class Verdict:
    """free, partly or chargeable, why (a code with its parameters), which shares of the cost are
    borne and by what, and who promises what until when."""

    verdict: str
    code: str
    params: Params = field(default_factory=dict)
    contract_id: int | None = None
    response_hours: int | None = None
    covers_until: date | None = None
    shares: Shares = NONE
    bearers: Sequence[Bearer] = ()
    repair_hours: int | None = None
    around_the_clock: bool = False

    @property
    def coverage(self) -> str:
        """The badge: recall, campaign, warranty, contract, chargeable or unknown."""
        if not self.bearers:
            if self.code in ("contract", "contract_part"):
                return "contract"
            return "unknown" if self.code == "competitor" else "chargeable"
        return self.bearers[0].code


@dataclass(frozen=True, slots=True)
class _Source:
    """Something that bears costs on the day."""

    code: str
    shares: Shares
    last_on: date | None
    params: Params


def entitlement(unit: UnitTerms, contracts: Sequence[ContractTerms], on: date) -> Verdict:
    """Judge one unit on one day. Needs no database."""
    if unit.removed_on is not None and on > unit.removed_on:
        return Verdict(CHARGEABLE, "removed", {"on": unit.removed_on.isoformat()})
    theirs = [one for one in contracts if unit.covered_by(one, on)]
    contract = min((one for one in theirs if one.holds(on)), key=_best, default=None)
    sources = [*_recalls(unit, on), *_warranties(unit, on)]
    if contract is not None:
        sources.append(_contract(contract))
    borne = _borne(sources)
    if not borne:
        if contract is not None:
            return _by_nothing(contract)
        return _chargeable(unit, contracts, theirs, on)
    return _verdict(borne, contract)


def _best(contract: ContractTerms) -> tuple[int, int, int, int]:
    """The narrowest first, then the quickest promise, then the one that holds longest."""
    hours = contract.response_hours if contract.response_hours is not None else 10_000
    return contract.width, hours, -contract.last_on.toordinal(), contract.id


def _recalls(unit: UnitTerms, on: date) -> list[_Source]:
    held = [one for one in unit.recalls if one.holds(on)]
    return [
        _Source(
            "recall" if one.kind == "recall" else "campaign", one.shares, one.last_on,
            {"number": one.number, "until": _iso(one.last_on)},
        )
        for one in sorted(held, key=lambda one: (one.kind != "recall", -one.shares.total, one.id))
    ]  # fmt: skip


def _warranties(unit: UnitTerms, on: date) -> list[_Source]:
    """Those that hold, the one that bears most first, then the one that holds longest."""
    held = [
        (one, last)
        for one in unit.all_warranties()
        if one.starts_on <= on <= (last := unit.warranty_end(one)[0])
    ]
    held.sort(key=lambda pair: (-pair[0].shares.total, -pair[1].toordinal(), pair[0].id))
    return [_Source("warranty", one.shares, last, _warranty(one, last)) for one, last in held]


def _warranty(one: WarrantyTerms, last: date) -> Params:
    """Of how a defective unit is exchanged only what is agreed is told."""
    params = {"kind": one.kind, "until": last.isoformat()}
    return params | ({"exchange": one.exchange} if one.exchange else {})


def _contract(contract: ContractTerms) -> _Source:
    params = {"number": contract.number, "until": contract.last_on.isoformat()}
    return _Source("contract", contract.shares, contract.last_on, params)


def _borne(sources: Sequence[_Source]) -> dict[str, _Source]:
    """Cost → what bears most of it; costs that nothing bears are left out."""
    best = {cost: max(sources, key=lambda one: one.shares.of(cost), default=None) for cost in COSTS}
    return {cost: one for cost, one in best.items() if one is not None and one.shares.of(cost)}


def _verdict(borne: dict[str, _Source], contract: ContractTerms | None) -> Verdict:
    shares = Shares(**{cost: one.shares.of(cost) for cost, one in borne.items()})
    used = list({id(one): one for one in borne.values()}.values())
    ends = [one.last_on for one in used if one.last_on is not None]
    bearers = [
        Bearer(cost, one.shares.of(cost), one.code, one.params) for cost, one in borne.items()
    ]
    code, params = used[0].code, used[0].params
    if len(used) > 1:
        code, params = "combined", {"bears": _told(borne, used)}
    elif shares != ALL:
        code, params = f"{code}_part", params | _percents(shares)
    return Verdict(
        shares.verdict, code, params, contract.id if contract else None,
        contract.response_hours if contract else None, min(ends, default=None), shares,
        sorted(bearers, key=lambda one: _ORDER.index(one.code)),
        contract.repair_hours if contract else None,
        contract.around_the_clock if contract else False,
    )  # fmt: skip


_ORDER = ("recall", "campaign", "warranty", "contract")


def _told(borne: dict[str, _Source], used: Sequence[_Source]) -> list[Params]:
    """For the words: each source once, with the costs it bears."""
    return [
        {"code": source.code, **source.params}
        | {cost: one.shares.of(cost) for cost, one in borne.items() if one is source}
        for source in sorted(used, key=lambda one: _ORDER.index(one.code))
    ]


def _percents(shares: Shares) -> Params:
    return {cost: shares.of(cost) for cost in COSTS}


def _by_nothing(contract: ContractTerms) -> Verdict:
    """A contract that bears no cost still speaks, and promises its hours."""
    params = {"number": contract.number, "until": contract.last_on.isoformat()}
    return Verdict(
        CHARGEABLE, "contract_part", params | _percents(NONE), contract.id,
        contract.response_hours, contract.last_on, repair_hours=contract.repair_hours,
        around_the_clock=contract.around_the_clock,
    )  # fmt: skip


def _chargeable(
    unit: UnitTerms, contracts: Sequence[ContractTerms], theirs: Sequence[ContractTerms], on: date
) -> Verdict:
    """Why nobody but the customer pays: what comes, what ended, what stayed behind."""
    coming = min((c.starts_on for c in theirs if on < c.starts_on <= c.last_on), default=None)
    over = max((c for c in theirs if c.last_on < on), key=lambda c: c.last_on, default=None)
    if coming is not None:
        return Verdict(CHARGEABLE, "contract_to_come", {"on": coming.isoformat()})
    if over is not None:
        params = {"number": over.number, "on": over.last_on.isoformat()}
        return Verdict(CHARGEABLE, "contract_over", params)
    behind = next((c for c in contracts if c not in theirs and c.holds(on)), None)
    if behind is not None:
        return Verdict(CHARGEABLE, "contract_behind", {"number": behind.number})
    if unit.is_competitor:
        return Verdict(CHARGEABLE, "competitor")
    ended = max((unit.warranty_end(one) for one in unit.all_warranties()), default=None)
    if ended is not None and ended[0] < on:
        return Verdict(CHARGEABLE, f"warranty_{ended[1]}", {"on": ended[0].isoformat()})
    return Verdict(CHARGEABLE, "nothing")


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
