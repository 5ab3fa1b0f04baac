"""Administrators keep the offices; everybody's papers show them."""

from __future__ import annotations


def test_an_administrator_keeps_the_offices_and_others_read_them(sign_in, api, company):
    admin = sign_in(company.admin)
    form = {"name": "福岡営業所", "postal_code": "812-0011", "address": "福岡市博多区",
            "phone": "092-555-0100", "phone_note": "平日 9:00–17:30"}  # fmt: skip
    assert admin.post("/offices", data=form).status_code == 303
    made = api(company.admin).get("/offices").json["items"][-1]
    assert {name: made[name] for name in form} == form
    wrong = admin.post("/offices", data=form | {"name": "札幌", "postal_code": "81-2"})
    assert wrong.status_code == 422 and "郵便番号" in wrong.text and "福岡市博多区" in wrong.text
    edit = {"version": "1", "phone": "092-555-0199", "original_phone": form["phone"]}
    assert admin.post(f"/offices/{made['id']}", data=edit).status_code == 303
    assert "092-555-0199" in admin.get("/offices").text
    assert "福岡市博多区" in admin.get(f"/offices/{made['id']}").text
    rep = sign_in(company.rep)
    page = rep.get("/offices").text
    assert "福岡営業所" in page and '<form class="form"' not in page
    assert rep.get(f"/offices/{made['id']}").status_code == 404
    assert rep.post("/offices", data=form).status_code in (403, 404)
