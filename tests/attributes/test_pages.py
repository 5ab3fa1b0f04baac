"""Custom fields on the forms and pages of every kind of record."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from crm.attributes.kinds import RECORDS
from crm.clock import today
from crm.search.sources import refresh
from tests.attributes.filling import form_of
from tests.records import (
    a_campaign,
    a_contact,
    a_contract,
    a_deal,
    a_paid_repair,
    a_product,
    a_site,
    a_ticket,
    a_unit,
    an_account,
    an_activity,
)

EDITED_AT = {"site": "/sites/%d", "activity": "/activities/%d"}
"""Kinds without a page: their form stands at their address."""


@pytest.fixture
def one_of_each(app, company):
    """Kind → the key of a record."""
    with app.app_context():
        at = an_account(company.rep, company.first_team, name="株式会社山田製作所")
        refresh("account", [at])
        product = a_product()
        unit = a_unit(at, product)
        later = today() + timedelta(days=364)
        return {
            "account": at, "product": product, "unit": unit, "site": a_site(at),
            "contact": a_contact(at), "contract": a_contract(at, [unit], today(), later),
            "deal": a_deal(at, company.rep, company.first_team),
            "activity": an_activity(at, company.rep, company.first_team),
            "ticket": a_ticket(at, company.clerk, company.call_centre),
            "work_order": a_paid_repair(at, unit, 10, 1000),
            "campaign": a_campaign(at, unit, product)[0],
        }  # fmt: skip


def test_every_kind_of_record_asks_on_its_form_and_shows_it_on_its_page(
    api, sign_in, company, one_of_each, statements
):
    admin, browser = api(company.admin), sign_in(company.admin)
    assert one_of_each.keys() == RECORDS.keys()
    for kind, key in one_of_each.items():
        name = {"record": kind, "label_ja": "社内メモ", "label_en": "Remark"}
        assert admin.post("/attributes", name | {"key": "remark"}).status_code == 201
        dealer = {"key": "dealer", "kind": "reference", "refers_to": "account"}
        assert admin.post("/attributes", name | dealer).status_code == 201
        page = RECORDS[kind].address % key
        edit = EDITED_AT[kind] % key if kind in EDITED_AT else f"{page}/edit"
        typed = form_of(browser.get(edit).text)
        assert typed["attr-remark"] == [""], kind
        filled = {"attr-remark": "要注意", "find-attr-dealer": "山田"}
        saved = browser.post(edit, data=typed | filled)
        assert saved.status_code == 303, (kind, re.findall(r"why-[^>]*>.*?</div>", saved.text))
        again = form_of(browser.get(edit).text)
        assert again["attr-remark"] == ["要注意"], kind
        assert again["attr-dealer"] == [str(one_of_each["account"])], kind
        if kind not in EDITED_AT:
            statements.clear()
            shown = browser.get(page)
            assert "要注意" in shown.text and "社内メモ" in shown.text, kind
            assert len(statements) <= 12, (kind, statements)


def test_a_required_field_is_asked_on_the_form_of_a_new_record(api, sign_in, company, fields):
    one = f"/attributes/{fields['account', 'delivery']}"
    api(company.admin).patch(one, {"required": True}, version=1)
    browser = sign_in(company.rep)
    typed = form_of(browser.get("/accounts/new").text) | {"name": "甲社"}
    refused = browser.post("/accounts", data=typed | {"attr-budget": "百円くらい"})
    assert refused.status_code == 422
    assert 'id="why-attr-delivery"' in refused.text and 'id="why-attr-budget"' in refused.text
    assert 'value="百円くらい"' in refused.text
    made = browser.post("/accounts", data=typed | {"attr-delivery": "特急"})
    assert made.status_code == 303
    assert "特急" in browser.get(made.location).text


def test_two_people_fill_in_the_same_field_and_the_second_chooses(
    api, sign_in, company, fields, account
):
    made, rep = account("甲社", delivery="標準", budget=1_000_000), api(company.rep)
    edit, browser = f"/accounts/{made['id']}/edit", sign_in(company.rep)
    typed = form_of(browser.get(edit).text)
    there = {"rank": "B", "attributes": {"delivery": "短納期", "audited": "2026-01-01"}}
    rep.patch(f"/accounts/{made['id']}", there, version=1)
    mine = typed | {"rank": "A", "attr-delivery": "特急", "attr-budget": "2,000,000"}
    asked = browser.post(edit, data=mine)
    assert asked.status_code == 409
    assert "要求納期区分" in asked.text and "短納期" in asked.text
    assert '<input type="hidden" name="attr-budget" value="2,000,000">' in asked.text
    chosen = {
        "version": "2", "original_rank": "B", "rank": "A", "original_attr-delivery": "短納期",
        "attr-delivery": "特急", "original_attr-budget": "1000000", "attr-budget": "2,000,000",
    }  # fmt: skip
    assert browser.post(edit, data=chosen).status_code == 303
    shown = rep.get(f"/accounts/{made['id']}").json
    assert shown["rank"] == "A"
    assert shown["attributes"] == {
        "delivery": "特急", "budget": 2_000_000, "audited": "2026-01-01",
    }  # fmt: skip


def test_a_value_is_edited_in_place_and_a_reference_is_looked_up(
    api, sign_in, company, fields, account
):
    made, browser = account("甲社", budget=5), sign_in(company.rep)
    edit, bare = f"/accounts/{made['id']}/edit", {"HX-Request": "true"}
    field = browser.get(f"{edit}?only=attr-budget", headers=bare).text
    assert 'name="original_attr-budget" value="5"' in field
    form = {"only": "attr-budget", "version": "1", "original_attr-budget": "5"}
    wrong = browser.post(edit, data=form | {"attr-budget": "たくさん"}, headers=bare)
    assert wrong.status_code == 422 and 'value="たくさん"' in wrong.text
    done = browser.post(edit, data=form | {"attr-budget": "12万円"}, headers=bare)
    assert "¥120,000" in done.text and f"{edit}#f-attr-budget" in done.text
    assert browser.get(f"{edit}?only=attr-nothing", headers=bare).status_code == 400
    account("双葉化成工業株式会社")
    path = f"/custom-fields/{fields['deal', 'partner']}/choices"
    assert "双葉化成工業" in browser.get(f"{path}?find-attr-partner=双葉").text
    assert "見つかりません" in browser.get(f"{path}?find-attr-partner=存在しない").text


def test_administrators_keep_the_fields_of_all_records_on_one_page(sign_in, company, fields):
    browser, address = sign_in(company.admin), "/custom-fields"
    page = browser.get(address).text
    assert page.index("要求納期区分") < page.index("競合メーカー") < page.index("設置環境")
    form = form_of(page) | {"record": "contact", "key": "birthday", "kind": "date"}
    form |= {"label_ja": "誕生日", "label_en": "Birthday", "searchable": "0"}
    assert browser.post(address, data=form).status_code == 303
    assert browser.post(address, data=form | {"idempotency_key": "2"}).status_code == 422
    one = f"{address}/{fields['ticket', 'humidity']}"
    changed = form_of(browser.get(one).text) | {"label_ja": "室内の湿度"}
    assert browser.post(one, data=changed).status_code == 303
    wrong = form_of(browser.get(one).text) | {"kind": "reference"}
    assert browser.post(one, data=wrong).status_code == 422
    assert "室内の湿度" in browser.get(address).text
    assert browser.post(f"{one}/removal").status_code == 303
    assert "室内の湿度" not in browser.get(address).text
    assert browser.get("/product-attributes").status_code == 303
    assert sign_in(company.manager).post(address, data=form).status_code == 403


def test_of_two_administrators_the_second_hears_that_somebody_else_saved(sign_in, company, fields):
    first, second = sign_in(company.admin), sign_in(company.admin)
    address = f"/custom-fields/{fields['ticket', 'humidity']}"
    mine = form_of(second.get(address).text)
    theirs = form_of(first.get(address).text) | {"label_ja": "室内の湿度"}
    assert first.post(address, data=theirs).status_code == 303
    late = second.post(address, data=mine | {"label_en": "Dampness"})
    assert late.status_code == 409
    again = form_of(late.text)
    assert again["label_en"] == ["Dampness"]  # nothing typed is lost
    assert "室内の湿度" in first.get("/custom-fields").text
    assert second.post(address, data=again).status_code == 303
    assert form_of(first.get(address).text)["label_en"] == ["Dampness"]
