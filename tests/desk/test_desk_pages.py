"""The call console without script: one form, drafts on the server, a ticket in the end."""

from __future__ import annotations

import re
from threading import Thread

import pytest
import sqlalchemy as sa

from crm.desk import drafts
from crm.extensions import db
from crm.installed_base.models import WorkOrder
from crm.staff.models import Staff
from crm.support.models import CallDraft, Ticket, TicketNote

VOICE = "朝から採水ランプが赤のままで、いっそ保守に入ったほうがいいのかしら"


@pytest.fixture
def call(customers):
    """What a clerk has filled in when Suzuki calls about the purifier."""
    return {
        "account_id": str(customers.yamada), "contact_id": str(customers.suzuki), "site_id": "",
        "unit_id": str(customers.purifier), "category": "failure", "symptom": "水が出ない",
        "voice": VOICE, "memo": "", "draft": "", "idempotency_key": "one",
    }  # fmt: skip


def _reads(statements):
    """What a page asks; the company's days are read twice a second, whatever pages there are."""
    return [one for one in statements if "FROM closed_days" not in one]


def _all(app, model):
    with app.app_context():
        return db.session.scalars(sa.select(model).order_by(model.id)).all()


def test_a_call_opens_on_who_is_dialling(sign_in, company, customers):
    text = sign_in(company.clerk).get("/call?from=%2B819012345678").get_data(as_text=True)
    assert "鈴木 恵子 様" in text
    assert "入構申請は前日15時まで" in text
    assert "純水製造装置 PW-10" in text and "有償" in text and "契約内" in text


def test_an_unknown_caller_leaves_an_empty_form_and_the_number(sign_in, company, customers):
    page = sign_in(company.clerk).get("/call?from=0312345678")
    assert page.status_code == 200
    assert "0312345678" in page.get_data(as_text=True)


def test_reading_a_call_writes_nothing(app, sign_in, company, customers):
    clerk = sign_in(company.clerk)
    for address in ("/call", "/call?from=09012345678", "/call?q=山田", "/call/found?q=山田"):
        assert clerk.get(address).status_code == 200
    assert _all(app, CallDraft) == []


def test_pages_of_a_call_take_few_statements(sign_in, company, customers, call, statements):
    clerk = sign_in(company.clerk)
    clerk.post("/call", data=call)
    whole = {"idempotency_key": "two", "site_id": str(customers.kawasaki)}
    clerk.post("/call/draft", data=call | whole)
    for address in ("/call", "/call?draft=1", "/call?from=09012345678", "/call?q=山田"):
        statements.clear()
        assert clerk.get(address).status_code == 200
        assert len(_reads(statements)) <= 12, (address, len(_reads(statements)))


ASKED = (
    {"key": "room", "kind": "choice", "choices": ["一般室", "屋外"], "required": True},
    {"key": "humidity", "kind": "number", "unit": "%"},
    {"key": "dealer", "kind": "reference", "refers_to": "account"},
    {"key": "adviser", "kind": "reference", "refers_to": "staff"},
)  # fmt: skip


def test_what_tickets_are_asked_besides_is_filled_in_while_the_customer_speaks(
    app, api, sign_in, company, customers, call, statements
):
    for one in ASKED:
        named = {"record": "ticket", "label_ja": f"項目{one['key']}", "label_en": one["key"]}
        assert api(company.admin).post("/attributes", named | one).status_code == 201
    clerk = sign_in(company.clerk)
    said = call | {
        "attr-humidity": "４５", "attr-dealer": str(customers.minato),
        "attr-adviser": str(company.engineer), "site_id": str(customers.kawasaki),
    }  # fmt: skip
    refused = clerk.post("/call", data=said)
    assert refused.status_code == 422 and 'id="why-attr-room"' in refused.text
    kept = clerk.post("/call/draft", data=said | {"attr-room": "屋外"})
    statements.clear()
    again = clerk.get(kept.location).text
    assert len(_reads(statements)) <= 12
    assert 'value="４５"' in again and re.search(r'value="屋外" selected', again)
    assert re.search(rf'value="{company.engineer}" selected', again) and "みなと製薬" in again
    statements.clear()
    assert clerk.post("/call", data=said | {"attr-room": "屋外"}).status_code == 303
    asked = [one for one in statements if one.startswith("SELECT attribute_definitions")]
    assert len(asked) <= 1
    assert _all(app, Ticket)[0].attributes == {
        "room": "屋外", "humidity": 45, "dealer": customers.minato, "adviser": company.engineer,
    }  # fmt: skip


