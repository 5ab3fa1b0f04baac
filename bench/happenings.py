"""What happened at the large company: work, deals, tickets, the history, alerts."""

from __future__ import annotations

import json
from datetime import timedelta

from bench import names
from bench.company import (
    Made,
    Row,
    Size,
    account,
    clerks,
    contact,
    contract,
    owner_of,
    product,
    product_names,
    product_of,
    serial_no,
    site,
    team_of,
    unit,
    unit_account,
)
from bench.names import pick
from crm.deals.models import OPEN_STAGES
from crm.search.actions import Card
from crm.support.models import CATEGORIES, CHANNELS, SEVERITIES

RANKS = "ABCD"
CONFIDENTIAL = 200
"""One ticket in so many is confidential."""


def work_order(size: Size, key: int) -> Made:
    """A finished repair."""
    unit_id = 1 + pick(key, 91, size.count("units"))
    opened = size.at(key, size.count("work_orders")).date()
    yield "work_orders", {
        "id": key, "unit_id": unit_id, "account_id": unit_account(size, unit_id),
        "opened_on": opened, "done_on": opened + timedelta(days=5), "status": "returned",
        "symptom": names.symptom(key), "labour_amount": 30_000, "parts_amount": 12_000,
        "chargeable": pick(key, 92, 2) == 0,
    }  # fmt: skip


def _stage(key: int) -> str:
    """A quarter of the deals is open."""
    share = pick(key, 101, 100)
    return OPEN_STAGES[share % 5] if share < 25 else "won" if share < 70 else "lost"


def deal(size: Size, key: int) -> Made:
    """A deal with two lines and three states."""
    owner = size.account_of(key, 102)
    company = names.company(owner)[0]
    rep, stage = owner_of(size, owner), _stage(key)
    made = size.at(key, size.count("deals"))
    ends = made + timedelta(days=40)
    amount = 10_000 * (20 + pick(key, 105, 900))
    title = f"{product_names(product_of(key))[1]} 更新のご提案"
    open_now = stage in OPEN_STAGES
    due = size.end.date() + timedelta(days=pick(key, 106, 180) - 20)
    state = {
        "stage": stage, "stage_since": ends, "rank": RANKS[pick(key, 107, 4)], "amount": amount,
        "expected_close_on": None if pick(key, 108, 50) == 0 else due if open_now else ends.date(),
        "owner_id": rep, "team_id": team_of(rep),
    }  # fmt: skip
    yield "deals", state | {
        "id": key, "title": title, "account_id": owner, "origin": "sales",
        "closed_on": None if open_now else ends.date(), "next_step": "訪問" if open_now else "",
        "next_step_on": due if open_now else None, "created_at": made, "updated_at": ends,
    }  # fmt: skip
    for place in range(2):
        yield "deal_lines", {
            "id": 2 * key - place, "deal_id": key, "position": place, "description": "",
            "product_id": product_of(key + place), "quantity": 1, "unit_price": amount // 2,
        }  # fmt: skip
    for step, before in enumerate(("lead", "proposal", stage)):
        yield "deal_changes", state | {
            "id": 3 * key - 2 + step, "deal_id": key, "at": made + timedelta(days=20 * step),
            "stage": before, "by_id": rep,
        }  # fmt: skip
    yield Card(
        "deal", key, title, company, owner, identifiers=[f"D-{made:%y%m}-{key}"], at=made,
        owner_id=rep,
    )  # fmt: skip


