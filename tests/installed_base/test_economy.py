"""What a unit brings in and what it costs to serve."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine

from crm.installed_base.economy import Term, contract_share

NEW_YEAR = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("first", "last", "yen"),
    [
        (None, date(2026, 12, 31), 365_000), (NEW_YEAR, NEW_YEAR, 1_000),
        (date(2025, 1, 1), date(2025, 12, 31), 0), (date(2026, 12, 31), date(2028, 1, 1), 1_000),
    ],
)  # fmt: skip
def test_a_contract_counts_by_the_days_that_lie_in_the_span(first, last, yen):
    assert contract_share([Term(NEW_YEAR, date(2026, 12, 31), 365_000)], first, last) == yen


def test_units_of_a_contract_share_its_price_and_fractions_fall_once():
    day = [Term(NEW_YEAR, NEW_YEAR + timedelta(days=n), 100_000, 3) for n in range(2)]
    # 1 day and 2 days of 100,000 / 365 / 3 yen: 91.32… + 182.64… = 273.97…
    assert contract_share(day, None, date(2027, 1, 1)) == 273


@time_machine.travel("2026-11-22T03:00:00Z")
def test_the_page_holds_paid_repairs_against_a_contract_s_price(
    sign_in, company, api, unit, contract, plant, statements
):
    one, other = (unit(serial).json["id"] for serial in ("E1", "E2"))
    contract([one, other], annual_amount=365_000, starts_on="2026-11-13", ends_on="2027-11-12")
    for day, chargeable in (("2026-10-01", True), ("2026-11-20", False), ("2020-05-01", True)):
        body = {
            "unit_id": one, "kind": "repair", "opened_on": day, "parts_amount": 100_000,
            "labour_amount": 20_000, "chargeable": chargeable, "charge_reason": "合意",
        }  # fmt: skip
        assert api(company.engineer).post("/work-orders", body).status_code == 201
    rep = sign_in(company.rep)
    statements.clear()
    page = rep.get(f"/units/{one}/economy").get_data(as_text=True)
    assert len(statements) <= 12
    # 24 months: 120,000 paid + 10 of 365 days of a half of 365,000, less 240,000 of work.
    for text in ("¥120,000", "¥5,000", "¥240,000", "△¥115,000", "¥960,000", "¥360,000"):
        assert text in page, (text, page)
