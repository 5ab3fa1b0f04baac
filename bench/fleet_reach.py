"""What a recall would reach before it is started, and when a meter reaches its limit."""

from __future__ import annotations

import json
from typing import Any

from bench.driving import Request
from bench.fleet_busy import METERED, READINGS, SERIALS
from bench.works import Ground, Work, same

PLANNED = "SELECT id FROM campaigns WHERE status = 'planned' ORDER BY id DESC LIMIT 1"
REACHED = f"""
CREATE TEMPORARY VIEW reached AS SELECT u.id, u.account_id FROM units u
JOIN campaign_products c ON c.product_id = u.product_id JOIN campaigns r ON r.id = c.campaign_id
WHERE r.status = 'planned' AND u.status <> 'removed'
AND right(u.serial_key, 9)::bigint BETWEEN {SERIALS[0]} AND {SERIALS[1]}
AND (u.firmware IS NULL OR u.firmware >= '1.2')
"""
COUNTED = "SELECT count(*), count(DISTINCT account_id) FROM reached"
DEALS = """
SELECT count(DISTINCT d.id) FROM reached r JOIN deal_units l ON l.unit_id = r.id
JOIN deals d ON d.id = l.deal_id WHERE d.stage NOT IN ('won', 'lost')
"""
LAST = "SELECT at, value FROM readings WHERE meter_id = %s ORDER BY at DESC LIMIT 400"


def works(ground: Ground) -> list[Work]:
    """The lines about what is to come."""
    return [_recall(ground), _forecast(ground)]


def _recall(ground: Ground) -> Work:
    """Units, owners and open deals of a recall over products, serial ranges and firmware."""
    ground.bare.execute(REACHED.encode())
    row = ground.bare.execute(PLANNED.encode()).fetchone()
    assert row is not None
    key = int(row[0])

    def brute(_number: int) -> list[Any]:
        return [ground.bare.execute(one.encode()).fetchone() for one in (COUNTED, DEALS)]

    def check() -> None:
        path = f"/api/v1/campaigns/{key}/figures"
        found = json.loads(ground.owners[0].ask(Request(path)))
        (units, accounts), (deals,) = brute(0)
        served = found["units"], found["accounts"], found["deals"]
        same("what a recall would reach", served, (units, accounts, deals))
        same("a recall reaches units with deals", units > 0 and deals > 0, True)

    return Work("what a recall would reach", lambda _n: Request(f"/campaigns/{key}"), brute, check,
                ground.reps, 2000, few=True)  # fmt: skip


def _forecast(ground: Ground) -> Work:
    many = ground.size.count("units") // METERED
    row = ground.bare.execute(b"SELECT min(id) FROM meters").fetchone()
    assert row is not None
    first = int(row[0])

    def unit(number: int) -> int:
        return METERED * (1 + number % many)

    def brute(number: int) -> list[Any]:
        return ground.bare.execute(LAST.encode(), (first + number % many,)).fetchall()

    def check() -> None:
        page = ground.reps[0].ask(Request(f"/units/{unit(0)}/readings")).decode()
        latest = max(brute(0))[1] // 1_000_000
        same("the latest reading stands on the page", f"{latest:,} h" in page, True)
        same("readings of a meter", len(brute(0)), min(READINGS, 400))

    return Work("readings and their forecast", lambda n: Request(f"/units/{unit(n)}/readings"),
                brute, check, ground.reps, 100)  # fmt: skip
