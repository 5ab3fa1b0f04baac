"""What the rules have said about the demo company, and what became of it.

The rules themselves judge the units. Most of what they find is put into the past with its outcome,
so that every rule has a record; what the story tells is left for the rep to decide.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from crm.alerts.actions import dedupe_key
from crm.alerts.facts import Facts, Finding
from crm.alerts.gathering import about_ticket, about_units
from crm.alerts.jobs import judge
from crm.alerts.models import Alert
from crm.alerts.rules import Rule, matching
from crm.deals.models import OPEN_STAGES, Deal
from crm.demo.book import Book
from crm.demo.people import reps
from crm.demo.sales import open_deal
from crm.demo.sales import write as write_deals
from crm.extensions import db
from crm.installed_base.models import Unit
from crm.support.models import Ticket

LEFT_OPEN = 10
"""So many of the newest findings wait for a decision, beside the story's own."""


def remember(book: Book) -> None:
    """Judge everything once and write the outcomes."""
    story = {book.keys["山田PW"], book.keys["相模LX"]}
    ids = db.session.scalars(sa.select(Unit.id).order_by(Unit.id)).all()
    found = [
        (rule, finding, facts)
        for facts in about_units(ids, book.today)
        for rule, finding in matching(facts, "day")
        if not (facts.unit and facts.unit.id in story and rule.code in ("R04", "R08"))
    ]
    book.chance.shuffle(found)
    seen = _origin(book)
    for place, (rule, finding, facts) in enumerate(found):
        if dedupe_key(rule, finding) not in seen:
            seen.add(dedupe_key(rule, finding))
            _outcome(book, rule, finding, facts, place)
    write_deals(book)
    alerts = [row for row in book.rows[Alert] if row["deal_id"]]
    book.write(Alert)
    for row in alerts:
        db.session.execute(
            sa.update(Deal).where(Deal.id == row["deal_id"]).values(from_alert_id=row["id"])
        )


def judge_today(book: Book) -> None:
    """The calls of the story are judged by the rules like any other."""
    for name in ("三崎の移転", "山田の純水"):
        judge(about_ticket(db.session.get_one(Ticket, book.keys[name])), "ticket", None)
    for facts in about_units([book.keys["相模LX"]], book.today):
        judge(facts, "day", None)


def _outcome(book: Book, rule: Rule, finding: Finding, facts: Facts, place: int) -> None:
    account = next(row for row in book.accounts if row["id"] == facts.account_id)
    age = book.chance.randint(3, 175)
    raised = book.office_hour(book.working_day(age))
    state = "open" if place < LEFT_OPEN else book.chance.choices(
        ("accepted", "dismissed", "expired"), (2, 5, 3))[0]  # fmt: skip
    if state == "open":
        raised = book.midday - timedelta(hours=book.chance.randint(5, 90))
    deal = _deal(book, finding, account, age) if state == "accepted" else None
    decision = _decision(book, state, account, raised)
    _add(book, rule, finding, facts, account, raised, state, deal, decision)


def _origin(book: Book) -> set[str]:
    """The story's own deal began as an alert: the third failure of a chromatograph. Gives its
    `dedupe`."""
    key = book.keys["LX-310 更新（2号機）"]
    deal = next(row for row in book.rows[Deal] if row["id"] == key)
    account = next(row for row in book.accounts if row["id"] == deal["account_id"])
    began = deal["created_at"]
    decision = {"decided_at": began, "decided_by_id": deal["owner_id"], "dismissal": None}
    for facts in about_units([book.keys["山田LX"]], began.date()):
        for rule, finding in matching(facts, "day"):
            if rule.code == "R05":
                raised = began - timedelta(minutes=25)
                _add(book, rule, finding, facts, account, raised, "accepted", key, decision)
                return {dedupe_key(rule, finding)}
    return set()


def _add(
    book: Book, rule: Rule, finding: Finding, facts: Facts, account: dict[str, Any],
    raised: datetime, state: str, deal: int | None, decision: dict[str, Any],
) -> None:  # fmt: skip
    book.add(
        Alert, rule=rule.code, rule_version=rule.version, dedupe=dedupe_key(rule, finding),
        subject=finding.subject, account_id=facts.account_id,
        unit_id=facts.unit.id if facts.unit else None, contract_id=finding.contract_id,
        owner_id=account["owner_id"], team_id=account["team_id"],
        reason={"ja": finding.ja, "en": finding.en},
        evidence=[{"text": {"ja": one.ja, "en": one.en}, "type": one.type, "id": one.id}
                  for one in finding.evidence],
        offer={"ja": finding.offer_ja, "en": finding.offer_en, "product_id": finding.product_id},
        estimated_value=finding.value, state=state, raised_at=raised, created_at=raised,
        updated_at=raised, deal_id=deal, **decision,
    )  # fmt: skip


def _decision(book: Book, state: str, account: dict[str, Any], raised: datetime) -> dict[str, Any]:
    if state not in ("accepted", "dismissed"):
        return {"decided_at": None, "decided_by_id": None, "dismissal": None}
    why = book.chance.choices(
        ("not_now", "already_talking", "not_wanted", "wrong_fact"), (8, 5, 4, 2)
    )[0]
    return {
        "decided_at": raised + timedelta(hours=book.chance.randint(1, 30)),
        "decided_by_id": account["owner_id"],
        "dismissal": why if state == "dismissed" else None,
    }


def _deal(book: Book, finding: Finding, account: dict[str, Any], age: int) -> int:
    owner = next(name for name, _ in reps() if book.keys[name] == account["owner_id"])
    days = max(age - 1, 2)
    how = book.chance.choices(("won", "lost", "open"), (5, 2, 4))[0]
    if how == "open":
        path = [(stage, days * (3 - n) // 3 + 1) for n, stage in enumerate(OPEN_STAGES[:3])]
        closes = book.today + timedelta(days=book.chance.randint(10, 90))
    else:
        path = [(stage, days - n) for n, stage in enumerate(OPEN_STAGES[:2])]
        path.append((how, max(days // 3, 1)))
        closes = book.day(max(days // 3, 1))
    return open_deal(
        book, account, finding.offer_ja, owner, finding.value, path,
        {"won": "A", "lost": "C"}.get(how, "B"), product="", origin="support", closes=closes,
        next_step="" if how != "open" else "お見積りを送る",
        next_step_on=book.day(-3) if how == "open" else None,
        lost_reason="budget" if how == "lost" else None,
    )  # fmt: skip
