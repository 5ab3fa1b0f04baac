"""A ticket and a deal of a customer, and questions about them."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from crm.extensions import db
from crm.staff.models import Staff
from tests.records import a_deal, a_ticket, an_account, keep

QUESTION = "前処理フィルタを1段増やすと、交換間隔は延びますか。"


@pytest.fixture
def case(app, company) -> SimpleNamespace:
    """An account of the rep's with a ticket of the clerk's and a deal of the rep's, and an expert
    in a team of engineers."""
    with app.app_context():
        account = an_account(company.rep, company.first_team)
        return SimpleNamespace(
            account=account, ticket=a_ticket(account, company.clerk, company.call_centre),
            deal=a_deal(account, company.rep, company.first_team),
            expert=keep(Staff(
                email="expert@company.test", name="小林 大輔", name_kana="コバヤシ ダイスケ",
                role="engineer", team_id=company.service,
            )),
        )  # fmt: skip


@pytest.fixture
def ask(api, company, case) -> Callable[..., Any]:
    """Ask as the clerk over the ticket: `ask(asked_id=…)`; `by` is another who asks."""

    def asked(by: int | None = None, **fields: Any) -> Any:
        on = {} if "deal_id" in fields else {"ticket_id": case.ticket}
        body = {"asked_id": case.expert, "question": QUESTION, **on}
        return api(by or company.clerk).post("/advice", body | fields)

    return asked


@pytest.fixture
def leave(app, api, company) -> Callable[[int], None]:
    """Somebody leaves the company."""

    def left(staff_id: int) -> None:
        with app.app_context():
            version = db.session.get_one(Staff, staff_id).version
        answer = api(company.admin).patch(f"/staff/{staff_id}", {"active": False}, version)
        assert answer.status_code == 200, answer.json

    return left
