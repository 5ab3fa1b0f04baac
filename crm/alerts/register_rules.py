"""The rule about changes of a customer in the corporate register."""

from __future__ import annotations

from crm.alerts.facts import Evidence, Facts, Finding, RegisterFacts
from crm.alerts.words import day_en, day_ja


def changed_company(facts: Facts) -> Finding | None:
    """R28: the register renamed, moved or closed the customer: papers, deliveries and what is open
    have to follow. One for each kind of change and its day. Value: nothing."""
    told = facts.register
    if told is None:
        return None
    ja, en = _SAID[told.kind](told)
    return Finding(
        subject=f"account:{facts.account_id}:{told.kind}",
        window=told.on.isoformat(),
        ja=ja,
        en=en,
        evidence=(
            Evidence(
                f"{told.before or told.name}（{day_ja(told.on)} 付）",
                f"{told.before or told.name} (as of {day_en(told.on)})", "account",
                facts.account_id,
            ),
            *(Evidence(one.name, one.name, one.type, one.id) for one in told.hanging),
        ),
        value=0,
        offer_ja=f"{told.name} へのごあいさつと、ご契約・納入先の確認",
        offer_en=f"Call on {told.name}, and check its contracts and places",
    )  # fmt: skip


def _renamed(told: RegisterFacts) -> tuple[str, str]:
    return (
        f"「{told.before}」は「{told.name}」に社名が変わりました。見積書や契約の宛名を確かめてください。",
        f"{told.before} is called {told.name} now: check the names on quotations and contracts.",
    )


def _moved(told: RegisterFacts) -> tuple[str, str]:
    return (
        f"本店が{told.after}に移りました。納入先と機器の移設を確かめてください。",
        f"The head office moved to {told.after}: ask about deliveries and units to be moved.",
    )


def _closed(told: RegisterFacts) -> tuple[str, str]:
    if told.after:
        return (
            f"{told.name} は {told.after} に吸収合併されました。"
            "案件・契約・機器の引き継ぎ先を確かめてください。",
            f"{told.name} was absorbed by {told.after}: ask who takes over deals, contracts and "
            "units.",
        )
    return (
        f"{told.name} の登記が閉鎖されました。案件・契約・機器の始末を確かめてください。",
        f"{told.name} was closed in the register: settle its deals, contracts and units.",
    )


def _restored(told: RegisterFacts) -> tuple[str, str]:
    return (
        f"{told.name} の登記が復活しました。取引を続けられるか確かめてください。",
        f"{told.name} is in the register again: ask whether business goes on.",
    )


_SAID = {"renamed": _renamed, "moved": _moved, "closed": _closed, "restored": _restored}
