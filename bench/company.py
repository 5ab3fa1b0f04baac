"""A large company as rows: what each record of a number holds. Same number, same record."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bench import names
from bench.names import pick
from crm.accounts import rules
from crm.deals.models import OPEN_STAGES
from crm.search.actions import Card
from crm.support.models import CATEGORIES, CHANNELS, SEVERITIES
from crm.text.normal import search_key
from crm.text.phone import e164
from crm.text.serial import serial_key

Row = dict[str, Any]
Made = Iterator[tuple[str, Row] | Card]

START = datetime(2021, 11, 1, 0, 0, tzinfo=UTC)
DAYS = 1800
"""How many days the history covers; its end is the day of the fill, set by `Size.end`."""

HOT = 5
"""Accounts in which much happens: one event in twenty is theirs."""

PRODUCTS = 200
RANKS = "ABCD"
CONFIDENTIAL = 200
"""One ticket in so many is confidential."""


@dataclass(frozen=True, slots=True)
class Size:
    """How large the company is; everything follows from the number of accounts."""

    accounts: int
    end: datetime

    @property
    def reps(self) -> int:
        """Each has about 300 accounts, so that a larger company has more of them."""
        return max(10, self.accounts // 300)

    @property
    def teams(self) -> int:
        """Teams of sales, ten reps each."""
        return -(-self.reps // 10)

    def count(self, kind: str) -> int:
        """How many records of a kind there are."""
        times = {
            "accounts": 1, "contacts": 2, "units": 3, "deals": 1, "tickets": 3, "events": 20,
        }  # fmt: skip
        if kind in times:
            return times[kind] * self.accounts
        return {"sites": self.accounts // 5, "contracts": self.accounts // 2,
                "work_orders": self.accounts, "activities": self.accounts,
                "alerts": self.accounts // 5}[kind]  # fmt: skip

    def at(self, share: int, of: int) -> datetime:
        """An instant of the history: the first of `of` lies at its start, the last at its end."""
        return self.end - timedelta(seconds=(of - share) * DAYS * 86_400 // (of + 1))

    def account_of(self, key: int, salt: int) -> int:
        """Whose record this is; one in twenty is a hot account's."""
        if pick(key, salt, 20) == 0:
            return 1 + pick(key, salt + 1, HOT)
        return 1 + pick(key, salt + 2, self.accounts)


def owner_of(size: Size, account_id: int) -> int:
    """Which rep has an account."""
    return 1 + pick(account_id, 41, size.reps)


def team_of(rep: int) -> int:
    """The team of a rep."""
    return 1 + (rep - 1) // 10


def product_of(unit_id: int) -> int:
    """The product of a unit."""
    return 1 + pick(unit_id, 51, PRODUCTS)


def product_names(key: int) -> tuple[str, str]:
    """Code and name of a product."""
    machine, letters = names.MACHINES[(key - 1) % len(names.MACHINES)]
    code = f"{letters}-{10 * (1 + (key - 1) // len(names.MACHINES))}"
    return code, f"{machine} {code}"


def serial_no(unit_id: int) -> str:
    """A serial number as on the name plate."""
    letters = product_names(product_of(unit_id))[0].replace("-", "")
    return f"{letters}-{20 + pick(unit_id, 52, 7)}{unit_id:07d}"


def unit_account(size: Size, unit_id: int) -> int:
    """Whose unit it is."""
    return size.account_of(unit_id, 53)


def account(size: Size, key: int) -> Made:
    """An account."""
    name, kana = names.company(key)
    parts = rules.name_parts(name)
    number, owner, at = names.phone(key, 0), owner_of(size, key), size.at(key, size.accounts)
    place = names.address(key)
    yield "accounts", parts | {
        "id": key, "name": name, "name_kana": kana,
        "kana_key": rules.sort_key(kana, parts["name_core"]),
        "industry": names.INDUSTRIES[pick(key, 61, len(names.INDUSTRIES))],
        "rank": "ABC"[pick(key, 62, 3)], "owner_id": owner, "team_id": team_of(owner),
        "phone": number, "phone_e164": e164(number), "address": place,
        "postal_code": f"{100 + key % 800}-{key % 10_000:04d}", "created_at": at,
        "updated_at": at,
    }  # fmt: skip
    yield Card("account", key, name, place, key, [kana], [number])


