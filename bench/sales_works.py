"""Lists, the board and the page of an account."""

from __future__ import annotations

import json
import re
from urllib.parse import urlencode

from bench.company import HOT
from bench.driving import Request
from bench.names import pick
from bench.works import Ground, Work, same
from crm.deals import board
from crm.deals.models import OPEN_STAGES
from crm.paging import Sort, cursor_at

ROW = re.compile(r'data-row="/(?:deals|tickets|accounts)/(\d+)\b')
DEAL_ROW = """
SELECT d.id, d.title, d.stage, d.stage_since, d.rank, d.amount, d.expected_close_on, d.next_step,
       d.next_step_on, d.origin, d.owner_id, d.team_id, d.account_id, d.version, d.closed_on,
       a.name, s.name
FROM deals d JOIN accounts a ON a.id = d.account_id LEFT JOIN staff s ON s.id = d.owner_id
"""
FIRST = (
    DEAL_ROW + "WHERE d.expected_close_on IS NOT NULL ORDER BY d.expected_close_on, d.id LIMIT 51"
)
LAST = (
    DEAL_ROW + "WHERE d.expected_close_on IS NULL AND d.id > %s ORDER BY d.id LIMIT 51"
)  # rows without a day are the last of this list
API_FIRST = "SELECT * FROM deals ORDER BY id LIMIT 51"
BOARD_SUMS = """
SELECT stage, count(*), sum(amount), sum(amount * CASE rank WHEN 'A' THEN 90 WHEN 'B' THEN 70
       WHEN 'C' THEN 40 ELSE 10 END / 100)
FROM deals WHERE stage IN ('lead', 'discovery', 'proposal', 'quotation', 'negotiation') {}
GROUP BY 1
"""
BOARD_CARDS = " UNION ALL ".join(
    f"(SELECT * FROM ({DEAL_ROW} WHERE d.stage = '{stage}' {{0}} "
    f"ORDER BY d.expected_close_on, d.id LIMIT {board.CARDS + 1}) x)"
    for stage in OPEN_STAGES
)
ACCOUNT = """
SELECT a.*, s.name FROM accounts a LEFT JOIN staff s ON s.id = a.owner_id WHERE a.id = %s
"""
HISTORY = """
SELECT e.*, s.name FROM events e LEFT JOIN staff s ON s.id = e.by_id
WHERE account_id = %s ORDER BY at DESC, e.id DESC LIMIT 31
"""
CONTACTS = "SELECT * FROM contacts WHERE account_id = %s ORDER BY kana_key, id LIMIT 200"


def works(ground: Ground) -> list[Work]:
    """The lines about sales."""
    return [
        *_deal_lists(ground), _api_list(ground), _board(ground, mine=True),
        _board(ground, mine=False), _account(ground, hot=False), _account(ground, hot=True),
        _account_list(ground), _ticket_list(ground),
    ]  # fmt: skip


def _ids(ground: Ground, query: str, *values: object) -> list[int]:
    return [row[0] for row in ground.bare.execute(query.encode(), values)]


def _served_rows(ground: Ground, request: Request) -> list[int]:
    page = ground.reps[0].ask(request).decode()
    return [int(one) for one in ROW.findall(page)]


def _deal_lists(ground: Ground) -> list[Work]:
    everything = {"team": "all", "stage": "any"}
    first = Request("/deals?" + urlencode(everything))
    undated = "SELECT id FROM deals WHERE expected_close_on IS NULL ORDER BY id"
    without = _ids(ground, undated)
    before = without[-51] if len(without) > 50 else 0
    sort = Sort("expected_close_on", board.SORTS["expected_close_on"])
    last = Request("/deals?" + urlencode(everything | {"cursor": cursor_at(sort, None, before)}))

    def check_first() -> None:
        brute = "SELECT id FROM deals ORDER BY expected_close_on NULLS LAST, id LIMIT 50"
        same("first page of deals", _served_rows(ground, first), _ids(ground, brute))

    def check_last() -> None:
        same("last page of deals", _served_rows(ground, last), without[-50:])

    return [
        Work("deal list, first page of all", lambda _n: first,
             lambda _n: ground.bare.execute(FIRST).fetchall(), check_first, ground.reps, 30),
        Work("deal list, last page of all", lambda _n: last,
             lambda _n: ground.bare.execute(LAST, (before,)).fetchall(), check_last, ground.reps,
             30),
        _own_list(ground),
    ]  # fmt: skip


def _own_list(ground: Ground) -> Work:
    request = Request("/deals")
    stages = ", ".join(f"'{stage}'" for stage in OPEN_STAGES)
    mine = f"d.team_id = 1 AND d.stage IN ({stages})"
    query = f"{DEAL_ROW} WHERE {mine} ORDER BY d.expected_close_on, d.id LIMIT 51"

    def check() -> None:
        same("deals of a team", _served_rows(ground, request), _ids(ground, query)[:50])

    return Work("deal list of the own team", lambda _n: request,
                lambda _n: ground.bare.execute(query.encode()).fetchall(), check, ground.reps,
                30)  # fmt: skip