def test_a_call_becomes_a_ticket_and_twice_is_once(app, sign_in, company, customers, call):
    clerk = sign_in(company.clerk)
    first, second = clerk.post("/call", data=call), clerk.post("/call", data=call)
    assert (first.status_code, first.location) == (303, second.location)
    [ticket] = _all(app, Ticket)
    assert (ticket.subject, ticket.voice) == ("水が出ない", VOICE)
    assert (ticket.channel, ticket.severity) == ("phone", "high")
    assert (ticket.contact_id, ticket.unit_id) == (customers.suzuki, customers.purifier)
    assert f"#{ticket.id}" in clerk.get(first.location).get_data(as_text=True)


def test_a_visit_is_a_work_order_on_the_unit(app, sign_in, company, customers, call):
    sign_in(company.clerk).post("/call", data=call | {"outcome": "visit"})
    [work] = _all(app, WorkOrder)
    assert (work.unit_id, work.kind, work.ticket_id) == (customers.purifier, "repair", 1)


def test_a_visit_needs_a_unit_and_the_form_keeps_everything(app, sign_in, company, call):
    page = sign_in(company.clerk).post("/call", data=call | {"outcome": "visit", "unit_id": ""})
    assert page.status_code == 422
    assert VOICE in page.get_data(as_text=True)
    assert "訪問する機器を選んでください" in page.get_data(as_text=True)
    assert _all(app, Ticket) == []


def test_solved_on_the_spot_needs_words_and_solves(app, sign_in, company, call):
    clerk = sign_in(company.clerk)
    assert clerk.post("/call", data=call | {"outcome": "solved"}).status_code == 422
    clerk.post("/call", data=call | {"outcome": "solved", "memo": "再起動で復旧"})
    [ticket] = _all(app, Ticket)
    assert (ticket.status, ticket.resolution) == ("solved", "再起動で復旧")


def test_a_memo_is_the_first_response(app, sign_in, company, call):
    sign_in(company.clerk).post(
        "/call", data=call | {"memo": "原水圧を確認", "outcome": "callback"}
    )
    notes = [(note.kind, note.body) for note in _all(app, TicketNote)]
    assert notes[0] == ("phone", "原水圧を確認")
    assert notes[1][0] == "internal"
    assert _all(app, Ticket)[0].first_response_at is not None


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"account_id": ""}, "account_id"), ({"category": "fire"}, "category"),
        ({"voice": "", "symptom": ""}, "voice"), ({"voice": "あ" * 20_001}, "voice"),
        ({"voice": "x\x00y"}, "voice"), ({"unit_id": "999"}, "unit_id"),
        ({"memo": "x" * 20_001}, "memo"),
    ],
)  # fmt: skip
def test_a_wrong_call_is_refused_and_changes_nothing(app, sign_in, company, call, wrong, field):
    page = sign_in(company.clerk).post("/call", data=call | wrong)
    assert page.status_code == 422
    assert f'id="why-{field}"' in page.text
    assert not re.search(r'id="why-[^>]*><span>.</span>', page.text), "a reason is a sentence"
    assert _all(app, Ticket) == []


