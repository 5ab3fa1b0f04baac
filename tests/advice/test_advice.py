"""A colleague is asked, answers, and the asker says what came of it."""

from __future__ import annotations

import pytest

from crm.extensions import db
from crm.live import hub
from tests.advice.conftest import QUESTION

SOON = "2099-12-01"


def found(api, person):
    items = api(person).get("/search?q=前処理フィルタ").json["items"]
    return [one["url"] for one in items]


def history(api, person, account):
    return api(person).get(f"/accounts/{account}/timeline").json["items"]


def test_the_clerk_asks_the_expert_answers_and_the_outcome_stands_in_the_history(
    app, api, company, case, ask, sign_in
):
    made = ask(wanted_on=SOON)
    assert made.status_code == 201, made.json
    key = f"/advice/{made.json['id']}"
    assert (made.json["state"], made.json["asker_id"]) == ("open", company.clerk)
    assert history(api, company.rep, case.account) == []

    expert = api(case.expert)
    assert expert.get(f"/advice?asked_id={case.expert}&state=open").json["items"][0]["version"] == 1
    page = sign_in(case.expert).get("/").text
    assert "あなたに聞かれています" in page
    assert QUESTION in page
    assert "あなたに聞かれています" not in sign_in(company.engineer).get("/").text
    told = "延びます。目安は1.6倍です。"
    assert api(company.engineer).post(f"{key}/answer", {"answer": told}).status_code == 404
    answered = expert.post(f"{key}/answer", {"answer": told})
    assert (answered.status_code, answered.json["state"]) == (201, "answered")
    assert expert.post(f"{key}/answer", {"answer": "x"}).status_code == 409
    line = history(api, company.rep, case.account)[0]
    assert (line["text"], line["by"]) == ("助言：延びます 目安は1.6倍です。", "小林 大輔")

    clerk = sign_in(company.clerk)
    assert told in clerk.get("/").text
    said = {"outcome": "helped", "outcome_word": "1段追加して納品"}
    assert expert.post(f"{key}/outcome", said).status_code == 201  # engineers work on tickets too
    done = clerk.post(f"{key}/outcome", data=said | {"next": "/"})
    assert (done.status_code, done.location) == (303, "/")
    assert told not in clerk.get("/").text
    line = history(api, company.rep, case.account)[0]
    assert line["text"] == "助言：延びます 目安は1.6倍です。 助かった：1段追加して納品"
    assert "助かった" in clerk.get(f"/advice/panel?ticket_id={case.ticket}").text
    moves = sign_in(company.rep).get("/").text
    assert "助言：延びます" in moves


def test_whoever_works_on_the_case_asks_and_only_who_may_see_it_is_asked(
    app, api, company, case, ask
):
    deal = {"deal_id": case.deal}
    assert ask(by=company.rep, **deal).status_code == 201
    refused = ask(by=company.stranger, **deal)
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["deal_id"])
    for wrong, field in (
        ({"asked_id": company.clerk}, "asked_id"), ({"asked_id": 4242}, "asked_id"),
        ({"wanted_on": "2020-01-01"}, "wanted_on"), ({"question": " "}, "question"),
        ({"ticket_id": None}, "ticket_id"), ({"ticket_id": 4242}, "ticket_id"),
        ({"deal_id": case.deal, "ticket_id": case.ticket}, "ticket_id"),
    ):  # fmt: skip
        answer = ask(**wrong)
        assert (answer.status_code, list(answer.json["errors"])) == (422, [field]), wrong
    hide = api(company.clerk).patch(f"/tickets/{case.ticket}", {"confidential": True}, 1)
    assert hide.status_code == 200
    why = ask().json["errors"]["asked_id"]
    assert why == ["取扱注意のため、小林 大輔さんは見られません。"]
    assert len(api(company.rep).get("/advice").json["items"]) == 1


def test_a_ticket_that_becomes_confidential_takes_its_advice_with_it(
    app, api, company, case, ask, sign_in
):
    key = ask().json["id"]
    assert found(api, case.expert) == [f"/advice/{key}"]
    hide = api(company.clerk).patch(f"/tickets/{case.ticket}", {"confidential": True}, 1)
    assert hide.status_code == 200
    for person in (case.expert, company.rep):
        assert api(person).get(f"/advice/{key}").status_code == 404
        assert api(person).get("/advice").json["items"] == []
        assert found(api, person) == []
        browser = sign_in(person)
        assert "交換間隔" not in browser.get("/").text + browser.get("/advice?view=all").text
        assert browser.get(f"/advice/panel?ticket_id={case.ticket}").status_code == 404
    row = api(company.clerk).get(f"/advice/{key}").json
    assert (row["state"], row["asked_id"]) == ("returned", case.expert)
    assert found(api, company.clerk) == [f"/advice/{key}"]
    page = sign_in(company.clerk).get("/").text
    assert "取扱注意になり、この人は見られなくなりました" in page


