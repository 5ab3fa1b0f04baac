"""The customer's signature under what was done."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from crm.clock import today
from crm.extensions import db
from crm.installed_base.models import Unit, WorkOrder
from crm.service import signature_strokes
from crm.service.signature_models import WorkSignature
from tests.records import a_product, a_unit
from tests.service.onsite_records import a_customer, a_job, finished, form_of

STROKES = [[[100, 100], [300, 220], [520, 90]], [[600, 200], [640, 260]]]


@pytest.fixture
def job(app, company):
    with app.app_context():
        made = a_job(company, a_customer(company))
        finished(made)
    return made


@pytest.fixture
def phone(company, sign_in):
    return sign_in(company.engineer)


def signed(phone, job, form=None, **fields):
    shown = form or form_of(phone.get(f"/work-orders/{job}/signature").text)
    given = {"name": ["山田 花子"], "strokes": [json.dumps(STROKES)], "reason": [""]}
    data = shown | given | {n: one if isinstance(one, list) else [one] for n, one in fields.items()}
    return phone.post(f"/work-orders/{job}/signature", data=data)


def signatures() -> list[WorkSignature]:
    return list(db.session.scalars(sa.select(WorkSignature).order_by(WorkSignature.id)))


def test_a_customer_signs_what_the_report_says(app, company, api, job, phone):
    content = api(company.engineer).get(f"/work-orders/{job}/report").json
    form = form_of(phone.get(f"/work-orders/{job}/signature").text)
    first, again = signed(phone, job, form), signed(phone, job, form)
    assert (first.status_code, again.status_code) == (303, 303)
    with app.app_context():
        (kept,) = signatures()
        assert (kept.name, kept.strokes, kept.reason) == ("山田 花子", STROKES, "")
        assert kept.sha256 == content["sha256"]
        assert kept.taken_by_id == company.engineer
        assert kept.content["invoice"] == content["invoice"] > 0
    panel = phone.get(f"/work-orders/{job}/signatures").text
    assert "M100 100L300 220L520 90M600 200L640 260" in panel
    assert "署名後に変更" not in panel
    account = api(company.engineer).get(f"/work-orders/{job}").json["account_id"]
    assert "作業報告に山田 花子様が署名" in phone.get(f"/accounts/{account}").text


def test_the_work_ends_with_the_signature_and_its_parts_stand_in_the_unit(app, company, job, phone):
    with app.app_context():
        work = db.session.get_one(WorkOrder, job)
        valve, unit = a_product("WV-4600", code_key="WV-4600"), work.unit_id
        old = a_unit(work.account_id, valve, "EV18-0", parent_id=unit)
        other = a_unit(work.account_id, valve, "EV26-0")
        db.session.commit()
    assert 'name="done" value="1" checked' in phone.get(f"/work-orders/{job}/signature").text
    held = signed(phone, job, done=["", "1"])
    assert held.location == f"/work-orders/{job}/finish"
    with app.app_context():
        assert len(signatures()) == 1
        assert db.session.get_one(WorkOrder, job).status == "repairing"
        db.session.get_one(Unit, other).status = "spare"
        db.session.commit()
    form = form_of(phone.get(f"/work-orders/{job}/signature").text)
    assert signed(phone, job, form, done=["", "1"]).location == "/work-orders/day"
    assert signed(phone, job, form, done=["", "1"]).location == "/work-orders/day"
    with app.app_context():
        work = db.session.get_one(WorkOrder, job)
        assert (work.status, work.done_on) == ("returned", today())
        assert db.session.get_one(Unit, other).parent_id == unit
        assert db.session.get_one(Unit, old).status == "removed"
    assert 'name="done"' not in phone.get(f"/work-orders/{job}/signature").text
    assert "署名後に変更" not in phone.get(f"/work-orders/{job}/signatures").text


def test_what_changes_after_the_signature_is_shown_and_a_new_one_stands_beside_it(
    app, company, job, phone
):
    signed(phone, job)
    with app.app_context():
        work = db.session.get_one(WorkOrder, job)
        work.cause, work.labour_minutes = "弁座の摩耗だった。", 120
        db.session.commit()
    panel = phone.get(f"/work-orders/{job}/signatures").text
    for told in (
        "署名後に変更",
        "弁座にスケールが堆積していた。",
        "弁座の摩耗だった。",
        "105",
        "120",
    ):
        assert told in panel, told
    assert "給水電磁弁" not in panel
    assert "山田 花子様の署名があります" in phone.get(f"/work-orders/{job}/onsite").text
    signed(phone, job, name="鈴木 恵子", strokes="", reason="phone")
    panel = phone.get(f"/work-orders/{job}/signatures").text
    assert "署名後に変更" not in panel
    assert "署名なし（電話で了承）" in panel
    with app.app_context():
        assert [one.name for one in signatures()] == ["山田 花子", "鈴木 恵子"]


def test_nobody_signs_what_has_changed_since_it_was_shown(app, job, phone):
    form = form_of(phone.get(f"/work-orders/{job}/signature").text)
    with app.app_context():
        db.session.get_one(WorkOrder, job).customer_notice = "あとから足したこと"
        db.session.commit()
    refused = signed(phone, job, form)
    assert refused.status_code == 422
    assert "お見せした後に報告の内容が変わりました" in refused.text
    assert "あとから足したこと" in refused.text
    with app.app_context():
        assert signatures() == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "), ("strokes", ""), ("strokes", "[[[1,1],[2,2]]]"), ("strokes", "{"),
        ("strokes", '[[["a",1]]]'), ("strokes", "[[[1.5,1]]]"), ("strokes", "[[[true,1]]]"),
        ("strokes", "[[[1,2,3]]]"), ("strokes", "[[[1001,1]]]"), ("strokes", "[[[-1,1]]]"),
        ("strokes", json.dumps([[[1, 1]]] * 201)), ("strokes", json.dumps([[[1, 1]] * 8001])),
        ("strokes", "[" * 100_000), ("reason", "because"), ("sha256", "0"), ("extra", "1"),
    ],
)  # fmt: skip
def test_what_is_no_signature_is_refused_in_words(app, job, phone, field, value):
    refused = signed(phone, job, **{field: value})
    assert refused.status_code == 422
    assert "もう一度" in refused.text
    with app.app_context():
        assert signatures() == []


def test_a_signature_becomes_a_path():
    assert signature_strokes.path([[[5, 6]]]) == "M5 6L5 6"
    assert signature_strokes.length([[[0, 0], [3, 4]], [[9, 9]]]) == 7


def test_a_signed_work_order_is_not_removed(api, company, job, phone):
    signed(phone, job)
    program = api(company.manager)
    version = program.get(f"/work-orders/{job}").json["version"]
    refused = program.delete(f"/work-orders/{job}", version)
    assert refused.status_code == 409
    assert "署名" in refused.json["detail"]
