"""The page of a ticket in a real browser."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from crm.accounts.models import Contact
from crm.clock import now
from crm.extensions import db
from crm.support.models import Ticket
from tests.browsing import Office, app, office, signed
from tests.people import Company
from tests.support.customers import Customers

__all__ = ["app", "office"]

pytestmark = pytest.mark.browser


def test_an_internal_note_is_not_shown_as_one_to_the_customer(
    browser: Browser, app: Flask, office: Office, company: Company, customers: Customers
) -> None:
    with app.app_context():
        contact = db.session.get_one(Contact, customers.suzuki)
        contact.email = "suzuki@customer.example"
        ticket = Ticket(
            account_id=customers.yamada, contact_id=contact.id, subject="純水が出ない",
            assignee_id=company.clerk, opened_at=now(),
        )  # fmt: skip
        db.session.add(ticket)
        db.session.commit()
        key = ticket.id
    page = signed(browser, app, office.address, company.clerk)
    page.goto(f"{office.address}/tickets/{key}")
    reply = page.locator("#reply")
    to, outside = reply.locator(".to"), reply.get_by_text("対外連絡の記録です")
    for kind, addressed, recorded in (
        ("社内メモ", False, False), ("メールの記録", True, True),
        ("電話の記録", False, True), ("社内メモ", False, False),
    ):  # fmt: skip
        reply.get_by_label(kind, exact=True).check()
        expect(to).to_be_visible(visible=addressed)
        expect(outside).to_be_visible(visible=recorded)
    page.context.close()
