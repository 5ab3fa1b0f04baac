"""What a customer has ordered so far, on the customer's page."""

from __future__ import annotations

from crm.clock import today
from crm.deals.actions import open_deal, win
from crm.extensions import db
from crm.staff.models import Staff
from tests.records import an_account


def test_orders_so_far_are_summed_for_sales_and_hidden_from_the_call_centre(app, company, sign_in):
    with app.app_context():
        account = an_account(company.rep, company.first_team)
        rep = db.session.get_one(Staff, company.rep)
        for amount in (1_200_000, 34_567):
            fields = {"title": "x", "account_id": account, "amount": amount}
            win(open_deal(fields, rep), rep, today())
        open_deal({"title": "y", "account_id": account, "amount": 9_000_000}, rep)
        db.session.commit()
    path = f"/deals/totals?account_id={account}"
    assert "¥1,234,567" in sign_in(company.rep).get(path).text
    assert sign_in(company.clerk).get(path).text == ""
