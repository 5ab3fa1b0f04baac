"""A machine that was entered twice is one unit, and two again when that was a mistake."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from crm.campaigns.models import CampaignItem
from crm.clock import now, today
from crm.doubles import merging, unmerging
from crm.doubles.models import Merge
from crm.doubles.referring import references
from crm.extensions import db
from crm.installed_base.models import Unit, UnitState
from crm.maintenance.models import PlanUnit
from crm.readings.models import Meter, Reading
from crm.search.sources import refresh, sources
from tests.doubles.companies import state
from tests.doubles.machines import a_machine, with_cycle
from tests.records import (
    a_campaign,
    a_loan,
    a_meter,
    a_product,
    a_reading,
    a_ticket,
    a_unit,
    an_account,
    keep,
)

FIELDS = ("product_id", "serial_no", "site_id", "status", "installed_on", "warranty_ends_on",
          "replaces_id", "parent_id")  # fmt: skip
SIDES = st.dictionaries(st.sampled_from(FIELDS), st.sampled_from(("survivor", "lost")))


def two_machines(company, tag: str = "", read: int = 1_200) -> tuple[int, int]:
    """PW-1O01 and PW-1001 of one customer: one was read as a letter."""
    account = an_account(company.rep, company.first_team)
    product = a_product(f"PW-{tag}")
    with_cycle(product)
    other = a_product(f"PW{tag}", name="純水製造装置")
    one = a_machine(company, account, product, f"PW-1O01{tag}")
    ended = today() - timedelta(days=3)
    two = a_machine(company, account, other, f"PW-1001{tag}", read=read, days_ago=2,
                    warranty_ends_on=ended, firmware="2.1", firmware_key="2.1")  # fmt: skip
    campaign, _item = a_campaign(account, one, product, tag)
    keep(CampaignItem(campaign_id=campaign, unit_id=two, account_id=account, status="done",
                      done_on=today(), told=True))  # fmt: skip
    plan = db.session.scalar(sa.select(PlanUnit.plan_id).where(PlanUnit.unit_id == one))
    keep(PlanUnit(plan_id=plan, unit_id=two, next_due_on=today()))
    seen()
    return one, two


def seen() -> None:
    """Everything is found by the search."""
    for source in sources().values():
        refresh(source.kind, source.keys(0, 1000))
    db.session.commit()


@settings(
    max_examples=3, deadline=None, derandomize=True, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(choices=SIDES, swapped=st.booleans(), read=st.sampled_from((1_200, 900)))
def test_what_nobody_touched_comes_back_row_by_row(app, company, choices, swapped, read):
    with app.app_context():
        tag = f"{db.session.scalar(sa.select(sa.func.max(Unit.id))) or 0}"
        survivor, lost = two_machines(company, tag, read)
        survivor, lost = (lost, survivor) if swapped else (survivor, lost)
        before = state()
        merge = merging.merge("unit", survivor, lost, choices, company.manager)
        db.session.commit()
        assert db.session.get(Unit, lost) is None
        for one in references("unit"):
            rows = sa.select(sa.func.count()).select_from(one.table)
            assert db.session.scalar(rows.where(*one.naming(lost))) == 0, one.name
        last = db.session.scalars(
            sa.select(UnitState)
            .where(UnitState.unit_id == survivor)
            .order_by(UnitState.from_on.desc(), UnitState.id.desc())
        ).first()
        assert last.site_id == db.session.get_one(Unit, survivor).site_id
        assert unmerging.unmerge(merge, company.manager) == []
        db.session.commit()
        after = state()
        assert [name for name in before if before[name] != after[name]] == []


def test_it_is_told_before_what_moves_and_what_collides(app, api, sign_in, company, statements):
    with app.app_context():
        one, two = two_machines(company)
    manager = api(company.manager)
    plan = manager.get(f"/units/{one}/merge?lost_id={two}").json
    assert {
        "tickets.unit_id", "work_orders.unit_id", "contract_units.unit_id", "warranties.unit_id",
        "unit_states.unit_id", "meters.unit_id", "loans.unit_id", "visits.unit_id",
        "plan_units.unit_id", "campaign_items.unit_id", "attachments.unit_id", "alerts.unit_id",
        "deal_units.unit_id", "units.parent_id", "units.replaces_id", "work_parts.fitted_unit_id",
        "events.subject_id", "import_keys.record_id", "handover_units.unit_id",
    } <= plan["moves"].keys()  # fmt: skip
    assert plan["clashes"] == {
        "successors": 1, "alerts": 1, "campaigns": 1, "same_plans": 1, "plans": 1,
        "meters_joined": 1,
    }  # fmt: skip
    browser = sign_in(company.manager)
    browser.get("/doubles?kind=unit")
    statements.clear()
    page = browser.get(f"/units/{one}/merge?with={two}").text

    assert len(statements) <= 12 and "計画のいずれかから" in page
    assert f'href="/units/{two}/merge?with={one}"' in page
    form = {"lost_id": two, "serial_no": "lost", "product_id": "survivor"}
    done = browser.post(f"/units/{one}/merge", data=form, follow_redirects=True)
    assert "統合しました" in done.text
    with app.app_context():
        unit = db.session.get_one(Unit, one)
        assert (unit.serial_no, unit.firmware) == ("PW-1001", "2.1")
        items = db.session.scalars(sa.select(CampaignItem)).all()
        assert [(item.unit_id, item.status) for item in items] == [(one, "done")]
        assert db.session.scalars(sa.select(Reading.value).order_by(Reading.at)).all() == [
            1_000, 1_200,
        ]  # fmt: skip
        assert db.session.scalars(sa.select(Meter.unit_id)).all() == [one]
    assert browser.get(f"/units/{two}?x=1").location == f"/units/{one}?x=1"
    assert manager.get(f"/units/{two}").json["merged_into"]["id"] == one
    assert manager.get(f"/units/{one}/merges").json["items"][0]["lost_name"] == "PW PW-1001"
    merges = browser.get(f"/units/{one}/merges").text
    assert f'action="/units/{one}/unmerge"' in merges
    key = merges.split('name="merge_id" value="')[1].split('"')[0]
    back = browser.post(f"/units/{one}/unmerge", data={"merge_id": key}, follow_redirects=True)
    assert "すべて元どおり" in back.text


def test_what_was_done_meanwhile_stays_and_a_number_given_away_is_said(app, company):
    with app.app_context():
        one, two = two_machines(company)
        merge = merging.merge("unit", one, two, {"installed_on": "lost"}, company.manager)
        db.session.commit()
        key, meter = merge.id, db.session.scalar(sa.select(Meter.id))
        new = a_ticket(db.session.get_one(Unit, one).account_id, None, None, unit_id=one)
        late = a_reading(meter, 1_300, 0)
        db.session.get_one(Unit, one).firmware = "3.0"
        third = a_unit(db.session.get_one(Unit, one).account_id, merge.row["product_id"],
                       "PW-1001", serial_key="PW-1001")  # fmt: skip
        merge = db.session.get_one(Merge, key)
        with pytest.raises(Exception, match=str(third)):
            unmerging.unmerge(merge, company.manager)
        db.session.rollback()
        db.session.get_one(Unit, third).serial_key = "PW-9"
        db.session.commit()
        left = unmerging.unmerge(db.session.get_one(Merge, key), company.manager)
        db.session.commit()
        assert [one_["field"] for one_ in left] == ["firmware"]
        assert db.session.get_one(Unit, one).firmware == "3.0"
        tickets = db.metadata.tables["tickets"].c
        assert db.session.scalar(sa.select(tickets.unit_id).where(tickets.id == new)) == one
        assert db.session.get_one(Reading, late).meter_id == meter
        assert {m.unit_id for m in db.session.scalars(sa.select(Meter))} == {one, two}


def test_two_customers_machines_are_one_only_when_somebody_says_whose(app, api, sign_in, company):
    with app.app_context():
        one, two = two_machines(company)
        other = an_account(company.rep, company.first_team, name="別の会社")
        foreign = an_account(company.stranger, company.second_team, name="他人の会社")
        unit = db.session.get_one(Unit, two)
        product, mine = unit.product_id, unit.account_id
        theirs = a_unit(other, product, "PW-1OO1")
        foreigner = a_unit(foreign, product, "X-1")
        part = a_unit(mine, product, "P-1", parent_id=two)
        ticket = a_ticket(other, company.clerk, company.call_centre, unit_id=theirs)
        for key in (one, two):
            a_loan(mine, key, returned_on=None)
    manager, rep = api(company.manager), api(company.rep)

    def said(person, key: int, body: dict[str, object]) -> tuple[int, str]:
        answer = person.post(f"/units/{key}/merge", body)
        return answer.status_code, str(answer.json.get("errors") or answer.json.get("detail"))

    assert said(rep, two, {"lost_id": part})[1].count("組み込まれて") == 1
    assert said(rep, one, {"lost_id": two})[1].count("貸出") == 1
    assert said(rep, two, {"lost_id": foreigner})[0] == 422
    assert said(api(company.clerk), two, {"lost_id": theirs})[0] == 404
    assert said(rep, two, {"lost_id": theirs})[0] == 422
    order = {"lost_id": theirs, "choices": {"account_id": "survivor"}}
    assert "未完了" in said(rep, two, order)[1]
    plan = manager.get(f"/units/{two}/merge?lost_id={theirs}").json
    asked = {row["field"]: row["proposed"] for row in plan["fields"]}
    assert asked["account_id"] is None and plan["clashes"]["owners"] == 1
    page = sign_in(company.rep).get(f"/units/{two}/merge?with={theirs}").text
    assert 'name="account_id" value="survivor" required' in page
    with app.app_context():
        tickets = db.metadata.tables["tickets"]
        db.session.execute(
            sa.update(tickets).where(tickets.c.id == ticket).values(status="closed")
        )  # fmt: skip
        seen()
        before = state()
    order["choices"]["account_id"] = "lost"
    made = rep.post(f"/units/{two}/merge", order)
    assert made.status_code == 201, made.json
    with app.app_context():
        parts = db.session.get_one(Unit, part)
        assert (db.session.get_one(Unit, two).account_id, parts.account_id) == (other, other)
    back = rep.post(f"/units/{two}/unmerge", {"merge_id": made.json["id"]})
    assert back.json["left_over"] == []
    with app.app_context():
        assert state() == before


def test_a_counter_that_would_run_backwards_stays_beside(app, company):
    with app.app_context():
        one, two = two_machines(company, read=900)
        a_meter(two, "圧力", kind="gauge")
        plan = merging.plan(db.session.get_one(Unit, one), db.session.get_one(Unit, two))
        assert plan.clashes["meters_apart"] == 1 and "meters_joined" not in plan.clashes
        merging.merge("unit", one, two, {}, company.manager)
        db.session.commit()
        names = db.session.scalars(sa.select(Meter.name).order_by(Meter.id)).all()
        assert names == ["運転時間", "運転時間 (PW-1001)", "圧力"]
    assert now() is not None
