"""The figures of reliability are those of a calculation by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from crm.extensions import db
from crm.installed_base.models import WorkOrder
from crm.reports.reliability import UNKNOWN, Failure, Group, band_of, in_service, reliability
from crm.support.models import Ticket
from tests.records import a_product, a_unit, an_account, keep

SINCE, UNTIL = date(2025, 1, 1), date(2025, 12, 31)


def test_days_in_service_are_those_of_the_period_by_age():
    assert sum(in_service(date(2020, 5, 1), None, SINCE, UNTIL)) == 365
    days = in_service(date(2023, 7, 1), None, SINCE, UNTIL)
    assert days[:3] == [181, 184, 0]
    assert sum(in_service(date(2025, 12, 31), None, SINCE, UNTIL)) == 1
    assert sum(in_service(date(2020, 1, 1), date(2025, 1, 11), SINCE, UNTIL)) == 10
    assert sum(in_service(date(2026, 1, 1), None, SINCE, UNTIL)) == 0
    assert sum(in_service(date(2020, 1, 1), date(2024, 6, 1), SINCE, UNTIL)) == 0
    assert in_service(None, None, SINCE, UNTIL)[UNKNOWN] == 365
    assert in_service(date(2000, 2, 29), None, SINCE, UNTIL)[UNKNOWN - 1] == 365


@pytest.mark.parametrize(
    ("begun", "band"),
    [(date(2025, 6, 1), 0), (date(2023, 6, 2), 0), (date(2023, 6, 1), 1), (date(2004, 1, 1), 7),
     (date(2025, 7, 1), 0), (None, UNKNOWN)],
)  # fmt: skip
def test_the_age_at_a_failure_is_counted_in_whole_years(begun, band):
    assert band_of(begun, date(2025, 6, 1)) == band


def test_means_are_days_over_failures_for_all_models_and_units():
    old, new = date(2020, 1, 1), date(2025, 7, 1)
    failures = [
        Failure(1, 10, old, None, date(2025, 3, 1), met=True), Failure(1, 10, old, None, UNTIL),
        Failure(2, 10, old, None, date(2025, 5, 1), reported=False),
        Failure(3, 20, new, None, date(2025, 9, 1), met=True),
    ]  # fmt: skip
    found = reliability([Group(10, old, None, 3), Group(20, new, None, 1)], failures, SINCE, UNTIL)
    assert (found.total.units, found.total.failures, found.total.days) == (4, 4, 3 * 365 + 184)
    assert found.products[10].mean == 365
    assert found.products[20].mean == 184
    assert {unit: one.mean for unit, one in found.units.items()} == {1: 182.5, 2: 365, 3: 184}
    assert (found.without, found.reported, found.met) == (1, 3, 2)
    assert found.products[10].band_failures[2] == 3
    assert found.total.rate(0) == pytest.approx(365.25 / 184)
    assert found.total.rate(UNKNOWN) is None


@pytest.fixture
def fleet(app, company) -> dict[str, int]:
    """Two models; A1 failed twice, A2 was repaired without an inquiry, B1 never failed."""
    with app.app_context():
        account = an_account(company.rep, company.first_team)
        first, second = a_product("PW-10"), a_product("HT-12")
        began = date(2024, 1, 1)
        units = {name: a_unit(account, product, name, installed_on=began)
                 for name, product in (("A1", first), ("A2", first), ("B1", second))}  # fmt: skip

        def failure(unit: int, day: date, **more: object) -> int:
            at = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
            values = {"account_id": account, "unit_id": unit, "subject": "停止", "opened_at": at,
                      "category": "failure"}  # fmt: skip
            return keep(Ticket(**(values | more)))

        met = failure(units["A1"], date(2025, 2, 1))
        failure(units["A1"], date(2025, 8, 1))
        failure(units["B1"], date(2025, 8, 1), confidential=True)
        failure(units["B1"], date(2024, 8, 1))
        failure(units["B1"], date(2025, 8, 1), category="other")
        about = {"account_id": account, "status": "returned"}
        for unit, day, ticket in (
            (units["A1"], date(2025, 2, 1), met), (units["A2"], date(2025, 5, 1), None),
            (units["A1"], date(2025, 8, 1), None),
        ):  # fmt: skip
            keep(WorkOrder(unit_id=unit, opened_on=day, done_on=day, ticket_id=ticket, **about))
        keep(WorkOrder(unit_id=units["B1"], opened_on=SINCE, kind="inspection", **about))
        db.session.commit()
    return {"first": first, "second": second} | units


def test_the_api_counts_what_a_person_counts(api, company, fleet):
    engineer = api(company.engineer)
    period = f"since={SINCE}&until={UNTIL}"
    found = engineer.get(f"/reports/reliability?{period}").json
    assert (found["units"], found["failures"], found["unit_days"]) == (3, 3, 3 * 365)
    assert (found["mean_days"], found["reported"], found["met"]) == (365.0, 2, 1)
    by_code = {one["code"]: one for one in found["products"]}
    assert (by_code["PW-10"]["failures"], by_code["PW-10"]["mean_days"]) == (3, 243.3)
    assert (by_code["HT-12"]["failures"], by_code["HT-12"]["mean_days"]) == (0, None)
    assert by_code["PW-10"]["failures_by_age"][:2] == [3, 0]
    failed = [(one["serial_no"], one["mean_days"]) for one in found["units_failed"]]
    assert failed == [("A1", 182.5), ("A2", 365.0)]
    assert [one["serial_no"] for one in found["units_without"]] == ["B1"]
    assert found["without_failure"] == 1
    one = engineer.get(f"/reports/reliability?{period}&product_id={fleet['second']}").json
    assert (one["units"], one["failures"], one["mean_days"]) == (1, 0, None)


def test_what_was_asked_wrongly_is_refused_by_name(api, company, sign_in, fleet):
    engineer = api(company.engineer)
    for query, field in (
        ("since=2025-02-01&until=2025-01-01", "since"), ("since=soon", "since"),
        ("product_id=99999", "product_id"), ("depth=1", "depth"),
    ):  # fmt: skip
        answer = engineer.get(f"/reports/reliability?{query}")
        assert (answer.status_code, list(answer.json["errors"])) == (422, [field]), query
    page = sign_in(company.clerk).get("/reports/reliability?since=2025-02-01&until=2025-01-01")
    assert page.status_code == 422


def test_the_page_shows_models_units_and_ages_with_few_statements(
    company, sign_in, fleet, statements
):
    browser = sign_in(company.engineer)
    address = f"/reports/reliability?since={SINCE}&until={UNTIL}"
    browser.get(address)
    statements.clear()
    page = browser.get(address).text
    assert len(statements) <= 12
    for words in ("PW-10", "243.3", "182.5", "2件中1件", "B1", "<svg"):
        assert words in page, words
    assert browser.get(f"/reports/reliability?product_id={fleet['second']}").status_code == 200
    three_years_ago = f"{datetime.now(UTC).year - 3}-"
    assert three_years_ago in browser.get("/reports/reliability").text
