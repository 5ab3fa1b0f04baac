"""Pages of the demo company send few statements, whatever there is to show."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from crm.accounts.models import Account
from crm.demo import load
from crm.extensions import db
from crm.installed_base.models import Unit
from crm.staff.queries import by_email
from crm.support.models import Ticket
from crm.timeline.models import Event

MOST = 12
ROLES = ("rep", "clerk", "engineer", "manager", "admin")
PLACES = ("/deals", "/deals/board", "/accounts", "/tickets", "/units", "/alerts", "/call",
          "/search?q=製作", "/search?q=A")  # fmt: skip


def busiest(model: type, column: str) -> int:
    """The record with the most of a kind."""
    key = getattr(model, column)
    return int(
        db.session.scalar(
            sa.select(key).where(key.is_not(None)).group_by(key).order_by(sa.desc(sa.func.count()))
        )
        or 0
    )


def least(model: type) -> int:
    """The record that came last."""
    return int(db.session.scalar(sa.select(sa.func.max(model.id))) or 0)  # type: ignore[attr-defined]


@pytest.mark.late
def test_pages_ask_the_database_twelve_times_at_most(
    app: Flask, sign_in, statements: list[str]
) -> None:
    with app.app_context():
        load.load()
        db.session.commit()
        people = {role: by_email(f"{role}@example.com").id for role in ROLES}
        records = [
            f"/accounts/{busiest(Event, 'account_id')}", f"/accounts/{least(Account)}",
            f"/units/{busiest(Ticket, 'unit_id')}", f"/units/{least(Unit)}",
            f"/tickets/{least(Ticket)}", f"/tickets/{least(Ticket) - 300}",
        ]  # fmt: skip
    sent = {}
    for role, person in people.items():
        client = sign_in(person)
        reports = ["/reports/pipeline"] if role in ("rep", "manager", "admin") else []
        for place in ("/", *PLACES, *records, *reports):
            statements.clear()
            answer = client.get(place)
            assert answer.status_code == 200, (role, place, answer.status_code)
            sent[role, place] = len(statements)
    assert {place: n for place, n in sent.items() if n > MOST} == {}
