"""Rules that follow from the calendar: contracts, warranties, age, end of support."""

from __future__ import annotations

from datetime import date, timedelta

from crm.alerts.days import months_before
from crm.alerts.facts import Evidence, Facts, Finding, UnitFacts
from crm.alerts.words import (
    day_en,
    day_ja,
    left_en,
    left_ja,
    priced,
    replace_en,
    replace_ja,
    yen,
)

CONTRACT_LEAD_DAYS = 180
WARRANTY_LEAD_DAYS = 90
LIFE_SHARES = (100, 80)
"""Bands of the expected life in percent, the higher first."""
SUPPORT_LEAD_MONTHS = (6, 12, 24)


def _unit_fact(unit: UnitFacts) -> Evidence:
    name = f"{unit.product.code} {unit.serial_no}"
    if unit.installed_on is None:
        return Evidence(name, name, "unit", unit.id)
    return Evidence(
        f"{name}（{day_ja(unit.installed_on)} 設置）",
        f"{name} (installed {day_en(unit.installed_on)})", "unit", unit.id,
    )  # fmt: skip


def contract_ending(facts: Facts) -> Finding | None:
    """R01: a contract ends within 180 days and none follows it. Value: a year of the contract."""
    unit = facts.unit
    contract = unit.contract(facts.today) if unit else None
    if unit is None or contract is None:
        return None
    if contract.ends_on > facts.today + timedelta(days=CONTRACT_LEAD_DAYS):
        return None
    if any(other.covers(contract.ends_on + timedelta(days=1)) for other in unit.contracts):
        return None
    left = (contract.ends_on - facts.today).days
    notice = contract.ends_on - timedelta(days=contract.notice_days)
    return Finding(
        subject=f"contract:{contract.id}",
        window=contract.ends_on.isoformat(),
        ja=f"保守契約 {contract.number} が、{left_ja(left)}満了します。",
        en=f"Maintenance contract {contract.number} ends {left_en(left, 'day')}.",
        evidence=(
            Evidence(
                f"契約満了 {day_ja(contract.ends_on)}・年額 {yen(contract.annual_amount)}",
                f"Ends {day_en(contract.ends_on)}, {yen(contract.annual_amount)} a year",
                "contract", contract.id,
            ),
            Evidence(
                f"通知期限 {day_ja(notice)}"
                + ("（自動更新）" if contract.auto_renew else "（自動更新なし）"),
                f"Notice by {day_en(notice)}"
                + (" (renews by itself)" if contract.auto_renew else " (does not renew by itself)"),
                "contract", contract.id,
            ),
            _unit_fact(unit),
        ),
        value=contract.annual_amount,
        offer_ja=f"{unit.product.code} 保守契約の更新",
        offer_en=f"Renewal of {contract.number}",
        contract_id=contract.id,
    )  # fmt: skip


def warranty_ending(facts: Facts) -> Finding | None:
    """R03: the warranty ends within 90 days and no contract covers the day after it."""
    unit = facts.unit
    if unit is None or unit.warranty_ends_on is None or not unit.in_use or unit.is_competitor:
        return None
    ends = unit.warranty_ends_on
    if not facts.today <= ends <= facts.today + timedelta(days=WARRANTY_LEAD_DAYS):
        return None
    after = ends + timedelta(days=1)
    if any(one.covers(after) or one.starts_on > ends for one in unit.contracts):
        return None
    price = unit.product.maintenance_price
    left = (ends - facts.today).days
    return Finding(
        subject=f"unit:{unit.id}",
        window=ends.isoformat(),
        ja=f"{unit.product.code} の保証が、{left_ja(left)}切れます。保守契約はありません。",
        en=f"The warranty of {unit.product.code} ends {left_en(left, 'day')}, "
        "and there is no contract.",
        evidence=(
            Evidence(f"保証満了 {day_ja(ends)}", f"Warranty ends {day_en(ends)}", "unit", unit.id),
            _unit_fact(unit),
            *(
                (
                    Evidence(
                        f"保守契約 年 {yen(price)}", f"Contract {yen(price)} a year",
                        "product", unit.product.id,
                    ),
                )
                if price
                else ()
            ),
        ),
        value=price or 0,
        offer_ja=f"{unit.product.code} 保守契約",
        offer_en=f"Maintenance contract for {unit.product.code}",
    )  # fmt: skip


