"""The search as people and programs meet it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crm.extensions import db
from crm.search import actions


@pytest.fixture
def indexed(app, company):
    """A customer, a deal, a ticket, and a confidential ticket of the clerk's."""
    with app.app_context():
        actions.index(
            "account", 7, label="株式会社山田製作所", sublabel="ヤマダセイサクショ", account_id=7,
            identifiers=["044-123-4567"],
        )  # fmt: skip
        actions.index(
            "deal", 42, label="LX-310 更新（2号機）", sublabel="山田製作所・見積提出", account_id=7,
            names=["ヤマダセイサクショ"], owner_id=company.rep,
            at=datetime(2026, 11, 5, 1, tzinfo=UTC),
        )  # fmt: skip
        actions.index(
            "ticket", 23, label="<b>水漏れ</b>", sublabel="山田製作所", account_id=7,
            identifiers=["1023"],
            body="昨日から装置の下に水がたまります。ポンプの音も前より大きく、漏れは増えています。",
        )  # fmt: skip
        actions.index("ticket", 24, label="秘密の苦情", handlers=[f"staff:{company.clerk}"])
        db.session.commit()
    return company


def test_a_program_finds_records_with_their_addresses(api, indexed):
    answer = api(indexed.rep).get("/search?q=やまだ lx")
    assert answer.status_code == 200
    assert answer.json == {
        "items": [
            {
                "type": "deal", "id": 42, "account_id": 7, "label": "LX-310 更新（2号機）",
                "sublabel": "山田製作所・見積提出", "snippet": "山田製作所・見積提出",
                "at": "2026-11-05T01:00:00+00:00", "url": "/deals/42",
            }
        ],
        "near": False,
    }  # fmt: skip


def test_a_program_sees_the_words_that_were_said(api, indexed):
    (hit,) = api(indexed.rep).get("/search?q=ぽんぷ").json["items"]
    assert hit["type"] == "ticket"
    assert "ポンプの音も" in hit["snippet"]


def test_a_program_asks_for_one_kind_and_a_number_of_records(api, indexed):
    rep = api(indexed.rep)
    kinds = [one["type"] for one in rep.get("/search?q=山田&kind=account").json["items"]]
    assert kinds == ["account"]
    assert len(rep.get("/search?q=山田&limit=2").json["items"]) == 2


@pytest.mark.parametrize(
    ("query", "field"),
    [("", "q"), ("q=", "q"), ("q=a&kind=ship", "kind"), ("q=a&limit=0", "limit"),
     ("q=a&limit=51", "limit"), ("q=a&sort=x", "sort"), (f"q={'a' * 101}", "q"),
     ("q=a&owner_id=x", "owner_id"), ("q=a&from=2026-13-01", "from"), ("q=a&to=x", "to"),
     ("q=a&from=2026-02-01&to=2026-01-31", "to")],
)  # fmt: skip
def test_a_wrong_question_is_refused_by_name(api, indexed, query, field):
    answer = api(indexed.rep).get(f"/search?{query}")
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]


def test_nobody_searches_without_signing_in(app, company):
    client = app.test_client()
    assert client.get("/api/v1/search?q=a").status_code == 401
    assert client.get("/search?q=a").status_code == 303
    assert client.get("/search/palette?q=a").status_code == 303


@pytest.mark.parametrize(
    ("who", "sees"),
    [("clerk", True), ("admin", True), ("rep", False), ("manager", False), ("engineer", False)],
)
def test_a_confidential_ticket_is_found_by_its_handlers(api, sign_in, indexed, who, sees):
    person = getattr(indexed, who)
    items = api(person).get("/search?q=秘密").json["items"]
    assert [one["id"] for one in items] == ([24] if sees else [])
    for address in ("/search?q=秘密", "/search/palette?q=秘密"):
        assert ("の苦情" in sign_in(person).get(address).text) is sees


def test_the_palette_marks_what_matches_and_keeps_tags_of_others_harmless(sign_in, indexed):
    page = sign_in(indexed.rep).get("/search/palette?q=水漏れ").text
    assert "&lt;b&gt;<mark>水漏れ</mark>&lt;/b&gt;" in page
    assert "/tickets/23" in page