def ticket(size: Size, key: int) -> Made:
    """A ticket about a unit; three in a hundred are unfinished."""
    unit_id = 1 + pick(key, 111, size.count("units"))
    owner = unit_account(size, unit_id)
    company = names.company(owner)[0]
    at = size.at(key, size.count("tickets"))
    share = pick(key, 112, 100)
    status = (
        "open" if share < 2 else "pending" if share < 3 else "solved" if share < 10 else "closed"
    )
    _code, machine = product_names(product_of(unit_id))
    symptom, voice = names.symptom(key), names.voice(key)
    subject = f"{machine.split()[0]} {symptom}"
    clerk = size.reps + 1 + pick(key, 113, clerks(size))
    secret = pick(key, 114, CONFIDENTIAL) == 0
    ended = None if status in ("open", "pending") else at + timedelta(hours=6)
    yield "tickets", {
        "id": key, "account_id": owner, "unit_id": unit_id, "subject": subject, "voice": voice,
        "channel": CHANNELS[pick(key, 115, len(CHANNELS))], "symptom": symptom,
        "category": CATEGORIES[pick(key, 116, len(CATEGORIES))],
        "severity": SEVERITIES[pick(key, 117, len(SEVERITIES))], "status": status,
        "assignee_id": None if share == 0 else clerk, "team_id": size.teams + 1,
        "opened_by_id": clerk, "opened_at": at, "due_at": at + timedelta(hours=24),
        "solved_at": ended, "closed_at": ended if status == "closed" else None,
        "confidential": secret, "created_at": at, "updated_at": ended or at,
    }  # fmt: skip
    assigned = [] if share == 0 else [f"staff:{clerk}"]
    handlers = [*(assigned or [f"staff:{clerk}"]), f"team:{size.teams + 1}"] if secret else None
    label = f"{machine} {serial_no(unit_id)}"
    yield Card(
        "ticket", key, f"#{key} {subject}", company, owner, [label, symptom], [str(key)], voice,
        handlers, at, None if share == 0 else clerk,
    )  # fmt: skip


def event(size: Size, key: int) -> Made:
    """A line of the history."""
    many, tickets, deals = (size.count(kind) for kind in ("events", "tickets", "deals"))
    at, kind = size.at(key, many), pick(key, 121, 8)
    owner = size.account_of(key, 122)
    subject, subject_id = "ticket", 1 + pick(key, 125, tickets)
    facts: Row = {"title": f"装置の相談 {names.symptom(key)}"}
    if kind < 3:
        what = "ticket.opened"
        facts |= {"voice": names.voice(key), "category": "failure", "unit": "PW-10"}
    elif kind == 3:
        what = "ticket.noted"
        facts |= {"note_kind": "internal", "text": "折り返し済み"}
    elif kind == 4:
        what = "ticket.solved"
        facts |= {"resolution": "部品を交換した"}
    else:
        what, subject, subject_id = "deal.changed", "deal", 1 + pick(key, 126, deals)
        facts |= {"fields": ["next_step"]}
    yield "events", {
        "id": key, "kind": what, "at": at, "account_id": owner, "subject_type": subject,
        "subject_id": subject_id, "by_id": owner_of(size, owner), "restricted": False,
        "facts": json.dumps(facts, ensure_ascii=False),
    }  # fmt: skip


def activity(size: Size, key: int) -> Made:
    """A visit over a deal."""
    owner = size.account_of(key, 131)
    rep = owner_of(size, owner)
    yield "activities", {
        "id": key, "kind": "visit", "account_id": owner, "by_id": rep, "team_id": team_of(rep),
        "at": size.at(key, size.count("activities")), "summary": "訪問して要望を聞いた。",
        "deal_id": 1 + pick(key, 132, size.count("deals")),
    }  # fmt: skip


def alert(size: Size, key: int) -> Made:
    """An alert, one in ten undecided."""
    owner = size.account_of(key, 141)
    rep, at = owner_of(size, owner), size.at(key, size.count("alerts"))
    state = ("open", "accepted", "dismissed", "expired")[min(3, pick(key, 142, 10))]
    said = {"ja": "保証が終わります。", "en": "The warranty ends."}
    yield "alerts", {
        "id": key, "rule": "R03", "rule_version": 1, "dedupe": f"bench:{key}",
        "subject": f"unit:{key}", "account_id": owner, "owner_id": rep, "team_id": team_of(rep),
        "reason": json.dumps(said, ensure_ascii=False), "estimated_value": 240_000,
        "state": state, "raised_at": at, "created_at": at, "updated_at": at,
    }  # fmt: skip


MAKERS = {
    "products": product, "accounts": account, "sites": site, "contacts": contact, "units": unit,
    "contracts": contract, "work_orders": work_order, "deals": deal, "tickets": ticket,
    "activities": activity, "alerts": alert, "events": event,
}  # fmt: skip
"""Kind → who makes its rows and search cards, in the order of the foreign keys."""
