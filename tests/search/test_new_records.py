"""What is new is put into the index without a look for what stood there before."""

from __future__ import annotations

from typing import Any

import pytest

from tests.records import a_product, a_unit, an_account

WORD = "椋鳥"
NEW: dict[str, tuple[str, dict[str, Any]]] = {
    "account": ("/accounts", {"name": WORD}),
    "site": ("/sites", {"name": WORD}),
    "contact": ("/contacts", {"family_name": WORD}),
    "product": ("/products", {"code": "MD-1", "name": WORD}),
    "unit": ("/units", {"serial_no": WORD}),
    "contract": (
        "/contracts",
        {"number": WORD, "starts_on": "2026-04-01", "ends_on": "2027-03-31"},
    ),
    "deal": ("/deals", {"title": WORD, "rank": "C"}),
    "activity": ("/activities", {"kind": "visit", "summary": WORD}),
    "work_order": ("/work-orders", {"symptom": WORD}),
    "campaign": ("/campaigns", {"number": "R-1", "title": WORD, "starts_on": "2026-04-01"}),
}
MORE = {
    "site": ("account_id",), "contact": ("account_id",), "unit": ("account_id", "product_id"),
    "contract": ("account_id", "unit_ids"), "deal": ("account_id", "unit_ids"),
    "activity": ("account_id",), "work_order": ("unit_id",), "campaign": ("product_ids",),
}  # fmt: skip


@pytest.mark.parametrize("kind", NEW)
def test_a_new_record_is_found_and_one_that_takes_its_key_later_as_well(
    app, company, api, statements, kind
):
    with app.app_context():
        account, product = an_account(company.rep, company.first_team), a_product()
        unit = a_unit(account, product)
    known = {
        "account_id": account, "product_id": product, "unit_id": unit, "unit_ids": [unit],
        "product_ids": [product],
    }  # fmt: skip
    path, words = NEW[kind]
    body = words | {name: known[name] for name in MORE.get(kind, ())}
    admin = api(company.admin)
    for _ in range(2):
        statements.clear()
        answer = admin.post(path, body)
        assert answer.status_code == 201, answer.json
        assert not [sent for sent in statements if "DELETE FROM search_" in sent]
        key, version = answer.json["id"], answer.json["version"]
        found = admin.get(f"/search?q={WORD}").json["items"]
        assert [(one["type"], one["id"]) for one in found] == [(kind, key)]
        assert admin.delete(f"{path}/{key}", version=version).status_code == 204
        assert admin.get(f"/search?q={WORD}").json["items"] == []
