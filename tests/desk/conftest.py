"""The customers of the support tests, found by the search as they are in life."""

from __future__ import annotations

import pytest
from flask import Flask

from crm.extensions import db
from crm.search.actions import Card, index_many
from tests.browsing import signed
from tests.people import Company
from tests.support.customers import Customers, found_customers


@pytest.fixture
def customers(app: Flask, company: Company) -> Customers:
    """Two customers of the rep's, with machines, in the index."""
    with app.app_context():
        made = found_customers(company.rep, company.first_team)
        index_many(_cards(made))
        db.session.commit()
    return made


def _cards(made: Customers) -> list[Card]:
    return [
        Card("account", made.yamada, "株式会社山田製作所", account_id=made.yamada,
             names=["ヤマダセイサクショ"], identifiers=["044-555-0100"]),
        Card("account", made.minato, "みなと製薬株式会社", account_id=made.minato,
             names=["ミナトセイヤク"], identifiers=["03-5555-0199"]),
        Card("contact", made.suzuki, "鈴木 恵子", "株式会社山田製作所", made.yamada,
             names=["スズキ ケイコ"], identifiers=["090-1234-5678", "k.suzuki@yamada.example"]),
        Card("contact", made.ono, "大野 徹", "みなと製薬株式会社", made.minato,
             names=["オオノ トオル"], identifiers=["ono@minato.example"]),
        Card("unit", made.chromatograph, "液体クロマト LX-210 A93-20417", "株式会社山田製作所",
             made.yamada, identifiers=["A93-20417"]),
        Card("contract", made.contract, "MC-2024-0051", "株式会社山田製作所", made.yamada,
             identifiers=["MC-2024-0051"]),
    ]  # fmt: skip


@pytest.fixture
def page(app, browser, company, customers, address):
    """The clerk's screen, signed in."""
    screen = {"viewport": {"width": 1366, "height": 768}, "locale": "ja-JP"}
    page = signed(browser, app, address, company.clerk, **screen)
    yield page
    page.context.close()
