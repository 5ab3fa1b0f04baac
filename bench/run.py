"""The command: fill, start the servers, measure, tell."""

from __future__ import annotations

import json
import os
import platform
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import psycopg

from bench import fill, fleet_run, import_run, paper_run, reporting, search_run
from bench.company import Size
from bench.company_db import bare, company_in, fill_database
from bench.likeness import check_index
from bench.measuring import Measured, Plan, measure
from bench.servers import TUNED, Servers

MOST_GROWTH = 1.3
SMALLER = 10
QUICK = Plan(one=30, eight=6, alerts=8)


@click.command("bench")
@click.option("--accounts", default=100_000, show_default=True, type=click.IntRange(100))
@click.option("--quick", is_flag=True, help="5,000 accounts and few requests: does it run at all?")
@click.option("--keep", type=click.Path(path_type=Path), help="Keep the filled databases here.")
@click.option("--database-url", help="Use this database, empty or filled before; no growth then.")
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write the figures too.")
@click.option("--only", default="", help="Only works with this in their name.")
@click.option("--installed-base", is_flag=True, help="1,000,000 units and 2,000,000 jobs instead.")
@click.option("--import", "importing", is_flag=True, help="A large table coming in instead.")
@click.option("--paper", is_flag=True, help="The pipeline as PDF instead.")
@click.option("--search", is_flag=True, help="Ten times the accounts, twice as many tickets: find.")
@click.option("--no-growth", is_flag=True, help="Leave out the company of a tenth of the size.")
@click.option("--no-fsync", is_flag=True, help="Let PostgreSQL answer before the disk has it.")
@click.option("--ports", type=(int, int), default=(0, 0), help="Ports to use, from and to.")
def bench(
    accounts: int, quick: bool, keep: Path | None, database_url: str | None,
    json_file: Path | None, only: str, installed_base: bool, importing: bool, paper: bool,
    search: bool, no_growth: bool, no_fsync: bool, ports: tuple[int, int],
) -> None:  # fmt: skip
    """Measure Engawa over a large company, beside bare SQL and an empty view."""
    accounts = 5_000 if quick and accounts == 100_000 else accounts
    plan = QUICK if quick else Plan()
    plan = Plan(plan.one, plan.eight, plan.alerts, only)
    with _home(keep) as home, Servers(home, ports) as servers:
        redis_url = servers.redis()
        if search:
            many = search_run.QUICK_ACCOUNTS if quick else search_run.TIMES * accounts
            search_run.run(servers, many, not no_fsync, not no_growth, click.echo)
            return
        if importing:
            rows = import_run.QUICK_ROWS if quick else import_run.ROWS
            import_run.run(servers, redis_url, rows, not no_fsync, click.echo)
            return
        if paper:
            paper_run.run(servers, redis_url, not no_fsync, click.echo)
            return
        if installed_base:
            fleet_run.run(servers, redis_url, plan, not no_fsync, quick, click.echo)
            return
        companies = _databases(servers, accounts, database_url, no_growth, not no_fsync)
        for url, _size in companies:
            with bare(url) as connection:
                settings = _settings(connection)
                check_index(url, home, connection)
        sizes = [size.accounts for _url, size in companies]
        click.echo(f"measuring {' and '.join(f'{one:,}' for one in sizes)} accounts in turn")
        lines = measure(servers, companies, redis_url, plan, click.echo)
        found = dict(zip(sizes, lines, strict=True))
    _tell(found, settings, json_file)


@contextmanager
def _home(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        yield keep.absolute()
        return
    with tempfile.TemporaryDirectory(prefix="engawa-bench.") as name:
        yield Path(name)


def _databases(
    servers: Servers, accounts: int, url: str | None, no_growth: bool, safe: bool
) -> list[tuple[str, Size]]:
    """The databases to measure, the smaller first."""
    if url is not None:
        return [(url, _given(url, accounts, servers.home))]
    sizes = [accounts] if no_growth else [accounts // SMALLER, accounts]
    process, server = servers.postgres(safe=False)
    made = [company_in(server, one, servers.home, click.echo) for one in sizes]
    servers.stop(process)
    _process, server = servers.postgres(safe=safe)
    return [(f"{server}/{one.rpartition('/')[2]}", size) for one, size in made]


def _given(url: str, accounts: int, home: Path) -> Size:
    from_earlier = known(url)
    if from_earlier is not None:
        return from_earlier
    return fill_database(url, accounts, home, click.echo)


def known(url: str) -> Size | None:
    """The size of a database that was filled before. Raises when it is in use otherwise."""
    said = fill.filled(url)
    if said is not None:
        return fill.size_of(said)
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT to_regclass('accounts')").fetchone()
    if row is not None and row[0] is not None:
        raise click.ClickException("This database is in use; the benchmark wants an empty one.")
    return None


def _settings(connection: psycopg.Connection[Any]) -> dict[str, str]:
    names = ("server_version", "fsync", "synchronous_commit", "full_page_writes", "lc_ctype",
             *(name for name in TUNED if "mem" in name or "buffers" in name))  # fmt: skip
    rows = connection.execute(
        "SELECT name, current_setting(name) FROM pg_settings WHERE name = ANY(%s)", (list(names),)
    )
    return dict(rows.fetchall())


def _tell(
    found: dict[int, list[Measured]], settings: dict[str, str], json_file: Path | None
) -> None:
    load = os.getloadavg()
    click.echo(
        f"\n{platform.machine()}, {os.cpu_count()} cores, load {load[0]:.1f}; PostgreSQL "
        + ", ".join(f"{name} {value}" for name, value in settings.items())
        + "; gunicorn gthread, one process; one worker; Redis; all on this machine"
    )
    for accounts, lines in found.items():
        click.echo(f"\n{accounts:,} accounts, milliseconds\n{reporting.table(lines)}")
    sizes = list(found)
    if len(sizes) == 2:
        told = reporting.growth(found[sizes[0]], found[sizes[1]], MOST_GROWTH)
        click.echo(f"\nfrom {sizes[0]:,} to {sizes[1]:,} accounts\n{told}")
    if json_file is not None:
        body = {
            "settings": settings, "load": load,
            "accounts": {str(n): reporting.as_json(lines) for n, lines in found.items()},
        }  # fmt: skip
        json_file.write_text(json.dumps(body, ensure_ascii=False, indent=1), encoding="utf-8")
