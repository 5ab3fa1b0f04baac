"""The pages of accounts, and what two people do to one."""

from __future__ import annotations

import re

import pytest

from crm.accounts.models import Account
from crm.extensions import db


@pytest.fixture
def account(api, company):
    """The key of a company of the rep's."""
    body = {"name": "株式会社山田製作所", "name_kana": "ヤマダセイサクショ", "rank": "A"}
    return api(company.rep).post("/accounts", body).json["id"]


def form(client, path):
    """The fields of the last form of a page, as a browser would send them."""
    page = client.get(path).get_data(as_text=True)
    part = page[page.index('<form class="form"') :]
    found = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', part))
    for name, inner in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', part, re.S):
        chosen = re.search(r'value="([^"]*)" selected', inner)
        found[name] = chosen[1] if chosen else ""
    for name, inner in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>([^<]*)<', part):
        found[name] = inner
    return found


def test_the_list_finds_a_company_by_its_reading(sign_in, company, account):
    page = sign_in(company.rep).get("/accounts?q=やまだ").get_data(as_text=True)
    assert "株式会社山田製作所" in page
    empty = sign_in(company.rep).get("/accounts?q=鈴木").get_data(as_text=True)
    assert "株式会社山田製作所" not in empty


@pytest.mark.parametrize("query", ["?sort=nothing", "?cursor=xx", "?owner=x", "?rank=Z&page=2"])
def test_a_broken_address_of_the_list_is_answered_in_words(sign_in, company, query):
    assert sign_in(company.rep).get(f"/accounts{query}").status_code in (200, 400)


def test_a_rep_enters_a_company_once_however_often_she_presses(sign_in, company, app):
    rep = sign_in(company.rep)
    fields = form(rep, "/accounts/new") | {"name": "新しい会社", "phone": "045-555-0118"}
    first, second = rep.post("/accounts", data=fields), rep.post("/accounts", data=fields)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    with app.app_context():
        assert db.session.query(Account).count() == 1


def test_a_refused_form_keeps_what_was_typed(sign_in, company):
    rep = sign_in(company.rep)
    fields = form(rep, "/accounts/new") | {"name": "新しい会社", "corporate_number": "123"}
    answer = rep.post("/accounts", data=fields)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "新しい会社" in page
    assert "why-corporate_number" in page


def test_the_account_page_takes_at_most_twelve_statements(sign_in, company, account, statements):
    rep = sign_in(company.rep)
    for path in ("/accounts", f"/accounts/{account}", f"/accounts/{account}/history"):
        statements.clear()
        assert rep.get(path).status_code == 200
        assert len(statements) <= 12, (path, statements)


def test_one_field_is_edited_in_place(sign_in, company, account, app):
    rep = sign_in(company.rep)
    path = f"/accounts/{account}/edit"
    part = rep.get(f"{path}?only=industry", headers={"HX-Request": "true"}).get_data(as_text=True)
    version = re.search(r'name="version" value="(\d+)"', part)[1]
    sent = {"only": "industry", "version": version, "original_industry": "", "industry": "精密部品"}
    answer = rep.post(path, data=sent, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "精密部品" in answer.get_data(as_text=True)
    wrong = {"only": "corporate_number", "version": "2", "corporate_number": "1"}
    refused = rep.post(path, data=wrong, headers={"HX-Request": "true"})
    assert refused.status_code == 422
    assert "data-inline-form" in refused.get_data(as_text=True)


def test_two_people_who_change_different_fields_both_keep_theirs(sign_in, company, account, app):
    rep, colleague = sign_in(company.rep), sign_in(company.colleague)
    path = f"/accounts/{account}/edit"
    first, second = form(rep, path), form(colleague, path)
    assert rep.post(path, data=first | {"industry": "食品"}).status_code == 303
    assert colleague.post(path, data=second | {"address": "川崎市"}).status_code == 303
    with app.app_context():
        found = db.session.get(Account, account)
        assert (found.industry, found.address) == ("食品", "川崎市")


def test_one_who_saved_first_herself_is_not_named_as_somebody_else(sign_in, company, account):
    rep, path = sign_in(company.rep), f"/accounts/{account}/edit"
    opened = form(rep, path)
    rep.post(path, data=opened | {"industry": "食品"})
    answer = rep.post(path, data=opened | {"industry": "化学"})
    assert answer.status_code == 409
    assert "別の画面で先に保存されました" in answer.text
    assert "さんが先に保存しました" not in answer.text


def test_the_second_of_two_sees_original_theirs_and_own_and_loses_nothing(
    sign_in, company, account, app
):
    rep, colleague = sign_in(company.rep), sign_in(company.colleague)
    path = f"/accounts/{account}/edit"
    first, second = form(rep, path), form(colleague, path)
    rep.post(path, data=first | {"industry": "食品", "rank": "B"})
    answer = colleague.post(path, data=second | {"industry": "化学", "address": "川崎市"})
    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    assert "佐藤 美咲さんが先に保存しました" in page
    for text in ("食品", "化学", "川崎市"):
        assert text in page
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))
    chosen = colleague.post(path, data=hidden | {"industry": "化学"})
    assert chosen.status_code == 303
    with app.app_context():
        found = db.session.get(Account, account)
        assert (found.industry, found.rank, found.address) == ("化学", "B", "川崎市")


