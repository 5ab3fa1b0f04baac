"""How a unit stood on any day: whose, where, in what use."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from crm.clock import today
from crm.extensions import db
from crm.installed_base import actions
from crm.installed_base.models import Unit, UnitState
from crm.installed_base.states import state_of, states_of


def test_a_unit_stands_from_its_first_known_day_on(unit, api, company, plant):
    made = unit(delivered_on="2024-02-28", installed_on="2024-02-29", site_id=plant.site).json
    clerk = api(company.clerk)
    path = f"/units/{made['id']}/state?on="
    assert clerk.get(path + "2024-02-27").status_code == 404
    stood = clerk.get(path + "2024-02-28").json
    assert (stood["account_id"], stood["site_id"]) == (plant.account, plant.site)
    assert (stood["from_on"], stood["status"]) == ("2024-02-28", "in_use")
    assert stood["by_id"] == company.rep
    assert clerk.get(path + "yesterday").status_code == 422
    assert clerk.get("/units/999/state").status_code == 404


def test_every_change_of_place_and_use_is_one_more_row(unit, api, company, plant, app):
    made = unit(installed_on="2024-04-01", location="1階").json
    rep, path = api(company.rep), f"/units/{made['id']}"
    rep.patch(path, {"location": "2階"}, version=1)
    rep.patch(path, {"warranty_ends_on": "2030-03-31"}, version=2)
    rep.patch(path, {"ownership": "leased", "site_id": plant.site}, version=3)
    rows = rep.get(path + "/states").json["items"]
    assert [row["location"] for row in rows] == ["2階", "2階", "1階"]
    assert [row["ownership"] for row in rows] == ["leased", "bought", "bought"]
    with app.app_context():
        yesterday = (today() - timedelta(days=1)).isoformat()
    assert rep.get(f"{path}/state?on={yesterday}").json["location"] == "1階"
    assert rep.get(f"{path}/state").json["site_id"] == plant.site


def test_a_refused_change_leaves_no_row(unit, api, company, app):
    made = unit(installed_on="2024-04-01").json
    wrong = {"location": "2階", "removed_on": "2020-01-01"}
    assert api(company.rep).patch(f"/units/{made['id']}", wrong, version=1).status_code == 422
    with app.app_context():
        assert len(states_of(made["id"])) == 1


def test_a_removal_counts_from_the_day_of_the_removal(unit, api, company):
    made = unit(installed_on="2024-04-01").json
    gone = {"status": "removed", "removed_on": "2026-03-31"}
    api(company.rep).patch(f"/units/{made['id']}", gone, version=1)
    path = f"/units/{made['id']}/state?on="
    assert api(company.rep).get(path + "2026-03-30").json["status"] == "in_use"
    assert api(company.rep).get(path + "2026-03-31").json["status"] == "removed"


def test_a_change_and_its_row_are_one_change(unit, company, app):
    key = unit(installed_on="2024-04-01").json["id"]
    with app.app_context():
        actions.change_unit(db.session.get_one(Unit, key), {"location": "3階"}, company.rep)
        db.session.rollback()
        assert [row.location for row in states_of(key)] == [""]


def test_the_states_go_with_a_unit_that_was_a_mistake(unit, api, company, app):
    key = unit().json["id"]
    assert api(company.manager).delete(f"/units/{key}", version=1).status_code == 204
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(UnitState)) == 0


def test_the_state_of_a_day_is_asked_in_one_statement(unit, app, statements):
    key = unit().json["id"]
    with app.app_context():
        statements.clear()
        assert state_of(key, today()).unit_id == key
        assert len(statements) == 1, statements


def test_the_page_of_a_unit_says_how_it_stood_on_a_day(unit, sign_in, api, company, plant):
    key = unit(installed_on="2024-04-01", location="1階 準備室").json["id"]
    api(company.rep).patch(f"/units/{key}", {"location": "2階 分析室"}, version=1)
    rep = sign_in(company.rep)
    then = rep.get(f"/units/{key}?on=2026-03-31").get_data(as_text=True)
    assert "2026/03/31" in then
    assert "1階 準備室" in then
    assert 'id="stood"' in rep.get(f"/units/{key}?on=2020-01-01").get_data(as_text=True)
    assert 'id="stood"' not in rep.get(f"/units/{key}").get_data(as_text=True)
    assert rep.get(f"/units/{key}?on=then").status_code == 422
    part = rep.get(f"/units/{key}/moves").get_data(as_text=True)
    assert part.index("2階 分析室") < part.index("2024/04/01") < part.index("1階 準備室")


def test_a_unit_of_which_nothing_is_noted_has_a_page_all_the_same(unit, sign_in, company, app):
    key = unit().json["id"]
    with app.app_context():
        db.session.execute(sa.delete(UnitState))
        db.session.commit()
    rep = sign_in(company.rep)
    assert rep.get(f"/units/{key}/moves").status_code == 200
    assert rep.get(f"/units/{key}?on=2026-03-31").status_code == 200
