"""Which contract speaks for a unit: the narrowest, on each day, as a slow reading also says."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from crm.extensions import db
from crm.installed_base import judging
from crm.installed_base.cover_terms import ContractTerms, Shares, UnitTerms
from crm.installed_base.entitlement import Verdict, entitlement
from crm.installed_base.models import Unit
from crm.timeline.models import Event
from tests.records import a_product, a_unit, an_account

FIRST = date(2024, 2, 20)
DAYS = st.integers(0, 40).map(lambda n: FIRST + timedelta(days=n))
SHARES = st.sampled_from([Shares(100, 100, 100), Shares(100, 0, 0), Shares(0, 0, 0)])


@st.composite
def contracts(draw: st.DrawFn) -> list[ContractTerms]:
    """Up to four contracts around the end of a February with 29 days."""
    found = []
    for key in range(draw(st.integers(0, 4))):
        start, end = sorted((draw(DAYS), draw(DAYS)))
        found.append(ContractTerms(
            key, f"M-{key}", start, end, draw(st.none() | DAYS),
            draw(st.none() | st.integers(1, 48)), draw(st.integers(0, 3)), draw(SHARES),
        ))  # fmt: skip
    return found


def days_of(contract: ContractTerms) -> set[date]:
    """Every day on which a contract holds, written out one by one."""
    days, day = set(), contract.starts_on
    while day <= contract.ends_on:
        if contract.cancelled_on is None or day < contract.cancelled_on:
            days.add(day)
        day += timedelta(days=1)
    return days


def slow(unit: UnitTerms, held: list[ContractTerms], on: date) -> tuple[str, int | None, Shares]:
    """The verdict, the contract and the shares, read from the rule sentence by sentence."""
    in_force = [one for one in held if on in days_of(one)]
    speaks = None
    for width in (0, 1, 2, 3):
        here = [one for one in in_force if one.width == width]
        if here and speaks is None:
            quickest = min(one.response_hours or 10_000 for one in here)
            here = [one for one in here if (one.response_hours or 10_000) == quickest]
            longest = max(max(days_of(one)) for one in here)
            speaks = next(one for one in here if max(days_of(one)) == longest)
    key = speaks.id if speaks else None
    if unit.removed_on is not None and on > unit.removed_on:
        return "chargeable", None, Shares()
    begun = unit.begins_on is None or unit.begins_on <= on
    if unit.warranty_ends_on is not None and begun and on <= unit.warranty_ends_on:
        return "free", key, Shares(100, 100, 100)
    if speaks is None:
        return "chargeable", None, Shares()
    borne = [speaks.shares.labour, speaks.shares.travel, speaks.shares.parts]
    verdict = "free" if borne == [100] * 3 else "partly" if any(borne) else "chargeable"
    return verdict, key, speaks.shares


@given(st.none() | DAYS, st.none() | DAYS, st.none() | DAYS, contracts(), DAYS)
def test_the_verdict_is_what_a_slow_reading_of_the_rule_says(begins, ends, gone, held, on):
    unit = UnitTerms(begins, ends, gone)
    found = entitlement(unit, held, on)
    assert (found.verdict, found.contract_id, found.shares) == slow(unit, held, on)


@pytest.fixture
def customer(app, company):
    """An account with two sites, two products and three units."""
    with app.app_context():
        account = an_account(company.rep, company.first_team)
        here, there = a_product("PW-1"), a_product("PW-2")
        units = [
            a_unit(account, here, "A1"),
            a_unit(account, here, "A2"),
            a_unit(account, there, "B1"),
        ]
        return {"account": account, "products": (here, there), "units": units}


def verdict_of(app, unit_id: int) -> Verdict:
    with app.app_context():
        unit = db.session.get_one(Unit, unit_id)
        return judging.verdicts([unit], date(2026, 6, 1))[unit_id]


def contract_for(customer: dict, number: str, **more: object) -> dict[str, object]:
    return {
        "number": number, "account_id": customer["account"], "starts_on": "2026-04-01",
        "ends_on": "2027-03-31",
    } | more  # fmt: skip


def test_a_contract_over_a_product_covers_its_units_alone(app, company, api, customer):
    rep = api(company.rep)
    body = contract_for(customer, "M-1", product_ids=[customer["products"][0]])
    made = rep.post("/contracts", body)
    assert made.status_code == 201, made.text
    assert made.json["product_ids"] == [customer["products"][0]]
    found = [verdict_of(app, key).coverage for key in customer["units"]]
    assert found == ["contract", "contract", "chargeable"]


def test_the_narrower_contract_speaks_for_its_unit(app, company, api, customer):
    rep = api(company.rep)
    wide = contract_for(customer, "M-1", whole_account=True, labour_percent=100, parts_percent=0)
    one = [customer["units"][0]]
    narrow = contract_for(customer, "M-2", unit_ids=one, even_if_overlapping=True)
    for body in (wide, narrow):
        assert rep.post("/contracts", body).status_code == 201
    first, _second, other = (verdict_of(app, key) for key in customer["units"])
    assert (first.verdict, first.params["number"]) == ("free", "M-2")
    assert (other.verdict, other.shares) == ("partly", Shares(100, 100, 0))


def test_a_contract_may_be_widened_and_says_so_once(app, company, api, customer):
    rep = api(company.rep)
    made = rep.post("/contracts", contract_for(customer, "M-1"))
    address = f"/contracts/{made.json['id']}"
    for _again in range(2):
        version = rep.get(address).json["version"]
        assert rep.patch(address, {"whole_account": True}, version).status_code == 200
    assert rep.get(address).json["whole_account"] is True
    assert verdict_of(app, customer["units"][2]).coverage == "contract"
    with app.app_context():
        kinds = db.session.scalars(sa.select(Event.kind).where(Event.subject_type == "contract"))
        assert "contract.changed" in list(kinds)


@pytest.mark.parametrize(
    ("field", "value"),
    [("site_ids", [999]), ("product_ids", [999]), ("labour_percent", 101), ("parts_percent", -1),
     ("product_ids", ["x"]), ("whole_account", "perhaps")],
)  # fmt: skip
def test_what_cannot_be_covered_is_refused_by_name(app, company, api, customer, field, value):
    answer = api(company.rep).post("/contracts", contract_for(customer, "M-1", **{field: value}))
    assert answer.status_code == 422
    assert any(name.startswith(field) for name in answer.json["errors"]), answer.json


def test_one_number_in_two_widths_is_one_contract(company, api, customer):
    rep = api(company.rep)
    first = rep.post("/contracts", contract_for(customer, "Ｍ－１"))
    assert (first.status_code, first.json["number"]) == (201, "M-1")
    again = rep.post("/contracts", contract_for(customer, "M-1"))
    assert (again.status_code, list(again.json["errors"])) == (409, ["number"])
    long = rep.post("/contracts", contract_for(customer, "㍿" * 30))
    assert (long.status_code, list(long.json["errors"])) == (422, ["number"])