def test_a_stranger_does_not_edit_the_company(sign_in, company, account):
    stranger = sign_in(company.stranger)
    assert stranger.get(f"/accounts/{account}").status_code == 200
    assert stranger.get(f"/accounts/{account}/edit").status_code == 404
    assert stranger.post(f"/accounts/{account}/edit", data={"version": "1"}).status_code == 404


def test_a_person_is_entered_with_her_numbers(sign_in, company, account):
    rep = sign_in(company.rep)
    fields = form(rep, f"/contacts/new?account_id={account}") | {
        "family_name": "鈴木", "given_name": "恵子",
        "phones": "045-555-0118 内線 21\n090-1234-5678",
    }  # fmt: skip
    answer = rep.post("/contacts", data=fields)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    page = rep.get(answer.location).get_data(as_text=True)
    assert 'href="tel:+819012345678"' in page
    edit = answer.location + "/edit"
    changed = form(rep, edit)
    assert "内線 21" in changed["phones"]
    assert rep.post(edit, data=changed | {"phones": "x"}).status_code == 422
    assert rep.post(edit, data=changed | {"title": "課長"}).status_code == 303


def test_a_site_is_entered_and_changed(sign_in, company, account):
    rep = sign_in(company.rep)
    fields = form(rep, f"/sites/new?account_id={account}") | {"name": "川崎工場"}
    assert rep.post("/sites", data=fields).status_code == 303
    page = rep.get(f"/accounts/{account}").get_data(as_text=True)
    path = re.search(r'href="(/sites/\d+)"', page)[1]
    assert rep.post(path, data=form(rep, path) | {"phone": "x"}).status_code == 422
    assert rep.post(path, data=form(rep, path) | {"address": "川崎市"}).status_code == 303
    assert rep.get("/sites/new?account_id=99").status_code == 404


def test_the_filter_offers_the_industries_in_use(sign_in, company, api):
    rep = api(company.rep)
    for name, industry in (("甲", "化学"), ("乙", "食品"), ("丙", "化学"), ("丁", "")):
        rep.post("/accounts", {"name": name, "industry": industry})
    page = sign_in(company.rep).get("/accounts?industry=食品").get_data(as_text=True)
    offered = re.findall(r"<option(?: selected)?>([^<]+)</option>", page)
    assert sorted(offered) == ["化学", "食品"]
    assert "乙" in page
    assert "甲" not in page


def test_one_goes_from_record_to_record_of_the_same_list(sign_in, company, api):
    rep = api(company.rep)
    keys = {}
    for name, kana, rank in (
        ("甲", "ア", "A"),
        ("乙", "イ", "B"),
        ("丙", "ウ", "A"),
        ("丁", "エ", "A"),
    ):
        body = {"name": name, "name_kana": kana, "rank": rank}
        keys[name] = rep.post("/accounts", body).json["id"]
    client = sign_in(company.rep)
    listed = client.get("/accounts?rank=A").get_data(as_text=True)
    assert f'href="/accounts/{keys["丙"]}?rank=A"' in listed
    page = client.get(f"/accounts/{keys['丙']}?rank=A").get_data(as_text=True)
    assert f'href="/accounts/{keys["甲"]}?rank=A" data-prev' in page
    assert f'href="/accounts/{keys["丁"]}?rank=A" data-next' in page
    place = client.get(f"/accounts/{keys['丙']}/place?rank=A").text
    assert "2 / 3" in place
    assert f'href="/accounts/{keys["甲"]}?rank=A" data-prev' in place
    assert f'href="/accounts/{keys["丁"]}?rank=A" data-next' in place
    assert client.get(f"/accounts/{keys['乙']}/place?rank=A").text.strip() == ""
    body = {"account_id": keys["丙"], "given_name": "一"}
    people = [
        rep.post("/contacts", {**body, "family_name": name, "family_name_kana": name}).json["id"]
        for name in ("アベ", "イトウ", "ウエダ")
    ]
    along = f"?account_id={keys['丙']}"
    assert f'href="/contacts/{people[1]}{along}"' in client.get(f"/contacts{along}").text
    beside = client.get(f"/contacts/{people[1]}/place{along}").text
    assert "2 / 3" in beside and f'href="/contacts/{people[2]}{along}" data-next' in beside
    assert f"/contacts/{people[1]}/place{along}" in client.get(f"/contacts/{people[1]}").text
    last = client.get(f"/accounts/{keys['丁']}?sort=-updated").get_data(as_text=True)
    assert "data-prev aria-label" not in last
    assert f'href="/accounts/{keys["丙"]}?sort=-updated" data-next' in last


