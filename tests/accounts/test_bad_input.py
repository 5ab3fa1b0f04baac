"""Whatever is sent to accounts, units and products is answered in words, never with a crash."""

from __future__ import annotations

import pytest

HUGE = 10**30
COLLECTIONS = ("accounts", "sites", "contacts", "products", "units", "contracts", "work-orders")


@pytest.mark.parametrize("name", COLLECTIONS)
@pytest.mark.parametrize("body", [[], None, "x", {"name": {"a": 1}}, {"name": "\ud800"}, {"id": 1}])
def test_a_body_of_the_wrong_shape_is_refused(api, company, name, body):
    answer = api(company.admin).post(f"/{name}", body)
    assert 400 <= answer.status_code < 500, answer.get_data(as_text=True)


@pytest.mark.parametrize("name", COLLECTIONS)
@pytest.mark.parametrize(
    "query", ["?limit=0", "?limit=x", "?sort=nothing", "?cursor=%00", "?cursor=W10", "?x=1",
              f"?account_id={HUGE}"],
)  # fmt: skip
def test_a_query_of_the_wrong_shape_is_refused(api, company, name, query):
    answer = api(company.admin).get(f"/{name}{query}")
    assert 400 <= answer.status_code < 500


@pytest.mark.parametrize("name", COLLECTIONS)
@pytest.mark.parametrize("key", [0, 999, 2**63 - 1])
def test_a_record_that_is_not_there_is_not_found(api, company, name, key):
    assert api(company.admin).get(f"/{name}/{key}").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/accounts?cursor=xx", "/accounts?owner=x", "/accounts/999",
        "/accounts/999/edit", "/contacts/999", "/sites/999", "/sites/new", "/contacts/new",
        "/units?product_id=x", "/units?status=x", "/units?ending=x", "/units/999",
        "/units/panel", "/units/panel?account_id=999", "/units/sites?account_id=x",
        "/contracts/totals?account_id=-1", "/units/new", "/work-orders/new?unit_id=x",
        "/work-orders/999", "/contracts/999", "/contracts/new?account_id=0", "/products/999",
        "/products?cursor=xx", "/products?sort=x", f"/units/new?account_id={HUGE}",
        "/accounts/1/edit?only=version",
    ],
)  # fmt: skip
def test_a_page_that_cannot_be_is_answered_in_words(sign_in, company, path):
    answer = sign_in(company.admin).get(path)
    assert 400 <= answer.status_code < 500, path
    assert "<h1" in answer.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/accounts", "/units", "/products"])
@pytest.mark.parametrize("q", ["%00", "%ED%A0%80", "%F0%9F%92%A9", "'%22--", "%25_", "a" * 900])
def test_any_word_may_be_looked_for(sign_in, company, path, q):
    assert sign_in(company.rep).get(f"{path}?q={q}&category={q}&industry={q}").status_code == 200


def test_a_strange_name_plate_is_not_found(sign_in, company):
    for serial in ("SN-", "%F0%9F%92%A9", "SN-" + "9" * 500):
        assert sign_in(company.rep).get(f"/units/{serial}").status_code == 404
