"""The installed base in full: fill a company of many units, measure its pages, run its night."""

from __future__ import annotations

import os

from bench import fleet_lists, fleet_reach, fleet_works, nightly, reporting
from bench.company_db import Say, app_over, bare, company_in
from bench.fleet_busy import busy
from bench.likeness import check_index
from bench.measuring import Plan, measure
from bench.servers import Servers

ACCOUNTS, QUICK_ACCOUNTS = 20_000, 400
SHAPE = {"units_each": 50, "work_each": 100, "hot_share": 100}
"""1,000,000 units and 2,000,000 work orders over 20,000 accounts; the hot ones have 2,000 units."""


def run(servers: Servers, redis_url: str, plan: Plan, safe: bool, quick: bool, say: Say) -> None:
    """Fill, measure, tell. Raises WrongAnswer when something served is not what is there."""
    accounts = QUICK_ACCOUNTS if quick else ACCOUNTS
    process, server = servers.postgres(safe=False)
    made, size = company_in(server, accounts, servers.home, say, **SHAPE)
    servers.stop(process)
    _process, server = servers.postgres(safe=safe)
    url = f"{server}/{made.rpartition('/')[2]}"
    with bare(url) as connection:
        check_index(url, servers.home, connection)
    calm = Plan(plan.one, plan.eight, 0, plan.only, plan.clients)
    company = [(url, size)]
    [found] = measure(servers, company, redis_url, calm, say, (fleet_works.works,))
    with bare(url) as connection, busy(connection, app_over(url, servers.home, None)):
        makers = (fleet_lists.works, fleet_reach.works)
        found += measure(servers, company, redis_url, calm, say, makers)[0]
    units, work = size.count("units"), size.count("work_orders")
    say(f"\n{units:,} units, {work:,} work orders, load {os.getloadavg()[0]:.1f}, milliseconds")
    say(reporting.table(found))
    if plan.only in "night":
        dates = min(nightly.DATES, units // 2)
        say(f"\nthe night's round over {dates:,} plan dates")
        say(_told(nightly.measure(url, servers.home, dates)))


def _told(night: nightly.Night) -> str:
    goal = f"≤ {nightly.MOST_SECONDS} s, ≤ {nightly.MOST_MEGABYTES} MB"
    return (
        f"{night.seconds:.1f} s, {night.megabytes:.0f} MB: {'met' if night.met else 'MISSED'} "
        f"({goal}); killed after {night.killed:,} visits and run again: each is there once"
    )
