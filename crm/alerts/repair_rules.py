"""Rules that follow from repairs and failures."""

from __future__ import annotations

from datetime import date, timedelta

from crm.alerts.days import half, months_before, quarter
from crm.alerts.facts import Evidence, Facts, FailureFacts, Finding, RepairFacts, UnitFacts
from crm.alerts.words import day_en, day_ja, replace_en, replace_ja, span_en, span_ja, yen

PAID_MONTHS = 24
"""Paid repairs of so many months are put beside the contract's price for the same time."""
RECENT_DAYS = 90
FAILURES = 3
FAILURE_DAYS = 180
COST_PERCENT = 40


def _paid(unit: UnitFacts, today: date) -> list[RepairFacts]:
    since = months_before(today, PAID_MONTHS)
    return [one for one in unit.repairs if one.chargeable and since < one.done_on <= today]


def chargeable_repair(facts: Facts) -> Finding | None:
    """R04: a chargeable repair on a unit without a contract.

    Says what was paid in 24 months against the contract's price. Asked when the repair is done,
    when the customer calls again, and on the days after. Value: the contract for 24 months.
    """
    unit = facts.unit
    if unit is None or unit.is_competitor or unit.contract(facts.today) is not None:
        return None
    paid = _paid(unit, facts.today)
    recent = [one for one in paid if one.done_on > facts.today - timedelta(days=RECENT_DAYS)]
    total = sum(one.bill for one in paid)
    price = (unit.product.maintenance_price or 0) * PAID_MONTHS // 12
    over = bool(price) and total >= price
    if not total or not (recent or (facts.ticket is not None and over)):
        return None
    code = unit.product.code
    if over:
        ja = f"{code} の有償修理が、24か月で保守契約の料金を超えました。"
        en = f"Paid repairs of {code} in 24 months exceed the price of a contract."
    else:
        ja = f"契約のない {code} に有償修理がありました。24か月で {yen(total)} のお支払いです。"
        en = f"{code} has no contract and needed a paid repair: {yen(total)} in 24 months."
    return Finding(
        subject=f"unit:{unit.id}",
        window=quarter(facts.today),
        ja=ja,
        en=en,
        evidence=_paid_evidence(facts, unit, paid, total, price),
        value=price or total,
        offer_ja=f"{code} 保守契約",
        offer_en=f"Maintenance contract for {code}",
        voice=facts.ticket.sentence if facts.ticket else "",
    )


def _paid_evidence(
    facts: Facts, unit: UnitFacts, paid: list[RepairFacts], total: int, price: int
) -> tuple[Evidence, ...]:
    first, last = min(one.done_on for one in paid), max(one.done_on for one in paid)
    newest = max(paid, key=lambda one: (one.done_on, one.id))
    found = [
        Evidence(
            f"有償修理 {len(paid)}件の合計 {yen(total)}（{span_ja(first, last)}）",
            f"{len(paid)} paid repair{'s' * (len(paid) != 1)}, {yen(total)} "
            f"({span_en(first, last)})",
            "work_order", newest.id,
        )
    ]  # fmt: skip
    if facts.ticket is not None:
        title = f"#{facts.ticket.id} {facts.ticket.subject}"
        found.insert(0, Evidence(title, title, "ticket", facts.ticket.id))
    if price:
        annual = unit.product.maintenance_price or 0
        found.append(
            Evidence(
                f"保守契約 年 {yen(annual)} × 2年", f"Contract {yen(annual)} a year, two years",
                "product", unit.product.id,
            )
        )  # fmt: skip
    return tuple(found)


def repeated_failures(facts: Facts) -> Finding | None:
    """R05: three failures of one unit within 180 days. Value: the replacement."""
    unit = facts.unit
    if unit is None or not unit.in_use:
        return None
    since = facts.today - timedelta(days=FAILURE_DAYS)
    recent = sorted(
        (one for one in unit.failures if since < one.on <= facts.today),
        key=lambda one: (one.on, one.type, one.id),
    )
    if len({one.on for one in recent}) < FAILURES:
        return None
    target, code = unit.replacement, unit.product.code
    number = len({one.on for one in recent})
    return Finding(
        subject=f"unit:{unit.id}",
        window=half(facts.today),
        ja=f"{code}（{unit.serial_no}）が、180日で{number}回故障しました。",
        en=f"{code} ({unit.serial_no}) failed {number} times in 180 days.",
        evidence=tuple(_failure(one) for one in recent[-3:]),
        value=target.list_price or 0,
        offer_ja=replace_ja(code, target.code),
        offer_en=replace_en(code, target.code),
        product_id=target.id,
    )


def _failure(one: FailureFacts) -> Evidence:
    number = f"#{one.id}" if one.type == "ticket" else f"WO-{one.id}"
    return Evidence(
        f"{number} {one.text}（{day_ja(one.on)}）", f"{number} {one.text} ({day_en(one.on)})",
        one.type, one.id,
    )  # fmt: skip


def repair_cost(facts: Facts) -> Finding | None:
    """R06: what was spent on repairs has reached 40 percent of the replacement's price."""
    unit = facts.unit
    if unit is None or not unit.in_use or not unit.replacement.list_price:
        return None
    done = [one for one in unit.repairs if one.done_on <= facts.today and one.amount > 0]
    total, price = sum(one.amount for one in done), unit.replacement.list_price
    if total * 100 < price * COST_PERCENT:
        return None
    target, code, share = unit.replacement, unit.product.code, total * 1000 // price / 10
    newest = max(done, key=lambda one: (one.done_on, one.id))
    return Finding(
        subject=f"unit:{unit.id}",
        window=str(COST_PERCENT),
        ja=f"{code} の修理費の累計が、更新価格の{share:.1f}%になりました。",
        en=f"Repairs of {code} add up to {share:.1f}% of the price of a replacement.",
        evidence=(
            Evidence(
                f"修理 {len(done)}件の累計 {yen(total)}",
                f"{len(done)} repair{'s' * (len(done) != 1)}, {yen(total)}",
                "work_order", newest.id,
            ),
            Evidence(
                f"更新価格 {target.code} {yen(price)}", f"Replacement {target.code} {yen(price)}",
                "product", target.id,
            ),
            Evidence(f"{code} {unit.serial_no}", f"{code} {unit.serial_no}", "unit", unit.id),
        ),
        value=price,
        offer_ja=replace_ja(code, target.code),
        offer_en=replace_en(code, target.code),
        product_id=target.id,
    )  # fmt: skip
