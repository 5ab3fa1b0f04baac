"""Two people press in the same instant: PostgreSQL shows the second one a record of a moment ago.

Here the other one writes between the look at the record and the change, in the same transaction:
to the session that is what a race on PostgreSQL is, and it is one on SQLite as well.
"""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from crm.errors import NotFound
from crm.extensions import db
from crm.support import queries
from crm.support.models import Ticket
from crm.versions import lock


@pytest.fixture
def ticket(api, company, customers) -> int:
    body = {"account_id": customers.yamada, "subject": "水が出ない", "voice": "出ません"}
    found: int = api(company.clerk).post("/tickets", body).json["id"]
    return found


@pytest.fixture
def somebody_is_faster(monkeypatch) -> None:
    """The next door to a ticket opens a moment before somebody else has written it."""
    open_door, opened = queries.get_ticket, []

    def door(*args: Any) -> Ticket:
        found = open_door(*args)
        if not opened:
            opened.append(found)
            raise_version = sa.update(Ticket).where(Ticket.id == found.id).values(
                version=Ticket.version + 1, category="complaint"
            )  # fmt: skip
            db.session.execute(raise_version, execution_options={"synchronize_session": False})
        return found

    monkeypatch.setattr(queries, "get_ticket", door)


@pytest.mark.usefixtures("somebody_is_faster")
def test_what_two_people_say_of_a_ticket_in_the_same_instant_is_all_written(
    app, api, company, ticket
):
    note = {"kind": "phone", "body": "折り返した"}
    assert api(company.clerk).post(f"/tickets/{ticket}/notes", note).status_code == 201
    with app.app_context():
        found = db.session.get_one(Ticket, ticket)
        assert found.category == "complaint"
        assert found.first_response_at is not None


@pytest.mark.usefixtures("somebody_is_faster")
def test_a_form_that_is_saved_in_the_same_instant_is_put_together(app, company, ticket, sign_in):
    form = {
        "version": "1", "subject": "純水が出ない", "original_subject": "水が出ない",
        "category": "other", "original_category": "other",
    }  # fmt: skip
    answer = sign_in(company.clerk).post(f"/tickets/{ticket}/edit", data=form)
    assert answer.status_code == 303, answer.text
    with app.app_context():
        found = db.session.get_one(Ticket, ticket)
        assert (found.subject, found.category) == ("純水が出ない", "complaint")


def test_whoever_waits_for_a_record_that_is_removed_hears_that_it_is_gone(app, ticket):
    with app.app_context():
        found = db.session.get_one(Ticket, ticket)
        gone = sa.delete(Ticket).where(Ticket.id == ticket)
        db.session.execute(gone, execution_options={"synchronize_session": False})
        with pytest.raises(NotFound):
            lock(found)
        db.session.rollback()
