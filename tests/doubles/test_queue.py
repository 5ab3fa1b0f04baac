"""The queue of pairs: filled by night, decided by people, quiet for ever when they said no."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from crm.accounts.models import Account
from crm.clock import now, today
from crm.doubles import jobs
from crm.doubles.models import Pair
from crm.extensions import db
from tests.doubles.companies import pairs
from tests.records import a_contact

YAMADA = {"name": "株式会社山田製作所", "phone": "045-555-0118"}


@pytest.fixture
def night(app):
    def strike() -> None:
        with app.app_context():
            jobs.nightly({"day": today().isoformat()})
            db.session.rollback()
            jobs.compare({})
            db.session.commit()

    return strike


@pytest.fixture
def twins(api, company) -> tuple[int, int, int]:
    """Two of the rep's that are one, and a third of a stranger's."""
    rep, stranger = api(company.rep), api(company.stranger)
    one = rep.post("/accounts", YAMADA).json["id"]
    two = rep.post("/accounts", YAMADA | {"name": "㈱山田 製作所"}).json["id"]
    other = stranger.post("/accounts", YAMADA | {"name": "山田製作所"}).json["id"]
    return one, two, other


def test_the_night_fills_the_queue_and_what_was_decided_stays_decided(
    app, api, company, twins, night
):
    one, two, other = twins
    night()
    rep, manager = api(company.rep), api(company.manager)
    assert [pair["right_id"] for pair in rep.get("/doubles").json["items"]] == [two]
    every = manager.get("/doubles?state=open").json["items"]
    assert {(pair["left_id"], pair["right_id"]) for pair in every} == {
        (one, two), (one, other), (two, other),
    }  # fmt: skip
    mine = next(pair for pair in every if pair["right_id"] == two)
    assert mine["score"] == 80 and mine["reasons"] == ["spelling", "phone"]
    said = rep.post(f"/doubles/{mine['id']}/decision", {"decision": "different"})
    assert (said.status_code, said.json["state"]) == (201, "different")
    later = manager.post(f"/doubles/{every[1]['id']}/decision", {"decision": "later"}).json
    with app.app_context():
        assert later["again_on"] == (today() + timedelta(days=30)).isoformat()
    assert rep.post(f"/doubles/{every[1]['id']}/decision", {"decision": "same"}).status_code == 404
    night()
    night()
    with app.app_context():
        states = dict(db.session.execute(sa.select(Pair.id, Pair.state)).all())
        assert (states[mine["id"]], states[every[1]["id"]]) == ("different", "later")
        assert len(states) == 3
        db.session.execute(sa.update(Pair).where(Pair.state == "later").values(again_on=today()))
        db.session.execute(sa.update(Account).where(Account.id == other).values(phone_e164=None))
        db.session.commit()
    night()
    with app.app_context():
        found = dict(db.session.execute(sa.select(Pair.right_id, Pair.state)).all())
        assert found[two] == "different"


def test_same_merges_the_pair_and_no_stays_no_for_the_survivor(app, api, company, twins, night):
    one, two, other = twins
    night()
    manager = api(company.manager)
    every = {(pair["left_id"], pair["right_id"]): pair["id"]
             for pair in manager.get("/doubles").json["items"]}  # fmt: skip
    manager.post(f"/doubles/{every[two, other]}/decision", {"decision": "different"})
    body = {"decision": "same", "survivor_id": one}
    done = manager.post(f"/doubles/{every[one, two]}/decision", body)
    assert (done.status_code, done.json["state"]) == (201, "merged")
    night()
    with app.app_context():
        assert pairs() == []
    before = (now() - timedelta(minutes=1)).isoformat().replace("+", "%2B")
    merge = manager.get(f"/accounts/{one}/merges").json["items"][0]
    back = manager.post(f"/accounts/{one}/unmerge", {"merge_id": merge["id"]})
    assert (back.status_code, back.json["left_over"]) == (201, [])
    assert manager.get(f"/accounts/{two}").status_code == 200
    night()
    with app.app_context():
        assert {pair[1:3] for pair in pairs()} == {(one, two), (one, other)}
    given = manager.get(f"/doubles/{every[one, two]}").json
    assert (given["state"], given["decided_at"], given["decided_by_id"]) == ("open", None, None)
    said = manager.get(f"/doubles/{every[two, other]}").json
    assert (said["state"], said["decided_by_id"]) == ("different", company.manager)
    told = manager.get(f"/doubles?updated_since={before}").json["items"]
    assert given["id"] in [pair["id"] for pair in told]
    gone = manager.get(f"/removals?updated_since={before}").json["items"]
    assert gone == []
    with app.app_context():
        db.session.execute(sa.update(Account).where(Account.id == other).values(phone_e164=None))
        db.session.commit()
    night()
    gone = manager.get(f"/removals?collection=doubles&updated_since={before}").json["items"]
    assert [one["record_id"] for one in gone] == [every[one, other]]


def test_the_pages_draw_what_differs_and_press_through(
    app, sign_in, company, twins, night, statements
):
    one, two, _other = twins
    with app.app_context():
        for _n in range(2):
            a_contact(one, email="keiko@yamada.example", email_key="keiko@yamada.example")
    night()
    manager = sign_in(company.manager)
    manager.get("/doubles")
    statements.clear()
    page = manager.get("/doubles").get_data(as_text=True)
    assert len(statements) <= 12
    assert page.count('class="db') >= 3 and "電話番号が同じ" in page and 'data-act="2"' in page
    people = manager.get("/doubles?kind=contact").get_data(as_text=True)
    assert "メールアドレスが同じ" in people
    statements.clear()
    manager.get(f"/accounts/{one}/merge?with={two}")
    assert len(statements) <= 12
    form = {"lost_id": two, "name": "lost", "phone": "survivor"}
    done = manager.post(f"/accounts/{one}/merge", data=form, follow_redirects=True)
    assert "統合しました" in done.get_data(as_text=True)
    merges = manager.get(f"/accounts/{one}/merges").get_data(as_text=True)
    key = merges.split('name="merge_id" value="')[1].split('"')[0]
    back = manager.post(f"/accounts/{one}/unmerge", data={"merge_id": key}, follow_redirects=True)
    assert "すべて元どおり" in back.get_data(as_text=True)
    assert manager.post(f"/accounts/{one}/unmerge", data={"merge_id": key}).status_code == 409
    assert manager.get("/doubles?state=x").status_code == 400
    assert "別の顧客と統合" in sign_in(company.rep).get(f"/accounts/{one}").get_data(as_text=True)
    assert sign_in(company.clerk).get("/doubles").status_code == 403
