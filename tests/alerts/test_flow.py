"""The main job: a call becomes an alert, a deal, and figures for the manager."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from crm.alerts import jobs, views
from crm.alerts.models import Alert
from crm.clock import now
from crm.deals.models import Deal
from crm.extensions import db
from crm.outbox.models import Message
from crm.staff.models import Staff
from crm.support.models import Ticket
from crm.timeline.models import Event
from tests.records import a_contact, a_paid_repair, a_product, a_unit, an_account

VOICE = "朝から採水ランプが赤のままです。毎回お金がかかるなら、いっそ保守に入ったほうがいいのかしら"


@pytest.fixture
def yamada(app, company):
    """An account with a unit that has cost more than a contract would have."""
    with app.app_context():
        account = an_account(company.rep, company.first_team)
        contact = a_contact(account)
        unit = a_unit(account, a_product())
        a_paid_repair(account, unit, 300, 250_000)
        a_paid_repair(account, unit, 30, 162_500)
    return {"account_id": account, "contact_id": contact, "unit_id": unit}


def call(api, clerk, yamada, **more):
    body = yamada | {
        "channel": "phone", "subject": "純水が出ない", "voice": VOICE, "category": "failure",
    }  # fmt: skip
    return api(clerk).post("/tickets", body | more)


def test_a_call_reaches_the_owner_as_an_alert_with_reasons(api, company, yamada, drained):
    assert call(api, company.clerk, yamada).status_code == 201
    assert drained() >= 1
    got = api(company.rep).get("/alerts")
    alerts = got.json["items"]
    assert {one["rule"] for one in alerts} == {"R04", "R17"}
    paid = next(one for one in alerts if one["rule"] == "R04")
    assert paid["reason"] == "PW-10 の有償修理が、24か月で保守契約の料金を超えました。"
    assert paid["estimated_value"] == 396_000
    assert [one["type"] for one in paid["evidence"]] == ["ticket", "work_order", "product"]
    assert paid["voice"].endswith("保守に入ったほうがいいのかしら")
    english = api(company.rep).get("/alerts", Accept_Language="en").json["items"]
    assert english == alerts  # the reader's own language is Japanese


def test_a_card_quotes_the_customer_and_not_the_subject_of_the_clerk(api, company, yamada, drained):
    """The clerk's subject says 見積 too, and stands before the customer's words."""
    call(api, company.clerk, yamada, subject="見積の依頼", voice="こんにちは。もう一台増設したい。")
    drained()
    (said,) = api(company.rep).get("/alerts?rule=R17").json["items"]
    assert said["reason"] == "お客様のことばに「見積」「増設」がありました。"
    assert said["voice"] == "もう一台増設したい。"


def test_the_event_the_message_and_the_ticket_are_one_transaction(app, api, company, yamada):
    call(api, company.clerk, yamada)
    with app.app_context():
        (event,) = db.session.scalars(sa.select(Event).where(Event.kind == "ticket.opened"))
        (message,) = db.session.scalars(sa.select(Message))
        assert message.kind == "alerts.evaluate"
        assert message.payload == {"event_id": event.id}


def test_pressing_twice_makes_one_deal(app, api, sign_in, company, yamada, drained):
    call(api, company.clerk, yamada)
    drained()
    rep = api(company.rep)
    alert = next(one for one in rep.get("/alerts").json["items"] if one["rule"] == "R04")
    path = f"/alerts/{alert['id']}/deal"
    with ThreadPoolExecutor(3) as hands:
        screens = [api(company.rep) for _ in range(3)]
        made = list(hands.map(lambda screen: screen.post(path, None), screens))
    assert [one.status_code for one in made] == [201, 201, 201], [one.json for one in made]
    pressed = sign_in(company.rep).post(path)
    assert pressed.location == f"/deals/{made[0].json['id']}"
    assert made[0].json == made[1].json == made[2].json
    with app.app_context():
        (deal,) = db.session.scalars(sa.select(Deal))
        assert deal.from_alert_id == alert["id"]
        assert (deal.account_id, deal.contact_id) == (yamada["account_id"], yamada["contact_id"])
        assert (deal.amount, deal.origin, deal.owner_id) == (396_000, "support", company.rep)
        assert deal.expected_close_on and deal.next_step and deal.next_step_on
        assert [line.unit_price for line in deal.lines] == [396_000]
    shown = rep.get(f"/deals/{deal.id}").json
    assert shown["unit_ids"] == [yamada["unit_id"]]
    assert rep.get(f"/alerts/{alert['id']}").json["state"] == "accepted"


def test_the_same_call_judged_twice_raises_each_alert_once(app, api, company, yamada, drained):
    call(api, company.clerk, yamada)
    drained()
    with app.app_context():
        before = db.session.scalar(sa.select(sa.func.count()).select_from(Alert))
        db.session.execute(sa.update(Message).values(done_at=None, lease_until=None))
        db.session.commit()
    assert drained() >= 1
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Alert)) == before


@pytest.mark.parametrize(
    ("gone", "told"),
    [
        ((), "manager"),
        (("rep",), "manager"),
        (("rep", "manager"), "other_manager"),
        (("rep", "manager", "other_manager"), "admin"),
    ],
)
def test_without_an_owner_a_manager_is_told_and_never_nobody(
    app, api, company, yamada, drained, gone, told
):
    with app.app_context():
        if not gone:
            db.session.execute(sa.text("UPDATE accounts SET owner_id = NULL"))
        for who in gone:
            db.session.get_one(Staff, getattr(company, who)).active = False
        db.session.commit()
    call(api, company.clerk, yamada)
    drained()
    with app.app_context():
        assert set(db.session.scalars(sa.select(Alert.owner_id))) == {getattr(company, told)}


def test_while_a_serious_complaint_is_open_alerts_are_held(app, api, company, yamada, drained):
    call(api, company.clerk, yamada, category="complaint", severity="critical", voice="ひどい")
    call(api, company.clerk, yamada)
    drained()
    with app.app_context():
        assert set(db.session.scalars(sa.select(Alert.state))) == {"held"}
    assert api(company.rep).get("/alerts?state=open").json["items"] == []


def test_what_was_held_comes_back_a_fortnight_after_the_complaint(
    app, api, company, yamada, drained
):
    call(api, company.clerk, yamada, category="complaint", severity="critical", voice="ひどい")
    call(api, company.clerk, yamada)
    drained()

    def after_release() -> set[str]:
        with app.app_context():
            jobs.release({})
            db.session.commit()
            return set(db.session.scalars(sa.select(Alert.state)))

    assert after_release() == {"held"}
    with app.app_context():
        complaint = db.session.scalars(sa.select(Ticket).order_by(Ticket.id)).first()
        complaint.status, complaint.solved_at = "closed", now() - timedelta(days=13)
        db.session.commit()
    assert after_release() == {"held"}
    with app.app_context():
        complaint = db.session.scalars(sa.select(Ticket).order_by(Ticket.id)).first()
        complaint.solved_at = now() - timedelta(days=15)
        db.session.commit()
    assert after_release() == {"open"}


def test_who_leaves_leaves_no_alert_behind(api, company, yamada, drained):
    call(api, company.clerk, yamada)
    drained()
    gone = api(company.admin).patch(f"/staff/{company.rep}", {"active": False}, version=1)
    assert gone.status_code == 200, gone.text
    drained()
    told = api(company.manager).get(f"/alerts?owner_id={company.manager}").json["items"]
    assert len(told) == 2


def test_a_confidential_ticket_raises_nothing(app, api, company, yamada, drained):
    call(api, company.clerk, yamada, confidential=True)
    drained()
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Alert)) == 0


def test_an_alert_is_dismissed_only_with_a_known_reason(api, company, yamada, drained):
    call(api, company.clerk, yamada)
    drained()
    rep = api(company.rep)
    alert = rep.get("/alerts").json["items"][0]
    refused = rep.post(f"/alerts/{alert['id']}/dismissal", {"reason": "because"})
    assert refused.status_code == 422
    assert list(refused.json["errors"]) == ["reason"]
    done = rep.post(f"/alerts/{alert['id']}/dismissal", {"reason": "not_now"})
    assert done.json["state"] == "dismissed"
    assert rep.post(f"/alerts/{alert['id']}/deal", None).status_code == 409


def test_a_dismissal_said_twice_is_one(app, api, company, yamada, drained):
    call(api, company.clerk, yamada)
    drained()
    rep = api(company.rep)
    alert = rep.get("/alerts").json["items"][0]
    once = rep.post(f"/alerts/{alert['id']}/dismissal", {"reason": "not_now"}).json
    assert rep.post(f"/alerts/{alert['id']}/dismissal", {"reason": "not_now"}).json == once
    with app.app_context():
        said = sa.select(sa.func.count()).where(Event.kind == "alert.dismissed")
        assert db.session.scalar(said) == 1


def test_the_deal_of_an_alert_is_answered_with_all_that_was_filled_in(
    api, company, yamada, drained
):
    call(api, company.clerk, yamada)
    drained()
    rep = api(company.rep)
    alert = next(one for one in rep.get("/alerts").json["items"] if one["unit_id"])
    made = rep.post(f"/alerts/{alert['id']}/deal", None).json
    kept = rep.get(f"/deals/{made['id']}").json
    assert made["contact_id"] == yamada["contact_id"]
    assert made["unit_ids"] == [yamada["unit_id"]]
    assert made["origin"] == "support"
    lines = [{name: one[name] for name in made["lines"][0]} for one in kept["lines"]]
    assert made["lines"] == lines
    assert made == made | {name: kept[name] for name in made if name != "lines"}


def test_a_stranger_does_not_find_the_alert(api, company, yamada, drained):
    call(api, company.clerk, yamada)
    drained()
    alert = api(company.rep).get("/alerts").json["items"][0]
    for somebody in (company.stranger, company.colleague, company.other_manager, company.clerk):
        assert api(somebody).get(f"/alerts/{alert['id']}").status_code == 404
        assert api(somebody).post(f"/alerts/{alert['id']}/deal", None).status_code in (403, 404)
    assert api(company.manager).get(f"/alerts/{alert['id']}").status_code == 200


def test_the_inbox_and_the_bell_show_what_is_undecided(
    sign_in, api, company, yamada, drained, monkeypatch
):
    call(api, company.clerk, yamada)
    drained()
    browser = sign_in(company.rep)
    page = browser.get("/alerts").text
    assert "PW-10 の有償修理が、24か月で保守契約の料金を超えました。" in page
    assert "¥396,000" in page
    assert "<b>2</b>" in browser.get("/alerts/bell").text
    monkeypatch.setattr(views, "MOST", 1)
    first = browser.get("/alerts").text
    further = re.search(r'href="(/alerts\?state=open&amp;before=\d+)"', first)
    assert further is not None
    second = browser.get(further[1].replace("&amp;", "&")).text
    assert ("¥396,000" in first) is not ("¥396,000" in second)
    for state in ("snoozed", "held", "accepted", "dismissed", "expired"):
        assert browser.get(f"/alerts?state={state}").status_code == 200
    assert browser.get("/alerts?state=nonsense").status_code == 400


def test_a_new_owner_of_the_account_takes_over_what_is_undecided(api, company, yamada, drained):
    call(api, company.clerk, yamada)
    drained()
    manager = api(company.manager)
    path = f"/accounts/{yamada['account_id']}"
    version = manager.get(path).json["version"]
    changed = manager.patch(path, {"owner_id": company.stranger}, version=version)
    assert changed.status_code == 200, changed.text
    assert api(company.stranger).get("/alerts").json["items"] == []
    drained()
    assert len(api(company.stranger).get("/alerts").json["items"]) == 2
    assert api(company.rep).get("/alerts").json["items"] == []


def test_a_value_that_nobody_knows_is_a_dash_and_not_nothing_to_pay(
    app, sign_in, api, company, yamada, drained
):
    call(api, company.clerk, yamada)
    drained()
    with app.app_context():
        db.session.execute(sa.update(Alert).values(estimated_value=0))
        db.session.commit()
    browser = sign_in(company.rep)
    inbox = browser.get("/alerts").text
    assert '<span class="val"><b>―</b></span>' in inbox
    beside = browser.get(f"/alerts/panel?account_id={yamada['account_id']}").text
    assert "見込 ―" in beside
    assert "¥0" not in inbox.split('class="al-card')[1].split("facts-l")[0] + beside
