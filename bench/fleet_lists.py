"""The lists over the installed base: what ends, campaigns, work orders, the service calendar."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any

from bench.company import HOT
from bench.driving import Request
from bench.works import Ground, Work, same
from crm.clock import today
from crm.expiry.asking import Asked
from crm.installed_base.terms import months_after

Brute = Callable[[], object]
ROW = re.compile(r'data-row="/[a-z-]+/(\d+)\b')
VISIT = re.compile(r'class="v [a-z]+" href="/visits/(\d+)"')
DATED = {
    "paper": """
SELECT id, min(day) FROM (
    SELECT id, warranty_ends_on AS day FROM units WHERE warranty_ends_on BETWEEN %(first)s
        AND %(last)s AND status IN ('in_use', 'spare')
    UNION ALL SELECT u.id, c.ends_on FROM service_contracts c
    JOIN contract_units l ON l.contract_id = c.id JOIN units u ON u.id = l.unit_id
    WHERE c.ends_on BETWEEN %(first)s AND %(last)s AND u.status IN ('in_use', 'spare')
    AND u.account_id = c.account_id AND c.cancelled_on IS NULL AND NOT EXISTS (
        SELECT FROM contract_units m JOIN service_contracts o ON o.id = m.contract_id
        WHERE m.unit_id = u.id AND c.ends_on + 1 BETWEEN o.starts_on AND o.ends_on)
) x GROUP BY id ORDER BY 2, 1 LIMIT 50
""",
    "consumable": """
SELECT id, day FROM (
    SELECT u.id, u.installed_on + p.consumable_cycle_days * greatest(1,
        ceil((%(first)s::date - u.installed_on)::numeric / p.consumable_cycle_days))::int AS day
    FROM units u JOIN products p ON p.id = u.product_id WHERE u.status IN ('in_use', 'spare')
) x WHERE day BETWEEN %(first)s AND %(last)s ORDER BY 2, 1 LIMIT 50
""",
    "recall": """
