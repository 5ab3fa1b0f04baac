"""Alerts on a phone: one card a screen, turned by a swipe or by the arrows."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from crm.extensions import db
from crm.staff import actions as staff_actions
from crm.staff.models import Staff
from tests.people import Company
from tests.records import an_account, an_alert
from tests.serving import served

pytestmark = pytest.mark.browser


def test_one_alert_fills_a_phone_and_the_next_is_a_swipe_away(
    app: Flask, company: Company, browser: Browser
) -> None:
    with app.app_context():
        for place in range(3):
            account = an_account(company.rep, company.first_team, name=f"顧客{place}")
            an_alert(account, company.rep, company.first_team, estimated_value=300_000 - place)
        token = staff_actions.sign_in(db.session.get_one(Staff, company.rep), 1)
        db.session.commit()
    cookie = app.session_interface.get_signing_serializer(app).dumps({"sign_in": token})
    with served(app) as origin:
        phone = browser.new_context(
            viewport={"width": 390, "height": 844}, reduced_motion="reduce", locale="ja-JP"
        )
        phone.add_cookies([{"name": "engawa", "value": cookie, "url": origin}])
        page = phone.new_page()
        page.goto(f"{origin}/alerts")
        place = page.locator("[data-deck-at]")
        expect(place).to_have_text("1 / 3")
        expect(page.get_by_label("前のアラート")).to_be_disabled()
        page.get_by_label("次のアラート").click()
        expect(place).to_have_text("2 / 3")
        expect(page.get_by_role("article").nth(1)).to_be_in_viewport(ratio=0.6)
        page.evaluate("document.querySelector('[data-deck]').scrollBy(390, 0)")
        expect(place).to_have_text("3 / 3")
        expect(page.get_by_label("次のアラート")).to_be_disabled()
        page.set_viewport_size({"width": 1440, "height": 900})
        expect(place).to_be_hidden()
        expect(page.get_by_role("article").first).to_be_in_viewport()
        phone.close()