def site(size: Size, key: int) -> Made:
    """A site."""
    owner = 1 + pick(key, 65, size.accounts)
    company, kana = names.company(owner)
    label, place, number = f"第{1 + key % 3}工場", names.address(key + 7), names.phone(key, 3)
    yield "sites", {
        "id": key, "account_id": owner, "name": label, "address": place, "phone": number,
        "phone_e164": e164(number), "postal_code": "",
    }  # fmt: skip
    yield Card("site", key, label, company, owner, [place, kana], [number])


def contact(size: Size, key: int) -> Made:
    """A contact with one telephone number."""
    family, given, family_kana, given_kana = names.person(key)
    owner = 1 + pick(key, 71, size.accounts)
    company, company_kana = names.company(owner)
    department = names.DEPARTMENTS[pick(key, 72, len(names.DEPARTMENTS))]
    title = names.TITLES[pick(key, 73, len(names.TITLES))]
    email, number = f"person{key}@customer{owner}.example", names.phone(key, 6)
    label = f"{family} {given}"
    yield "contacts", {
        "id": key, "account_id": owner, "family_name": family, "given_name": given,
        "family_name_kana": family_kana, "given_name_kana": given_kana,
        "kana_key": rules.sort_key(family_kana + given_kana, family + given),
        "department": department, "title": title, "email": email, "email_key": search_key(email),
    }  # fmt: skip
    yield "contact_phones", {
        "id": key, "contact_id": key, "number": number, "e164": e164(number)
    }  # fmt: skip
    yield Card(
        "contact", key, label, " ".join(filter(None, (company, department, title))), owner,
        [family_kana + given_kana, company_kana], [number, email],
    )  # fmt: skip


def product(_size: Size, key: int) -> Made:
    """A product."""
    code, name = product_names(key)
    yield "products", {
        "id": key, "code": code, "code_key": search_key(code), "name": name,
        "category": name.split()[0], "list_price": 1_000_000 + key * 37_000,
        "maintenance_price": 120_000, "warranty_months": 12, "expected_life_months": 120,
    }  # fmt: skip
    yield Card("product", key, f"{code} {name}", "", identifiers=[code])


def unit(size: Size, key: int) -> Made:
    """A unit."""
    owner, product_id, serial = unit_account(size, key), product_of(key), serial_no(key)
    company, kana = names.company(owner)
    code, machine = product_names(product_id)
    installed = START.date() + timedelta(days=pick(key, 81, DAYS))
    room = f"{1 + pick(key, 82, 5)}階 分析室"
    yield "units", {
        "id": key, "account_id": owner, "product_id": product_id, "serial_no": serial,
        "serial_key": serial_key(serial), "location": room, "installed_on": installed,
        "warranty_ends_on": installed + timedelta(days=365),
        "status": "removed" if pick(key, 83, 12) == 0 else "in_use",
    }  # fmt: skip
    yield Card(
        "unit", key, f"{code} {serial}", f"{company} {room}", owner, [machine, kana],
        [serial, code],
    )  # fmt: skip


def contract(size: Size, key: int) -> Made:
    """A contract over one unit."""
    unit_id = key * 5
    owner, number = unit_account(size, unit_id), f"MC-{key:07d}"
    company, kana = names.company(owner)
    begins = START.date() + timedelta(days=365 + pick(key, 86, DAYS - 365))
    yield "service_contracts", {
        "id": key, "number": number, "account_id": owner, "plan": "標準プラン",
        "starts_on": begins, "ends_on": begins + timedelta(days=364), "annual_amount": 240_000,
        "response_hours": 8,
    }  # fmt: skip
    yield "contract_units", {"contract_id": key, "unit_id": unit_id}
    yield Card(
        "contract", key, number, f"{company} 標準プラン", owner, [kana], [number]
    )  # fmt: skip


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
    yield Card("deal", key, title, company, owner, identifiers=[f"D-{made:%y%m}-{key}"])


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
        handlers,
    )  # fmt: skip


def clerks(size: Size) -> int:
    """People in the call centre."""
    return max(4, size.accounts // 1500)


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
