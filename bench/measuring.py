"""Measure one filled database: every work beside bare SQL and an empty view."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
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


def measure(
    servers: Servers,
    url: str,
    size: Size,
    redis_url: str,
    plan: Plan,
    say: Say,
    makers: Sequence[Makes] = (sales_works.works, desk_works.works),
) -> list[Measured]:
    """Start the web and the worker over a database, check every answer, then take the times."""
    with ExitStack() as stack:
        address = servers.web(environ(url, servers.home, redis_url))
        connection = stack.enter_context(bare(url))
        stack.enter_context(kept(connection))
        warm(connection)
        ground = prepare(url, size, servers.home, address, connection, redis_url)
        works = [one for make in makers for one in make(ground)]
        found = [
            _one_work(ground, servers, one, plan, say) for one in works if plan.only in one.name
        ]
        if plan.alerts and plan.only in "alert latency":
            found.append(_alerts(ground, url, plan, say))
        with ground.app.app_context():
            db.engine.dispose()
        servers.stop(servers.running[-1])
        servers.stop(servers.running[-1])
    return found


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


def _one_work(ground: Ground, servers: Servers, work: Work, plan: Plan, say: Say) -> Measured:
    say(f"  {work.name}")
    work.check()
    if work.inside is not None:
        return _inside(work, plan)
    who = work.who
    for number in range(WARM):
        who[0].ask(work.request(number), work.expected)
        work.bare(number)
    count = max(1, plan.one // (2 if work.few else 1))
    one, bare_times, empty = in_turn(count, [
        lambda n: who[0].ask(work.request(n + WARM), work.expected),
        lambda n: work.bare(n + WARM),
        lambda _n: who[0].ask(EMPTY),
    ])  # fmt: skip
    some = who[: plan.clients]
    web, base = servers.named["gunicorn"], servers.named.get("postgres")
    before = spent(web), spent(base)
    eight = together(plan.eight, [
        lambda n, client=client: client.ask(work.request(n + 1000), work.expected)  # type: ignore[misc]
        for client in some
    ])  # fmt: skip
    asked = plan.eight * len(some)
    cpu = (spent(web) - before[0]) / asked, (spent(base) - before[1]) / asked
    numbers = [
        len(statements(ground.app, who[0], work.request(n + 5000), work.expected))
        for n in range(COUNTED + 1)
    ]
    return Measured(work.name, one, eight, bare_times, empty, max(numbers[1:]), cpu, work.goal,
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


def _alerts(ground: Ground, url: str, plan: Plan, say: Say) -> Measured:
    say("  alert latency")
    alert_works.latencies(ground, 1, 2)
    one = alert_works.latencies(ground, 1, plan.alerts)
    eight = alert_works.latencies(ground, plan.clients, max(2, plan.alerts // 4))
    each = [alert_works.bare_latency(url, ground.bare) for _ in range(plan.alerts)]
    return Measured("alert latency", one, eight, Times(tuple(each), sum(each) / 1000), None, None,
                    None, 300, None)  # fmt: skip
