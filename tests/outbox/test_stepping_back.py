"""What is done behind people's backs makes nobody wait: neither its bell nor its disk."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from crm.extensions import db
from crm.outbox.actions import send
from crm.outbox.drain import drain
from crm.outbox.models import FAST
from crm.queue import bells
from tests.conftest import POSTGRES
from tests.records import an_account

SAID_BY = "SELECT setting, source FROM pg_settings WHERE name = 'synchronous_commit'"


def test_the_bell_rings_when_the_answer_is_sent(app, api, company):
    with app.app_context():
        body = {
            "account_id": an_account(company.rep, company.first_team),
            "subject": "漏れ",
            "voice": "濡れている",
        }
    clerk = api(company.clerk)
    bells[FAST].clear()
    answer = clerk.post("/tickets", body)
    assert answer.status_code == 201 and not bells[FAST].is_set()
    answer.close()
    assert bells[FAST].is_set()


def test_outside_of_a_request_the_bell_rings_at_the_commit(app):
    with app.app_context():
        bells[FAST].clear()
        send("search.follow", "x", {"event_id": 1}, FAST)
        assert not bells[FAST].is_set()
        db.session.commit()
    assert bells[FAST].is_set()


@pytest.mark.late
def test_the_disk_is_waited_for_by_who_asks_and_not_by_who_drains(app, api, company):
    if not POSTGRES:
        pytest.skip("SQLite's commits wait for nothing")
    waited: dict[str, list[tuple[str, str]]] = {"asks": [], "drains": []}
    asking = "asks"

    def note(connection: sa.Connection) -> None:
        with connection.connection.cursor() as beside:
            beside.execute(SAID_BY)
            waited[asking] += beside.fetchall()

    with app.app_context():
        body = {
            "account_id": an_account(company.rep, company.first_team),
            "subject": "漏れ",
            "voice": "濡れている",
        }
        engine = db.engine
        sa.event.listen(engine, "commit", note)
    try:
        assert api(company.clerk).post("/tickets", body).status_code == 201
        asking = "drains"
        with app.app_context():
            assert drain(FAST) >= 1
            asking = "asks"
            assert api(company.clerk).post("/tickets", body).status_code == 201
    finally:
        sa.event.remove(engine, "commit", note)
    assert waited["asks"] and not any(source == "session" for _to, source in waited["asks"])
    assert waited["drains"].count(("off", "session")) >= 2
