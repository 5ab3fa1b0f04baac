"""The rule that listens to the customer's own words."""

from __future__ import annotations

from crm.alerts.facts import Evidence, Facts, Finding, ProductFacts, UnitFacts

MAINTENANCE = {"保守加入", "延長保証", "maintenance contract", "extended warranty"}
MOVING = {"移設", "移転", "新拠点", "relocate"}
MOVING_PERCENT = 10
"""A move of a unit is priced at a tenth of its list price until somebody has quoted it."""


def buying_words(facts: Facts) -> Finding | None:
    """R17: the customer used a buying word (見積, 増設, 移転 …; quote, upgrade …)."""
    ticket = facts.ticket
    if ticket is None or not ticket.words:
        return None
    said = "」「".join(ticket.words[:3])
    said_en = ", ".join(f"“{word}”" for word in ticket.words[:3])
    value, product = _worth(ticket.words, facts.unit)
    evidence = [
        Evidence(
            f"#{ticket.id} {ticket.subject}", f"#{ticket.id} {ticket.subject}", "ticket", ticket.id
        )
    ]
    if facts.unit is not None:
        name = f"{facts.unit.product.code} {facts.unit.serial_no}"
        evidence.append(Evidence(name, name, "unit", facts.unit.id))
    code = facts.unit.product.code if facts.unit else ""
    return Finding(
        subject=f"ticket:{ticket.id}",
        window="",
        ja=f"お客様のことばに「{said}」がありました。",
        en=f"The customer said {said_en}.",
        evidence=tuple(evidence),
        value=value,
        offer_ja=f"{code} {ticket.words[0]}のご相談".strip(),
        offer_en=f"{code} inquiry: {ticket.words[0]}".strip(),
        product_id=product.id if product else None,
        voice=ticket.sentence,
    )


def _worth(words: tuple[str, ...], unit: UnitFacts | None) -> tuple[int, ProductFacts | None]:
    if unit is None:
        return 0, None
    if MAINTENANCE & set(words):
        return unit.product.maintenance_price or 0, None
    if MOVING & set(words):
        return (unit.product.list_price or 0) * MOVING_PERCENT // 100, None
    return unit.replacement.list_price or 0, unit.replacement
