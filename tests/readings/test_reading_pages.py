"""The page of a unit's readings, its part of the unit's page, and the form on a phone."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from crm.clock import now
from crm.extensions import db
from crm.readings import screens
from crm.readings.models import Reading


def write(app, meter: int, days: int, step: float, each: float = 1.0) -> None:
    """A counter that was read every so many days and ran `each` a day."""
    rows = [
        {"meter_id": meter, "at": now() - timedelta(days=days - n * step),
         "value": Decimal(round(n * step * each)), "offset": Decimal(0), "revision": 0,
         "reset": False, "source": "api", "reason": "", "noted_at": now()}
        for n in range(int(days / step))
    ]  # fmt: skip
    with app.app_context():
        db.session.execute(sa.insert(Reading), rows)
        db.session.commit()


def test_the_units_page_shows_latest_line_growth_and_forecast(app, company, sign_in, read):
    write(app, read.hours, 500, 1, 19)
    browser = sign_in(company.engineer)
    page = browser.get(f"/units/{read.unit}").text
    assert f"/units/{read.unit}/readings/panel" in page
    part = browser.get(f"/units/{read.unit}/readings/panel").text
    assert "9,481 h" in part
    assert "10,000 h の94%" in part
    assert "前年の同じ期間と同じ" in part
    assert "に達する見込みです" in part
    assert "<polyline" in part
    assert "圧力" in part


def test_without_readings_it_says_so_in_words(company, sign_in, read, unit, note):
    browser = sign_in(company.rep)
    bare = browser.get(f"/units/{unit('B-2').json['id']}/readings/panel").text
    assert "この機器にメーターはありません。" in bare
    note(1, 5)
    part = browser.get(f"/units/{read.unit}/readings/panel").text
    assert "前年と比べられるだけの検針がありません" in part
    assert "達する日を見込めるだけの検針がありません" in part


def test_a_reading_is_typed_on_the_page_and_refused_in_words(company, sign_in, read, note):
    note(2, 8_412)
    path = f"/units/{read.unit}/readings"
    browser = sign_in(company.engineer)
    form = browser.get(path).text
    assert 'inputmode="decimal"' in form
    typed = {"meter_id": read.hours, "value": "８,４００"}
    refused = browser.post(path, data=typed)
    assert refused.status_code == 422
    assert "前回の検針" in refused.text
    assert 'value="８,４００"' in refused.text
    local = f"{now() - timedelta(hours=1):%Y-%m-%dT%H:%M}"
    done = browser.post(path, data=typed | {"value": "8,500", "at": local, "reset": ""})
    assert done.status_code == 303, done.text
    page = browser.get(path).text
    assert "8,500 h" in page
    key = next(
        int(one.split("/")[0]) for one in page.split("/readings/")[1:] if "/correction" in one
    )
    wrong = browser.post(f"/readings/{key}/correction", data={"value": "1", "reason": "桁"})
    assert wrong.status_code == 422
    assert browser.get(f"/readings/{key}/correction").status_code == 200
    right = browser.post(f"/readings/{key}/correction", data={"value": "", "reason": "別の機器"})
    assert right.status_code == 303
    after = browser.get(path).text
    assert "取り消し" in after
    assert "別の機器" in after


def test_a_meter_is_made_and_changed_on_its_form(company, sign_in, read):
    browser = sign_in(company.rep)
    assert browser.get(f"/units/{read.unit}/meters/new").status_code == 200
    body = {"name": "印刷枚数", "kind": "counter", "measure": "枚", "decimals": "0",
            "rated_limit": "5,000,000"}  # fmt: skip
    made = browser.post(f"/units/{read.unit}/meters", data=body)
    assert made.status_code == 303, made.text
    twice = browser.post(f"/units/{read.unit}/meters", data=body)
    assert twice.status_code == 422
    key = made.location.rpartition("=")[2]
    form = browser.get(f"/meters/{key}/edit").text
    assert "印刷枚数" in form
    changed = browser.post(f"/meters/{key}/edit", data=body | {"version": "1", "measure": "面"})
    assert changed.status_code == 303, changed.text
    assert "面" in browser.get(made.location).text


@pytest.mark.parametrize("path", ["/readings", "/readings/panel"])
def test_a_million_readings_cost_what_a_hundred_do(
    app, company, sign_in, read, statements, path, monkeypatch
):
    write(app, read.hours, 600, 0.05)
    write(app, read.pressure, 600, 0.05)
    browser = sign_in(company.rep)
    browser.get(f"/units/{read.unit}{path}")
    statements.clear()
    assert browser.get(f"/units/{read.unit}{path}").status_code == 200
    assert len(statements) <= 12
    looks = [one for one in statements if "readings" in one]
    with app.app_context():
        sqlite = db.engine.dialect.name == "sqlite"
        plans = [
            row[-1]
            for one in looks if sqlite and one.lstrip().startswith(("SELECT", "WITH"))
            for row in db.session.connection().exec_driver_sql(
                f"EXPLAIN QUERY PLAN {one}", (1,) * one.count("?")
            )
        ]  # fmt: skip
    assert not [one for one in plans if one.startswith("SCAN readings")]
    assert screens.PAGE == 50
