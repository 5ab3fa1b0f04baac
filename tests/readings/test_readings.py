"""What meters say is taken, refused in words, corrected, and never rewritten."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from crm.extensions import db
from crm.readings.models import Reading
from crm.timeline.models import Event


def values(app, meter: int) -> list[tuple[str | None, str, int]]:
    """Value, offset and revision of every row of a meter, in the order they were written."""
    with app.app_context():
        rows = db.session.scalars(
            sa.select(Reading).where(Reading.meter_id == meter).order_by(Reading.id)
        )
        return [(None if r.value is None else f"{r.value:f}", f"{r.offset:f}", r.revision)
                for r in rows]  # fmt: skip


def test_an_engineer_notes_a_reading_and_everybody_sees_it(api, company, plant, read, note):
    made = note(1, "8,412")
    assert made.status_code == 201, made.json
    assert (made.json["value"], made.json["total"]) == ("8412", "8412")
    assert made.json["source"] == "api"
    newest = api(company.rep).get(f"/accounts/{plant.account}/timeline").json["items"][0]
    assert newest["text"].startswith("検針：LX-210 A93-20417")
    listed = api(company.rep).get(f"/readings?meter_id={read.hours}").json["items"]
    assert [one["value"] for one in listed] == ["8412"]
    assert api(company.rep).get(f"/readings/{made.json['id']}").json == listed[0]


def test_a_counter_never_runs_backwards_unless_it_was_reset(app, read, note):
    assert note(9, 8_412).status_code == 201
    refused = note(5, 8_000)
    assert refused.status_code == 422
    assert list(refused.json["errors"]) == ["value"]
    assert "8,412 h" in refused.json["errors"]["value"][0]
    assert note(4, 12, reset=True).json["total"] == "8424"
    assert note(3, 100).json["total"] == "8512"
    assert note(2, 99).status_code == 422
    assert [one[1] for one in values(app, read.hours)][:3] == [
        "0", "8412", "8412",
    ]  # fmt: skip


def test_a_late_reading_fits_between_its_neighbours(app, read, note):
    note(10, 100)
    note(2, 200)
    assert note(6, 250).json["errors"]["value"][0].count("200 h") == 1
    assert note(6, 50).status_code == 422
    assert note(6, 150).status_code == 201
    assert note(1, 0, reset=True).status_code == 201
    assert "reset" in note(3, 5, reset=True).json["errors"]
    assert note(1.5, 210).status_code == 422
    assert note(12, 90).status_code == 201
    assert len(values(app, read.hours)) == 5


def test_a_gauge_goes_both_ways_and_keeps_its_decimals_exactly(app, read, note):
    assert note(3, "1.07", read.pressure).status_code == 201
    assert note(2, 0.9, read.pressure).status_code == 201
    assert note(1, -0.25, read.pressure).json["value"] == "-0.25"
    assert list(note(0.5, "1.001", read.pressure).json["errors"]) == ["value"]
    assert list(note(0.5, 1, read.pressure, reset=True).json["errors"]) == ["reset"]
    assert values(app, read.pressure)[0][0] == "1.07"


def test_the_same_reading_twice_is_one_and_another_value_is_refused(app, read, note):
    first, again = note(1, 500), note(1, 500)
    assert first.json["id"] == again.json["id"]
    clash = note(1, 501)
    assert clash.status_code == 422
    assert "500 h" in clash.json["errors"]["value"][0]
    assert values(app, read.hours) == [("500", "0", 0)]
    with app.app_context():
        metered = sa.select(sa.func.count()).where(Event.kind == "unit.metered")
        assert db.session.scalar(metered) == 1


@pytest.mark.parametrize(
    ("field", "body"),
    [
        ("value", {"value": "viele"}), ("value", {"value": -1}), ("value", {}),
        ("value", {"value": 10**13}), ("value", {"value": "NaN"}), ("value", {"value": True}),
        ("at", {"value": 1, "at": "2999-01-01T00:00:00+00:00"}),
        ("at", {"value": 1, "at": "2026-01-01T00:00:00"}),
        ("meter", {"value": 1, "meter": "ない"}), ("meter_id", {"value": 1, "meter_id": 99}),
        ("meter", {"value": 1}), ("depth", {"value": 1, "meter": "運転時間", "depth": 2}),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_name(app, api, company, read, field, body):
    if field in ("value", "at") or "depth" in body:
        body = {"meter": "運転時間"} | body
    answer = api(company.engineer).post(f"/units/{read.unit}/readings", body)
    assert answer.status_code == 422, answer.json
    assert list(answer.json["errors"]) == [field]
    assert values(app, read.hours) == []


def test_a_correction_keeps_both_rows_and_the_chain_holds(app, api, company, read, note):
    note(9, 100)
    wrong = note(6, 800).json["id"]
    assert note(3, 220).status_code == 422
    engineer = api(company.engineer)
    told = engineer.post(f"/readings/{wrong}/correction", {"value": 180})
    assert told.json["errors"].keys() == {"reason"}
    below = engineer.post(f"/readings/{wrong}/correction", {"value": 90, "reason": "桁違い"})
    assert below.json["errors"].keys() == {"value"}
    done = engineer.post(f"/readings/{wrong}/correction", {"value": 180, "reason": "桁違い"})
    assert (done.status_code, done.json["revision"]) == (201, 1)
    again = engineer.post(f"/readings/{wrong}/correction", {"value": 190, "reason": "桁違い"})
    assert again.status_code == 409
    assert note(3, 220).status_code == 201
    back = engineer.post(f"/readings/{done.json['id']}/correction", {"reason": "別の機器"})
    assert (back.status_code, back.json["value"]) == (201, None)
    assert [(one[0], one[2]) for one in values(app, read.hours)] == [
        ("100", 0), ("800", 0), ("180", 1), ("220", 0), (None, 2),
    ]  # fmt: skip
    assert (note(6, 150).json["revision"], note(6, 150).status_code) == (3, 201)


def test_what_a_reset_counted_on_from_is_not_taken_back(api, company, note):
    before = note(5, 700).json["id"]
    turned = note(3, 0, reset=True).json["id"]
    note(2, 40)
    engineer = api(company.engineer)
    for key in (before, turned):
        answer = engineer.post(f"/readings/{key}/correction", {"reason": "誤り"})
        assert answer.json["errors"].keys() == {"value"}, answer.json
    assert engineer.post(
        f"/readings/{turned}/correction", {"value": 5, "reason": "誤り"}
    ).json["total"] == "705"  # fmt: skip


def test_many_readings_get_a_verdict_each_with_few_statements(
    app, api, company, read, ago, statements
):
    lines = [{"meter_id": read.hours, "at": ago(400 - n / 10), "value": n} for n in range(2_000)]
    lines += [
        {"unit_id": read.unit, "meter": "圧力", "at": ago(1), "value": "0.31"},
        {"meter_id": read.hours, "at": ago(0.5), "value": 7},
        {"meter_id": 999, "at": ago(1), "value": 7}, {"meter_id": read.hours},
        {"at": ago(1), "value": 7}, {"meter_id": read.hours, "at": ago(400), "value": 0},
    ]  # fmt: skip
    engineer = api(company.engineer)
    statements.clear()
    done = engineer.post("/readings", {"readings": lines}, Idempotency_Key="night-1")
    assert done.status_code == 200, done.json
    assert len(statements) < 40
    counts = {word: done.json[word] for word in ("taken", "same", "refused")}
    assert counts == {"taken": 2_001, "same": 1, "refused": 4}
    assert [one["line"] for one in done.json["lines"]] == list(range(1, 2_007))
    wrong = {one["line"]: list(one["errors"]) for one in done.json["lines"] if "errors" in one}
    assert wrong == {
        2002: ["value"], 2003: ["meter_id"], 2004: ["value"], 2005: ["meter_id"],
    }  # fmt: skip
    again = engineer.post("/readings", {"readings": lines}, Idempotency_Key="night-1")
    assert again.headers["Idempotent-Replay"] == "true"
    repeated = engineer.post("/readings", {"readings": lines}).json
    assert (repeated["taken"], repeated["same"]) == (0, 2_002)
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(Reading.id))) == 2_001
        told = sa.select(Event.facts).where(Event.kind == "unit.metered")
        assert [one["readings"] for one in db.session.scalars(told)] == [2_001]


def test_a_file_of_too_many_readings_is_refused_whole(app, api, company, read, ago):
    lines = [{"meter_id": read.hours, "at": ago(1), "value": 1}] * 10_001
    answer = api(company.engineer).post("/readings", {"readings": lines})
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["readings"])
    assert values(app, read.hours) == []


def test_a_meter_that_was_read_stays_what_it_is(api, company, read, note):
    engineer, path = api(company.engineer), f"/meters/{read.pressure}"
    assert engineer.patch(path, {"name": "元圧", "kind": "counter"}, 1).status_code == 200
    assert engineer.patch(path, {"name": "運転時間"}, 2).json["errors"].keys() == {"name"}
    assert engineer.patch(path, {"rated_limit": 0}, 2).json["errors"].keys() == {"rated_limit"}
    note(1, 0, read.pressure)
    assert engineer.patch(path, {"kind": "gauge"}, 2).json["errors"].keys() == {"kind"}
    assert engineer.patch(path, {"decimals": 0}, 2).json["errors"].keys() == {"decimals"}
    assert api(company.manager).delete(path, 2).status_code == 409
    assert api(company.manager).delete(f"/meters/{read.hours}", 1).status_code == 204
