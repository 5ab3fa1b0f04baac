"""Units with their trees, work with its charge, contracts, warranties and plans come in whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from crm.accounts.models import Account
from crm.clock import today
from crm.extensions import db
from crm.installed_base.models import (
    ContractScope,
    ContractUnit,
    ServiceContract,
    Unit,
    UnitState,
    WorkOrder,
)
from crm.installed_base.warranty_models import Warranty
from crm.maintenance.jobs import generate
from crm.maintenance.models import MaintenancePlan, PlanUnit, Visit
from crm.outbox.drain import drain
from crm.service.models import FaultCode
from crm.text.firmware import firmware_key
from crm.timeline.queries import history
from crm.transfers.outcome import Outcome
from crm.transfers.run_actions import has_steps, start_undo
from crm.transfers.run_models import ImportRun
from crm.transfers.undoing import parts_back
from tests.records import a_meter, a_product, a_reading, a_site, an_account

UNITS = """account,product,serial_no,parent,end_user,site,produced_on,delivered_on,installed_on,\
ownership,lease_ends_on,re_lease_ends_on
株式会社山田製作所,LX-210,PUMP-1,LX-1,,,,,,,,
株式会社山田製作所,LX-210,LX-1,,,川崎工場,2020-01-10,2020-02-01,2020-02-03,leased,2026-03-31,2027-03-31
株式会社山田製作所,LX-210,SEAL-1,PUMP-1,株式会社佐藤,,,,,,,
株式会社山田製作所,LX-210,RING-1,RING-2,,,,,,,,
株式会社山田製作所,LX-210,RING-2,RING-1,,,,,,,,
株式会社佐藤,LX-210,ALIEN-1,LX-1,,,,,,,,
株式会社山田製作所,LX-210,EARLY-1,,,,2020-05-01,,2020-04-30,,,
株式会社山田製作所,LX-210,LOST-1,NOWHERE,,,,,,,,
株式会社佐藤,LX-210,WRONG-1,,,川崎工場,,,,,,
"""

Write = Callable[..., Outcome]


@pytest.fixture
def fleet(app, company) -> None:
    """Two customers, of whom the first has a site, and a product."""
    with app.app_context():
        first = an_account(company.rep, company.first_team, name="株式会社山田製作所")
        an_account(company.rep, company.first_team, name="株式会社佐藤", name_key="佐藤")
        a_site(first)
        a_product("LX-210")


@pytest.fixture
def write(fleet, take, tmp_path: Path) -> Write:
    """Import a table that is given as text."""

    def run(kind: str, text: str) -> Outcome:
        path = tmp_path / f"{kind}.csv"
        path.write_text(text, encoding="utf-8")
        outcome: Outcome = take(kind, path)
        return outcome

    return run


def unit(serial: str) -> Unit:
    return db.session.scalars(sa.select(Unit).where(Unit.serial_no == serial)).one()


def test_a_tree_of_units_comes_in_whatever_the_order_of_its_rows(app, write, fingerprint):
    outcome = write("units", UNITS)
    refused = {one.line: one.reason for one in outcome.refused}
    assert list(refused) == [8, 10]
    assert "設置日" in refused[8]
    assert "川崎工場" in refused[10]
    assert sorted(line for line, _why in outcome.remarks) == [5, 6, 7, 9]
    assert outcome.new == 7
    with app.app_context():
        pump, column = unit("PUMP-1"), unit("LX-1")
        assert (pump.parent_id, unit("SEAL-1").parent_id) == (column.id, pump.id)
        assert (unit("RING-1").parent_id, unit("ALIEN-1").parent_id) == (None, None)
        assert column.site_id is not None
        ends = (column.ownership, f"{column.lease_ends_on}", f"{column.re_lease_ends_on}")
        assert ends == ("leased", "2026-03-31", "2027-03-31")
        states = db.session.scalars(sa.select(UnitState).order_by(UnitState.unit_id)).all()
        assert len(states) == 7
        end_user = db.session.get_one(Account, unit("SEAL-1").end_user_account_id)
        assert end_user.name == "株式会社佐藤"
        assert {one.unit_id: one.parent_id for one in states}[pump.id] == column.id
    before = fingerprint()
    assert write("units", UNITS).same == 7
    assert fingerprint() == before
    moved = write("units", UNITS.replace("SEAL-1,PUMP-1,", "SEAL-1,LX-1,"))
    assert (moved.changed, moved.same) == (1, 6)
    with app.app_context():
        seal = unit("SEAL-1")
        assert seal.parent_id == unit("LX-1").id
        newest = sa.select(UnitState).where(UnitState.unit_id == seal.id)
        states = db.session.scalars(newest.order_by(UnitState.id)).all()
        assert states[-1].parent_id == seal.parent_id


def test_units_bring_their_lot_lessor_criticality_and_own_days(app, write):
    head = "account,product,serial_no,installed_on,lot,lessor,criticality,end_of_support_on\n"
    row = "株式会社山田製作所,LX-210,OWN-1,2020-02-03,2002-A,東都総合リース,high,2031-03-31\n"
    early = "株式会社山田製作所,LX-210,OWN-2,2020-02-03,,,,2020-02-02\n"
    outcome = write("units", head + row + early)
    assert (outcome.new, [one.line for one in outcome.refused]) == (1, [3])
    assert "サポート終了（個別）" in outcome.refused[0].reason
    with app.app_context():
        made = unit("OWN-1")
        assert (made.lot, made.lessor, made.criticality) == ("2002-A", "東都総合リース", "high")
        assert f"{made.end_of_support_on}" == "2031-03-31" and made.parts_supply_end_on is None
    blank = row.replace("2002-A,東都総合リース,high,2031-03-31", ",,,")
    assert write("units", head + blank).changed == 1
    with app.app_context():
        made = unit("OWN-1")
        assert (made.lot, made.lessor, made.criticality) == ("", "", "")
        assert made.end_of_support_on is None


def test_work_comes_in_with_its_codes_and_what_the_customer_bears(app, write):
    write("units", UNITS)
    with app.app_context():
        db.session.add(FaultCode(kind="symptom", code="S12", name="圧力が低い"))
        db.session.commit()
    outcome = write("work-orders", (
        "id,unit,kind,opened_on,done_on,symptom_code,labour_amount,travel_amount,parts_amount,"
        "labour_share,travel_share,parts_share,charge_reason\n"
        "1,LX-1,repair,2025-05-01,2025-05-02,s12,30000,8000,12001,100,0,50,部品は半額\n"
        "2,LX-1,repair,2025-06-01,2025-06-02,X99,0,0,0,,,,\n"
        "3,LX-1,repair,2025-06-01,2025-06-02,,0,0,0,100,,,\n"
        "4,LX-1,repair,2025-06-01,2025-06-02,,0,0,0,100,101,0,\n"
        "5,LX-1,repair,2025-06-01,2025-06-02,,5000,0,0,,,,\n"
    ))  # fmt: skip
    assert [one.line for one in outcome.refused] == [3, 4, 5]
    with app.app_context():
        first, second = db.session.scalars(sa.select(WorkOrder).order_by(WorkOrder.id)).all()
        assert (first.symptom_code, first.chargeable, first.invoice_amount) == ("S12", True, 36_000)
        assert (first.parts_share, first.charge_reason) == (50, "部品は半額")
        assert (second.invoice_amount, second.symptom_code) == (None, "")


CONTRACTS = """number,account,units,products,sites,whole_account,starts_on,ends_on,cycle_months,\
cycle_amount,parts_percent,auto_renew,even_if_overlapping
M-1,株式会社山田製作所,LX-1；PUMP-1,,,,2026-04-01,2027-03-31,3,30000,50,1,
M-2,株式会社山田製作所,,LX-210,川崎工場,1,2026-04-01,2027-03-31,,,,,1
M-3,株式会社佐藤,LX-1,,,,2026-04-01,2027-03-31,,,,,
M-4,株式会社佐藤,ALIEN-1,,,,2026-04-01,2026-03-31,,,,,
M-5,株式会社佐藤,ALIEN-1,,,,2026-04-01,2027-03-31,5,,,,
M-6,株式会社佐藤,ALIEN-1,,,,2026-04-01,2027-03-31,,,101,,
"""


def test_contracts_come_in_with_what_they_cover_and_their_price_per_cycle(app, write, fingerprint):
    write("units", UNITS)
    outcome = write("contracts", CONTRACTS)
    assert (outcome.new, [one.line for one in outcome.refused]) == (2, [4, 5, 6, 7])
    with app.app_context():
        first, second = db.session.scalars(
            sa.select(ServiceContract).order_by(ServiceContract.id)
        ).all()
        assert (first.annual_amount, first.cycle_amount, first.parts_percent) == (
            120_000,
            30_000,
            50,
        )
        assert (first.auto_renew, first.labour_percent, second.cycle_months) == (True, 100, 12)
        assert set(db.session.scalars(sa.select(ContractUnit.unit_id))) == {
            unit("LX-1").id, unit("PUMP-1").id,
        }  # fmt: skip
        scopes = db.session.scalars(sa.select(ContractScope)).all()
        assert {one.contract_id for one in scopes} == {second.id}
        named = sorted((bool(one.product_id), bool(one.site_id)) for one in scopes)
        assert named == [(False, False), (False, True), (True, False)]
        titles = [one.title for one in history(account_id=first.account_id)]
        assert "取り込み：M-1" in titles
    before = fingerprint()
    assert write("contracts", CONTRACTS).same == 2
    assert fingerprint() == before
    other = write("contracts", CONTRACTS.replace("3,30000,50", "3,40000,50"))
    assert other.changed == 1
    more = "".join(
        f"{number},株式会社山田製作所,{units},,,,{days},,,,,\n"
        for number, units, days in (
            ("M-7", "LX-1", "2027-03-31,2028-03-30"), ("M-8", "LX-1", "2027-04-01,2028-03-31"),
            ("M-9", "LX-1", "2028-03-31,2028-04-30"), ("M-10", "PUMP-1", "2028-03-31,2028-04-30"),
        )
    )  # fmt: skip
    late = write("contracts", CONTRACTS + more)
    assert (late.new, [one.line for one in late.refused]) == (2, [4, 5, 6, 7, 8, 10])
    for refusal, number, day in (
        (late.refused[4], "M-1", "2027"),
        (late.refused[5], "M-8", "2028"),
    ):
        assert all(one in refusal.reason for one in ("1台", "LX-1", number, day)), refusal.reason


def test_warranties_come_in_and_the_unit_keeps_the_last_of_their_days(
    app, company, write, fingerprint
):
    write("units", UNITS)
    rows = (
        "unit,kind,starts_on,ends_on,parts_percent,meter_name,meter_limit,exchange\n"
        "LX-1,maker,2020-02-03,2021-02-02,,,,\n"
        "LX-1,extended,2021-02-03,2031-02-02,50,,,loaner\n"
        "LX-1,own,2021-02-03,2020-02-02,,,,\n"
        "LX-1,own,2021-02-03,2022-02-02,,総運転時間,,\n"
    )
    outcome = write("warranties", rows)
    assert (outcome.new, [one.line for one in outcome.refused]) == (2, [4, 5])
    with app.app_context():
        assert f"{unit('LX-1').warranty_ends_on}" == "2031-02-02"
        extended = db.session.scalars(sa.select(Warranty).where(Warranty.kind == "extended")).one()
        assert (extended.parts_percent, extended.labour_percent) == (50, 100)
        assert extended.exchange == "loaner"
        titles = [one.title for one in history(account_id=unit("LX-1").account_id)]
        assert "取り込み：LX-210 LX-1 の保証" in titles
    before = fingerprint()
    assert write("warranties", rows).same == 2
    assert fingerprint() == before
    assert write("warranties", rows.replace("2031-02-02", "2032-02-02")).changed == 1
    with app.app_context():
        assert f"{unit('LX-1').warranty_ends_on}" == "2032-02-02"
        of_warranties = sa.select(ImportRun).where(ImportRun.kind == "warranties")
        runs = db.session.scalars(of_warranties.order_by(ImportRun.id.desc())).all()
        for run in [one for one in runs if has_steps(one)]:
            start_undo(run, company.manager)
            for _part in parts_back(run.id):
                db.session.commit()
        assert unit("LX-1").warranty_ends_on is None


def test_plans_come_in_with_their_units_and_the_day_of_the_next_visit(app, write, fingerprint):
    write("units", UNITS)
    write("contracts", CONTRACTS)
    rows = (
        "account,name,units,contract,every,period,rule,first_due_on,active\n"
        "株式会社山田製作所,年次点検,LX-1;PUMP-1,M-1,12,months,fixed,2020-04-01,1\n"
        "株式会社山田製作所,週次,LX-1,,3,days,fixed,2020-04-01,1\n"
        "株式会社佐藤,点検,ALIEN-1,M-1,12,months,fixed,2020-04-01,1\n"
        "株式会社佐藤,点検2,LX-1,,12,months,fixed,2020-04-01,1\n"
    )
    outcome = write("maintenance-plans", rows)
    assert (outcome.new, [one.line for one in outcome.refused]) == (1, [3, 4, 5])
    with app.app_context():
        plan = db.session.scalars(sa.select(MaintenancePlan)).one()
        assert plan.contract_id is not None
        links = db.session.scalars(sa.select(PlanUnit)).all()
        assert len(links) == 2
        assert all(one.next_due_on is not None and one.next_due_on >= today() for one in links)
    before = fingerprint()
    assert write("maintenance-plans", rows).same == 1
    assert fingerprint() == before
    assert (
        write("maintenance-plans", rows.replace("fixed,2020-04-01,1", "fixed,2020-04-01,0")).changed
        == 1
    )
    with app.app_context():
        assert set(db.session.scalars(sa.select(PlanUnit.wakes_on))) == {None}


def test_plans_by_meters_come_in_and_the_night_works_out_their_days(app, write, fingerprint):
    named = "株式会社山田製作所,LX-210"
    write("units", f"account,product,serial_no,firmware\n{named},LX-1,Ver.1.10\n{named},PUMP-1,\n")
    with app.app_context():
        assert (unit("LX-1").firmware, unit("PUMP-1").firmware) == ("Ver.1.10", None)
        assert unit("LX-1").firmware_key == firmware_key("1.10")
        meter = a_meter(unit("LX-1").id)
        for ago in range(41, 0, -5):
            a_reading(meter, 400 - 10 * ago, ago)
    rows = (
        "account,name,units,rule,meter,counts,threshold,every,first_due_on\n"
        "株式会社山田製作所,運転時間点検,LX-1,counter,運転時間,500,,,\n"
        "株式会社山田製作所,別の機器,PUMP-1,counter,運転時間,500,,,\n"
        "株式会社山田製作所,回数なし,LX-1,counter,運転時間,,,,\n"
        "株式会社山田製作所,周期なし,LX-1,fixed,,,,,2026-04-01\n"
    )
    outcome = write("maintenance-plans", rows)
    assert (outcome.new, [one.line for one in outcome.refused]) == (1, [3, 4, 5]), outcome.refused
    assert "PUMP-1" in outcome.refused[0].reason
    before = fingerprint()
    assert write("maintenance-plans", rows).same == 1
    assert fingerprint() == before
    with app.app_context():
        generate({"day": today().isoformat()})
        db.session.commit()
        drain("heavy")
        due = today() + timedelta(days=10)
        assert db.session.execute(sa.select(Visit.occasion, Visit.due_on)).all() == [(1, due)]


def test_a_companys_calendar_comes_in_as_a_table(app, write):
    rows: Any = (
        "day,name,name_en,worked\n2026-08-12,夏季休業,Summer closing,0\n"
        "2026-08-22,棚卸し出勤,,1\n2026-02-30,ない日,,0\n"
    )
    outcome = write("closed-days", rows)
    assert (outcome.new, [one.line for one in outcome.refused]) == (2, [4])
    assert write("closed-days", rows).same == 2


def test_many_units_come_in_with_few_statements(write, statements):
    rows = "".join(f"株式会社佐藤,LX-210,MANY-{n}\n" for n in range(80))
    statements.clear()
    assert write("units", f"account,product,serial_no\n{rows}").new == 80
    assert len(statements) < 80
