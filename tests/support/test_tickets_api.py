"""Tickets through the REST API."""

from __future__ import annotations

import sqlalchemy as sa

from crm.extensions import db
from crm.support.models import Ticket
from crm.timeline.models import Event

VOICE = "朝から採水ランプが赤のままで、いっそ保守に入ったほうがいいのかしら"


def body(customers, **more):
    return {
        "account_id": customers.yamada, "contact_id": customers.suzuki,
        "unit_id": customers.purifier, "channel": "phone", "subject": "純水が出ない",
        "voice": VOICE, "category": "failure", "severity": "high", **more,
    }  # fmt: skip


def test_a_clerk_opens_a_ticket_and_has_it(api, company, customers):
    clerk = api(company.clerk)
    answer = clerk.post("/tickets", body(customers))
    assert answer.status_code == 201, answer.json
    ticket = answer.json
    assert ticket["number"] == ticket["id"]
    assert answer.headers["Location"] == f"/api/v1/tickets/{ticket['id']}"
    assert (ticket["status"], ticket["assignee_id"]) == ("open", company.clerk)
    assert ticket["site_id"] == customers.kawasaki
    assert ticket["due_at"] > ticket["opened_at"]
    assert clerk.get(f"/tickets/{ticket['id']}").json == ticket


def test_a_rep_opens_a_ticket_that_nobody_has_taken(api, company, customers):
    assert api(company.rep).post("/tickets", body(customers)).json["assignee_id"] is None


def test_an_opened_ticket_is_told_to_the_history_with_its_facts(app, api, company, customers):
    api(company.clerk).post("/tickets", body(customers))
    with app.app_context():
        event = db.session.scalars(sa.select(Event).where(Event.kind == "ticket.opened")).one()
        assert event.account_id == customers.yamada
        assert event.facts["title"] == "純水が出ない"
        assert event.facts["voice"] == VOICE
        assert event.facts["unit"] == "純水製造装置 PW-10 PW3381"
        assert not event.restricted


def test_the_same_key_opens_one_ticket(app, api, company, customers):
    clerk = api(company.clerk)
    one = clerk.post("/tickets", body(customers), Idempotency_Key="k")
    two = clerk.post("/tickets", body(customers), Idempotency_Key="k")
    assert one.json["id"] == two.json["id"]
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Ticket)) == 1


def test_another_customers_machine_is_refused_by_name(api, company, customers):
    clerk = api(company.clerk)
    for name, key in (("unit_id", customers.oven), ("contact_id", customers.ono)):
        answer = clerk.post("/tickets", body(customers, **{name: key}))
        assert (answer.status_code, list(answer.json["errors"])) == (422, [name])
    for name in ("account_id", "unit_id", "contact_id", "site_id", "assignee_id"):
        answer = clerk.post("/tickets", body(customers, **{name: 999999}))
        assert (answer.status_code, list(answer.json["errors"])) == (422, [name])


def test_wrong_content_is_refused_by_name_and_changes_nothing(app, api, company, customers):
    clerk = api(company.clerk)
    wrong = {
        "colour": "red", "subject": "", "voice": "x\x00y", "category": "fire", "channel": 7,
        "severity": "urgent", "unit_id": "1", "contact_id": 2**70, "confidential": "yes",
        "number": 5, "symptom": "x" * 101, "status": "solved",
    }  # fmt: skip
    for name, value in wrong.items():
        answer = clerk.post("/tickets", body(customers, **{name: value}))
        assert (answer.status_code, list(answer.json["errors"])) == (422, [name]), name
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Ticket)) == 0


def test_a_voice_as_long_as_a_book_is_refused_in_words(api, company, customers):
    answer = api(company.clerk).post("/tickets", body(customers, voice="あ" * 1_000_000))
    assert answer.status_code == 422
    assert "20000" in answer.json["errors"]["voice"][0]


def test_the_customers_words_are_never_rewritten(api, company, customers):
    clerk = api(company.clerk)
    ticket = clerk.post("/tickets", body(customers)).json
    answer = clerk.patch(f"/tickets/{ticket['id']}", {"voice": "別のことば"}, version=1)
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["voice"])
    assert clerk.get(f"/tickets/{ticket['id']}").json["voice"] == VOICE


def test_a_change_needs_the_version_that_was_read(api, company, customers):
    clerk = api(company.clerk)
    path = f"/tickets/{clerk.post('/tickets', body(customers)).json['id']}"
    assert clerk.patch(path, {"severity": "low"}).status_code == 428
    assert clerk.patch(path, {"severity": "low"}, version=9).status_code == 412
    before = clerk.get(path).json["due_at"]
    changed = clerk.patch(path, {"severity": "low", "subject": "水質"}, version=1)
    assert changed.status_code == 200
    assert changed.json["due_at"] > before
    foreign = clerk.patch(path, {"unit_id": customers.oven}, version=2)
    assert list(foreign.json["errors"]) == ["unit_id"]


def test_a_ticket_waits_for_the_customer_and_goes_on(api, company, customers):
    clerk = api(company.clerk)
    path = f"/tickets/{clerk.post('/tickets', body(customers)).json['id']}"
    assert clerk.patch(path, {"status": "pending"}, version=1).json["status"] == "pending"
    assert clerk.patch(path, {"status": "open"}, version=2).json["status"] == "open"
    refused = clerk.patch(path, {"status": "solved"}, version=3)
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["status"])