def test_another_customers_unit_is_refused(app, sign_in, company, customers, call):
    page = sign_in(company.clerk).post("/call", data=call | {"unit_id": str(customers.oven)})
    assert page.status_code == 422
    assert _all(app, Ticket) == []


def test_what_is_typed_is_kept_and_survives_a_reload(app, sign_in, company, call):
    clerk = sign_in(company.clerk)
    kept = clerk.post("/call/draft", data=call, headers={"HX-Request": "true"})
    assert kept.status_code == 204
    address = kept.headers["X-Draft-Address"]
    assert VOICE in clerk.get(address).get_data(as_text=True)
    clerk.post("/call/draft", data=call | {"voice": "続きのことば"})
    assert len(_all(app, CallDraft)) == 1
    assert "続きのことば" in clerk.get(address).get_data(as_text=True)


def test_a_second_call_is_a_second_tab_and_the_first_keeps_its_words(sign_in, company, call):
    clerk = sign_in(company.clerk)
    clerk.post("/call/draft", data=call)
    clerk.post(
        "/call/draft", data={"from": "0312345678", "idempotency_key": "two", "voice": "別の件"}
    )
    first = clerk.get("/call?draft=1").get_data(as_text=True)
    second = clerk.get("/call?draft=2").get_data(as_text=True)
    assert VOICE in first and VOICE not in second
    assert 'href="/call?draft=2"' in first and 'href="/call?draft=1"' in second
    assert "山田製作所 鈴木様<time data-since=" in first and "山田製作所 鈴木様" in second


def test_a_clerk_leaves_a_draft_and_finds_it_again(sign_in, company, call):
    clerk = sign_in(company.clerk)
    assert clerk.post("/call/draft", data=call | {"leave": "1"}).location == "/"
    assert 'href="/call?draft=1"' in clerk.get("/call").get_data(as_text=True)


def test_a_mere_question_makes_no_draft(app, sign_in, company):
    quiet = {"q": "みなと", "idempotency_key": "k", "category": ""}
    kept = sign_in(company.clerk).post("/call/draft", data=quiet, headers={"HX-Request": "true"})
    assert kept.status_code == 204
    assert _all(app, CallDraft) == []


def test_a_draft_is_its_writers_alone(sign_in, company, call):
    sign_in(company.clerk).post("/call/draft", data=call)
    other = sign_in(company.engineer)
    assert other.get("/call?draft=1").status_code == 404
    assert other.post("/call/draft/1/removal").status_code == 404
    assert VOICE not in other.get("/call").get_data(as_text=True)


def test_choosing_another_caller_keeps_the_words_and_lets_the_unit_go(
    sign_in, company, customers, call
):
    clerk = sign_in(company.clerk)
    chosen = clerk.post(
        "/call/draft", data=call | {"choose": f"{customers.minato}:{customers.ono}:"}
    )
    text = clerk.get(chosen.location).get_data(as_text=True)
    assert "大野 徹 様" in text and VOICE in text
    assert not re.search(rf'value="{customers.purifier}" checked', text)


def test_enter_in_the_look_up_finds_and_keeps_the_words(sign_in, company, customers, call):
    clerk = sign_in(company.clerk)
    typed = call | {
        "account_id": "",
        "contact_id": "",
        "unit_id": "",
        "look": "1",
        "q": "ａ９３ 20417",
    }
    text = clerk.get(clerk.post("/call/draft", data=typed).location).get_data(as_text=True)
    assert VOICE in text
    assert re.search(rf'value="{customers.chromatograph}" checked', text)


def test_a_saved_call_takes_its_draft_with_it(app, sign_in, company, call):
    clerk = sign_in(company.clerk)
    clerk.post("/call/draft", data=call)
    clerk.post("/call", data=call | {"draft": "1"})
    assert _all(app, CallDraft) == []


