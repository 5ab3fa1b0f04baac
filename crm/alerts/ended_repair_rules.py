"""The rule that follows from a repair that ended without the unit being repaired."""

from __future__ import annotations

from crm.alerts.facts import Evidence, Facts, Finding, RepairFacts, UnitFacts
from crm.alerts.words import day_en, day_ja, replace_en, replace_ja, yen


def not_repaired(facts: Facts) -> Finding | None:
    """R09: the unit cannot be repaired, or the customer declined the estimate.

    Asked when the work ends. Value: the replacement.
    """
    unit, repair = facts.unit, facts.repair
    if unit is None or repair is None or not unit.in_use:
        return None
    if repair.status not in ("unrepairable", "estimate_declined"):
        return None
    target, code = unit.replacement, unit.product.code
    ja, en = _said(unit, repair)
    return Finding(
        subject=f"work_order:{repair.id}",
        window="ended",
        ja=ja,
        en=en,
        evidence=_evidence(unit, repair),
        value=target.list_price or 0,
        offer_ja=replace_ja(code, target.code),
        offer_en=replace_en(code, target.code),
        product_id=target.id,
    )


def _said(unit: UnitFacts, repair: RepairFacts) -> tuple[str, str]:
    code, serial = unit.product.code, unit.serial_no
    if repair.status == "unrepairable":
        ja = f"{code}（{serial}）は、修理できませんでした。"
        return ja, f"{code} ({serial}) cannot be repaired."
    amount = f" {yen(repair.estimate)} " if repair.estimate else ""
    ja = f"{code}（{serial}）の修理見積{amount}を、お客様が辞退されました。"
    en = f"of{amount}for repairing {code} ({serial})." if amount else f"for {code} ({serial})."
    return ja, f"The customer declined the estimate {en}"


def _evidence(unit: UnitFacts, repair: RepairFacts) -> tuple[Evidence, ...]:
    number, target = f"WO-{repair.id} {repair.text}".strip(), unit.replacement
    found = [
        Evidence(
            f"{number}（{day_ja(repair.done_on)}）", f"{number} ({day_en(repair.done_on)})",
            "work_order", repair.id,
        )
    ]  # fmt: skip
    if repair.why:
        found.append(Evidence(f"理由：{repair.why}", f"Why: {repair.why}", "work_order", repair.id))
    if target.list_price:
        price = yen(target.list_price)
        found.append(
            Evidence(
                f"更新価格 {target.code} {price}", f"Replacement {target.code} {price}",
                "product", target.id,
            )
        )  # fmt: skip
    return tuple(found)
