"""A clerk takes back a buying word that she knows is none."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from crm.alerts.models import Alert
from crm.extensions import db
from crm.support.models import CallDraft, Ticket

VOICE = "毎回お金がかかるなら、いっそ保守に入ったほうがいいのかしら。見積は前にもらいました"
CAUGHT, QUIET = "を営業への合図として拾いました", "は営業への合図にしません"
MAINTENANCE, QUOTE = "保守加入", "見積"


@pytest.fixture
def call(customers):
    """A call without a machine, so that its words alone can bring an alert."""
    return {"account_id": str(customers.yamada), "category": "other", "voice": VOICE,
            "memo": "折り返す", "draft": "", "idempotency_key": "one", "withdrawn": ""}  # fmt: skip


def _only(app, model):
    with app.app_context():
        return db.session.scalars(sa.select(model)).one()


def _told(app, drained):
    drained()
    with app.app_context():
        return [one.reason["ja"] for one in db.session.scalars(sa.select(Alert))]


def test_a_word_is_taken_back_and_given_back_without_script(app, sign_in, company, call):
    clerk = sign_in(company.clerk)
    text = clerk.post("/call/hints", data=call).text
    assert "「保守に入ったほうが」「見積」" in text and CAUGHT in text and QUIET not in text
    kept = clerk.post("/call/draft", data=call | {"take_back": MAINTENANCE})
    text = clerk.get(kept.location).text
    assert f"「見積」{CAUGHT}" in text and f"「保守に入ったほうが」{QUIET}" in text
    assert 'name="withdrawn" value="保守加入"' in text and VOICE in text and "折り返す" in text
    draft = {"draft": str(_only(app, CallDraft).id), "withdrawn": MAINTENANCE}
    kept = clerk.post("/call/draft", data=call | draft | {"take_back": MAINTENANCE})
    text = clerk.get(kept.location).text
    assert f"「保守に入ったほうが」「見積」{CAUGHT}" in text and QUIET not in text
    unknown = clerk.post("/call/draft", data=call | draft | {"take_back": "採水ランプ"})
    assert 'name="withdrawn" value="保守加入"' in clerk.get(unknown.location).text


def test_what_was_taken_back_is_no_alert_and_no_mark_and_the_history_says_so(
    app, sign_in, company, drained, call
):
    clerk = sign_in(company.clerk)
    clerk.post("/call", data=call | {"withdrawn": f"{MAINTENANCE}|予算|{MAINTENANCE}"})
    ticket = _only(app, Ticket)
    assert ticket.withdrawn_words == [MAINTENANCE], "what was not said cannot be taken back"
    assert _told(app, drained) == ["お客様のことばに「見積」がありました。"]
    page = clerk.get(f"/tickets/{ticket.id}").text
    assert "<mark>見積は前にもらいました</mark>" in page
    assert "<mark>いっそ保守" not in page
    history = clerk.get(f"/accounts/{call['account_id']}").text
    assert "「保守に入ったほうが」は営業への合図にしない" in history


def test_when_every_word_is_taken_back_sales_hears_nothing(app, sign_in, company, drained, call):
    clerk = sign_in(company.clerk)
    clerk.post("/call", data=call | {"withdrawn": f"{MAINTENANCE}|{QUOTE}"})
    assert _told(app, drained) == []
    assert "<mark>" not in clerk.get(f"/tickets/{_only(app, Ticket).id}").text


def test_a_program_says_which_words_are_none_when_it_opens_a_ticket(
    app, api, company, customers, drained
):
    clerk = api(company.clerk)
    body = {"account_id": customers.yamada, "subject": "見積の件", "voice": "見積は不要では"}
    wrong = clerk.post("/tickets", body | {"withdrawn_words": ["採水ランプ"]})
    assert (wrong.status_code, list(wrong.json["errors"])) == (422, ["withdrawn_words.0"])
    made = clerk.post("/tickets", body | {"withdrawn_words": [QUOTE, QUOTE]})
    assert (made.status_code, made.json["withdrawn_words"]) == (201, [QUOTE])
    address = f"/tickets/{made.json['id']}"
    assert clerk.get(address).json["withdrawn_words"] == [QUOTE]
    late = clerk.patch(address, {"withdrawn_words": []}, version=1)
    assert (late.status_code, list(late.json["errors"])) == (422, ["withdrawn_words"])
    plain = clerk.post("/tickets", {"account_id": customers.yamada, "subject": "漏れ"})
    assert plain.json["withdrawn_words"] == []
    assert _told(app, drained) == []
