"""Rules about contracts that renew by themselves."""

from __future__ import annotations

from datetime import date, timedelta

from crm.alerts.facts import ContractFacts, Evidence, Facts, Finding, UnitFacts
from crm.alerts.words import day_en, day_ja, left_en, left_ja, yen

NOTICE_LEAD_DAYS = 14


def notice_day(facts: Facts) -> Finding | None:
    """R02: a contract renews by itself and its notice day comes within 14 days: look at the price.

    Value: a year of the contract. What the paid repairs of the unit would have cost is evidence.
    """
    unit = facts.unit
    contract = unit.contract(facts.today) if unit else None
    if unit is None or contract is None or not contract.auto_renew:
        return None
    if contract.cancelled_on is not None or contract.notice_given_on is not None:
        return None
    deadline = contract.ends_on - timedelta(days=contract.notice_days)
    left = (deadline - facts.today).days
    if not 0 <= left <= NOTICE_LEAD_DAYS:
        return None
    return Finding(
        subject=f"contract:{contract.id}",
        window=contract.ends_on.isoformat(),
        ja=_when_ja(contract.number, left),
        en=_when_en(contract.number, left),
        evidence=_evidence(unit, contract, deadline),
        value=contract.annual_amount,
        offer_ja=f"{contract.number} 更新時の料金見直し",
        offer_en=f"Review of the price of {contract.number}",
        contract_id=contract.id,
    )  # fmt: skip


def _evidence(unit: UnitFacts, contract: ContractFacts, deadline: date) -> tuple[Evidence, ...]:
    """The days, the price, and what was repaired since the term began."""
    repairs = [one for one in unit.repairs if one.done_on >= contract.starts_on]
    spent = sum(one.amount for one in repairs)
    return (
        Evidence(
            f"通知期限 {day_ja(deadline)}・満了 {day_ja(contract.ends_on)}（自動更新）",
            f"Notice by {day_en(deadline)}, ends {day_en(contract.ends_on)} (renews by itself)",
            "contract", contract.id,
        ),
        Evidence(
            f"年額 {yen(contract.annual_amount)}", f"{yen(contract.annual_amount)} a year",
            "contract", contract.id,
        ),
        Evidence(
            f"契約開始からの修理 {len(repairs)}件・{yen(spent)}",
            f"Repairs since it began: {len(repairs)}, {yen(spent)}", "unit", unit.id,
        ),
    )  # fmt: skip


def _when_ja(number: str, left: int) -> str:
    return f"保守契約 {number} は、{left_ja(left)}通知期限を迎え、そのまま自動更新されます。"


def _when_en(number: str, left: int) -> str:
    return f"Contract {number} renews by itself; notice is due {left_en(left, 'day')}."
