"""What is announced of a product reaches every owner and rep at once, and once."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from crm.alerts import announcing
from crm.alerts.jobs import round_of_units
from crm.alerts.models import Alert
from crm.clock import now, today
from crm.extensions import db
from crm.installed_base.models import Unit
from crm.outbox.drain import drain
from crm.outbox.models import Message
from crm.rooms import HANDLERS
from crm.timeline.models import Event
from tests.dying import die_at
from tests.fingerprints import fingerprint
from tests.records import a_product, a_unit, an_account

SOON = (now().date() + timedelta(days=300)).isoformat()
LATER = (now().date() + timedelta(days=500)).isoformat()


@pytest.fixture
def fleet(app, company) -> dict[str, Any]:
    """Seven units of a chromatograph at two customers of two reps, one taken out; and one more."""
    with app.app_context():
        product, after = a_product("LX-210"), a_product("LX-310", list_price=7_380_000)
        accounts = [
            an_account(company.rep, company.first_team),
            an_account(company.stranger, None, name="株式会社佐藤", name_key="佐藤"),
            an_account(company.rep, company.first_team, name="株式会社高橋", name_key="高橋"),
        ]
        units = [a_unit(accounts[n % 2], product, f"A{n}") for n in range(7)]
        a_unit(accounts[2], product, "A9", status="removed", removed_on=today())
    return {"product": product, "after": after, "accounts": accounts, "units": units}


@pytest.fixture
def announce(api, company, fleet):
    """A manager changes the product."""

    def change(**fields: Any) -> None:
        manager, path = api(company.manager), f"/products/{fleet['product']}"
        version = manager.get(path).json["version"]
        answer = manager.patch(path, fields, version=version)
        assert answer.status_code == 200, answer.text

    return change


@pytest.fixture
def everything(app):
    """Do what waits on both lanes."""

    def run() -> None:
        with app.app_context():
            while drain("fast") + drain("heavy"):
                pass
            assert not db.session.scalar(sa.select(Message.last_error).limit(1))

    return run


def alerts(app) -> Counter[tuple[int | None, str]]:
    with app.app_context():
        return Counter(
            (one.unit_id, one.state)
            for one in db.session.scalars(sa.select(Alert).where(Alert.rule == "R08"))
        )


def told(app) -> Counter[int | None]:
    with app.app_context():
        kind = Event.kind == "product.announced"
        return Counter(db.session.scalars(sa.select(Event.account_id).where(kind)))


def test_the_rep_of_every_owner_is_warned_without_waiting_for_the_night(
    app, api, company, fleet, announce, everything, monkeypatch
):
    monkeypatch.setattr(announcing, "CHUNK", 3)
    announce(end_of_support_on=SOON, successor_id=fleet["after"])
    everything()
    assert alerts(app) == {(unit, "open"): 1 for unit in fleet["units"]}
    assert len(api(company.rep).get("/alerts").json["items"]) == 4
    assert len(api(company.stranger).get("/alerts").json["items"]) == 3
    assert told(app) == {fleet["accounts"][0]: 1, fleet["accounts"][1]: 1}


def test_the_history_of_an_owner_tells_the_announcement_once(
    api, company, fleet, announce, everything
):
    announce(end_of_support_on=SOON, successor_id=fleet["after"])
    everything()
    path = f"/accounts/{fleet['accounts'][0]}/timeline?kind=product.announced"
    [line] = api(company.clerk).get(path).json["items"]
    assert "純水製造装置 LX-210 のお知らせ" in line["text"]
    assert "サポート終了 ― → " in line["text"]
    assert "後継 ― → LX-310" in line["text"]
    assert line["data"]["changes"]["end_of_support_on"] == [None, SOON]
    assert line["subject"]["id"] == fleet["product"]


def test_a_day_far_away_is_told_and_warns_nobody(app, fleet, announce, everything):
    announce(end_of_sale_on=SOON, end_of_support_on="2099-03-31")
    everything()
    assert alerts(app) == {}
    assert len(told(app)) == 2


def test_what_is_not_life_is_not_announced(app, fleet, announce, everything):
    announce(list_price=1, name="別の名前")
    everything()
    assert told(app) == {}


def test_a_day_taken_back_ends_the_alerts_that_rested_on_it(
    app, api, company, fleet, announce, everything
):
    announce(end_of_support_on=SOON)
    everything()
    rep = api(company.rep)
    [first, *_rest] = rep.get("/alerts").json["items"]
    rep.post(f"/alerts/{first['id']}/dismissal", {"reason": "not_now"})
    announce(end_of_support_on=None)
    everything()
    states = Counter(state for _unit, state in alerts(app))
    assert states == {"expired": 6, "dismissed": 1}
    ended = rep.get("/alerts?state=expired").json["items"]
    assert {one["dismissal"] for one in ended} == {"fact_changed"}
    path = f"/accounts/{fleet['accounts'][0]}/timeline?kind=alert.withdrawn"
    assert "もとの予定が変更・取消" in rep.get(path).json["items"][0]["text"]
    announce(end_of_support_on=SOON)
    everything()
    again = Counter(state for _unit, state in alerts(app).elements())
    assert again == {"expired": 6, "dismissed": 1, "open": 6}
    assert set(told(app).values()) == {3}


def test_a_day_put_off_warns_of_the_new_one(app, api, company, fleet, announce, everything):
    announce(end_of_support_on=SOON)
    everything()
    announce(end_of_support_on=LATER)
    everything()
    assert Counter(state for _unit, state in alerts(app).elements()) == {"expired": 7, "open": 7}
    announce(successor_id=fleet["after"])
    everything()
    items = api(company.rep).get("/alerts?state=open").json["items"]
    assert len(items) == 4
    assert all("LX-310" in str(one["evidence"]) for one in items)


def test_an_announcement_done_twice_changes_nothing_more(
    app, fleet, announce, everything, monkeypatch
):
    monkeypatch.setattr(announcing, "CHUNK", 2)
    announce(end_of_support_on=SOON, successor_id=fleet["after"])
    everything()
    before = fingerprint(app)
    with app.app_context():
        messages = db.session.scalars(sa.select(Message).order_by(Message.id)).all()
        for kind, payload in [(one.kind, one.payload) for one in messages]:
            HANDLERS[kind](payload)
            db.session.commit()
    assert fingerprint(app) == before


def test_a_unit_with_a_day_of_its_own_is_told_only_what_touches_it(
    app, api, company, fleet, announce, everything
):
    own, late = fleet["units"][1], fleet["units"][0]
    with app.app_context():
        for key, day in ((own, "2099-03-31"), (late, SOON)):
            db.session.get_one(Unit, key).end_of_support_on = date.fromisoformat(day)
        for key in fleet["units"][3::2]:
            db.session.get_one(Unit, key).account_id = fleet["accounts"][0]
        db.session.commit()
    announce(end_of_support_on=LATER)
    everything()
    assert alerts(app) == {(unit, "open"): 1 for unit in fleet["units"][2:]}
    assert told(app) == {fleet["accounts"][0]: 1}, "all units of the other have their own day"
    announce(parts_supply_end_on=LATER)
    everything()
    assert told(app) == {fleet["accounts"][0]: 2, fleet["accounts"][1]: 1}
    assert alerts(app) == {(unit, "open"): 1 for unit in fleet["units"] if unit != own}
    announce(end_of_support_on=None)
    everything()
    assert alerts(app)[(late, "open")] == 1, "it rests on the unit's own day"
    assert sum(alerts(app)[(unit, "expired")] for unit in fleet["units"]) == 5


def test_an_own_day_warns_at_once_and_takes_back_what_rested_on_the_models(
    app, api, company, fleet, announce, everything
):
    announce(end_of_support_on=LATER)
    everything()
    rep, unit = api(company.rep), fleet["units"][0]

    def own(day: str | None) -> None:
        version = rep.get(f"/units/{unit}").json["version"]
        answer = rep.patch(f"/units/{unit}", {"end_of_support_on": day}, version=version)
        assert answer.status_code == 200, answer.text
        everything()

    def standing() -> list[str]:
        items = rep.get("/alerts?state=open").json["items"]
        return [str(one["evidence"]) for one in items if one["unit_id"] == unit]

    own(SOON)
    [told_now] = standing()
    assert "この機器の期日" in told_now
    own("2099-03-31")
    assert standing() == []
    own(None)
    [again] = standing()
    assert "この機器の期日" not in again
    others = Counter(state for (key, state) in alerts(app).elements() if key != unit)
    assert others == {"open": 6}


def test_the_night_puts_right_what_came_by_file(app, company, fleet, announce, everything):
    announce(end_of_support_on=SOON)
    everything()
    unit = fleet["units"][0]
    with app.app_context():
        db.session.execute(
            sa.update(Unit).where(Unit.id == unit).values(end_of_support_on=date(2099, 3, 31))
        )
        db.session.commit()
        for _night in range(2):
            round_of_units({"day": today().isoformat(), "first": 0})
            db.session.commit()
    assert alerts(app) == {(unit, "expired"): 1} | {(one, "open"): 1 for one in fleet["units"][1:]}


def _drained() -> None:
    while drain("fast") + drain("heavy"):
        pass


def test_nothing_is_lost_or_doubled_when_the_walk_is_killed(
    app, fleet, announce, everything, monkeypatch
):
    monkeypatch.setattr(announcing, "CHUNK", 3)
    announce(end_of_support_on=SOON, successor_id=fleet["after"])
    for place in ("alerts.reach:2", "outbox.after_effect:1", "alerts.reach:1"):
        assert die_at(place, app, _drained) == 137
        with app.app_context():
            db.session.execute(sa.update(Message).values(lease_until=None))
            db.session.commit()
    everything()
    assert alerts(app) == {(unit, "open"): 1 for unit in fleet["units"]}
    assert told(app) == {fleet["accounts"][0]: 1, fleet["accounts"][1]: 1}
