"""R11: a unit that runs more than last year, or near what it is built for, is told once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from crm.alerts.facts import Facts, MeterFacts, ProductFacts, UnitFacts
from crm.alerts.meter_rules import meter_growth
from crm.alerts.models import Alert
from crm.extensions import db
from crm.outbox.models import Message

TODAY = date(2026, 11, 20)
AFTER = ProductFacts(2, "LX-310", "液体クロマトグラフ LX-310", 7_380_000)
METER = MeterFacts(1, "運転時間", Decimal(500), TODAY, "h")
UNIT = UnitFacts(5, 7, "A93-20417", ProductFacts(1, "LX-210", "LX"), AFTER, meters=(METER,))


def judged(**more: object):
    meter = replace(METER, **more)  # type: ignore[arg-type]  # fields by name
    return meter_growth(Facts(TODAY, 7, replace(UNIT, meters=(METER, meter))))


@pytest.mark.parametrize(
    ("recent", "before", "raised"),
    [(130, 100, True), ("129.9", 100, False), (130, 0, False), (130, None, False),
     (None, None, False), (90, 100, False)],
)  # fmt: skip
def test_growth_is_told_from_thirty_percent_on(recent, before, raised):
    given = [None if one is None else Decimal(one) for one in (recent, before)]
    assert (judged(recent=given[0], before=given[1]) is not None) is raised


@pytest.mark.parametrize(("total", "raised"), [(850, True), ("849.9", False), (2_000, True)])
def test_capacity_is_told_from_eighty_five_percent_on(total, raised):
    found = judged(total=Decimal(total), limit=Decimal(1_000))
    assert (found is not None) is raised


def test_the_sentence_names_the_unit_the_meter_and_the_worth():
    found = judged(recent=Decimal(142), before=Decimal(100))
    assert found.ja == "LX-210（A93-20417）の運転時間が、前年の同じ時期より42%増えています。"
    assert found.en.endswith("ran 42% more than in the same days last year.")
    assert (found.subject, found.window, found.value) == ("unit:5", "2026Q4", 7_380_000)
    assert [one.type for one in found.evidence] == ["unit", "product"]
    near = judged(total=Decimal(9_200), limit=Decimal(10_000))
    assert near.ja == "LX-210（A93-20417）の運転時間が、定格 10,000 h の92%に達しました。"


def test_an_old_reading_and_a_unit_out_of_use_say_nothing():
    grown = {"recent": Decimal(200), "before": Decimal(100)}
    assert judged(**grown, read_on=TODAY - timedelta(days=30)) is not None
    assert judged(**grown, read_on=TODAY - timedelta(days=31)) is None
    idle = replace(UNIT, in_use=False, meters=(replace(METER, limit=Decimal(500)),))
    assert meter_growth(Facts(TODAY, 7, idle)) is None


def test_readings_that_arrive_raise_one_alert_a_quarter(app, api, company, read, ago, drained):
    engineer = api(company.engineer)
    lines = [
        {"meter_id": read.hours, "at": ago(days), "value": total}
        for days, total in ((460, 0), (365, 900), (100, 2_800), (90, 3_000), (1, 5_000))
    ]
    for number in range(2):
        done = engineer.post("/readings", {"readings": lines}, Idempotency_Key=f"n{number}")
        assert done.status_code == 200
    with app.app_context():
        sent = sa.select(sa.func.count()).where(Message.kind == "alerts.evaluate")
        assert db.session.scalar(sent) == 1
    drained()
    later = {"readings": [{"meter_id": read.hours, "at": ago(0.1), "value": 5_050}]}
    assert engineer.post("/readings", later).json["taken"] == 1
    drained()
    with app.app_context():
        alerts = db.session.scalars(sa.select(Alert).where(Alert.rule == "R11")).all()
        assert [(one.subject, one.owner_id) for one in alerts] == [
            (f"unit:{read.unit}", company.rep)
        ]
        assert "前年の同じ時期より" in alerts[0].reason["ja"]
