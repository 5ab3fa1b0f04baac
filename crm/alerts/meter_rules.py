"""Rules that follow from what meters say."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from crm.alerts.days import quarter
from crm.alerts.facts import Evidence, Facts, Finding, MeterFacts, UnitFacts
from crm.alerts.words import day_en, day_ja, priced, replace_en, replace_ja

GROWTH_PERCENT = 30
CAPACITY_PERCENT = 85
FRESH = timedelta(days=30)
"""A meter that was last read longer ago says nothing about today."""


def meter_growth(facts: Facts) -> Finding | None:
    """R11: a counter ran 30 percent more in 90 days than in the same days last year, or a meter
    has come to 85 percent of what it is rated for. Value: the replacement."""
    unit = facts.unit
    if unit is None or not unit.in_use:
        return None
    fresh = [one for one in unit.meters if facts.today - one.read_on <= FRESH]
    near = max((one for one in fresh if _share(one) >= CAPACITY_PERCENT), key=_share, default=None)
    grown = max((one for one in fresh if _more(one) >= GROWTH_PERCENT), key=_more, default=None)
    if near is None and grown is None:
        return None
    target, code = unit.replacement, unit.product.code
    ja, en = _sentence(unit, near, grown)
    return Finding(
        subject=f"unit:{unit.id}",
        window=quarter(facts.today),
        ja=ja,
        en=en,
        evidence=tuple(_evidence(unit, near, grown)),
        value=target.list_price or 0,
        offer_ja=replace_ja(code, target.code),
        offer_en=replace_en(code, target.code),
        product_id=target.id,
    )


def _sentence(
    unit: UnitFacts, near: MeterFacts | None, grown: MeterFacts | None
) -> tuple[str, str]:
    code, serial = unit.product.code, unit.serial_no
    if near is not None:
        percent, limit = int(_share(near)), _value(near.limit, near)
        return (
            f"{code}（{serial}）の{near.name}が、定格 {limit} の{percent}%に達しました。",
            f"{near.name} of {code} ({serial}) has reached {percent}% of its rated {limit}.",
        )
    assert grown is not None
    percent = int(_more(grown))
    return (
        f"{code}（{serial}）の{grown.name}が、前年の同じ時期より{percent}%増えています。",
        f"{grown.name} of {code} ({serial}) ran {percent}% more than in the same days last year.",
    )


def _evidence(unit: UnitFacts, near: MeterFacts | None, grown: MeterFacts | None) -> list[Evidence]:
    found = []
    if near is not None:
        said = f"{near.name} {_value(near.total, near)}"
        found.append(
            Evidence(
                f"{said}（{day_ja(near.read_on)}）", f"{said} ({day_en(near.read_on)})",
                "unit", unit.id,
            )
        )  # fmt: skip
    if grown is not None:
        now, then = _value(grown.recent, grown), _value(grown.before, grown)
        found.append(
            Evidence(
                f"{grown.name} 90日間で {now}（前年の同じ期間 {then}）",
                f"{grown.name} {now} in 90 days (same days last year {then})",
                "unit", unit.id,
            )
        )  # fmt: skip
    target = unit.replacement
    price = priced(target.code, target.list_price)
    found.append(Evidence(f"更新価格 {price}", f"Replacement {price}", "product", target.id))
    return found


def _share(one: MeterFacts) -> Decimal:
    """Percent of the rated limit."""
    return one.total * 100 / one.limit if one.limit else Decimal(0)


def _more(one: MeterFacts) -> Decimal:
    """Percent above the same days of last year."""
    if one.recent is None or not one.before or one.before < 0:
        return Decimal(0)
    return (one.recent / one.before - 1) * 100


def _value(value: Decimal | None, one: MeterFacts) -> str:
    return f"{value or 0:,.{one.decimals}f} {one.measure}".strip()
