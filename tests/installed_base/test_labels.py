"""Labels of units open their pages."""

from __future__ import annotations

import re

import segno

from crm.installed_base.labels import qr_code


def drawing(text: str) -> str:
    """The lines of a QR code."""
    return re.search(r' d="([^"]+)"', text)[1]


def test_the_code_on_a_label_is_the_address_of_the_unit(unit, sign_in, company):
    key = unit().json["id"]
    page = sign_in(company.rep).get(f"/units/labels?ids={key}").get_data(as_text=True)
    address = f"http://localhost/units/{key}"
    expected = segno.make(address, error="m", micro=False).svg_inline(omitsize=True, border=2)
    drawn = re.search(r'<svg[^>]*class="qr".*?</svg>', page, re.S)[0]
    assert drawing(drawn) == drawing(expected)
    assert drawing(qr_code(address + "0")) != drawing(drawn)
    assert "A93-20417" in page
    assert 'style="' not in page
    own = sign_in(company.rep).get(f"/units/{key}").get_data(as_text=True)
    assert f"/units/labels?ids={key}" in own


def test_all_units_of_an_account_get_labels_but_those_that_are_gone(
    unit, sign_in, company, plant, api
):
    first, gone = unit("A-1").json["id"], unit("B-2").json["id"]
    api(company.rep).patch(f"/units/{gone}", {"status": "removed"}, version=1)
    rep = sign_in(company.rep)
    page = rep.get(f"/units/labels?account_id={plant.account}").get_data(as_text=True)
    assert f'href="/units/{first}"' in page
    assert "B-2" not in page
    assert "B-2" in rep.get(f"/units/labels?ids={first},{gone}").get_data(as_text=True)
    for wrong, status in (("ids=x", 400), ("ids=1%00", 400), ("account_id=999", 404), ("", 404)):
        assert rep.get(f"/units/labels?{wrong}").status_code == status, wrong


def test_a_label_names_the_address_under_which_the_company_is_found(unit, sign_in, company, app):
    key = unit().json["id"]
    app.config["PUBLIC_URL"] = "https://crm.example.com"
    page = sign_in(company.rep).get(f"/units/labels?ids={key}").get_data(as_text=True)
    assert drawing(qr_code(f"https://crm.example.com/units/{key}")) in page
