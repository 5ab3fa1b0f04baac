"""How many callers wait: reported by the telephone system, shown at the end of the line of tabs."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from crm.clock import now
from crm.extensions import db
from crm.support.models import CallQueue

FRONT = {"name": "代表窓口", "waiting": 1, "answering": 3, "seats": 4}


def _silent_for(app, name, **span):
    with app.app_context():
        at = sa.update(CallQueue).where(CallQueue.name == name)
        db.session.execute(at.values(reported_at=now() - timedelta(**span)))
        db.session.commit()


def test_a_clerk_sees_the_sum_of_what_the_telephone_system_reported(app, api, sign_in, company):
    system, clerk = api(company.clerk), sign_in(company.clerk)
    assert "待ち呼" not in clerk.get("/call").text
    assert system("PUT", "/calls/queue", FRONT).status_code == 200
    told = system("PUT", "/calls/queue", FRONT | {"waiting": 0})
    assert [one["waiting"] for one in told.json["items"]] == [0], "the last report counts"
    told = system("PUT", "/calls/queue", {"name": "修理", "waiting": 2, "answering": 1, "seats": 2})
    assert [told.json[one] for one in ("waiting", "answering", "seats")] == [2, 4, 6]
    for address in ("/call", "/call/waiting"):
        page = clerk.get(address).text
        assert "待ち呼 2" in page and "応答中 4 / 6席" in page
    _silent_for(app, "代表窓口", minutes=3)
    assert "応答中 1 / 2席" in clerk.get("/call/waiting").text
    _silent_for(app, "修理", minutes=3)
    assert clerk.get("/call/waiting").text.strip() == ""
    told = api(company.rep).get("/calls/queue").json
    assert (len(told["items"]), told["seats"]) == (2, None)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"waiting": -1}, "waiting"), ({"answering": 5}, "answering"), ({"seats": 10_000}, "seats"),
        ({"seats": "4"}, "seats"), ({"name": " "}, "name"), ({"name": "窓" * 61}, "name"),
        ({"group": 1}, "group"),
    ],
)  # fmt: skip
def test_a_report_that_cannot_be_is_refused_by_name(app, api, company, wrong, field):
    answer = api(company.clerk)("PUT", "/calls/queue", FRONT | wrong)
    assert (answer.status_code, list(answer.json["errors"])) == (422, [field])
    with app.app_context():
        assert db.session.scalars(sa.select(CallQueue)).all() == []


def test_only_those_who_answer_calls_report_them_and_with_a_token_that_writes(api, company):
    for who in (company.clerk, company.manager, company.admin):
        assert api(who)("PUT", "/calls/queue", FRONT).status_code == 200
    for who in (company.rep, company.engineer):
        assert api(who)("PUT", "/calls/queue", FRONT).status_code == 403
    assert api(company.clerk, "read")("PUT", "/calls/queue", FRONT).status_code == 403


def test_groups_that_are_silent_for_a_day_go_and_there_is_an_end_to_them(app, api, company):
    system = api(company.clerk)
    with app.app_context():
        zero = {"waiting": 0, "answering": 0, "seats": 1, "reported_at": now()}
        db.session.add_all(CallQueue(name=f"窓口{n}", **zero) for n in range(200))
        db.session.commit()
    assert system("PUT", "/calls/queue", FRONT).status_code == 409
    assert system("PUT", "/calls/queue", FRONT | {"name": "窓口7"}).status_code == 200
    _silent_for(app, "窓口8", days=2)
    assert system("PUT", "/calls/queue", FRONT).status_code == 200
    names = [one["name"] for one in system.get("/calls/queue").json["items"]]
    assert "窓口8" not in names and "代表窓口" in names
