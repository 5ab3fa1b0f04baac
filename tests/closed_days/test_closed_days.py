"""The company's own closed days: kept by administrators, heeded wherever days are counted."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from crm.closed_days.models import ClosedDay
from crm.closed_days.queries import workdays
from crm.extensions import db
from crm.home.week import strip
from crm.support.queries import working_hours
from crm.support.sla import due
from crm.timeline.models import Event
from crm.timeline.sentences import LINES

SUMMER = {
    "starts_on": "2026-08-12", "ends_on": "2026-08-14", "name": "夏季休業",
    "name_en": "Summer closing", "worked": "0",
}  # fmt: skip


@pytest.fixture
def admin(company, sign_in):
    return sign_in(company.admin)


def test_an_administrator_closes_a_range_and_opens_a_saturday(app, company, sign_in, admin):
    assert admin.post("/closed-days", data=SUMMER).status_code == 303
    saturday = {"starts_on": "2026-08-22", "name": "棚卸し出勤", "worked": "1"}
    assert admin.post("/closed-days", data=saturday).status_code == 303
    page = admin.get("/closed-days?year=2026").text
    assert "2026/08/12(水) ～ 2026/08/14(金)" in page
    assert "3日" in page
    assert "棚卸し出勤" in page
    seen = sign_in(company.engineer).get("/closed-days?year=2026").text
    assert "夏季休業" in seen
    assert "day-form" not in seen
    assert sign_in(company.manager).post("/closed-days", data=SUMMER).status_code == 403
    with app.app_context():
        assert workdays().is_business_day(date(2026, 8, 22))
        assert workdays().business_day_from(date(2026, 8, 12)) == date(2026, 8, 17)
        added = sa.select(Event.facts).where(Event.kind == "closed_day.added")
        facts = db.session.scalars(added.order_by(Event.id)).first()
        words = "休業日を登録：夏季休業 ・ 2026/08/12(水) ～ 2026/08/14(金)"
        with app.test_request_context(headers={"Accept-Language": "ja"}):
            assert LINES["closed_day.added"].title(facts) == words


@pytest.mark.parametrize(
    ("wrong", "field", "why"),
    [
        ({"ends_on": "2026-08-11"}, "ends_on", "終了日が開始日より前です。"),
        ({"ends_on": "2026-12-31"}, "ends_on", "一度に登録できるのは62日までです。"),
        ({"name": "  "}, "name", ""),
        ({"starts_on": "2026-02-30"}, "starts_on", ""),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_nothing_is_written(app, admin, wrong, field, why):
    answer = admin.post("/closed-days", data=SUMMER | wrong)
    assert answer.status_code == 422
    assert f'id="why-{field}"' in answer.text
    assert why in answer.text
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(ClosedDay)) == 0


def test_a_day_is_spoken_of_once_and_a_year_keeps_its_business_days(app, admin):
    admin.post("/closed-days", data=SUMMER)
    again = admin.post("/closed-days", data=SUMMER | {"starts_on": "2026-08-10"})
    assert again.status_code == 422
    assert "2026/08/12(水) はすでに登録されています。" in again.text
    two_months = SUMMER | {"starts_on": "2026-04-01", "ends_on": "2026-05-31"}
    refused = admin.post("/closed-days", data=two_months)
    assert "営業日が200日より少なくなります" in refused.text
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(ClosedDay)) == 3
        assert workdays().is_business_day(date(2026, 4, 1))


def test_next_year_takes_over_what_this_year_had_and_a_stretch_goes_at_once(app, admin):
    for year in ("2027", "1899", "99999"):
        assert admin.post("/closed-days/copies", data={"year": year}).status_code == 422
    admin.post("/closed-days", data=SUMMER)
    admin.post("/closed-days", data={"starts_on": "2026-08-22", "name": "出勤", "worked": "1"})
    assert admin.post("/closed-days/copies", data={"year": "2027"}).status_code == 303
    assert admin.post("/closed-days/copies", data={"year": "2027"}).status_code == 422
    with app.app_context():
        of_2027 = sa.select(ClosedDay.day, ClosedDay.id).where(ClosedDay.day >= date(2027, 1, 1))
        rows = db.session.execute(of_2027.order_by(ClosedDay.day)).all()
        assert [row.day.isoformat() for row in rows] == ["2027-08-12", "2027-08-13", "2027-08-14"]
    assert admin.post(f"/closed-days/{rows[1].id}/removal").status_code == 303
    assert "まだ登録されていません" in admin.get("/closed-days?year=2027").text
    assert "夏季休業" in admin.get("/closed-days?year=2026").text
    assert admin.get("/closed-days?year=0x10").status_code == 400


def test_programs_keep_the_days_too(api, company):
    admin = api(company.admin)
    made = admin.post("/closed-days", {"day": "2026-11-02", "name": "創立記念日"})
    assert made.status_code == 201, made.json
    assert (made.json["worked"], made.json["name_en"]) == (False, "")
    twice = admin.post("/closed-days", {"day": "2026-11-02", "name": "創立記念日"})
    assert (twice.status_code, list(twice.json["errors"])) == (409, ["day"])
    path = f"/closed-days/{made.json['id']}"
    changed = admin.patch(path, {"worked": True}, version=1).json
    assert (changed["worked"], changed["version"]) == (True, 2)
    admin.post("/closed-days", {"day": "2026-11-04", "name": "棚卸し"})
    assert admin.patch(path, {"day": "2026-11-04"}, version=2).status_code == 409
    found = api(company.rep).get("/closed-days?worked=true&sort=-day").json["items"]
    assert [one["day"] for one in found] == ["2026-11-02"]
    assert admin.delete(path, version=2).status_code == 204


def test_wherever_days_are_counted_the_companys_days_count(app, admin, company, api, sign_in):
    """Promises, the week of a rep, the calendar of visits and its refusals, next steps."""
    admin.post("/closed-days", data=SUMMER)
    admin.post("/closed-days", data={"starts_on": "2026-08-22", "name": "出勤", "worked": "1"})
    with app.app_context():
        hours = working_hours()
        late = datetime(2026, 8, 10, 8, 0, tzinfo=UTC)  # 17:00 in Tokyo, the day before 山の日
        assert due(hours, late, 2) == datetime(2026, 8, 17, 1, 0, tzinfo=UTC)
        weeks = strip(date(2026, 8, 17), [], workdays())
        assert [day.day.day for day in weeks[0]] == [17, 18, 19, 20, 21, 22]
        week = strip(date(2026, 8, 12), [], workdays())[0]
        assert [day.closed for day in week] == [False, True, True, True, True]
        assert week[2].holiday == "夏季休業"
    month = sign_in(company.engineer).get("/visits/calendar?month=2026-08").text
    assert month.count("夏季休業") == 3
    assert month.count("出勤") == 1


def test_business_days_cost_a_page_one_statement_and_only_now_and_then(app, statements):
    with app.app_context():
        del statements[:]
        for _turn in range(100):
            workdays()
        assert len([one for one in statements if "closed_days" in one]) == 1
