"""Whether a reading can be: against those before and after it. Pure: what stands in, verdict out.

A counter runs forward, so that its total never falls; after a reset it counts on from the total it
had. Nothing is rewritten, so what would change the total of a later reading is refused in words.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from crm.look import dash, moment, number
from crm.readings.models import MOST

ZERO = Decimal(0)
Errors = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Line:
    """What somebody says a meter said; `number` is the line it stands on."""

    number: int
    meter_id: int
    at: datetime
    value: Decimal
    reset: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """A reading that stands; `offset` + `value` is the total of a counter."""

    at: datetime
    value: Decimal
    offset: Decimal = ZERO
    reset: bool = False
    id: int = 0

    @property
    def total(self) -> Decimal:
        """What the counter has run in all."""
        return self.value + self.offset


@dataclass(frozen=True, slots=True)
class Around:
    """The readings that stand next to an instant, and at it; `revision` is the next free one."""

    before: Known | None = None
    same: Known | None = None
    after: Known | None = None
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """taken (with its offset), same, or refused (with a reason for a field)."""

    word: str
    offset: Decimal = ZERO
    errors: Errors = field(default_factory=dict)


def refused(name: str, why: str) -> Verdict:
    """A refusal that names its field."""
    return Verdict("refused", errors={name: [why]})


def shown(value: Decimal | None, meter: Any) -> str:
    """A value as people write it: 8,412.5 h, exactly, with the decimals of its meter."""
    if value is None:
        return dash()
    figure = number(round(value, meter.decimals) if meter.decimals else round(value))
    return f"{figure} {meter.measure}".strip()


def fits(value: Decimal, meter: Any) -> Verdict | None:
    """A refusal when a value cannot be one of the meter's, whatever else was read."""
    if not value.is_finite() or abs(value) > MOST:
        return refused("value", _("A number of at most %(most)s.", most=f"{int(MOST):,}"))
    if value != round(value, meter.decimals):
        return refused("value", _decimals(meter.decimals))
    if meter.kind == "counter" and value < 0:
        return refused("value", _("A counter does not go below 0."))
    return None


def _decimals(most: int) -> str:
    return _("%(n)s decimals at most.", n=most) if most else _("A whole number, without decimals.")


def judge(line: Line, meter: Any, around: Around, latest: datetime) -> Verdict:
    """What becomes of a line. `latest` is the last instant a reading may have."""
    if line.at > latest:
        return refused("at", _("A meter cannot be read in advance."))
    unfit = fits(line.value, meter)
    if unfit is not None:
        return unfit
    if line.reset and meter.kind != "counter":
        return refused("reset", _("Only a counter is reset."))
    if around.same is not None:
        if (around.same.value, around.same.reset) == (line.value, line.reset):
            return Verdict("same")
        said = shown(around.same.value, meter)
        why = _(
            "At this time it said %(value)s already. Correct that reading if it is wrong.",
            value=said,
        )
        return refused("value", why)
    if meter.kind == "gauge":
        return Verdict("taken")
    return _reset(around) if line.reset else _counted(line.value, meter, around)


def _reset(around: Around) -> Verdict:
    if around.after is not None:
        return refused("reset", _read_since(around.after))
    return Verdict("taken", around.before.total if around.before else ZERO)


def _read_since(after: Known) -> str:
    return _(
        "It was read after that already, on %(day)s. A reset is noted after the last reading.",
        day=moment(after.at),
    )


def _counted(value: Decimal, meter: Any, around: Around) -> Verdict:
    before, after = around.before, around.after
    if before is not None and value < before.value:
        why = _(
            "Lower than the reading before: %(value)s on %(day)s. If the counter was reset or "
            "exchanged, mark it as a reset.",
            value=shown(before.value, meter),
            day=moment(before.at),
        )
        return refused("value", why)
    if after is None:
        return Verdict("taken", before.offset if before else ZERO)
    if not after.reset and value > after.value:
        said, day = shown(after.value, meter), moment(after.at)
        why = _("Higher than the reading after: %(value)s on %(day)s.", value=said, day=day)
        return refused("value", why)
    if after.reset and (before is None or value > before.value):
        why = _(
            "The counter was reset on %(day)s and counted on from the reading before that.",
            day=moment(after.at),
        )
        return refused("value", why)
    return Verdict("taken", before.offset if before else after.offset)


def corrected(value: Decimal | None, old: Known, meter: Any, around: Around) -> Verdict:
    """Whether a reading may say `value` instead, or be taken back (None)."""
    after = around.after
    if meter.kind == "gauge":
        return (fits(value, meter) if value is not None else None) or Verdict("taken")
    if after is not None and after.reset:
        why = _(
            "The counter was reset on %(day)s and counted on from this reading.",
            day=moment(after.at),
        )
        return refused("value", why)
    if value is None:
        if old.reset and after is not None:
            return refused("value", _read_since(after))
        return Verdict("taken", old.offset)
    unfit = fits(value, meter)
    if unfit is not None or not old.reset:
        return unfit or _counted(value, meter, around)
    if after is not None and value > after.value:
        return _counted(value, meter, Around(after=after))
    return Verdict("taken", old.offset)