def test_notes_are_written_in_their_order(api, company, customers):
    clerk, rep = api(company.clerk), api(company.rep)
    path = f"/tickets/{clerk.post('/tickets', body(customers)).json['id']}"
    assert rep.post(f"{path}/notes", {"body": "資料は今日中に送ります。"}).status_code == 201
    clerk.post(f"{path}/notes", {"kind": "phone", "body": "仮復旧をご案内。"})
    items = clerk.get(f"{path}/notes").json["items"]
    assert [(one["kind"], one["by_id"]) for one in items] == [
        ("internal", company.rep), ("phone", company.clerk),
    ]  # fmt: skip
    assert clerk.get(path).json["first_response_at"] == items[1]["at"]
    assert clerk.post(f"{path}/notes", {"body": " "}).status_code == 422


def test_a_ticket_is_solved_closed_and_reopened(api, company, customers):
    clerk = api(company.clerk)
    path = f"/tickets/{clerk.post('/tickets', body(customers)).json['id']}"
    assert clerk.post(f"{path}/closure", {"status": "solved"}).status_code == 422
    solved = clerk.post(f"{path}/closure", {"resolution": "フィルタ交換"})
    assert (solved.status_code, solved.json["status"]) == (201, "solved")
    assert clerk.post(f"{path}/closure", {"resolution": "もう一度"}).status_code == 409
    assert clerk.post(f"{path}/closure", {"status": "closed"}).json["status"] == "closed"
    reopened = clerk.delete(f"{path}/closure")
    assert (reopened.status_code, reopened.json["status"]) == (200, "open")
    assert reopened.json["solved_at"] is None
    assert clerk.delete(f"{path}/closure").status_code == 409


def test_a_rep_may_read_and_note_but_not_change_or_solve(api, company, customers):
    path = f"/tickets/{api(company.clerk).post('/tickets', body(customers)).json['id']}"
    rep = api(company.rep)
    assert rep.get(path).status_code == 200
    assert rep.patch(path, {"severity": "low"}, version=1).status_code == 404
    assert rep.post(f"{path}/closure", {"resolution": "x"}).status_code == 404


def test_lists_filter_sort_and_follow_each_other(api, company, customers):
    clerk = api(company.clerk)
    for n in range(5):
        clerk.post("/tickets", body(customers, severity="low" if n % 2 else "high"))
    clerk.post("/tickets", body(customers, account_id=customers.minato, contact_id=None,
                                unit_id=customers.oven, category="usage"))  # fmt: skip
    seen, cursor = [], ""
    while cursor is not None:
        page = clerk.get(f"/tickets?limit=2&sort=-due_at{cursor and '&cursor=' + cursor}").json
        seen += [one["due_at"] for one in page["items"]]
        cursor = page["next"]
    assert len(seen) == 6 and seen == sorted(seen, reverse=True)
    for query, number in (
        ("severity=low", 2), (f"account_id={customers.minato}", 1), ("category=usage", 1),
        (f"unit_id={customers.purifier}", 5), (f"assignee_id={company.clerk}", 6),
        ("status=solved", 0), (f"status=open&account_id={customers.yamada}", 5),
    ):  # fmt: skip
        assert len(clerk.get(f"/tickets?{query}").json["items"]) == number, query
    assert list(clerk.get("/tickets?colour=red").json["errors"]) == ["colour"]
    assert clerk.get("/tickets?status=lost").status_code == 422


def test_a_confidential_ticket_is_for_its_handlers(app, api, company, customers):
    secret = body(customers, confidential=True, category="complaint")
    path = f"/tickets/{api(company.clerk).post('/tickets', secret).json['id']}"
    for person, sees in (
        (company.clerk, True), (company.admin, True), (company.rep, False),
        (company.engineer, False), (company.manager, False),
    ):  # fmt: skip
        reader = api(person)
        assert (reader.get(path).status_code == 200) is sees
        assert (len(reader.get("/tickets").json["items"]) == 1) is sees
        assert (reader.get(f"{path}/notes").status_code == 200) is sees
    with app.app_context():
        assert db.session.scalars(sa.select(Event.restricted)).all() == [True]


def test_a_ticket_made_confidential_later_takes_its_history_along(app, api, company, customers):
    clerk = api(company.clerk)
    path = f"/tickets/{clerk.post('/tickets', body(customers)).json['id']}"
    assert clerk.patch(path, {"confidential": True}, version=1).status_code == 200
    assert api(company.rep).get(path).status_code == 404
    with app.app_context():
        assert set(db.session.scalars(sa.select(Event.restricted))) == {True}


def test_a_manager_takes_a_ticket_away_and_a_clerk_does_not(api, company, customers):
    path = f"/tickets/{api(company.clerk).post('/tickets', body(customers)).json['id']}"
    assert api(company.clerk).delete(path, version=1).status_code == 404
    assert api(company.manager).delete(path, version=1).status_code == 204
    assert api(company.clerk).get(path).status_code == 404


def test_a_ticket_with_a_work_order_stays(api, company, customers):
    ticket = api(company.clerk).post("/tickets", body(customers)).json["id"]
    work = {"unit_id": customers.purifier, "ticket_id": ticket, "kind": "repair"}
    assert api(company.engineer).post("/work-orders", work).status_code == 201
    assert api(company.manager).delete(f"/tickets/{ticket}", version=1).status_code == 409