def test_the_palette_shows_what_one_can_do_when_nothing_is_asked(sign_in, indexed):
    rep = sign_in(indexed.rep)
    assert "/deals/board" in rep.get("/search/palette").text
    assert "/accounts/7" not in rep.get("/search/palette?q=>board").text


def test_a_number_leads_to_its_ticket(sign_in, indexed):
    assert "/tickets/23" in sign_in(indexed.rep).get("/search/palette?q=%231023").text


def test_the_page_shows_what_was_found_and_narrows_it(sign_in, indexed):
    rep = sign_in(indexed.rep)
    page = rep.get("/search?q=山田").text
    assert all(address in page for address in ("/accounts/7", "/deals/42", "/tickets/23"))
    narrowed = rep.get("/search?q=山田&kind=deal").text
    assert "/deals/42" in narrowed
    assert "/tickets/23" not in narrowed


def test_the_page_says_so_when_nothing_is_found(sign_in, indexed):
    page = sign_in(indexed.rep).get("/search?q=" + "鬱" * 200)
    assert page.status_code == 200
    assert "見つかりませんでした" in page.text


@pytest.mark.parametrize("address", ["/search", "/call/found", "/search/palette"])
def test_a_legal_form_alone_asks_for_the_rest_of_the_name(sign_in, indexed, address):
    clerk = sign_in(indexed.clerk)
    for q in ("株式会社", "㈱"):
        page = clerk.get(f"{address}?q={q}").text
        assert f"「{q}」に続けて、社名の一部を入力してください。" in page
        assert "見つかりません" not in page
    assert "に続けて" not in clerk.get(f"{address}?q=株式会社山田").text


def test_the_page_waits_for_a_question(sign_in, indexed):
    assert sign_in(indexed.rep).get("/search?kind=").status_code == 200


def test_a_kind_that_nobody_searches_is_refused_by_name(sign_in, indexed):
    refused = sign_in(indexed.rep).get("/search?q=山田&kind=ship")
    assert (refused.status_code, "<b>kind</b>" in refused.text) == (400, True)
    assert "お見せできない指定" in refused.text
    assert "長く開いた" not in refused.text


def test_a_search_is_narrowed_to_somebody_and_to_days(api, sign_in, indexed):
    rep = api(indexed.rep)
    for narrowed, found in (
        (f"owner_id={indexed.rep}", [42]), (f"owner_id={indexed.clerk}", []),
        ("from=2026-11-05", [42]), ("to=2026-11-05", [42]), ("from=2026-11-05&to=2026-11-05", [42]),
        ("from=2026-11-06", []), ("to=2026-11-04", []), ("kind=deal&to=2026-11-30", [42]),
    ):  # fmt: skip
        items = rep.get(f"/search?q=山田&{narrowed}").json["items"]
        assert [one["id"] for one in items] == found, narrowed
        page = sign_in(indexed.rep).get(f"/search?q=山田&{narrowed}").text
        assert ("/deals/42" in page) is bool(found)
        assert "/accounts/7" not in page
    wrong = sign_in(indexed.rep).get("/search?q=山田&from=2026-02-01&to=2026-01-31")
    assert wrong.status_code == 422
    assert "終わりの日が始まりの日より前" in wrong.text


def test_a_mistyped_word_leads_to_what_comes_near_and_says_so(api, sign_in, indexed):
    answer = api(indexed.rep).get("/search?q=ヤマダセサクショ").json
    assert answer["near"] is True
    assert {one["id"] for one in answer["items"]} == {7, 42}
    rep = sign_in(indexed.rep)
    page = rep.get("/search?q=山本製作所").text
    assert "「山本製作所」に近いもの" in page
    assert "<mark>山田製作所</mark>" in page
    assert "「山本製作所」に近いもの" in rep.get("/search/palette?q=山本製作所").text
    nothing = api(indexed.rep).get("/search?q=鬱龢彅鑾").json
    assert nothing == {"items": [], "near": False}