def test_hold_and_end_are_remembered_and_a_call_is_handed_over(app, sign_in, company, call):
    clerk = sign_in(company.clerk)
    clerk.post("/call/draft", data=call | {"hold": "1"})
    assert "保留中" in clerk.get("/call?draft=1").get_data(as_text=True)
    clerk.post("/call/draft", data=call | {"draft": "1", "end": "1"})
    assert "通話終了" in clerk.get("/call?draft=1").get_data(as_text=True)
    assert clerk.post("/call/draft/1/removal").status_code == 303
    assert _all(app, CallDraft) == []
    handed = clerk.post("/call", data=call | {"transfer": "1"})
    assert handed.location == f"/tickets/{_all(app, Ticket)[0].id}/assignment"
    assert "どなたが担当しますか" in clerk.get(handed.location).text


def test_nobody_piles_up_drafts_without_end(app, sign_in, company):
    clerk = sign_in(company.clerk)
    for n in range(21):
        last = clerk.post("/call/draft", data={"voice": "x", "idempotency_key": f"k{n}"})
    assert last.status_code == 409
    assert len(_all(app, CallDraft)) == 20


def test_buying_words_and_solved_cases_follow_the_typing(sign_in, company, customers, call):
    clerk = sign_in(company.clerk)
    clerk.post("/call", data=call | {"outcome": "solved", "memo": "原水フィルタ詰まり"})
    said = call | {"voice": "採水ランプが赤のままです。見積をください", "idempotency_key": "two"}
    text = clerk.post("/call/hints", data=said).get_data(as_text=True)
    assert "見積" in text and "合図として拾いました" in text
    assert "原水フィルタ詰まり" in text


def test_a_rep_logs_a_call_but_cannot_promise_a_visit(app, sign_in, company, call):
    rep = sign_in(company.rep)
    assert rep.post("/call", data=call | {"outcome": "visit"}).status_code == 422
    assert rep.post("/call", data=call).status_code == 303
    assert _all(app, Ticket)[0].assignee_id is None


def test_a_call_is_saved_in_few_statements(api, company, customers, statements):
    clerk = api(company.clerk)
    body = {"account_id": customers.yamada, "contact_id": customers.suzuki, "subject": "漏れ",
            "unit_id": customers.purifier, "voice": VOICE, "category": "failure"}  # fmt: skip
    clerk.post("/tickets", body)
    statements.clear()
    assert clerk.post("/tickets", body).status_code == 201
    made = _reads(statements)
    signed = [one for one in made if "api_tokens" in one]
    outbox = [one for one in made if "outbox" in one]
    kept = [one for one in made if one.rstrip().endswith("FROM webhooks") or "closed_days" in one]
    assert not [one for one in made if one.startswith("SELECT attribute_definitions")]
    assert len(made) - len(signed) - len(outbox) - len(kept) <= 7, made


def test_a_call_that_has_ended_is_handed_over_but_neither_held_nor_put_through(
    app, sign_in, company, call
):
    clerk = sign_in(company.clerk)
    clerk.post("/call/draft", data=call | {"end": "1"})
    text = clerk.get("/call?draft=1").text
    assert re.findall('data-press="([^"]+)"', text) == ["F9"]
    held = clerk.post("/call/draft", data=call | {"draft": "1", "hold": "1", "memo": "追記"})
    assert held.status_code == 409 and "この通話は終了しています" in held.text
    assert (_all(app, CallDraft)[0].fields["held_at"], "追記" in held.text) == (None, True)
    put_through = clerk.post("/call", data=call | {"draft": "1", "transfer": "sales"})
    assert put_through.status_code == 409 and VOICE in put_through.text
    assert _all(app, Ticket) == []
    handed = clerk.post("/call", data=call | {"draft": "1", "transfer": "1"})
    assert handed.status_code == 303 and handed.location.endswith("/assignment")


def _tabs(text):
    labels = re.findall(r"<a href=[^>]*data-call-tab>(.*?)</a>", text)
    return [re.sub(r"<[^>]*>", " ", one).split() for one in labels]


