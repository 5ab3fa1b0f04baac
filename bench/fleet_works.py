"""The installed base: the page of a unit, who pays for it, all that stands at a customer."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any

from bench.company import HOT
from bench.driving import Request
from bench.names import pick
from bench.works import Ground, Work, same
from crm.clock import today
from crm.extensions import db
from crm.installed_base.account_tree_views import PAGE
from crm.installed_base.judging import verdicts

ROW = re.compile(r'data-row="/(?:units|work-orders)/(\d+)\b')
UNIT = """
SELECT u.*, p.code, p.name, a.name, s.name FROM units u JOIN products p ON p.id = u.product_id
JOIN accounts a ON a.id = u.account_id LEFT JOIN sites s ON s.id = u.site_id WHERE u.id = %s
"""
WORK = "SELECT * FROM work_orders WHERE unit_id = %s ORDER BY opened_on DESC, id DESC LIMIT 500"
CONTRACTS = """
SELECT c.* FROM contract_units l JOIN service_contracts c ON c.id = l.contract_id
WHERE l.unit_id = %s ORDER BY c.starts_on, c.id
"""
TREE = """
SELECT u.id, u.location, u.serial_no, u.status, p.code, p.name FROM units u
JOIN products p ON p.id = u.product_id WHERE u.account_id = %s AND u.site_id IS NULL
AND u.parent_id IS NULL AND u.status <> 'removed' ORDER BY u.location, u.id LIMIT 51
"""
FIRST_UNITS = "SELECT id FROM units ORDER BY installed_on DESC, id DESC LIMIT 50"


def works(ground: Ground) -> list[Work]:
    """The lines about units."""
    return [
        _unit(ground), _entitlement(ground), _function(ground), _tree(ground),
        _list(ground, "unit list, first page", "/units", FIRST_UNITS),
    ]  # fmt: skip


def _key(ground: Ground) -> Callable[[int], int]:
    many = ground.size.count("units")
    return lambda number: 1 + pick(number, 401, many)


def _unit(ground: Ground) -> Work:
    key = _key(ground)

    def bare(number: int) -> None:
        for query in (UNIT, WORK, CONTRACTS):
            ground.bare.execute(query, (key(number),)).fetchall()

    def check() -> None:
        for number in range(5):
            page = ground.reps[0].ask(Request(f"/units/{key(number)}")).decode()
            rows = ground.bare.execute(WORK, (key(number),)).fetchall()
            served = set(map(int, re.findall(r'href="/work-orders/(\d+)"', page)))
            same(f"work on unit {key(number)}", served, {row[0] for row in rows})

    return Work("unit page", lambda n: Request(f"/units/{key(n)}"), bare, check, ground.reps, 30)


def _entitlement(ground: Ground) -> Work:
    key = _key(ground)

    def bare(number: int) -> None:
        for query in (UNIT, CONTRACTS):
            ground.bare.execute(query, (key(number),)).fetchall()

    return Work("entitlement, API", lambda n: Request(f"/api/v1/units/{key(n)}/entitlement"), bare,
                lambda: _judge(ground), ground.owners, 30)  # fmt: skip


def _judge(ground: Ground) -> None:
    """Free while the plain rule says so: warranty, or a contract that names the unit."""
    key, day = _key(ground), _day(ground)
    plain = """
        SELECT u.status <> 'removed' AND (u.warranty_ends_on >= %s AND u.installed_on <= %s
        OR EXISTS (SELECT FROM contract_units l JOIN service_contracts c ON c.id = l.contract_id
        WHERE l.unit_id = u.id AND %s BETWEEN c.starts_on AND c.ends_on))
        FROM units u WHERE u.id = %s AND u.removed_on IS NULL
    """
    for number in range(40):
        row = ground.bare.execute(plain, (day, day, day, key(number))).fetchone()
        path = f"/api/v1/units/{key(number)}/entitlement?at={day.isoformat()}"
        answer: dict[str, Any] = json.loads(ground.owners[0].ask(Request(path)))
        if row is not None and row[0] is not None and not _removed(ground, key(number)):
            same(f"entitlement of unit {key(number)}", answer["verdict"] == "free", row[0])


def _day(ground: Ground) -> date:
    with ground.app.app_context():
        return today()


def _removed(ground: Ground, key: int) -> bool:
    row = ground.bare.execute("SELECT status FROM units WHERE id = %s", (key,)).fetchone()
    return row is None or row[0] == "removed"


def _function(ground: Ground) -> Work:
    """The function itself, asked in this process, as the call console asks it for a caller."""
    key, day = _key(ground), _day(ground)

    def ask(number: int) -> None:
        with ground.app.app_context():
            verdicts([key(number)], day)
            db.session.rollback()

    def bare(number: int) -> None:
        for query in (UNIT, CONTRACTS):
            ground.bare.execute(query, (key(number),)).fetchall()

    return Work("entitlement, the function", lambda n: Request(f"unit {key(n)}"), bare,
                lambda: _judge(ground), ground.owners, 5, inside=ask)  # fmt: skip


def _tree(ground: Ground) -> Work:
    def key(number: int) -> int:
        return 1 + number % HOT

    def check() -> None:
        for number in range(HOT):
            page = ground.reps[0].ask(
                Request(f"/accounts/{key(number)}/units?site_id=0")
            ).decode()  # fmt: skip
            rows = ground.bare.execute(TREE, (key(number),)).fetchall()
            served = [int(one) for one in ROW.findall(page)]
            same(f"tree of account {key(number)}", served, [row[0] for row in rows[:PAGE]])

    return Work("a customer's units as a tree", lambda n: Request(f"/accounts/{key(n)}/units"),
                lambda n: ground.bare.execute(TREE, (key(n),)).fetchall(), check, ground.reps,
                100)  # fmt: skip


def _list(ground: Ground, name: str, path: str, query: str) -> Work:
    request = Request(path)

    def check() -> None:
        page = ground.reps[0].ask(request).decode()
        brute = [row[0] for row in ground.bare.execute(query.encode())]
        same(name, [int(one) for one in ROW.findall(page)], brute)

    return Work(name, lambda _n: request, lambda _n: ground.bare.execute(query.encode()).fetchall(),
                check, ground.reps, 30)  # fmt: skip