def old_age(facts: Facts) -> Finding | None:
    """R07: the age has reached 80 or 100 percent of the expected life. Value: the replacement."""
    unit = facts.unit
    if unit is None or not unit.in_use:
        return None
    life, age = unit.product.expected_life_months, unit.age_months(facts.today)
    if not life or age is None:
        return None
    band = next((share for share in LIFE_SHARES if age * 100 >= life * share), None)
    if band is None:
        return None
    target = unit.replacement
    return Finding(
        subject=f"unit:{unit.id}",
        window=str(band),
        ja=(
            f"{unit.product.code} は稼働{_years_ja(age)}です。期待寿命{_years_ja(life)}の"
            f"{age * 100 // life}%にあたります。"
        ),
        en=(
            f"{unit.product.code} has run for {_years_en(age)}, {age * 100 // life}% of its "
            f"expected life of {_years_en(life)}."
        ),
        evidence=(
            _unit_fact(unit),
            Evidence(
                f"期待寿命 {_years_ja(life)}", f"Expected life {_years_en(life)}",
                "product", unit.product.id,
            ),
            Evidence(
                f"更新の候補 {priced(target.code, target.list_price)}",
                f"Replacement {priced(target.code, target.list_price)}", "product", target.id,
            ),
        ),
        value=target.list_price or 0,
        offer_ja=replace_ja(unit.product.code, target.code),
        offer_en=replace_en(unit.product.code, target.code),
        product_id=target.id,
    )  # fmt: skip


def end_of_support(facts: Facts) -> Finding | None:
    """R08: support ends within 24, 12 or 6 months, or has ended: on the unit's own day when it has
    one, else on its model's."""
    unit = facts.unit
    ends = unit.support_ends_on if unit is not None else None
    if unit is None or not unit.in_use or ends is None:
        return None
    lead = next((n for n in SUPPORT_LEAD_MONTHS if months_before(ends, n) <= facts.today), None)
    if lead is None:
        return None
    target = unit.replacement
    ja, en = _support_left(unit, ends, facts.today)
    return Finding(
        subject=f"unit:{unit.id}",
        window=f"{ends.isoformat()}:{lead}",
        ja=ja,
        en=en,
        evidence=(
            _support_fact(unit, ends),
            _unit_fact(unit),
            _replacement_fact(unit),
        ),
        value=target.list_price or 0,
        offer_ja=replace_ja(unit.product.code, target.code),
        offer_en=replace_en(unit.product.code, target.code),
        product_id=target.id,
    )  # fmt: skip


def _years_ja(months: int) -> str:
    years, rest = divmod(months, 12)
    return f"{years}年" + (f"{rest}か月" if rest else "") if years else f"{rest}か月"


def _years_en(months: int) -> str:
    years, rest = divmod(months, 12)
    parts = [f"{years} year{'s' * (years != 1)}"] if years else []
    parts += [f"{rest} month{'s' * (rest != 1)}"] if rest or not years else []
    return " ".join(parts)


def _support_fact(unit: UnitFacts, ends: date) -> Evidence:
    """The day, where it can be read: in the unit when it is its own, else in its product."""
    ja, en = f"サポート終了 {day_ja(ends)}", f"Support ends {day_en(ends)}"
    if unit.own_support_end_on is None:
        return Evidence(ja, en, "product", unit.product.id)
    return Evidence(f"{ja}（この機器の期日）", f"{en} (this unit's own day)", "unit", unit.id)


def _replacement_fact(unit: UnitFacts) -> Evidence:
    """What would replace a unit: its model's successor, else the model anew, by its right name."""
    target = unit.replacement
    ja, en = ("後継", "Successor") if unit.successor else ("同じ型番", "The same model")
    named = priced(target.code, target.list_price)
    return Evidence(f"{ja} {named}", f"{en} {named}", "product", target.id)


def _support_left(unit: UnitFacts, ends: date, today: date) -> tuple[str, str]:
    """Until when a model, or a unit with a day of its own, is supported, in both languages."""
    ja, en = f"{unit.product.code} ", unit.product.code
    if unit.own_support_end_on is not None:
        ja, en = f"{en}（{unit.serial_no}）", f"{en} ({unit.serial_no})"
    left = (ends.year - today.year) * 12 + ends.month - today.month
    if left > 0:
        return (
            f"{ja}のサポートが、あと{left}か月で終わります。",
            f"Support of {en} ends {left_en(left, 'month')}.",
        )
    if ends < today:
        return (
            f"{ja}のサポートは {day_ja(ends)} に終わりました。",
            f"Support of {en} ended on {day_en(ends)}.",
        )
    return f"{ja}のサポートは今月で終わります。", f"Support of {en} ends this month."