def test_a_parent_company_is_found_by_a_part_of_its_name(app, company, sign_in, api):
    rep = api(company.rep)
    parent = rep.post("/accounts", {"name": "湊ホールディングス株式会社"}).json["id"]
    child = rep.post("/accounts", {"name": "湊製薬株式会社"}).json["id"]
    for name in ("北辰工業株式会社", "北辰商事株式会社"):
        rep.post("/accounts", {"name": name})
    pages = sign_in(company.rep)
    form = pages.get(f"/accounts/{child}/edit").text
    assert f'hx-get="/accounts/parents?of={child}"' in form and 'name="find-parent_id"' in form
    found = pages.get("/accounts/parents?find-parent_id=ホールディングス").text
    assert f'name="parent_id" value="{parent}"' in found and "湊ホールディングス" in found
    assert "見つかりません" in pages.get("/accounts/parents?find-parent_id=どこにもない").text
    assert f'value="{child}"' in pages.get("/accounts/parents?find-parent_id=湊製薬").text
    own = pages.get(f"/accounts/parents?of={child}&find-parent_id=湊製薬").text
    assert f'value="{child}"' not in own
    typed = {"name": "湊製薬株式会社", "version": 1, "original_parent_id": "", "parent_id": ""}
    again = pages.post(f"/accounts/{child}/edit", data=typed | {"find-parent_id": "北辰"})
    assert again.status_code == 422 and "北辰商事" in again.text
    assert 'value="北辰"' in again.text and rep.get(f"/accounts/{child}").json["version"] == 1
    none = pages.post(f"/accounts/{child}/edit", data=typed | {"find-parent_id": "どこにもない"})
    assert none.status_code == 422 and 'id="why-parent_id"' in none.text
    done = pages.post(
        f"/accounts/{child}/edit", data=typed | {"find-parent_id": "湊ホールディングス"}
    )
    assert done.status_code == 303
    assert rep.get(f"/accounts/{child}").json["parent_id"] == parent
    form = pages.get(f"/accounts/{child}/edit").text
    assert re.search(rf'value="{parent}" checked>湊ホールディングス', form)
    left = typed | {"version": 2, "original_parent_id": str(parent), "find-parent_id": ""}
    assert pages.post(f"/accounts/{child}/edit", data=left).status_code == 303
    assert rep.get(f"/accounts/{child}").json["parent_id"] is None


def test_a_new_account_names_its_parent_by_a_part_of_the_name(company, sign_in, api):
    rep = api(company.rep)
    parent = rep.post("/accounts", {"name": "湊ホールディングス株式会社"}).json["id"]
    new = {"name": "湊商事株式会社", "idempotency_key": "k", "find-parent_id": "湊ホールディングス"}
    made = sign_in(company.rep).post("/accounts", data=new)
    assert made.status_code == 303
    assert rep.get(f"/accounts/{made.location.rsplit('/', 1)[1]}").json["parent_id"] == parent


def test_the_history_tells_what_was_and_what_is(company, sign_in, api):
    rep = api(company.rep)
    made = rep.post("/accounts", {"name": "湊製薬株式会社", "industry": "化学"}).json["id"]
    body = {"industry": "食品", "rank": "A", "owner_id": company.colleague, "phone": "044-555-0132"}
    assert rep.patch(f"/accounts/{made}", body, version=1).status_code == 200
    seen = sign_in(company.manager).get(f"/accounts/{made}").text
    assert "業種 化学 → 食品" in seen and "ランク ― → A" in seen
    assert re.search(r"担当 \S+( \S+)? → \D", seen) and "電話 0" not in seen
