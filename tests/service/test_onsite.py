"""The engineer's day and the form at the customer's, through the door."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from crm.clock import local, today
from crm.extensions import db
from crm.installed_base.models import WorkOrder
from crm.service import onsite_rows
from crm.service.models import WorkCheck, WorkCompanion, WorkPart
from crm.timeline.models import Event
from tests.service.onsite_records import a_customer, a_job, form_of, row

KEY = "idempotency_key"


@pytest.fixture
def customer(app, company):
    with app.app_context():
        return a_customer(company)


@pytest.fixture
def job(app, company, customer):
    with app.app_context():
        return a_job(company, customer)


@pytest.fixture
def phone(company, sign_in):
    return sign_in(company.engineer)


def opened(phone, job) -> dict[str, list[str]]:
    return form_of(phone.get(f"/work-orders/{job}/onsite").text)


def saved(phone, job, form, **fields):
    data = form | {name: [value] for name, value in fields.items()}
    return phone.post(f"/work-orders/{job}/onsite", data=data)


def parts_of(job) -> list[tuple[str, int]]:
    wanted = sa.select(WorkPart).where(WorkPart.work_order_id == job).order_by(WorkPart.position)
    return [(one.name, one.quantity) for one in db.session.scalars(wanted)]


def test_an_engineer_finds_the_day_in_order_of_time_with_what_was_left_over_first(
    app, company, customer, job, phone, statements
):
    with app.app_context():
        day = today()
        old = a_job(company, customer, planned_on=day - timedelta(days=1), planned_at=None,
                    planned_until=None, symptom="昨日の残り")  # fmt: skip
        early = db.session.get_one(WorkOrder, job).planned_at - timedelta(hours=1)
        first = a_job(company, customer, planned_at=early, planned_until=None, symptom="一番目")
        a_job(company, customer, planned_on=None, planned_at=None, symptom="日程のない作業")
        helped = a_job(company, customer, assignee_id=company.clerk, symptom="手伝う作業")
        db.session.add(WorkCompanion(work_order_id=helped, staff_id=company.engineer))
        a_job(company, customer, assignee_id=company.clerk, symptom="他人の作業")
        a_job(company, customer, planned_on=day - timedelta(days=2), status="returned",
              done_on=day - timedelta(days=2), symptom="前に直した")  # fmt: skip
        db.session.commit()
    page = phone.get("/work-orders/day").text
    statements.clear()
    phone.get("/work-orders/day")
    assert len(statements) <= 12, statements
    places = [page.index(f"/work-orders/{key}/onsite") for key in (old, first, job)]
    assert places == sorted(places)
    assert "他人の作業" not in page
    for told in ("日程のない作業", "手伝う作業", "持ち越し", "同行", "有償", "前に直した"):
        assert told in page, told
    assert 'href="tel:+81445550132"' in page
    assert "https://maps.google.com/?q=%E7%A5%9E" in page
    tomorrow = phone.get(f"/work-orders/day?day={day + timedelta(days=1)}").text
    assert "/onsite" not in tomorrow
    assert phone.get("/work-orders/day?day=yesterday").status_code == 400


def test_a_manager_sees_the_day_of_an_engineer(company, job, sign_in):
    manager = sign_in(company.manager)
    assert f"/work-orders/{job}/onsite" not in manager.get("/work-orders/day").text
    page = manager.get(f"/work-orders/day?staff_id={company.engineer}").text
    assert f"/work-orders/{job}/onsite" in page
    assert manager.get("/work-orders/day?staff_id=987654").status_code == 404


def test_what_an_engineer_writes_is_taken_over_once(app, job, phone):
    form = opened(phone, job) | row("parts", name="給水電磁弁", part_no="WV-4602", quantity="２",
                                    unit_price="8,800", chargeable="1")  # fmt: skip
    form |= row("checks", item="給水流量", standard="4.0以上", measured="4.6", passed="1")
    told = {
        "arrived_at": "2026-11-20T09:10", "finished_at": "2026-11-20T11:35",
        "down_from": "2026-11-19T16:42", "down_until": "2026-11-20T11:35", "symptom_code": "S12",
        "action": "給水電磁弁を交換した。", "labour_minutes": "105", "customer_notice": "お知らせ",
        KEY: "phone-1",
    }  # fmt: skip
    first = saved(phone, job, form, **told)
    again = saved(phone, job, form, **told)
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.location == again.location == f"/work-orders/{job}/signature"
    with app.app_context():
        work = db.session.get_one(WorkOrder, job)
        assert f"{local(work.arrived_at):%H:%M}" == "09:10"
        assert work.downtime_minutes == 18 * 60 + 53
        assert (work.symptom_code, work.labour_minutes, work.parts_amount) == ("S12", 105, 17_600)
        assert parts_of(job) == [("給水電磁弁", 2)]
        assert db.session.scalar(sa.select(WorkCheck.passed)) is True
        changed = sa.select(sa.func.count()).where(Event.kind == "work_order.changed")
        assert db.session.scalar(changed) == 1
    other = saved(phone, job, form, **(told | {"labour_minutes": "9"}))
    assert other.status_code == 422


def test_what_the_office_changed_meanwhile_is_put_together(app, company, job, phone, sign_in):
    form = opened(phone, job)
    office = sign_in(company.clerk)
    there = opened(office, job) | row("parts", name="ホース", quantity="1")
    assert saved(office, job, there, travel_km="38").status_code == 303
    mine = form | row("parts", name="電磁弁", quantity="1")
    assert saved(phone, job, mine, cause="スケール").status_code == 303
    with app.app_context():
        work = db.session.get_one(WorkOrder, job)
        assert (work.cause, work.travel_km) == ("スケール", 38)
        assert sorted(parts_of(job)) == [("ホース", 1), ("電磁弁", 1)]


def test_a_row_taken_out_is_gone(app, job, phone):
    form = opened(phone, job) | row("parts", name="ホース", quantity="1")
    assert saved(phone, job, form).status_code == 303
    assert saved(phone, job, opened(phone, job) | {"parts.id": [""]}).status_code == 303
    with app.app_context():
        assert parts_of(job) == []


def test_a_field_that_both_changed_is_shown_with_both_values(app, company, job, phone, sign_in):
    form = opened(phone, job)
    office = sign_in(company.clerk)
    assert saved(office, job, opened(office, job), cause="摩耗").status_code == 303
    clash = saved(phone, job, form, cause="スケール", labour_minutes="60")
    assert clash.status_code == 409
    assert "摩耗" in clash.text
    assert "スケール" in clash.text
    assert "中村 由佳" in clash.text
    chosen = form_of(clash.text.replace('class="conflict">', "data-offline>"))
    assert saved(phone, job, chosen, cause="スケール").status_code == 303
    with app.app_context():
        work = db.session.get_one(WorkOrder, job)
        assert (work.cause, work.labour_minutes) == ("スケール", 60)


def test_typing_on_after_a_lost_answer_is_no_conflict_with_oneself(app, job, phone):
    form = opened(phone, job)
    assert saved(phone, job, form, cause="一度目", **{KEY: "lost"}).status_code == 303
    later = saved(phone, job, form, cause="二度目", **{KEY: "next", "after_keys": "never lost"})
    assert later.status_code == 303
    with app.app_context():
        assert db.session.get_one(WorkOrder, job).cause == "二度目"


def test_what_cannot_be_is_refused_in_words_and_nothing_is_lost(app, job, phone):
    form = opened(phone, job) | row("parts", name="", part_no="WV-1", quantity="0")
    refused = saved(phone, job, form, labour_minutes="長い", symptom_code="X99", cause="残る言葉")
    assert refused.status_code == 422
    assert "残る言葉" in refused.text
    assert 'value="WV-1"' in refused.text
    order = saved(phone, job, opened(phone, job), arrived_at="2026-11-20T11:00",
                  finished_at="2026-11-20T09:00")  # fmt: skip
    assert order.status_code == 422
    assert "why-finished_at" in order.text
    for parts in ("{", "[" * 50_000, '[{"id":[]}]', "[1]", "null"):
        odd = opened(phone, job) | {"parts": [parts]}
        assert saved(phone, job, odd).status_code == 422, parts[:20]
    with app.app_context():
        work = db.session.get_one(WorkOrder, job)
        assert (work.arrived_at, work.cause, parts_of(job)) == (None, "", [])


def test_a_rep_may_not_write_on_site(company, job, sign_in):
    assert sign_in(company.rep).get(f"/work-orders/{job}/onsite").status_code == 404


def test_the_worker_serves_nobodys_data(app):
    answer = app.test_client().get("/work-orders/worker.js")
    assert answer.mimetype == "text/javascript"
    assert b"engawa-onsite-" in answer.data


A, B, C = ({"id": 1, "n": name} for name in "abc")


def _rows(*rows: dict[str, object]) -> str:
    return onsite_rows.written(rows)


@pytest.mark.parametrize(
    ("original", "theirs", "mine", "merged"),
    [
        ([A], [A], [B], [B]),
        ([A], [B], [A], [B]),
        ([A], [B], [C], None),
        ([A], [], [A], []),
        ([A], [], [B], None),
        ([A], [B], [], None),
        ([], [{"id": 2, "n": "x"}], [{"id": None, "n": "y"}],
         [{"id": None, "n": "y"}, {"id": 2, "n": "x"}]),
        ([{"id": 1, "n": "a", "m": "a"}], [{"id": 1, "n": "b", "m": "a"}],
         [{"id": 1, "n": "a", "m": "c"}], [{"id": 1, "n": "b", "m": "c"}]),
    ],
)  # fmt: skip
def test_rows_of_two_people_are_put_together(original, theirs, mine, merged):
    found = onsite_rows.merge(_rows(*original), _rows(*theirs), _rows(*mine))
    assert found == (None if merged is None else _rows(*merged))
