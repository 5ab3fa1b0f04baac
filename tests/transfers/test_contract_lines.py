"""A later file says what a contract covers: it comes on and off, and can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from crm.expiry.models import UnitDue
from crm.extensions import db
from crm.installed_base.models import ContractScope, ContractUnit, ServiceContract, Unit
from crm.outbox.drain import drain
from tests.records import a_product, a_site, a_unit, an_account

HEAD = "number,account,units,products,whole_account,starts_on,ends_on,even_if_overlapping\n"
Lines = dict[str, Any]


def row(number: str, units: str, **more: str) -> str:
    says = {"products": "", "whole": "", "starts": "2026-04-01", "ends": "2027-03-31", "sure": ""}
    said = says | more
    return (
        f"{number},株式会社山田製作所,{units},{said['products']},{said['whole']},"
        f"{said['starts']},{said['ends']},{said['sure']}\n"
    )


@pytest.fixture
def units(app, company) -> dict[str, int]:
    """A customer's units; two of them have the same serial number, but not the same model."""
    with app.app_context():
        account = an_account(company.rep, company.first_team, name="株式会社山田製作所")
        a_site(account)
        models = [a_product("LX-210"), a_product("PW-10", consumable_cycle_days=90)]
        made = {name: a_unit(account, models[0], name) for name in ("A-1", "A-2", "A-3", "T-9")}
        made["T-9b"] = a_unit(account, models[1], "T-9", installed_on=date(2026, 4, 1))
        db.session.commit()
    return made


@pytest.fixture
def bring(take, tmp_path: Path) -> Callable[..., Any]:
    def run(kind: str, text: str) -> Any:
        path = tmp_path / f"{kind}.csv"
        path.write_text(text, encoding="utf-8")
        return take(kind, path)

    return run


@pytest.fixture
def lines(app, units) -> Callable[[str], Lines]:
    """What a contract covers now, units by the names above."""
    names = {key: name for name, key in units.items()}

    def look(number: str) -> Lines:
        with app.app_context():
            own = db.session.scalar(
                sa.select(ServiceContract.id).where(ServiceContract.number == number)
            )
            under = sa.select(ContractUnit.unit_id).where(ContractUnit.contract_id == own)
            scopes = sa.select(ContractScope).where(ContractScope.contract_id == own)
            return {
                "units": sorted(names[key] for key in db.session.scalars(under)),
                "wide": sorted(bool(one.product_id) for one in db.session.scalars(scopes)),
            }

    return look


def test_a_later_file_takes_units_on_and_off_and_is_taken_back(
    app, api, company, units, bring, lines, undone
):
    first = HEAD + row("M-1", "A-1；A-2", products="PW-10") + row("M-2", "A-3")
    assert bring("contracts", first).new == 2
    later = HEAD + row("M-1", "A-2；LX-210 T-9", whole="1") + row("M-2", "A-3")
    asked = bring("contracts", later)
    assert [one.line for one in asked.refused] == [2]
    assert "A-3" in asked.refused[0].reason and "「はい」の行" in asked.refused[0].reason
    later = HEAD + row("M-1", "A-2；LX-210 T-9") + row("M-2", "A-3；A-1")
    assert (asked := bring("contracts", later)).changed == 2, asked
    assert lines("M-1") == {"units": ["A-2", "T-9"], "wide": []}
    assert lines("M-2") == {"units": ["A-1", "A-3"], "wide": []}
    manager = api(company.manager)
    newest = manager.get("/imports").json["items"][0]["id"]
    told = manager.get(f"/imports/{newest}/rows?verdict=changed").json["items"][0]["changes"]
    assert told == {"units": ["A-1, A-2", "A-2, T-9"], "products": ["PW-10", ""]}
    assert bring("contracts", later).same == 2
    assert undone()["undone"] == 2
    assert lines("M-1") == {"units": ["A-1", "A-2"], "wide": [True]}
    assert lines("M-2") == {"units": ["A-3"], "wide": []}
    nothing_said = "number,account,starts_on,ends_on,plan\n"
    nothing_said += "M-2,株式会社山田製作所,2026-04-01,2027-03-31,フル保守\n"
    assert bring("contracts", nothing_said).changed == 1
    assert lines("M-2") == {"units": ["A-3"], "wide": []}


def test_what_somebody_put_under_a_contract_since_stays_and_is_said(
    app, api, company, units, bring, lines, undone
):
    bring("contracts", HEAD + row("M-1", "A-1；A-2") + row("M-2", "A-3"))
    bring("contracts", HEAD + row("M-1", "A-1") + row("M-2", "LX-210 T-9"))
    manager = api(company.manager)
    [key] = [one["id"] for one in manager.get("/contracts").json["items"] if one["number"] == "M-1"]
    found = manager.get(f"/contracts/{key}").json
    body = {"unit_ids": [units["A-1"], units["T-9b"]], "even_if_overlapping": True}
    assert manager.patch(f"/contracts/{key}", body, found["version"]).status_code == 200
    again = bring("contracts", HEAD + row("M-1", "A-1；A-2") + row("M-2", "LX-210 T-9"))
    assert (again.same, [one.line for one in again.refused]) == (1, [2])
    back = undone()
    assert (back["undone"], back["kept"]) == (1, 1)
    assert lines("M-1")["units"] == ["A-1", "T-9b"]
    assert lines("M-2")["units"] == ["A-3"]
    with app.app_context():
        db.session.delete(db.session.get_one(Unit, units["A-2"]))
        db.session.commit()
    wrong = bring("contracts", HEAD + row("M-2", "A-3；A-2", sure="1"))
    assert "A-2" in wrong.refused[0].reason


def test_the_days_of_a_unit_that_came_by_a_file_follow_at_once_and_go_when_it_is_taken_back(
    app, units, bring, undone
):
    def dues() -> set[tuple[str, str]]:
        with app.app_context():
            rows = sa.select(Unit.serial_no, UnitDue.due_on).join(Unit, Unit.id == UnitDue.unit_id)
            return {(serial, f"{day}") for serial, day in db.session.execute(rows)}

    head = "account,product,serial_no,installed_on\n"
    bring("units", head + "株式会社山田製作所,PW-10,N-1,2026-05-01\n")
    assert dues() == {("N-1", "2026-07-30")}
    bring("units", head + "株式会社山田製作所,PW-10,N-1,2026-06-01\n")
    assert dues() == {("N-1", "2026-08-30")}
    undone()
    assert dues() == {("N-1", "2026-07-30")}
    bring("products", "code,name,consumable_cycle_days\nPW-20,純水装置,30\n")
    bring("units", head + "株式会社山田製作所,PW-20,N-2,2026-06-01\n")
    bring("products", "code,name,consumable_cycle_days\nPW-20,純水装置,60\n")
    with app.app_context():
        drain("heavy")
    assert dues() == {("N-1", "2026-07-30"), ("N-2", "2026-07-31")}
