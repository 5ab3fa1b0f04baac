"""The benchmark's company in small: does it fit the tables, and is it counted rightly?"""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from bench import fill, fleet_run, names, people
from bench.company import PRODUCTS, Size, unit_account
from bench.counting import statements
from bench.driving import Client, Request, Times
from bench.fill import default_of
from bench.happenings import MAKERS
from crm.extensions import db
from crm.search import queries as search
from crm.search.actions import Card, index_many
from crm.staff import actions as staff_actions
from crm.staff.queries import by_email

SMALL = Size(100, datetime(2026, 11, 21, tzinfo=UTC))


@pytest.fixture
def filled(app: Flask) -> Flask:
    """The large company with 100 accounts."""
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    cards = []
    for table, row in people.rows(SMALL):
        rows[table].append(row)
    for kind, make in MAKERS.items():
        many = PRODUCTS if kind == "products" else SMALL.count(kind)
        for key in range(1, many + 1):
            for one in make(SMALL, key):
                if isinstance(one, Card):
                    cards.append(one)
                else:
                    rows[one[0]].append(one[1])
    with app.app_context():
        for table, some in rows.items():
            columns = db.metadata.tables[table].columns
            db.session.execute(
                sa.insert(db.metadata.tables[table]),
                [{name: _plain(columns[name], value) for name, value in r.items()} for r in some],
            )
        index_many(cards, fresh=True)
        db.session.commit()
    return app


def _plain(column: sa.Column[Any], value: Any) -> Any:
    """COPY takes JSON as text, an insert takes it as it is."""
    return json.loads(value) if isinstance(column.type, sa.JSON) else value


def test_the_rep_of_the_large_company_sees_its_deals_in_few_statements(filled: Flask) -> None:
    with filled.app_context():
        rep = by_email(people.email("rep", 1))
        assert rep is not None
        token = staff_actions.issue_token(rep, "read")
        db.session.commit()
    client = Client("127.0.0.1:1", {"Authorization": f"Bearer {token}"})
    for path in ("/deals?team=all&stage=any", "/deals/board", "/accounts/1", "/accounts"):
        assert 0 < len(statements(filled, client, Request(path))) <= 12, path


def test_a_company_is_found_by_the_middle_of_its_name(filled: Flask) -> None:
    name = names.company(7)[0]
    with filled.app_context():
        found = search.find(search.Viewer(), name, ["account"])
    assert 7 in [one.record_id for one in found]


def test_the_same_key_has_the_same_name_and_two_keys_have_two() -> None:
    assert names.company(5) == names.company(5)
    assert len({names.company(key)[0] for key in range(1000)}) > 900


def test_nineteen_of_twenty_are_not_slower_than_the_ninety_fifth() -> None:
    times = Times(tuple(map(float, range(1, 101))), 10.0)
    assert (times.p50, times.p95, times.rate) == (50.0, 95.0, 10.0)


def test_columns_that_nobody_names_get_the_models_default() -> None:
    columns = db.metadata.tables["deals"].columns
    assert default_of(columns.title) is None
    assert default_of(columns.evidence) == "{}"


def test_the_installed_base_has_a_million_units_and_hot_customers_two_thousand() -> None:
    fleet = Size(fleet_run.ACCOUNTS, SMALL.end, **fleet_run.SHAPE)
    assert (fleet.count("units"), fleet.count("work_orders")) == (1_000_000, 2_000_000)
    some = [unit_account(fleet, key) for key in range(1, 100_001)]
    assert 150 < some.count(1) < 250  # of a tenth of the units
    assert fill.size_of({"accounts": 1, "end": "2026-11-21T00:00:00+00:00"}) == Size(1, SMALL.end)