def test_what_waits_for_somebody_who_leaves_goes_back_and_is_asked_of_another(
    app, api, company, case, ask, leave, sign_in
):
    key = f"/advice/{ask().json['id']}"
    leave(case.expert)
    clerk = api(company.clerk)
    assert clerk.get(key).json["state"] == "returned"
    assert "この人は退職しました" in sign_in(company.clerk).get("/").text
    assert clerk.post(f"{key}/hand-on", {"asked_id": case.expert}).status_code == 422
    again = clerk.post(f"{key}/hand-on", {"asked_id": company.engineer, "word": "お願いします"})
    assert (again.status_code, again.json["state"]) == (201, "open"), again.json

    engineer = api(company.engineer)
    assert engineer.post(f"{key}/decline", {"word": ""}).status_code == 422
    assert engineer.post(f"{key}/decline", {"word": "担当外です"}).json["word"] == "担当外です"
    assert api(company.rep).post(f"{key}/withdraw", None).json["state"] == "withdrawn"
    assert clerk.post(f"{key}/withdraw", None).status_code == 409
    assert found(api, company.clerk) == []
    assert history(api, company.rep, case.account) == []
    removal = clerk("DELETE", f"/tickets/{case.ticket}", None, If_Match="*")
    assert removal.status_code == 404  # clerks remove no tickets
    kept = api(company.admin)("DELETE", f"/tickets/{case.ticket}", None, If_Match="*")
    assert (kept.status_code, "助言" in kept.json["detail"]) == (409, True)


def test_a_question_is_put_otherwise_while_nobody_has_answered(app, api, company, case, ask):
    made = ask().json
    clerk, key = api(company.clerk), f"/advice/{made['id']}"
    assert clerk.patch(key, {"question": "x"}).status_code == 428
    changed = clerk.patch(key, {"question": "延びますか。", "wanted_on": SOON}, 1)
    assert (changed.status_code, changed.json["version"]) == (200, 2), changed.json
    assert clerk.patch(key, {"question": "y"}, 1).status_code == 412
    assert list(clerk.patch(key, {"asked_id": company.engineer}, 2).json["errors"]) == ["asked_id"]
    old = api(case.expert)("POST", f"{key}/answer", {"answer": "はい"}, If_Match='"1"')
    assert old.status_code == 412
    once = [
        api(case.expert).post(f"{key}/answer", {"answer": "はい"}, Idempotency_Key="a")
        for _press in range(2)
    ]
    assert [one.status_code for one in once] == [201, 201]
    assert clerk.patch(key, {"question": "z"}, 3).status_code == 409
    since = clerk.get("/advice?updated_since=2026-01-01T00:00:00Z&outcome=helped").json
    assert (since["items"], "until" in since) == ([], True)


def test_a_form_that_is_refused_keeps_what_was_typed_and_a_name_is_enough(
    app, api, company, case, sign_in
):
    clerk = sign_in(company.clerk)
    form = {"ticket_id": case.ticket, "asked_q": "小", "question": QUESTION, "wanted_on": ""}
    refused = clerk.post("/advice", data=form)
    assert refused.status_code == 422
    assert "頼む人を選んでください" in refused.text
    assert QUESTION in refused.text
    found = clerk.get(f"/advice/colleagues?ticket_id={case.ticket}&asked_q=こばやし").text
    assert "小林 大輔" in found
    assert "小川" not in found
    made = clerk.post("/advice", data=form | {"asked_q": "小林", "idempotency_key": "once"})
    again = clerk.post("/advice", data=form | {"asked_q": "小林", "idempotency_key": "once"})
    assert (made.status_code, made.location) == (303, f"/tickets/{case.ticket}")
    assert again.location == made.location
    expert = sign_in(case.expert)
    (one,) = api(case.expert).get("/advice").json["items"]
    page = expert.post(f"/advice/{one['id']}/answer", data={"answer": " "})
    assert page.status_code == 422
    for what in ("decline", "hand-on"):
        assert expert.get(f"/advice/{one['id']}/{what}").status_code == 200
    handed = {"asked_id": company.engineer, "word": "詳しい人へ", "next": "//evil.test/"}
    done = expert.post(f"/advice/{one['id']}/hand-on", data=handed)
    assert (done.status_code, done.location) == (303, f"/tickets/{case.ticket}")
    assert "小林 大輔さんから：詳しい人へ" in sign_in(company.engineer).get("/").text


def test_the_open_screens_of_the_two_are_told(app, api, company, case, ask, drained, sign_in):
    with app.app_context():
        expert, clerk = (hub().open(person) for person in (case.expert, company.clerk))
    try:
        key = ask().json["id"]
        assert expert.empty()
        drained()
        assert expert.get_nowait()["advice_id"] == key
        assert clerk.empty()
        assert "<b>1</b>" in sign_in(case.expert).get("/advice/bell").text
        assert "hidden" in sign_in(company.engineer).get("/advice/bell").text
        api(case.expert).post(f"/advice/{key}/answer", {"answer": "はい"})
        drained()
        assert clerk.get_nowait()["kind"] == "advice.answered"
        seen = sign_in(company.clerk)
        assert "<b>1</b>" in seen.get("/advice/bell").text
        assert seen.post(f"/advice/{key}/seen", data={}).status_code == 303
        assert "<b>1</b>" not in seen.get("/advice/bell").text
    finally:
        with app.app_context():
            hub().close(case.expert, expert)
            hub().close(company.clerk, clerk)


@pytest.mark.parametrize("view", ["asked", "mine", "all"])
def test_the_list_shows_a_page_in_few_statements(
    app, company, case, ask, sign_in, view, statements
):
    for number in range(3):
        assert ask(question=f"{QUESTION} {number}").status_code == 201
    browser = sign_in(company.clerk if view == "mine" else case.expert)
    statements.clear()
    page = browser.get(f"/advice?view={view}&state=open")
    assert page.text.count("data-row=") == 3
    assert len(statements) <= 6
    assert browser.get("/advice?view=others").status_code == 400
    with app.app_context():
        db.session.remove()
