"""A name for what a list shows: kept, opened, shared, changed and thrown away."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa

from crm.clock import now
from crm.extensions import db
from crm.saved_views import queries
from crm.saved_views.models import SavedView
from crm.timeline.models import Event
from crm.timeline.sentences import LINES
from tests.records import a_deal, a_product, a_ticket, a_unit, an_account

MINE = {"list": "deals", "name": "金額の大きい順", "query": "owner=me&sort=-amount"}
OURS = {"list": "deals", "name": "一課・今期の案件", "query": "team=mine", "shared": True}


@pytest.fixture
def rep(company, sign_in):
    return sign_in(company.rep)


def menu(browser, **asked):
    return unescape(browser.get(f"/views?{urlencode(asked)}").text)


def name_of(browser, **asked):
    return re.sub("<[^>]*>", "", browser.get(f"/views/name?{urlencode(asked)}").text).strip()


def kept(app):
    with app.app_context():
        return db.session.scalars(sa.select(SavedView).order_by(SavedView.id)).all()


def test_a_rep_keeps_what_a_list_shows_and_opens_it_again(app, rep):
    saved = rep.post(
        "/views?list=deals&sort=-amount&rank=&cursor=abc&owner=me&colour=red",
        data={"name": " 金額の  大きい順 ", "shared": "0"},
    )
    assert (saved.status_code, saved.location) == (303, "/deals?owner=me&sort=-amount")
    (view,) = kept(app)
    assert (view.name, view.query, view.shared) == (
        "金額の 大きい順", "owner=me&sort=-amount", False
    )  # fmt: skip
    assert rep.get(saved.location).status_code == 200
    assert 'href="/deals?owner=me&sort=-amount" aria-current="true"' in menu(
        rep, list="deals", sort="-amount", owner="me"
    )


def test_the_list_says_the_name_of_what_it_shows_whatever_the_order_of_its_address(rep, company):
    rep.post("/views?list=deals&owner=me&sort=-amount", data={"name": "金額の大きい順"})
    assert name_of(rep, list="deals", sort="-amount", owner="me", cursor="x") == "金額の大きい順"
    assert name_of(rep, list="deals", sort="amount", owner="me") == "表示条件"
    assert name_of(rep, list="board", sort="-amount", owner="me") == "表示条件"
    assert name_of(rep, list="deals") == "表示条件"


@pytest.mark.parametrize(
    ("path", "of", "query"),
    [
        ("/deals", "deals", "rank=A"), ("/deals/board", "board", "rank=A"),
        ("/tickets", "tickets", "status=open"), ("/accounts", "accounts", "rank=A"),
        ("/units", "units", "status=spare"), ("/contracts", "contracts", "standing=ended"),
        ("/work-orders", "work-orders", "status=late"),
    ],
)  # fmt: skip
def test_a_list_leads_to_its_views_and_asks_the_database_nothing_for_it(
    rep, statements, path, of, query
):
    plain, narrowed = unescape(rep.get(path).text), unescape(rep.get(f"{path}?{query}").text)
    assert f'hx-get="/views?list={of}" hx-target="#dialog"' in plain
    assert "/views/name" not in plain
    assert f'hx-get="/views/name?list={of}&{query}" hx-trigger="load"' in narrowed
    assert not [one for one in statements if "saved_views" in one]


def test_what_is_shared_is_everybodys_and_what_is_not_is_ones_own(api, company, sign_in):
    rep, clerk = api(company.rep), api(company.clerk)
    own, shared = rep.post("/views", MINE).json["id"], rep.post("/views", OURS).json["id"]
    assert [one["id"] for one in rep.get("/views").json["items"]] == [own, shared]
    assert [one["id"] for one in clerk.get("/views").json["items"]] == [shared]
    assert clerk.get(f"/views/{own}").status_code == 404
    page = menu(sign_in(company.clerk), list="deals")
    assert "一課・今期の案件" in page and "金額の大きい順" not in page
    assert f"/views/{shared}/edit" not in page


def test_me_stays_me_so_that_a_shared_view_is_each_readers_own(app, api, company, sign_in):
    with app.app_context():
        account = an_account(company.rep, company.first_team)
        a_deal(account, company.rep, company.first_team, title="担当者の案件")
        a_deal(account, company.manager, company.first_team, title="課長の案件")
    api(company.rep).post("/views", MINE | {"shared": True})
    page = menu(sign_in(company.manager), list="deals")
    address = re.search(r'href="(/deals\?owner=me[^"]*)"', page)
    assert address is not None
    deals = sign_in(company.manager).get(address[1]).text
    assert "課長の案件" in deals and "担当者の案件" not in deals


def test_who_may_not_see_amounts_gets_a_shared_list_in_its_usual_order(api, company, sign_in):
    api(company.rep).post("/views", MINE | {"shared": True})
    engineer = sign_in(company.engineer)
    assert 'href="/deals?owner=me"' in menu(engineer, list="deals")
    assert engineer.get("/deals?owner=me&sort=-amount").status_code == 400
    refused = api(company.engineer).post("/views", MINE)
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["query"])


@pytest.mark.parametrize(
    ("list", "query", "why"),
    [
        ("deals", "stage=signed", "stage: "),
        ("deals", "sort=colour", "sort: "),
        ("deals", "close_from=tomorrow", "close_from: "),
        ("tickets", "status=lost", "status: "),
        ("tickets", "assignee=somebody", "assignee: "),
        ("accounts", "rank=Z", "rank: "),
        ("units", "attribute=nothing:1", "attribute: "),
        ("contracts", "standing=maybe", "standing: "),
        ("work-orders", "day=2026-02-30", "day: "),
        ("deals", "colour=red&cursor=abc", ""),
        ("board", "sort=-amount", ""),
        ("deals", "q=" + "%E3%81%82" * 299 + "&rank=A", ""),
    ],
)
def test_what_the_list_refuses_cannot_be_kept(app, api, company, list, query, why):
    body = {"list": list, "name": "条件", "query": query}
    refused = api(company.rep).post("/views", body)
    if query.endswith("&rank=A"):
        assert refused.status_code == 201, refused.json
        return
    assert (refused.status_code, [*refused.json["errors"]]) == (422, ["query"]), refused.json
    assert refused.json["errors"]["query"][0].startswith(why)
    assert not kept(app)


def test_a_custom_field_and_its_columns_are_kept_in_one_way(api, company):
    field = {"record": "deal", "key": "budget", "label_ja": "予算", "label_en": "Budget"}
    assert api(company.admin).post("/attributes", field).status_code == 201
    made = api(company.rep).post(
        "/views", MINE | {"query": "also=budget&attribute=budget&value=UV"}
    )
    assert made.json["query"] == "attribute=budget%3AUV&also=budget"


def test_a_name_is_taken_once_by_a_person_and_once_by_all(api, company):
    rep, clerk = api(company.rep), api(company.clerk)
    assert rep.post("/views", MINE).status_code == 201
    again = rep.post("/views", MINE | {"name": "金額の大きい順 "})
    assert (again.status_code, list(again.json["errors"])) == (409, ["name"])
    assert rep.post("/views", MINE | {"list": "board", "query": "rank=A"}).status_code == 201
    assert rep.post("/views", MINE | {"shared": True}).status_code == 201
    theirs = clerk.post("/views", MINE | {"shared": True, "query": "owner=me"})
    assert (theirs.status_code, list(theirs.json["errors"])) == (409, ["name"])
    assert clerk.post("/views", MINE | {"query": "owner=me"}).status_code == 201


def test_a_shared_view_is_changed_by_its_owner_and_by_managers(app, api, company):
    rep, clerk, manager = api(company.rep), api(company.clerk), api(company.manager)
    key = rep.post("/views", OURS).json["id"]
    assert clerk.patch(f"/views/{key}", {"name": "x"}, 1).status_code == 404
    assert manager.patch(f"/views/{key}", {"name": "一課の案件"}, 1).json["name"] == "一課の案件"
    assert rep.patch(f"/views/{key}", {"name": "一課"}, 1).status_code == 412
    kept_from = manager.patch(f"/views/{key}", {"shared": False}, 2)
    assert (kept_from.status_code, list(kept_from.json["errors"])) == (422, ["shared"])
    assert rep.patch(f"/views/{key}", {"shared": False}, 2).json["shared"] is False
    assert manager.get(f"/views/{key}").status_code == 404
    assert rep.delete(f"/views/{key}", 3).status_code == 204
    with app.app_context(), app.test_request_context(headers={"Accept-Language": "ja"}):
        told = sa.select(Event.kind, Event.facts).where(Event.subject_type == "saved_view")
        said = [LINES[kind].title(facts) for kind, facts in db.session.execute(
            told.order_by(Event.id)
        )]  # fmt: skip
    assert said == [
        "表示条件を全員に共有：一課・今期の案件", "共有の表示条件を変更：一課の案件",
        "表示条件の共有を終了：一課の案件",
    ]  # fmt: skip


def test_a_view_takes_over_what_the_list_shows_now(app, rep):
    rep.post("/views?list=tickets&status=open", data={"name": "未完了"})
    (view,) = kept(app)
    form = unescape(rep.get(f"/views/{view.id}/edit?status=open&severity=high").text)
    assert 'value="status=open&severity=high"' in form
    saved = rep.post(
        f"/views/{view.id}/edit?status=open&severity=high",
        data={"version": 1, "name": "急ぎ", "original_name": "未完了", "shared": "1",
              "original_shared": "0", "query": "status=open&severity=high",
              "original_query": "status=open"},
    )  # fmt: skip
    assert (saved.status_code, saved.location) == (303, "/tickets?status=open&severity=high")
    (view,) = kept(app)
    assert (view.name, view.shared, view.query) == ("急ぎ", True, "status=open&severity=high")


def test_a_refused_name_comes_back_as_it_was_typed(app, rep):
    rep.post("/views?list=tickets&status=open", data={"name": "未完了"})
    again = rep.post("/views?list=tickets&view=mine", data={"name": "未完了", "shared": "0"})
    assert again.status_code == 422
    assert 'id="why-name"' in again.text and 'value="未完了"' in again.text
    nameless = rep.post("/views?list=tickets&view=mine", data={"name": " "})
    assert nameless.status_code == 422 and 'id="why-name"' in nameless.text
    assert rep.post("/views?list=tickets", data={"name": "全部"}).status_code == 422
    assert rep.post("/views?list=stars&view=mine", data={"name": "全部"}).status_code == 422
    assert len(kept(app)) == 1


def test_what_was_thrown_away_can_be_had_back_for_ten_seconds(app, rep):
    rep.post("/views?list=accounts&rank=A&q=山田", data={"name": "重点", "shared": "1"})
    (view,) = kept(app)
    gone = rep.post(f"/views/{view.id}/removal?rank=A")
    assert (gone.status_code, gone.location) == (303, "/accounts?rank=A")
    assert not kept(app)
    undo = re.search(r'action="(/views\?[^"]*)"', rep.get("/accounts?rank=A").text)
    assert undo is not None
    assert rep.post(unescape(undo[1])).status_code == 303
    (back,) = kept(app)
    assert (back.name, back.query, back.shared) == ("重点", view.query, True)


def test_the_palette_finds_views_by_any_part_of_their_names(api, company, sign_in):
    rep = api(company.rep)
    rep.post("/views", OURS)
    rep.post("/views", MINE | {"name": "カンリ課の案件"})
    found = sign_in(company.rep).get("/views/palette?q=かんり").text
    assert "カンリ課の案件" in found and "一課・今期" not in found
    others = sign_in(company.clerk).get("/views/palette?q=案件").text
    assert "一課・今期の案件" in others and "カンリ課" not in others
    assert "href" not in sign_in(company.rep).get("/views/palette?q=%20").text


def test_all_views_stand_on_one_page(api, company, sign_in):
    rep = api(company.rep)
    rep.post("/views", OURS)
    rep.post("/views", {"list": "tickets", "name": "私の問い合わせ", "query": "view=mine"})
    page = menu(sign_in(company.rep))
    assert page.index("一課・今期の案件") < page.index("私の問い合わせ")


def test_a_person_keeps_a_hundred_views_of_a_list(app, api, company):
    with app.app_context():
        db.session.add_all(
            SavedView(list="deals", name=f"{n}", name_key=f"{n}", query="rank=A",
                      owner_id=company.rep, shared=False)
            for n in range(100)
        )  # fmt: skip
        db.session.commit()
    refused = api(company.rep).post("/views", MINE)
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["name"])
    assert api(company.rep).post("/views", MINE | {"list": "tickets", "query": "view=mine"})


HEAD = re.compile(r'<th class="(?!pick)[^>]*>(.*?)</th>', re.DOTALL)


def table_of(browser, address):
    """The classes of the table of a list, and what its heads say."""
    page = browser.get(address).text
    classes = re.search(r'<table class="(tb[^"]*)"', page)
    assert classes is not None
    heads = [re.sub("<[^>]*>", "", one).strip() for one in HEAD.findall(page) if "pick" not in one]
    return classes[1].split(), heads


@pytest.mark.parametrize(
    ("path", "columns", "gone"),
    [
        ("/deals", "rank,amount,owner", ["段階", "受注予定日", "次の一手", "更新"]),
        ("/tickets", "account,due_at,assignee", ["番号", "機器", "分類", "状態", "受付"]),
        ("/accounts", "phone,owner", ["ランク", "業種", "住所", "更新"]),
        ("/units", "serial_no,account,coverage", ["拠点", "設置", "保証満了", "重要度"]),
    ],
)  # fmt: skip
def test_a_list_shows_the_columns_that_its_address_names(app, company, rep, path, columns, gone):
    with app.app_context():
        account = an_account(company.rep, company.first_team)
        a_deal(account, company.rep, company.first_team)
        a_ticket(account, company.clerk, company.call_centre)
        a_unit(account, a_product(), "SN1")
    classes, heads = table_of(rep, path)
    assert not [one for one in classes if one.startswith("without")]
    classes, heads = table_of(rep, f"{path}?columns={columns}")
    places = [int(one.removeprefix("without-")) for one in classes if one.startswith("without-")]
    assert [heads[place - 1] for place in places] == gone
    classes, heads = table_of(rep, f"{path}?columns=none")
    assert (
        len([one for one in classes if one.startswith("without-")])
        == len([one for one in heads if one]) - 1
    )
    refused = rep.get(f"{path}?columns=rank,colour")
    assert refused.status_code == 400 and "colour" in refused.text


def test_who_may_not_see_amounts_loses_no_other_column_for_it(app, company, sign_in):
    with app.app_context():
        account = an_account(company.rep, company.first_team)
        a_deal(account, company.rep, company.first_team)
    classes, heads = table_of(sign_in(company.clerk), "/deals?columns=rank,amount,owner")
    gone = [heads[int(one.removeprefix("without-")) - 1] for one in classes if "without" in one]
    assert gone == ["段階", "受注予定日", "次の一手", "更新"]


def test_columns_are_chosen_in_the_menu_and_kept_with_a_view(api, company, rep):
    page = menu(rep, list="deals", rank="A", columns="owner,rank")
    assert '<input type="checkbox" name="columns" value="rank" checked>' in page
    assert '<input type="checkbox" name="columns" value="amount">' in page
    for ticked, kept in (
        ("columns=owner&columns=rank", "/deals?rank=A&columns=rank%2Cowner"),
        ("", "/deals?rank=A&columns=none"),
        ("&".join(f"columns={one}" for one in (
            "stage", "rank", "amount", "expected_close_on", "next_step", "owner", "updated_at"
        )), "/deals?rank=A"),
    ):  # fmt: skip
        answer = rep.get(f"/views/columns?list=deals&rank=A&{ticked}")
        assert (answer.status_code, answer.location) == (303, kept)
    made = api(company.rep).post("/views", MINE | {"query": "rank=A&columns=owner,rank"})
    assert made.json["query"] == "rank=A&columns=rank%2Cowner"
    wrong = api(company.rep).post("/views", MINE | {"name": "x", "query": "columns=colour"})
    assert list(wrong.json["errors"]) == ["query"]
    assert "colour" in wrong.json["errors"]["query"][0]


@pytest.mark.parametrize("shared", [False, True])
def test_of_two_who_take_a_name_in_the_same_instant_one_is_told_so(
    app, api, company, sign_in, monkeypatch, shared
):
    look = queries.is_taken

    def and_somebody_is_faster(view):
        found = look(view)
        row = {
            "list": view.list, "name": view.name, "name_key": view.name_key, "query": "rank=A",
            "owner_id": view.owner_id, "shared": view.shared, "created_at": now(),
            "updated_at": now(), "version": 1,
        }  # fmt: skip
        db.session.execute(sa.insert(SavedView.__table__).values(row))
        return found

    monkeypatch.setattr(queries, "is_taken", and_somebody_is_faster)
    refused = api(company.rep).post("/views", MINE | {"shared": shared})
    assert (refused.status_code, list(refused.json["errors"])) == (409, ["name"])
    typed = {"name": "金額の大きい順", "shared": str(int(shared))}
    again = sign_in(company.rep).post("/views?list=deals&rank=A", data=typed)
    assert again.status_code == 422
    assert 'id="why-name"' in again.text and 'value="金額の大きい順"' in again.text
    assert not kept(app)