def _api_list(ground: Ground) -> Work:
    request = Request("/api/v1/deals?limit=50")

    def check() -> None:
        items = json.loads(ground.owners[0].ask(request))["items"]
        brute = _ids(ground, "SELECT id FROM deals ORDER BY id LIMIT 50")
        same("deals of the API", [one["id"] for one in items], brute)

    return Work("deal list, API", lambda _n: request,
                lambda _n: ground.bare.execute(API_FIRST).fetchall(), check, ground.owners, 30,
                )  # fmt: skip


def _board(ground: Ground, mine: bool) -> Work:
    request = Request("/deals/board" if mine else "/deals/board?team=all")
    condition = "AND team_id = 1" if mine else ""
    sums = BOARD_SUMS.format(condition)
    cards = BOARD_CARDS.format(condition.replace("team_id", "d.team_id"))

    def bare(_n: int) -> None:
        ground.bare.execute(sums.encode()).fetchall()
        ground.bare.execute(cards.encode()).fetchall()

    def check() -> None:
        page = ground.reps[0].ask(request).decode()
        served = set(map(int, re.findall(r'href="/deals/(\d+)[?"]', page)))
        brute: set[int] = set()
        for stage in OPEN_STAGES:
            brute |= set(_ids(
                ground, f"SELECT id FROM deals WHERE stage = %s {condition} "
                f"ORDER BY expected_close_on NULLS LAST, id LIMIT {board.CARDS}", stage,
            ))  # fmt: skip
        same("cards of the board", served, brute)
        for _stage, number, amount, _weighted in ground.bare.execute(sums.encode()):
            for figure in (number, amount):
                same(f"{figure:,} on the board", _has_figure(page, int(figure)), True)

    return Work(f"board, {'own team' if mine else 'everybody'}", lambda _n: request, bare, check,
                ground.reps, 30, few=not mine)  # fmt: skip


def _has_figure(page: str, figure: int) -> bool:
    """The figure stands on the page, in yen or shortened as the board does."""
    shapes = (figure, figure // 10_000, round(figure, -4) // 10_000)
    return any(f"{one:,}" in page for one in shapes)


def _account(ground: Ground, hot: bool) -> Work:
    many = ground.size.accounts

    def key(number: int) -> int:
        return 1 + number % HOT if hot else 1 + HOT + pick(number, 7, many - HOT)

    def bare(number: int) -> None:
        for query in (ACCOUNT, HISTORY, CONTACTS):
            ground.bare.execute(query, (key(number),)).fetchall()

    def check() -> None:
        for number in range(3):
            one = key(number)
            items = json.loads(
                ground.owners[0].ask(Request(f"/api/v1/accounts/{one}/timeline?limit=30"))
            )["items"]
            brute = _ids(ground, "SELECT id FROM events WHERE account_id = %s "
                         "ORDER BY at DESC, id DESC LIMIT 30", one)  # fmt: skip
            same(f"history of account {one}", [item["id"] for item in items], brute)
            page = ground.reps[0].ask(Request(f"/accounts/{one}")).decode()
            (name,) = ground.bare.execute(
                "SELECT name FROM accounts WHERE id = %s", (one,)
            ).fetchone() or ("",)
            same(f"name on the page of account {one}", name in page, True)

    name = "account page with history" + (", hot account" if hot else "")
    return Work(name, lambda n: Request(f"/accounts/{key(n)}"), bare, check, ground.reps, 30)


def _account_list(ground: Ground) -> Work:
    request = Request("/accounts")
    query = """SELECT a.id, a.name, a.name_kana, a.rank, a.industry, a.address, a.phone,
        a.updated_at, s.name FROM accounts a LEFT JOIN staff s ON s.id = a.owner_id
        ORDER BY a.kana_key, a.id LIMIT 51"""

    def check() -> None:
        served = _served_rows(ground, request)
        same("list of accounts", served, _ids(ground, query)[:50])

    return Work("account list", lambda _n: request,
                lambda _n: ground.bare.execute(query.encode()).fetchall(), check, ground.reps,
                30)  # fmt: skip


def _ticket_list(ground: Ground) -> Work:
    request = Request("/tickets")
    query = """SELECT t.id, t.subject, t.status, a.name, u.serial_no, p.name, s.name
        FROM tickets t JOIN accounts a ON a.id = t.account_id LEFT JOIN units u ON u.id = t.unit_id
        LEFT JOIN products p ON p.id = u.product_id LEFT JOIN staff s ON s.id = t.assignee_id
        WHERE NOT t.confidential ORDER BY t.id DESC LIMIT 51"""

    def check() -> None:
        served = _served_rows(ground, request)
        same("list of tickets", served, _ids(ground, query)[:50])

    return Work("ticket list", lambda _n: request,
                lambda _n: ground.bare.execute(query.encode()).fetchall(), check, ground.reps,
                30)  # fmt: skip
