"""A large company as rows: what each record of a number holds. Same number, same record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bench import names
from bench.names import pick
from crm.accounts import rules
from crm.search.actions import Card
from crm.text.normal import search_key
from crm.text.phone import e164
from crm.text.serial import serial_key

Row = dict[str, Any]
Made = Iterator[tuple[str, Row] | Card]

START = datetime(2021, 11, 1, 0, 0, tzinfo=UTC)
DAYS = 1800
"""How many days the history covers; its end is the day of the fill, set by `Size.end`."""

HOT = 5
"""Accounts in which much happens."""

PRODUCTS = 200


@dataclass(frozen=True, slots=True)
class Size:
    """How large the company is; everything follows from the number of accounts."""

    accounts: int
    end: datetime
    units_each: int = 3
    work_each: int = 1
    hot_share: int = 20
    """One record in so many is a hot account's."""

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
            "accounts": 1, "contacts": 2, "units": self.units_each, "deals": 1, "tickets": 3,
            "events": 20, "work_orders": self.work_each, "activities": 1,
        }  # fmt: skip
        if kind in times:
            return times[kind] * self.accounts
        return {"sites": self.accounts // 5, "contracts": self.count("units") // 6,
                "alerts": self.accounts // 5}[kind]  # fmt: skip

    def at(self, share: int, of: int) -> datetime:
        """An instant of the history: the first of `of` lies at its start, the last at its end."""
        return self.end - timedelta(seconds=(of - share) * DAYS * 86_400 // (of + 1))

    def account_of(self, key: int, salt: int) -> int:
        """Whose record this is; some are a hot account's."""
        if pick(key, salt, self.hot_share) == 0:
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
    yield Card("account", key, name, place, key, [kana], [number], owner_id=owner)


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
    status = "removed" if pick(key, 83, 12) == 0 else "in_use"
    yield "units", {
        "id": key, "account_id": owner, "product_id": product_id, "serial_no": serial,
        "serial_key": serial_key(serial), "location": room, "installed_on": installed,
        "warranty_ends_on": installed + timedelta(days=365),
        "status": status,
    }  # fmt: skip
    yield "unit_states", {
        "id": key, "unit_id": key, "from_on": installed, "account_id": owner, "location": room,
        "status": status,
    }  # fmt: skip
    yield "warranties", {
        "id": key, "unit_id": key, "starts_on": installed,
        "ends_on": installed + timedelta(days=365), "created_at": size.end, "updated_at": size.end,
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


def clerks(size: Size) -> int:
    """People in the call centre."""
    return max(4, size.accounts // 1500)