SELECT i.unit_id, min(coalesce(i.appointed_on, c.ends_on)) FROM campaign_items i
JOIN campaigns c ON c.id = i.campaign_id JOIN units u ON u.id = i.unit_id
WHERE i.status IN ('open', 'informed', 'appointed') AND c.status = 'running'
AND u.status IN ('in_use', 'spare')
AND coalesce(i.appointed_on, c.ends_on) BETWEEN %(first)s AND %(last)s
GROUP BY 1 ORDER BY 2, 1 LIMIT 50
""",
}
"""What ends first, read the long way."""
CAMPAIGNS = "SELECT id FROM campaigns ORDER BY id DESC LIMIT 200"
CALLS = """
SELECT unit_id FROM campaign_items WHERE campaign_id = %s
AND status IN ('open', 'informed', 'appointed') ORDER BY account_id, id LIMIT 50
"""
WORK = """
SELECT id FROM work_orders WHERE status NOT IN ('returned', 'unrepairable', 'estimate_declined')
ORDER BY planned_on, id LIMIT 50
"""
MONTH = """
SELECT id FROM visits WHERE date_trunc('month', visit_on) = date_trunc('month', %s::date)
ORDER BY visit_on, id LIMIT 400
"""


def works(ground: Ground) -> list[Work]:
    """The lines about lists."""
    return [
        _ends(ground, "what ends, whole company", "", "paper", 30),
        _ends(ground, "what ends, used up", "consumable", "consumable", 30),
        _ends(ground, "what ends, recalls", "recall", "recall", 30),
        _ends(ground, "what ends, every kind", "all", None, 30),
        _of_account(ground), _campaigns(ground), _campaign(ground), _calls(ground),
        _work_orders(ground), _calendar(ground),
    ]  # fmt: skip


def _ends(ground: Ground, name: str, kind: str, brute: str | None, goal: int) -> Work:
    request = Request(f"/expiries?kind={kind}")
    span = _span(ground)

    def read() -> list[Any]:
        query = DATED[brute or "paper"].encode()
        return ground.bare.execute(query, span).fetchall()

    def check() -> None:
        found = json.loads(ground.owners[0].ask(Request(f"/api/v1/expiries?limit=50&kind={kind}")))
        served = [(one["unit_id"], one["on"]) for one in found["items"]]
        if brute is not None:
            wanted = [(key, day.isoformat()) for key, day in read()]
            same(name, sorted(served), sorted(wanted))
        else:
            same(f"{name}, rows", len(served), 50)

    return Work(name, lambda _n: request, lambda _n: _nothing(ground), check, ground.reps, goal)


def _span(ground: Ground) -> dict[str, date]:
    with ground.app.app_context():
        first = today().replace(day=1)
    return {"first": first, "last": Asked(first).last}


def _nothing(ground: Ground) -> object:
    return ground.bare.execute(b"SELECT 1").fetchone()


def _of_account(ground: Ground) -> Work:
    def check() -> None:
        for key in range(1, HOT + 1):
            page = ground.reps[0].ask(Request(f"/accounts/{key}/expiries")).decode()
            shown = set(map(int, re.findall(r'class="ink" href="/units/(\d+)"', page)))
            query = b"SELECT id FROM units WHERE account_id = %s AND status <> 'removed'"
            own = {row[0] for row in ground.bare.execute(query, (key,))}
            same(f"units of account {key} of which something ends", shown - own, set())
            same(f"something ends at account {key}", bool(shown), True)

    return Work("what ends of a customer", lambda n: Request(f"/accounts/{1 + n % HOT}/expiries"),
                lambda _n: _nothing(ground), check, ground.reps, 30)  # fmt: skip


def _campaigns(ground: Ground) -> Work:
    return _rows(ground, "campaign list", Request("/campaigns"), CAMPAIGNS, (), 150)


def _campaign(ground: Ground) -> Work:
    key = _largest(ground)
    request = Request(f"/campaigns/{key}")

    def brute(_number: int) -> object:
        query = b"SELECT count(*) FROM campaign_items WHERE campaign_id = %s"
        return ground.bare.execute(query, (key,)).fetchone()

    def check() -> None:
        found = json.loads(ground.owners[0].ask(Request(f"/api/v1/campaigns/{key}/figures")))
        row = brute(0)
        same("units of a campaign", found["units"], row[0] if isinstance(row, tuple) else None)

    return Work("a campaign of many units", lambda _n: request, brute, check, ground.reps, 2000)


def _calls(ground: Ground) -> Work:
    key = _largest(ground)
    path = Request(f"/campaigns/{key}/calls")
    return _rows(ground, "whom to call about a campaign", path, CALLS, (key,), 150)


def _largest(ground: Ground) -> int:
    row = ground.bare.execute(b"SELECT min(id) FROM campaigns").fetchone()
    assert row is not None
    return int(row[0])


def _work_orders(ground: Ground) -> Work:
    return _rows(ground, "work order list", Request("/work-orders"), WORK, (), 30)


def _rows(
    ground: Ground, name: str, request: Request, query: str, given: tuple[object, ...], goal: int
) -> Work:
    def brute(_number: int) -> list[Any]:
        return ground.bare.execute(query.encode(), given).fetchall()

    def check() -> None:
        page = ground.reps[0].ask(request).decode()
        same(name, [int(one) for one in ROW.findall(page)], [row[0] for row in brute(0)])

    return Work(name, lambda _n: request, brute, check, ground.reps, goal)


def _calendar(ground: Ground) -> Work:
    first = _span(ground)["first"]

    def month(number: int) -> date:
        return months_after(first, number % 2)

    def brute(number: int) -> list[Any]:
        return ground.bare.execute(MONTH.encode(), (month(number),)).fetchall()

    def request(number: int) -> Request:
        return Request(f"/visits/calendar?month={month(number):%Y-%m}")

    def check() -> None:
        for number in range(2):
            shown = set(map(int, VISIT.findall(ground.reps[0].ask(request(number)).decode())))
            same("visits of a month", shown - {row[0] for row in brute(number)}, set())
            same("a month with visits", bool(shown), True)

    return Work("service calendar, a month", request, brute, check, ground.reps, 30)
