"""The rules: facts in, findings out. They know no database, so a finding can be had again.

Codes and thresholds follow the catalogue of opportunity rules in docs/flow.md. A change of a
threshold or a sentence raises the rule's version, so that results are counted per version.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from crm.alerts import (
    campaign_rules,
    ended_repair_rules,
    ending_rules,
    meter_rules,
    register_rules,
    renewal_rules,
    repair_rules,
    word_rules,
)
from crm.alerts.facts import Facts, Finding


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: when it is asked (`ticket`, `work`, `meter`, `day`), and what it says."""

    code: str
    version: int
    ja: str
    en: str
    asked: tuple[str, ...]
    judge: Callable[[Facts], Finding | None]


RULES: tuple[Rule, ...] = (
    Rule("R01", 1, "保守契約の満了", "Contract ending", ("day",), ending_rules.contract_ending),
    Rule("R02", 1, "自動更新の通知期限", "Notice day of a renewal", ("day",),
         renewal_rules.notice_day),
    Rule("R03", 1, "保証の満了（契約なし）", "Warranty ending, no contract", ("day",),
         ending_rules.warranty_ending),
    Rule("R04", 1, "契約なしの有償修理", "Chargeable repair, no contract",
         ("ticket", "work", "day"), repair_rules.chargeable_repair),
    Rule("R05", 1, "故障が続く", "Repeated failures", ("ticket", "work", "day"),
         repair_rules.repeated_failures),
    Rule("R06", 1, "修理費の累計", "Repair cost against replacement", ("work", "day"),
         repair_rules.repair_cost),
    Rule("R07", 1, "期待寿命", "Age against expected life", ("day",), ending_rules.old_age),
    Rule("R08", 2, "サポート終了", "End of support", ("day",), ending_rules.end_of_support),
    Rule("R11", 1, "使用量の伸び", "Meter growth", ("meter",), meter_rules.meter_growth),
    Rule("R09", 1, "修理不能・見積辞退", "Not repaired", ("work",),
         ended_repair_rules.not_repaired),
    Rule("R17", 1, "買うことば", "Buying words", ("ticket",), word_rules.buying_words),
    Rule("R21", 1, "リコール・対策の対象", "Recall or campaign", ("campaign",),
         campaign_rules.open_campaign),
    Rule("R28", 1, "登記の変更", "Change in the corporate register", ("register",),
         register_rules.changed_company),
)  # fmt: skip

BY_CODE = {rule.code: rule for rule in RULES}


def matching(
    facts: Facts, moment: str, rules: Iterable[Rule] = RULES
) -> list[tuple[Rule, Finding]]:
    """Every rule that is asked at this moment and has something to say."""
    return [
        (rule, finding)
        for rule in rules
        if moment in rule.asked and (finding := rule.judge(facts)) is not None
    ]


SNOOZE = timedelta(days=7)
"""How long an alert is put off when nobody says otherwise."""
