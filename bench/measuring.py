"""Measure filled databases: every work beside bare SQL and an empty view."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from bench import alert_works, desk_works, sales_works
from bench.company import Size
from bench.company_db import app_over, bare, environ
from bench.counting import statements
from bench.cpu import spent
from bench.driving import Client, Request, Times, browser, in_turn, together
from bench.people import DRIVERS, email
from bench.servers import Servers
from bench.tidying import kept
from bench.warming import warm
from bench.works import Ground, Work
from crm.extensions import db
from crm.staff import actions as staff_actions
from crm.staff.queries import by_email

EMPTY = Request("/healthz")
WARM = 12
"""Requests before the first that is timed: after ten a connection has its plans for good."""
COUNTED = 4
"""So many different requests are counted for statements; the most of them is told."""

Say = Callable[[str], None]
Makes = Callable[[Ground], list[Work]]


@dataclass(frozen=True, slots=True)
class Measured:
    """One line of the table; times in milliseconds."""

    name: str
    one: Times
    eight: Times | None
    bare: Times | None
    empty: Times | None
    statements: int | None
    cpu: tuple[float, float] | None
    """Processor time of a request in milliseconds: in gunicorn, and in PostgreSQL."""
    goal: float | None
    most_statements: int | None

    @property
    def met(self) -> bool | None:
        """Is the goal reached by one client?"""
        if self.goal is None:
            return None
        few = self.statements is None or self.most_statements is None
        return self.one.p95 <= self.goal and (
            few or (self.statements or 0) <= (self.most_statements or 0)
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """How often each work is asked."""

    one: int = 200
    eight: int = 40
    alerts: int = 30
    only: str = ""
    clients: int = DRIVERS


@dataclass(frozen=True, slots=True)
class Installation:
    """One database with its servers."""

    url: str
    ground: Ground
    web: subprocess.Popen[bytes]
    base: subprocess.Popen[bytes] | None


def measure(
    servers: Servers,
    companies: Sequence[tuple[str, Size]],
    redis_url: str,
    plan: Plan,
    say: Say,
    makers: Sequence[Makes] = (sales_works.works, desk_works.works),
) -> list[list[Measured]]:
    """Start the web and the worker over each database, check every answer, then take the times.

    All companies are asked in turn, so that what grows is what a larger company costs, and not what
    the machine did meanwhile. Returns the lines of each.
    """
    redis = redis_url.rpartition("/")[0]  # a database of its own for each
    with ExitStack() as stack:
        there = [
            stack.enter_context(_installed(servers, *one, f"{redis}/{number}"))
            for number, one in enumerate(companies)
        ]
        works = [[work for make in makers for work in make(one.ground)] for one in there]
        found = [
            _one_work(there, same, plan, say)
            for same in zip(*works, strict=True)
            if plan.only in same[0].name
        ]
        if plan.alerts and plan.only in "alert latency":
            say("  alert latency")
            found.append([_alerts(one, plan) for one in there])
    return [list(lines) for lines in zip(*found, strict=True)] or [[] for _ in there]


@contextmanager
def _installed(servers: Servers, url: str, size: Size, redis_url: str) -> Iterator[Installation]:
    with (
        bare(url) as connection,
        kept(connection),
        servers.web(environ(url, servers.home, redis_url)) as web,
    ):
        warm(connection)
        ground = prepare(url, size, servers.home, web.address, connection, redis_url)
        yield Installation(url, ground, web.process, servers.named.get("postgres"))
        with ground.app.app_context():
            db.engine.dispose()


def prepare(
    url: str, size: Size, home: Path, address: str, connection: object, redis_url: str | None
) -> Ground:
    """Sign everybody in: browsers by the page, programs by tokens."""
    app = app_over(url, home, redis_url)
    reps = [browser(address, email("rep", n + 1)) for n in range(DRIVERS)]
    tokens = {}
    with app.app_context():
        for role in ("clerk", "rep"):
            for number in range(DRIVERS):
                person = by_email(email(role, 1 + number % 4 if role == "clerk" else number + 1))
                assert person is not None
                tokens[role, number] = staff_actions.issue_token(person, "write")
        db.session.commit()

    def programs(role: str) -> list[Client]:
        headers = [{"Authorization": f"Bearer {tokens[role, n]}"} for n in range(DRIVERS)]
        return [Client(address, one | {"Accept-Language": "ja"}) for one in headers]

    return Ground(size, app, connection, address, reps, programs("clerk"), programs("rep"))  # type: ignore[arg-type]


def _one_work(
    there: Sequence[Installation], works: Sequence[Work], plan: Plan, say: Say
) -> list[Measured]:
    """The same work in every company."""
    say(f"  {works[0].name}")
    for work in works:
        work.check()
    if works[0].inside is not None:
        return [_inside(work, plan) for work in works]
    for work in works:
        for number in range(WARM):
            work.who[0].ask(work.request(number), work.expected)
            work.bare(number)
    count = max(1, plan.one // (2 if works[0].few else 1))
    ways = [_ways(work) for work in works]
    taken = iter(in_turn(count, [way for each in ways for way in each]))
    alone = [list(islice(taken, len(each))) for each in ways]
    return [_beside_others(*one, plan) for one in zip(there, works, alone, strict=True)]


def _ways(work: Work) -> list[Callable[[int], object]]:
    """What the single client does each time: the work, the same as bare SQL, the empty view."""
    who = work.who[0]
    return [
        lambda n: who.ask(work.request(n + WARM), work.expected),
        lambda n: work.bare(n + WARM),
        lambda _n: who.ask(EMPTY),
    ]


def _beside_others(one: Installation, work: Work, alone: list[Times], plan: Plan) -> Measured:
    """What is still to be known of a work: how it is with several clients, and its statements."""
    some = work.who[: plan.clients]
    before = spent(one.web), spent(one.base)
    eight = together(plan.eight, [
        lambda n, client=client: client.ask(work.request(n + 1000), work.expected)  # type: ignore[misc]
        for client in some
    ])  # fmt: skip
    asked = plan.eight * len(some)
    cpu = (spent(one.web) - before[0]) / asked, (spent(one.base) - before[1]) / asked
    numbers = [
        len(statements(one.ground.app, work.who[0], work.request(n + 5000), work.expected))
        for n in range(COUNTED + 1)
    ]
    mine, bare_times, empty = alone
    return Measured(work.name, mine, eight, bare_times, empty, max(numbers[1:]), cpu, work.goal,
                    work.most_statements)  # fmt: skip


def _inside(work: Work, plan: Plan) -> Measured:
    """A function of ours beside bare SQL; nobody else asks meanwhile."""
    assert work.inside is not None
    for number in range(WARM):
        work.inside(number)
    one, bare_times = in_turn(plan.one, [
        lambda n: work.inside(n + WARM), lambda n: work.bare(n + WARM)  # type: ignore[misc]
    ])  # fmt: skip
    return Measured(work.name, one, None, bare_times, None, None, None, work.goal, None)


def _alerts(one: Installation, plan: Plan) -> Measured:
    alert_works.latencies(one.ground, 1, 2)
    alone = alert_works.latencies(one.ground, 1, plan.alerts)
    eight = alert_works.latencies(one.ground, plan.clients, max(2, plan.alerts // 4))
    each = [alert_works.bare_latency(one.url, one.ground.bare) for _ in range(plan.alerts)]
    return Measured("alert latency", alone, eight, Times(tuple(each), sum(each) / 1000), None, None,
                    None, 300, None)  # fmt: skip