def test_a_new_call_is_the_last_tab_and_stays_there_with_its_draft(sign_in, company, call):
    clerk = sign_in(company.clerk)
    clerk.post("/call/draft", data=call)
    rings = clerk.get("/call?from=%2B819012340000").text
    assert [one[-1] for one in _tabs(rings)] == ["1", "2"]
    assert "山田製作所" in _tabs(rings)[0] and "090-1234-0000" in _tabs(rings)[1]
    clerk.post("/call/draft", data={"from": "+819012340000", "idempotency_key": "two"})
    for address in ("/call?draft=1", "/call?draft=2"):
        first, second = _tabs(clerk.get(address).text)[:2]
        assert ("山田製作所" in first, first[-1]) == (True, "1")
        assert ("090-1234-0000" in second, second[-1]) == (True, "2")


def test_a_caller_whom_nobody_knows_is_entered_and_the_call_goes_on(app, sign_in, company):
    clerk = sign_in(company.clerk)
    typed = {"from": "+819012340000", "q": "新田電機", "voice": VOICE, "idempotency_key": "one"}
    found = clerk.get("/call?from=%2B819012340000&q=新田電機").text
    assert 'name="register"' in found and "/accounts/new" not in found
    assert 'name="register"' in clerk.get("/call?from=%2B819012340000").text
    assert 'name="register"' not in clerk.get("/call").text
    new = clerk.post("/call/draft", data=typed | {"register": "1"})
    assert new.status_code == 303
    form = clerk.get(new.location).text
    assert 'value="新田電機"' in form and 'value="090-1234-0000"' in form
    assert 'href="/call?draft=1"' in form, "who cancels is at the call again"
    fields = {"name": "", "phone": "090-1234-0000", "idempotency_key": "two"}
    refused = clerk.post("/accounts?call=1", data=fields)
    assert refused.status_code == 422 and 'action="/accounts?call=1"' in refused.text
    entered = clerk.post("/accounts?call=1", data=fields | {"name": "新田電機株式会社"})
    assert entered.status_code == 303
    page = clerk.get(entered.location).text
    assert "新田電機" in page and VOICE in page
    draft = re.search(r'name="account_id" value="(\d+)"', page)
    assert draft and entered.location.startswith("/call?draft=1")
    saved = clerk.post(
        "/call", data=typed | {"draft": "1", "account_id": draft[1], "category": "other"}
    )
    assert saved.status_code == 303
    [ticket] = _all(app, Ticket)
    assert (ticket.account_id, ticket.voice) == (int(draft[1]), VOICE)


def test_an_account_with_a_call_that_is_none_is_entered_all_the_same(sign_in, company):
    clerk = sign_in(company.clerk)
    for number, call in enumerate(("//elsewhere.example", "１", "javascript:1", "")):
        body = {"name": f"会社{number}", "idempotency_key": f"k{number}"}
        answer = clerk.post("/accounts", data=body, query_string={"call": call})
        assert (answer.status_code, answer.location) == (303, f"/accounts/{number + 1}")


def test_words_and_a_hold_that_come_at_once_are_both_kept(app, company):
    def clerk() -> Staff:
        return db.session.get_one(Staff, company.clerk)

    def hold() -> None:
        with app.app_context():
            drafts.hold(drafts.keep({"draft": "1"}, clerk()))
            db.session.commit()

    with app.app_context():
        drafts.keep({"voice": "水が"}, clerk())
        db.session.commit()
        drafts.keep({"draft": "1", "voice": "水が出ない"}, clerk())
        meanwhile = Thread(target=hold)
        meanwhile.start()
        meanwhile.join(1)
        assert meanwhile.is_alive(), "it waits for the words"
        db.session.commit()
        meanwhile.join(30)
    fields = _all(app, CallDraft)[0].fields
    assert fields["voice"] == "水が出ない" and fields["held_at"]
