"""What the customer pays for work: the shares of a verdict, and the invoice. Pure; whole yen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Borne:
    """How much of each cost the customer bears, in percent."""

    labour: int = 100
    travel: int = 100
    parts: int = 100

    @property
    def any(self) -> bool:
        """Does the customer pay for anything?"""
        return self.labour + self.travel + self.parts > 0


WHOLE, NOTHING = Borne(), Borne(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Line:
    """A part: `amount` in yen; `chargeable` empty means the share of parts counts for it."""

    amount: int
    chargeable: bool | None = None


@dataclass(frozen=True, slots=True)
class Bill:
    """What the customer pays, in yen without tax: by kind of cost, and for each part in turn."""

    labour: int
    travel: int
    parts: int
    lines: tuple[int, ...] = ()

    @property
    def total(self) -> int:
        """The invoice amount, ご請求額（税抜）."""
        return self.labour + self.travel + self.parts


def judged(verdict: Mapping[str, Any] | None) -> Borne | None:
    """What a kept verdict leaves to the customer; None when there was none."""
    if verdict is None:
        return None
    borne = verdict.get("shares") or {}
    return Borne(*(100 - int(borne.get(name, 0)) for name in ("labour", "travel", "parts")))


def said(chargeable: bool, shares: Borne) -> Borne:
    """The shares when somebody says free or chargeable: the proposal where it agrees."""
    if shares.any == chargeable:
        return shares
    return WHOLE if chargeable else NOTHING


def borne_by(work: Any) -> Borne:
    """The shares a work order (a record or a row) stands by; old ones know only whether it pays."""
    if work.labour_share is None or work.travel_share is None or work.parts_share is None:
        return WHOLE if work.chargeable else NOTHING
    return Borne(work.labour_share, work.travel_share, work.parts_share)


def share(amount: int, percent: int) -> int:
    """So many percent of yen; what is below a yen is not charged."""
    return amount * percent // 100


def charge(line: Line, percent: int) -> int:
    """What the customer pays for a part of which the work order charges so many percent."""
    if line.chargeable is None:
        return share(line.amount, percent)
    return line.amount if line.chargeable else 0


def bill(labour: int, travel: int, parts: int, shares: Borne, lines: Iterable[Line] = ()) -> Bill:
    """The invoice: shares of labour and travel, and each part by itself.

    `parts` is the cost of parts of a work order without lines; with lines it is not looked at.
    """
    each = tuple(charge(line, shares.parts) for line in lines)
    of_parts = sum(each) if each else share(parts, shares.parts)
    return Bill(share(labour, shares.labour), share(travel, shares.travel), of_parts, each)
