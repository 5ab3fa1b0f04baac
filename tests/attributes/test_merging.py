"""Custom fields when two records become one, and two again."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from crm.accounts.models import Account
from crm.attributes.models import TRAITS
from crm.extensions import db
from tests.doubles.companies import state


@pytest.fixture
def twins(api, company, fields, account):
    """Two accounts that are one, and a deal that the second was the dealer of."""
    one = account("甲社", delivery="特急", audited="2026-01-01")["id"]
    two = account("㈱甲社", delivery="標準", budget=5)["id"]
    body = {"account_id": one, "title": "更新", "attributes": {"partner": two, "rival": "S"}}
    return one, two, api(company.rep).post("/deals", body).json["id"]


def test_each_field_is_chosen_and_everything_comes_back(
    app, api, sign_in, company, fields, account, twins
):
    one, two, deal = twins
    manager = api(company.manager)
    with app.app_context():
        before = state()
    plan = manager.get(f"/accounts/{one}/merge?lost_id={two}").json
    asked = {row["field"]: row["proposed"] for row in plan["fields"]}
    assert asked["attributes.budget"] == "lost"
    assert asked["attributes.delivery"] == asked["attributes.audited"] == "survivor"
    assert plan["moves"]["deals.attributes"] == 1
    page = sign_in(company.manager).get(f"/accounts/{one}/merge?with={two}").text
    assert "要求納期区分" in page and 'name="attributes.delivery"' in page
    order = {"lost_id": two, "choices": {"attributes.delivery": "lost"}}
    wrong = order | {"choices": {"attributes.colour": "lost"}}
    assert manager.post(f"/accounts/{one}/merge", wrong).status_code == 422
    made = manager.post(f"/accounts/{one}/merge", order).json
    assert manager.get(f"/accounts/{one}").json["attributes"] == {
        "delivery": "標準", "audited": "2026-01-01", "budget": 5,
    }  # fmt: skip
    assert manager.get(f"/deals/{deal}").json["attributes"] == {"partner": one, "rival": "S"}
    found = manager.get("/accounts?attribute=budget:5").json["items"]
    assert [row["id"] for row in found] == [one]
    back = manager.post(f"/accounts/{one}/unmerge", {"merge_id": made["id"]}).json
    assert back["left_over"] == []
    with app.app_context():
        assert state() == before


def test_what_was_edited_meanwhile_stays_and_the_rest_goes_back(app, api, company, fields, twins):
    one, two, deal = twins
    manager = api(company.manager)
    order = {"lost_id": two, "choices": {"attributes.delivery": "lost"}}
    made = manager.post(f"/accounts/{one}/merge", order).json
    version = manager.get(f"/accounts/{one}").json["version"]
    manager.patch(f"/accounts/{one}", {"attributes": {"delivery": "短納期"}}, version=version)
    version = manager.get(f"/deals/{deal}").json["version"]
    manager.patch(f"/deals/{deal}", {"attributes": {"partner": None}}, version=version)
    back = manager.post(f"/accounts/{one}/unmerge", {"merge_id": made["id"]}).json
    assert [row["what"] for row in back["left_over"]] == ["field_edited", "elsewhere"]
    kept = {"delivery": "短納期", "audited": "2026-01-01"}
    assert manager.get(f"/accounts/{one}").json["attributes"] == kept
    assert manager.get(f"/accounts/{two}").json["attributes"] == {"delivery": "標準", "budget": 5}
    traits = TRAITS["account"].c
    with app.app_context():
        rows = db.session.execute(sa.select(traits.account_id, traits.value)).all()
        assert len(rows) == 4 and (one, "短納期") in [tuple(row) for row in rows]
        assert db.session.get_one(Account, two).version > 1
