"""Most of the 300 deals over two fiscal years, with every change they went through."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from crm.deals.models import (
    LOST_REASONS,
    OPEN_STAGES,
    Activity,
    Deal,
    DealChange,
    DealLine,
    DealUnit,
    SalesTarget,
    StagePace,
)
from crm.demo.board import CARDS, EVIDENCE, LINES, PROMISED, STEP_TIMES
from crm.demo.book import Book
from crm.demo.catalogue import MODELS
from crm.demo.people import reps

PACE = {"lead": 18, "discovery": 13, "proposal": 12, "quotation": 14, "negotiation": 9}
RANK_OF = {"lead": "D", "discovery": "C", "proposal": "C", "quotation": "B", "negotiation": "A"}
PRICES = {model[0]: model[4] for model in MODELS}
DECIDED = (
    "停止半日の切替計画を先に出した", "IQ/OQ を見積りに含めた", "下取りでなく撤去込みにした",
    "デモ機を2週間お貸しした", "納期と保守の近さ",
)  # fmt: skip
"""What decided the deals that were won."""
COMPETITORS = ("", "", "", "ケイリン理化", "ノルド計測", "サンライズ科学")


def sell(book: Book, deals: int = 215) -> None:
    """The board's own cards, the other teams' open deals, and the closed ones of two years."""
    for stage, cards in CARDS.items():
        for card in cards:
            _card(book, stage, card)
    accounts = {row["id"]: row for row in book.accounts}
    others = [row for row in accounts.values() if row["team_id"] != book.keys["営業一課"]]
    for _ in range(40):
        _running(book, book.chance.choice(others))
    while len(book.rows[Deal]) < deals:
        _closed(book, book.chance.choice(list(accounts.values())))
    _targets(book)
    _paces(book)
    _calendar(book)


def write(book: Book) -> None:
    """Deals and what hangs on them."""
    book.write(Deal, DealLine, DealUnit, DealChange, Activity, SalesTarget, StagePace)


def _card(book: Book, stage: str, card: tuple[Any, ...]) -> None:
    account, title, rank, amount, days, step_in, step, kind, support, product = card
    row = next(one for one in book.accounts if one["name"] == account)
    owner = "佐藤 美咲"
    story = title == "LX-310 更新（2号機）"
    stages = OPEN_STAGES[: OPEN_STAGES.index(stage) + 1]
    stays = [book.chance.randint(4, 29) for _ in stages[:-1]]
    stays = [4, 11, 29] if story else stays
    ages = [days + sum(stays[i:]) for i in range(len(stages))]
    key = open_deal(
        book, row, title, owner, amount, list(zip(stages, ages, strict=True)), rank,
        product=product, origin="support" if support else "sales",
        closes=book.today + timedelta(days=25 if story else book.chance.randint(6, 120)),
        name=title if story else "", lines=LINES if story else (),
        next_step=step, next_step_on=None if step_in is None else book.ahead(step_in),
        next_step_kind=kind or None, next_step_time=STEP_TIMES.get(kind),
        next_step_promised=title in PROMISED, evidence=dict(EVIDENCE.items()) if story else {},
        competitor="他社製 HPLC" if story else "",
        competitor_note="価格は約5%低い見込み。保守拠点は静岡のみ。" if story else "",
    )  # fmt: skip
    if story:
        book.link(DealUnit, deal_id=key, unit_id=book.keys["山田LX"])


def _running(book: Book, row: dict[str, Any]) -> None:
    code = book.chance.choice(list(PRICES))
    stage = book.chance.choice(OPEN_STAGES)
    stages = OPEN_STAGES[: OPEN_STAGES.index(stage) + 1]
    ages = sorted((book.chance.randint(1, 90) for _ in stages), reverse=True)
    wait = book.chance.choice((None, -3, 2, 5, 8, 13))
    open_deal(
        book, row, f"{code} {book.chance.choice(('新規', '更新', '増設'))}", _owner(book, row),
        PRICES[code], list(zip(stages, ages, strict=True)), RANK_OF[stage], product=code,
        origin=book.chance.choices(("support", "sales", "referral", "web"), (3, 5, 1, 2))[0],
        closes=book.today + timedelta(days=book.chance.randint(5, 150)),
        next_step="" if wait is None else "お打ち合わせ",
        next_step_on=None if wait is None else book.ahead(wait), next_step_kind="visit",
        competitor=book.chance.choice(COMPETITORS),
    )  # fmt: skip


def _closed(book: Book, row: dict[str, Any]) -> None:
    code = book.chance.choice(list(PRICES))
    won = book.chance.random() < 0.62
    closed = book.chance.randint(1, 590)
    stages = [*OPEN_STAGES[: 5 if won else book.chance.randint(2, 5)], "won" if won else "lost"]
    ages = [closed + step for step in sorted(
        (book.chance.randint(3, 120) for _ in stages[:-1]), reverse=True)] + [closed]  # fmt: skip
    open_deal(
        book, row, f"{code} {book.chance.choice(('新規', '更新', '増設', '追加'))}",
        _owner(book, row), PRICES[code] * book.chance.choice((1, 1, 1, 2)),
        list(zip(stages, ages, strict=True)), "A" if won else "C", product=code,
        origin=book.chance.choices(("support", "sales", "referral", "web"), (2, 5, 1, 2))[0],
        closes=book.day(closed), competitor=book.chance.choice(COMPETITORS),
        lost_reason=None if won else book.chance.choice(LOST_REASONS),
        won_reason=DECIDED[closed % len(DECIDED)] if won else "",
    )  # fmt: skip


def _owner(book: Book, row: dict[str, Any]) -> str:
    names = {book.keys[name]: name for name, _ in reps()}
    return names[row["owner_id"]]


def open_deal(
    book: Book, account: dict[str, Any], title: str, owner: str, amount: int,
    path: list[tuple[str, int]], rank: str, *, product: str, origin: str, closes: date,
    name: str = "", lines: tuple[tuple[str, str, int, int, int], ...] = (), **more: Any,
) -> int:  # fmt: skip
    """A deal with its path through the stages (stage, days ago), each step a complete row."""
    began = book.office_hour(book.working_day(path[0][1]))
    stage, since = path[-1][0], book.office_hour(book.working_day(path[-1][1]))
    team = dict(reps())[owner]
    closed = stage in ("won", "lost")
    lines = lines or ((title, product, 1, amount, amount * 78 // 100),)
    key = book.add(
        Deal, name, title=title, account_id=account["id"], owner_id=book.keys[owner],
        team_id=book.keys[team], stage=stage, stage_since=since, rank=rank, amount=amount,
        gross_profit=amount - sum(n * cost for _, _, n, _, cost in lines),
        expected_close_on=closes, revenue_on=closes + timedelta(days=70), origin=origin,
        closed_on=closes if closed else None, created_at=began, updated_at=since,
        last_activity_on=since.date(), **({"evidence": {}} | more),
    )  # fmt: skip
    for place, (text, code, quantity, price, cost) in enumerate(lines):
        book.add(DealLine, deal_id=key, position=place, product_id=book.keys.get(code),
                 description=text, quantity=quantity, unit_price=price, unit_cost=cost)  # fmt: skip
    for place, (step, ago) in enumerate(path):
        last = place == len(path) - 1
        at = since if last else began if place == 0 else book.office_hour(book.working_day(ago))
        early = step in ("lead", "discovery", "proposal") and not last
        book.add(
            DealChange, deal_id=key, at=at, by_id=book.keys[owner], stage=step, stage_since=at,
            rank=rank if last else RANK_OF.get(step, rank),
            amount=amount * (96 if early else 100) // 100, expected_close_on=closes,
            owner_id=book.keys[owner], team_id=book.keys[team],
        )  # fmt: skip
        _line(book, key, account["id"], title, owner, path, place, at)
    return key


def _line(
    book: Book, key: int, account: int, title: str, owner: str, path: list[tuple[str, int]],
    place: int, at: datetime,
) -> None:  # fmt: skip
    stage = path[place][0]
    kind = {"won": "deal.won", "lost": "deal.lost"}.get(stage, "deal.moved")
    facts: dict[str, Any] = {"title": title}
    if place == 0:
        kind = "deal.opened"
    else:
        facts |= {"from": path[place - 1][0], "to": stage}
    book.event(kind, ("deal", key), account, at, book.keys[owner], **facts)


def _targets(book: Book) -> None:
    month = date(book.today.year - 2, 4, 1)
    while month <= book.today + timedelta(days=150):
        for name, _ in reps():
            book.add(SalesTarget, staff_id=book.keys[name], month=month,
                     amount=12_000_000 if name == "佐藤 美咲" else 9_000_000)  # fmt: skip
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _paces(book: Book) -> None:
    for stage, days in PACE.items():
        book.link(StagePace, stage=stage, median_days=days, stays=60, measured_on=book.today)


def _calendar(book: Book) -> None:
    """What 佐藤 has in her week, and what she did before it."""
    week = book.today - timedelta(days=book.today.weekday())
    plan = (
        (0, 14, "visit", "みなと製薬株式会社", "近況を伺う"), (2, 10, "visit", "双葉化成工業株式会社", "更新のご相談"),
        (2, 15, "visit", "高見精機株式会社", "校正の立ち会い"), (3, 13, "web_meeting", "国立大学法人北陵大学", "仕様の確認"),
        (4, 10, "visit", "株式会社山田製作所", "LX-310 更新のお見積り"), (4, 15, "web_meeting", "一般財団法人道北食品検査協会", "AX-72 の仕様"),
        (8, 13, "visit", "有限会社三崎樹脂", "移転のご相談"), (9, 10, "visit", "みなと製薬株式会社", "デモ"),
        (10, 11, "meeting", "日栄電子材料株式会社", "技術と同行"), (11, 14, "visit", "株式会社山田製作所", "光源のご説明"),
    )  # fmt: skip
    for day, hour, kind, account, summary in plan:
        at = book.at(week + timedelta(days=day), hour)
        _activity(book, at, kind, account, summary, "佐藤 美咲")
    for _ in range(160):
        row = book.chance.choice(book.accounts)
        at = book.office_hour(book.working_day(book.chance.randint(1, 400)))
        _activity(book, at, book.chance.choice(("visit", "phone", "mail", "web_meeting")),
                  row["name"], book.chance.choice(("近況を伺う", "見積りの説明", "納期の連絡", "デモの打ち合わせ")),
                  _owner(book, row))  # fmt: skip


def _activity(book: Book, at: datetime, kind: str, account: str, summary: str, who: str) -> None:
    planned = at > book.now
    key = book.add(Activity, kind=kind, account_id=book.keys[account], by_id=book.keys[who],
                   at=at, planned=planned, summary=summary, created_at=min(at, book.now),
                   team_id=book.keys[dict(reps())[who]])  # fmt: skip
    if not planned:
        book.event("activity.recorded", ("activity", key), book.keys[account], at,
                   book.keys[who], activity=kind, summary=summary)  # fmt: skip
