"""A caller who asks for the rep: what was promised, and the rep's telephone once it is written."""

from __future__ import annotations

import re
from datetime import timedelta

import sqlalchemy as sa

from crm.clock import today
from crm.extensions import db
from crm.staff.models import Office, Staff
from crm.support.models import Ticket, TicketNote
from tests.records import a_deal


def test_a_caller_is_put_through_to_sales_with_what_she_said_written_down(
    app, sign_in, company, customers
):
    clerk = sign_in(company.clerk)
    caller = {"account_id": customers.yamada, "contact_id": customers.suzuki}
    with app.app_context():
        said = {"next_step": "カラム在庫を回答", "next_step_on": today() + timedelta(days=1)}
        a_deal(customers.yamada, company.rep, company.first_team, **said, next_step_promised=True)
        a_deal(customers.yamada, company.rep, company.first_team, next_step="社内で試算")
        db.session.get_one(Office, company.office).phone = "045-555-0100"
        db.session.commit()
    opened = clerk.get("/call?from=09012345678").text
    assert "佐藤（営業）へつなぐ" in opened
    assert "カラム在庫を回答" in opened and "社内で試算" not in opened
    words = {"voice": "佐藤さんをお願いします", "idempotency_key": "k", "transfer": "sales"}
    saved = clerk.post("/call", data=caller | words)
    with app.app_context():
        ticket = db.session.scalars(sa.select(Ticket)).one()
        note = db.session.scalars(sa.select(TicketNote)).one()
    assert (ticket.voice, note.kind) == ("佐藤さんをお願いします", "internal")
    assert "佐藤 美咲さん（営業）" in note.body
    assert saved.location == f"/call?saved={ticket.id}&reach={company.rep}"
    assert 'href="tel:045-555-0100"' in clerk.get(saved.location).text
    with app.app_context():
        db.session.get_one(Staff, company.rep).extension = "2104"
        db.session.commit()
    inside = clerk.get(saved.location).text
    assert "佐藤さんにつなぐ:" in inside and "045-555-0100" in inside
    assert re.search(r'href="tel:\+81455550100;ext=2104" autofocus>内線 2104<', inside)
    with app.app_context():
        db.session.get_one(Office, company.office).phone = ""
        db.session.commit()
    assert 'href="tel:2104"' in clerk.get(saved.location).text
    with app.app_context():
        db.session.get_one(Staff, company.rep).extension = ""
        db.session.commit()
    assert "内線も事業所の電話番号も登録されていません" in clerk.get(saved.location).text
    for wrong in ("0", "x", "987654"):
        assert clerk.get(f"/call?saved={ticket.id}&reach={wrong}").status_code == 200
