"""The pages of tickets."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from crm.accounts.models import Account
from crm.extensions import db
from crm.installed_base.models import WorkOrder
from crm.support.models import Ticket, TicketNote

VOICE = "朝から採水ランプが赤のままで、いっそ保守に入ったほうがいいのかしら"


@pytest.fixture
def ticket(api, company, customers):
    """The key of a ticket that the clerk has."""
    body = {
        "account_id": customers.yamada, "contact_id": customers.suzuki,
        "unit_id": customers.purifier, "subject": "純水が出ない", "voice": VOICE,
        "category": "failure", "severity": "high",
    }  # fmt: skip
    return api(company.clerk).post("/tickets", body).json["id"]


def test_a_clerk_reads_a_ticket_with_the_customers_words(sign_in, company, ticket):
    page = sign_in(company.clerk).get(f"/tickets/{ticket}")
    text = page.get_data(as_text=True)
    assert page.status_code == 200
    assert "<mark>いっそ保守に入ったほうがいいのかしら</mark>" in text
    assert "純水製造装置 PW-10" in text
    assert "鈴木 恵子" in text


def test_the_list_has_its_tabs_and_filters_in_the_address(sign_in, company, ticket):
    clerk = sign_in(company.clerk)
    for address, found in (
        ("/tickets", True), ("/tickets?view=mine", True), ("/tickets?view=unassigned", False),
        ("/tickets?category=failure&severity=high", True), ("/tickets?status=solved", False),
        ("/tickets?q=純水", True), ("/tickets?q=遠心", False), ("/tickets?assignee=me", True),
        ("/tickets?assignee=none", False), (f"/tickets?q=%23{ticket}", True),
        ("/tickets?sort=-due_at", True),
    ):  # fmt: skip
        page = clerk.get(address)
        assert page.status_code == 200, address
        assert (f'data-row="/tickets/{ticket}' in page.get_data(as_text=True)) is found, address


def test_a_filter_that_is_not_known_is_refused_in_words(sign_in, company, ticket):
    clerk = sign_in(company.clerk)
    for address, why in (
        ("/tickets?view=nonsense", "mine, unassigned, soon, all"),
        ("/tickets?status=solvd", "open, pending, solved, closed"),
        ("/tickets?assignee=somebody", "me"), ("/tickets?account_id=x", "番号"),
        ("/accounts?rank=Z", "A, B, C"), ("/accounts?owner=somebody", "me"),
    ):  # fmt: skip
        page = clerk.get(address)
        assert page.status_code == 400, address
        assert why in page.text, address


def test_pages_take_few_statements(sign_in, company, customers, ticket, statements):
    clerk = sign_in(company.clerk)
    for address in (
        "/tickets", "/tickets?view=soon", f"/tickets/{ticket}", f"/tickets/{ticket}/edit",
        f"/tickets/panel?account_id={customers.yamada}", "/tickets/new",
    ):  # fmt: skip
        statements.clear()
        assert clerk.get(address).status_code == 200
        reads = [one for one in statements if "FROM closed_days" not in one]
        assert len(reads) <= 12, (address, len(reads), reads)


def test_a_clerk_opens_a_ticket_by_the_form_and_twice_is_once(app, sign_in, company, customers):
    clerk = sign_in(company.clerk)
    form = {
        "account_id": str(customers.yamada), "subject": "漏れ", "voice": "水が漏れています",
        "category": "failure", "channel": "phone", "severity": "normal", "unit_id": "",
        "contact_id": "", "site_id": "", "idempotency_key": "one",
    }  # fmt: skip
    first = clerk.post("/tickets", data=form)
    second = clerk.post("/tickets", data=form)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    with app.app_context():
        assert db.session.scalars(sa.select(Ticket.subject)).all() == ["漏れ"]


def test_a_refused_form_keeps_what_was_typed(sign_in, company, customers):
    form = {"account_id": str(customers.yamada), "subject": "", "voice": "水が漏れています"}
    page = sign_in(company.clerk).post("/tickets", data=form)
    assert page.status_code == 422
    assert "水が漏れています</textarea>" in page.get_data(as_text=True)


def test_looking_for_no_account_says_what_is_missing(sign_in, company):
    clerk = sign_in(company.clerk)
    for address in ("/tickets/new?q=", "/tickets/new?q=%20"):
        page = clerk.get(address).text
        assert 'id="why-q"' in page and "先に、顧客の名前の一部を入力してください。" in page
    for address in ("/tickets/new", "/tickets/new?q=%E5%B1%B1%E7%94%B0"):
        assert 'id="why-q"' not in clerk.get(address).text


def test_a_reply_is_recorded_and_the_customer_has_the_ball(app, sign_in, company, ticket):
    clerk = sign_in(company.clerk)
    form = {"kind": "mail", "body": "13時に伺います。", "wait": "1", "idempotency_key": "k"}
    assert clerk.post(f"/tickets/{ticket}/notes", data=form).status_code == 303
    assert clerk.post(f"/tickets/{ticket}/notes", data=form).status_code == 303
    with app.app_context():
        assert db.session.scalars(sa.select(TicketNote.body)).all() == ["13時に伺います。"]
        assert db.session.get_one(Ticket, ticket).status == "pending"
    assert "13時に伺います。" in clerk.get(f"/tickets/{ticket}").get_data(as_text=True)


def test_an_empty_reply_is_refused_on_the_same_page(sign_in, company, ticket):
    page = sign_in(company.clerk).post(f"/tickets/{ticket}/notes", data={"kind": "mail"})
    assert page.status_code == 422
    assert VOICE[:5] in page.get_data(as_text=True)


def test_a_ticket_goes_from_hand_to_hand(app, sign_in, company, ticket):
    clerk = sign_in(company.clerk)
    path = f"/tickets/{ticket}/assignment"
    assert clerk.get(path).status_code == 200
    assert clerk.post(path, data={"assignee_id": str(company.engineer)}).status_code == 303
    with app.app_context():
        assert db.session.get_one(Ticket, ticket).assignee_id == company.engineer
    assert clerk.post(path, data={"assignee_id": "999"}).status_code == 422
    assert clerk.post(path, data={"assignee_id": ""}).status_code == 303
    with app.app_context():
        assert db.session.get_one(Ticket, ticket).assignee_id is None


def test_solving_asks_what_solved_it(app, sign_in, company, ticket):
    clerk = sign_in(company.clerk)
    path = f"/tickets/{ticket}/closure"
    assert clerk.get(path).status_code == 200
    assert clerk.post(path, data={"status": "solved", "resolution": " "}).status_code == 422
    done = clerk.post(path, data={"status": "solved", "resolution": "フィルタ交換"})
    assert done.status_code == 303
    assert "フィルタ交換" in clerk.get(f"/tickets/{ticket}").get_data(as_text=True)
    assert clerk.post(f"/tickets/{ticket}/reopening").status_code == 303
    with app.app_context():
        assert db.session.get_one(Ticket, ticket).status == "open"


def test_waiting_and_working_on_by_a_button(app, sign_in, company, ticket):
    clerk = sign_in(company.clerk)
    for status in ("pending", "open"):
        assert clerk.post(f"/tickets/{ticket}/status", data={"status": status}).status_code == 303
        with app.app_context():
            assert db.session.get_one(Ticket, ticket).status == status
    assert clerk.post(f"/tickets/{ticket}/status", data={"status": "solved"}).status_code == 422


def test_two_clerks_change_different_fields_and_both_hold(app, sign_in, company, ticket):
    clerk = sign_in(company.clerk)
    read = {"version": "1", "original_subject": "純水が出ない", "original_severity": "high"}
    path = f"/tickets/{ticket}/edit"
    assert clerk.get(path).status_code == 200
    one = read | {"subject": "水が出ない", "severity": "high"}
    two = read | {"subject": "純水が出ない", "severity": "critical"}
    assert clerk.post(path, data=one).status_code == 303
    assert clerk.post(path, data=two).status_code == 303
    with app.app_context():
        found = db.session.get_one(Ticket, ticket)
        assert (found.subject, found.severity) == ("水が出ない", "critical")
    clash = clerk.post(path, data=read | {"subject": "別の件名", "severity": "high"})
    assert clash.status_code == 409
    assert "別の件名" in clash.get_data(as_text=True)
    assert "別の画面で先に保存されました" in clash.text and "さんが先に" not in clash.text
    assert "いま（別の画面）" in clash.text
    other = sign_in(company.engineer)
    clash = other.post(path, data=read | {"subject": "別の件名", "severity": "high"})
    assert clash.status_code == 409 and "さんが先に保存しました" in clash.text


def test_the_customers_words_cannot_be_sent_by_the_edit_form(app, sign_in, company, ticket):
    form = {"version": "1", "voice": "別のことば"}
    assert sign_in(company.clerk).post(f"/tickets/{ticket}/edit", data=form).status_code == 422
    with app.app_context():
        assert db.session.get_one(Ticket, ticket).voice == VOICE


def test_a_rep_reads_but_finds_no_buttons_of_the_call_centre(sign_in, company, ticket):
    rep = sign_in(company.rep)
    text = rep.get(f"/tickets/{ticket}").get_data(as_text=True)
    assert f"/tickets/{ticket}/closure" not in text
    assert f"/tickets/{ticket}/notes" in text
    assert rep.post(f"/tickets/{ticket}/status", data={"status": "pending"}).status_code == 404


def test_a_confidential_ticket_is_on_nobody_elses_list(api, sign_in, company, ticket):
    api(company.clerk).patch(f"/tickets/{ticket}", {"confidential": True}, version=1)
    for address in ("/tickets", "/tickets?q=純水", "/tickets/panel?account_id=1"):
        assert "純水が出ない" not in sign_in(company.rep).get(address).get_data(as_text=True)
    assert sign_in(company.rep).get(f"/tickets/{ticket}").status_code == 404
    assert sign_in(company.clerk).get(f"/tickets/{ticket}").status_code == 200


def test_the_panel_shows_the_tickets_of_an_account_alone(sign_in, company, customers, ticket):
    clerk = sign_in(company.clerk)
    own = clerk.get(f"/tickets/panel?account_id={customers.yamada}").get_data(as_text=True)
    other = clerk.get(f"/tickets/panel?account_id={customers.minato}").get_data(as_text=True)
    assert ("純水が出ない" in own, "純水が出ない" in other) == (True, False)
    assert clerk.get(f"/tickets/panel?account_id={2**70}").status_code == 200


def test_every_page_speaks_english_too(app, sign_in, company, ticket):
    clerk = sign_in(company.clerk)
    clerk.post("/settings", data={"language": "en", "theme": "light"})
    text = clerk.get(f"/tickets/{ticket}").get_data(as_text=True)
    assert "Mark as solved" in text and "working hours" in text


def test_one_leafs_through_the_tickets_of_a_list(api, sign_in, company, customers):
    mine = {"account_id": customers.yamada, "category": "complaint", "subject": "遅い"}
    keys = [api(company.clerk).post("/tickets", mine).json["id"] for _ in range(3)]
    clerk = sign_in(company.clerk)
    assert (
        f'/tickets/{keys[1]}?category=complaint"' in clerk.get("/tickets?category=complaint").text
    )
    shown = clerk.get(f"/tickets/{keys[1]}?category=complaint").text
    assert f'hx-get="/tickets/{keys[1]}/place?category=complaint"' in shown
    place = clerk.get(f"/tickets/{keys[1]}/place?category=complaint").text
    assert "2 / 3" in place
    assert f'href="/tickets/{keys[2]}?category=complaint" data-prev' in place
    assert f'href="/tickets/{keys[0]}?category=complaint" data-next' in place


def test_a_rep_asks_service_for_work_and_the_engineer_arranges_it_from_the_ticket(
    app, api, sign_in, company, customers
):
    browser, address = sign_in(company.rep), f"/units/{customers.purifier}/work-request"
    assert address in browser.get(f"/units/{customers.purifier}").text
    typed = {"kind": "move", "wanted_on": "2199-01-10", "words": "3階へ。鈴木課長が立ち会い"}
    for wrong, field in ({"words": " "}, "words"), ({"wanted_on": "2020-01-10"}, "wanted_on"):
        refused = browser.post(address, data=typed | wrong)
        assert refused.status_code == 422 and f'id="why-{field}"' in refused.text
    with app.app_context():
        db.session.get_one(Account, customers.yamada).service_owner_id = company.engineer
        db.session.commit()
    made = [
        browser.post(address, data=typed | {"idempotency_key": "a-key-of-one-form"}).location
        for _press in range(2)
    ]
    assert made[0] == made[1]
    engineer = sign_in(company.engineer)
    page = engineer.get(made[0]).text
    assert "移設" in page and "2199/01/10" in page and "3階へ。鈴木課長が立ち会い" in page
    key = int(made[0].rsplit("/", 1)[1])
    assert f"/work-orders/new?unit_id={customers.purifier}&amp;ticket_id={key}" in page
    assert "/work-orders/new" not in browser.get(made[0]).text
    assert f"/tickets/{key}" in engineer.get("/tickets?view=mine").text
    assert api(company.rep).get("/alerts").json["items"] == []
    wish = {"kind": "calibration", "words": "校正証明書つき"}
    asked = api(company.rep).post(f"/units/{customers.oven}/work-requests", wish)
    assert asked.status_code == 201, asked.json
    assert (asked.json["category"], asked.json["assignee_id"]) == ("inspection", None)
    assert asked.json["team_id"] == company.service
    recall = api(company.rep).post(f"/units/{customers.oven}/work-requests", {"kind": "recall"})
    assert sorted(recall.json["errors"]) == ["kind", "words"]


def test_a_work_order_stands_in_the_conversation_where_it_was_opened(
    app, sign_in, company, customers, ticket
):
    """Between the notes before and after; one that was entered later, on the day that it says."""
    opened = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
    with app.app_context():
        for at, body in (
            (opened - timedelta(hours=1), "先の話"),
            (opened + timedelta(1), "後の話"),
        ):
            db.session.add(TicketNote(ticket_id=ticket, kind="internal", body=body, at=at))
        works = [
            WorkOrder(
                unit_id=customers.purifier, account_id=customers.yamada, ticket_id=ticket,
                opened_on=day, created_at=opened,
            )
            for day in (date(2026, 11, 20), date(2026, 11, 19))
        ]  # fmt: skip
        db.session.add_all(works)
        db.session.commit()
        exact, entered_later = (f">WO-{work.id}<" for work in works)
    page = sign_in(company.clerk).get(f"/tickets/{ticket}").text
    order = sorted((entered_later, "先の話", exact, "後の話"), key=page.index)
    assert order == [entered_later, "先の話", exact, "後の話"]
    assert page.index("後の話") < page.index('id="reply"')
