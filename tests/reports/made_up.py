"""Deals of a company that does not exist, the same on every run."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

from crm.deals.models import OPEN_STAGES
from crm.reports.ledger import Chair
from crm.reports.lines import DealLine, Moment, Seat

DAY = date(2026, 11, 30)
MOMENT = Moment(DAY, datetime(2026, 11, 30, 15, tzinfo=UTC))
LAST = date(2026, 10, 31)

TEAMS = (
    ("東日本営業部", "営業一課", ("森 健一", "佐竹 由香", "大島 亮")),
    ("東日本営業部", "営業二課", ("長野 透", "新庄 美咲")),
    ("西日本営業部", "大阪課", ("藤木 直樹", "岡野 千尋", "西本 拓")),
    ("西日本営業部", "福岡課", ("古川 誠", "井口 あかね")),
)
ACCOUNTS = (
    "㈱青嶺製作所", "湊川分析センター㈱", "(学)葛飾理科学園", "(医)双葉会", "北星フーズ㈱",
    "㈱多摩計測", "(独)沿岸環境研究所", "三笠精密工業㈱", "㈱白浜製薬",
)  # fmt: skip
GOODS = (
    ("電子天びん XB-220", "本館 天びん 更新"), ("分光光度計 UV-31", "第二工場 分光光度計 導入"),
    ("遠心機 CF-5", "遠心機 入替"), ("純水装置 PW-40", "研究棟 純水装置 新設"),
    ("保守 フル", "年間保守契約 更新"), ("校正 3点", "定期校正 契約化"),
)  # fmt: skip
STEPS = ("見積提示", "実機デモ", "現地調査", "稟議状況の確認", "役員説明", "契約書ひな形の送付")


def seats() -> dict[Chair, Seat]:
    """Ten reps in four teams of two divisions; keys 1 to 10 and 1 to 4."""
    made: dict[Chair, Seat] = {}
    owner = 0
    for team_id, (division, team, reps) in enumerate(TEAMS, 1):
        for rep in reps:
            owner += 1
            made[team_id, owner] = Seat(owner, team_id, division, team, rep, (team_id, owner))
    return made


def lines(count: int, seed: int = 7) -> tuple[list[DealLine], list[DealLine]]:
    """Deals now and at the end of last month, some of them won or lost in between."""
    dice = random.Random(seed)
    chairs = list(seats())
    now, before = [], []
    for key in range(1, count + 1):
        today = _line(dice, key, chairs[key * len(chairs) // (count + 1)])
        ended = dice.random()
        if ended < 0.1:
            stage = "won" if ended < 0.07 else "lost"
            today = _changed(today, stage=stage, closed_on=DAY - timedelta(dice.randrange(30)))
        now.append(today)
        if dice.random() < 0.75:
            amount = (
                today.amount if dice.random() < 0.7 else today.amount * dice.choice([8, 13]) // 10
            )
            before.append(
                _changed(today, stage=dice.choice(OPEN_STAGES), amount=amount, closed_on=None)
            )
    return now, before


def targets() -> dict[date, int]:
    months = [date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1),
              date(2027, 1, 1), date(2027, 2, 1), date(2027, 3, 1)]  # fmt: skip
    return dict.fromkeys(months, 66_000_000)


def _line(dice: random.Random, key: int, chair: Chair) -> DealLine:
    team, owner = chair
    good, title = dice.choice(GOODS)
    amount = dice.randrange(300, 40_000) * 1000 + dice.choice([0, 0, 500, 999])
    idle = dice.choice([1, 2, 4, 6, 11, 17, 26, 34, 47])
    expected = DAY + timedelta(dice.randrange(5, 130))
    rule = dice.choice(["R01", "R03", "R04", "R05", "R17"]) if dice.random() < 0.3 else None
    return DealLine(
        id=key, stage=dice.choice(OPEN_STAGES), rank=dice.choice("ABCD"), amount=amount,
        expected_close_on=expected, owner_id=owner, team_id=team,
        days_in_stage=dice.randrange(3, 60), rule=rule,
        origin="support" if rule else dice.choice(["sales", "sales", "referral", "web"]),
        number=f"D-26{dice.choice([6, 8, 10, 11]):02}-{key}", title=title,
        account=dice.choice(ACCOUNTS), product=good, gross_profit=amount * 3 // 10,
        revenue_on=expected + timedelta(45), next_step=dice.choice(STEPS),
        next_step_on=None if idle > 40 else DAY + timedelta(dice.randrange(1, 15)),
        last_activity_on=DAY - timedelta(idle), competitor=dice.choice(["", "", "ホクト計器"]),
    )  # fmt: skip


def _changed(line: DealLine, **facts: object) -> DealLine:
    values = {name: getattr(line, name) for name in DealLine.__slots__} | facts
    return DealLine(**values)
