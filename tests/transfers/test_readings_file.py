"""Readings and errors come in from files; what cannot be taken is listed with line and reason."""

from __future__ import annotations

import io

import pytest
import sqlalchemy as sa

from crm.extensions import db
from crm.outbox.models import Message
from crm.readings.models import Meter, Reading
from crm.timeline.models import Event
from crm.transfers import jobs, run_actions
from crm.transfers.run_models import ImportRun
from crm.transfers.undoing import parts_back
from tests.transfers.samples import FOLDERS

EXPECTED = {
    "sample": {"windows": 4, "readings": 15, "meters": 8, "errors": 3},
    "real": {"windows": None, "readings": None, "meters": None, "errors": 3_919},
}


@pytest.fixture
def machines(take, data):
    take("units", data / "machines" / "PdM_machines.csv")
    return data / "machines"


@pytest.mark.parametrize(("data", "place"), FOLDERS, indirect=["data"])
def test_windows_become_readings_and_errors_lines_of_the_history(
    place, take, count, fingerprint, machines, tmp_path
):
    lines = (machines / "PdM_telemetry_windows.csv").read_text().splitlines(keepends=True)
    some = tmp_path / "windows.csv"
    some.write_text("".join(lines[:1_501]))
    windows = take("readings", some)
    errors = take("errors", machines / "PdM_errors.csv")
    assert (windows.refused, errors.refused) == ([], [])
    assert windows.new == windows.rows
    assert errors.new == EXPECTED[place]["errors"]
    assert count(Event, Event.kind == "unit.error_reported") == errors.new
    if place == "sample":
        assert windows.rows == EXPECTED[place]["windows"]
        assert count(Reading) == EXPECTED[place]["readings"]
        assert count(Meter) == EXPECTED[place]["meters"]
    else:
        assert count(Reading) == 4 * windows.rows
    assert count(Message) == 0
    before = fingerprint()
    assert take("readings", some).same == windows.rows
    assert take("errors", machines / "PdM_errors.csv").same == errors.rows
    assert fingerprint() == before


def test_rows_that_cannot_be_taken_are_listed_with_line_and_reason(take, count, machines, tmp_path):
    take("readings", machines / "PdM_telemetry_windows.csv")
    meters = count(Meter)
    table = tmp_path / "hours.csv"
    table.write_text(
        "unit,meter,at,value,kind,measure\n"
        "M-1,運転時間,2016-01-01 09:00,100,counter,h\n"
        "M-1,運転時間,2016-01-03 09:00,90,counter,h\n"
        'M-1,運転時間,2016-01-02 09:00,"1,00x",counter,h\n'
        "M-9,運転時間,2016-01-02 09:00,120,counter,h\n"
        "M-2,枚数,2016-01-02 09:00,120,,\n"
        "M-1,運転時間,2016-01-01 09:00,101,counter,h\n"
        "M-1,運転時間,2016-01-04 09:00,,counter,h\n"
        "M-1,運転時間,2016-01-05 09:00,130,counter,h\n"
    )
    outcome = take("readings", table)
    assert (outcome.new, outcome.same, outcome.rows) == (2, 0, 8)
    assert [one.line for one in outcome.refused] == [3, 4, 5, 6, 7, 8]
    assert all(one.reason for one in outcome.refused)
    assert "100 h" in outcome.refused[0].reason
    assert count(Meter) == meters + 1
    assert take("readings", table).same == 2


def test_a_file_is_taken_on_the_page_and_tried_before(
    company, sign_in, count, machines, take, tmp_path
):
    browser = sign_in(company.engineer)
    assert browser.get("/imports/readings").status_code == 200
    text = "unit,meter,at,value,kind\nM-1,枚数,2016-01-01 09:00,5,counter\nM-7,枚数,2016-01-01,5,\n"

    def send(**more: str):
        file = (io.BytesIO(text.encode("cp932")), "枚数.csv")
        return browser.post("/imports/readings", data={"file": file} | more)

    trial = send(trial="1")
    assert trial.status_code == 200, trial.text
    assert "M-7" in trial.text
    assert count(Reading) == 0
    assert send().status_code == 200
    assert count(Reading, Reading.source == "csv", Reading.by_id == company.engineer) == 1
    assert send(mapping="nonsense").status_code == 422
    assert browser.post("/imports/readings", data={}).status_code == 422
    broken = {"file": (io.BytesIO(b"a,b\n1,2\n"), "x.csv")}
    refused = browser.post("/imports/readings", data=broken)
    assert refused.status_code == 422
    assert "unit" in refused.text


def test_a_mapping_that_puts_several_records_into_a_row_of_units_is_refused(take, tmp_path):
    mapping = tmp_path / "odd.toml"
    mapping.write_text(
        'kind = "tickets"\nsource = "x"\nkey = "{n}"\n[fields]\nsubject = "n"\nopened_at = "n"\n'
        '[[each]]\nvoice = "n"\n'
    )
    table = tmp_path / "t.csv"
    table.write_text("n\n1\n")
    with pytest.raises(Exception, match="each"):
        take("tickets", table, str(mapping))


def test_what_a_file_told_of_units_goes_with_it_when_it_is_taken_back(
    app, company, take, count, machines, tmp_path
):
    before = count(Event)
    take("readings", machines / "PdM_telemetry_windows.csv")
    table = tmp_path / "terms.csv"
    table.write_text("機番,保証種別,保証開始日,保証終了日\nM-1,自社,2026/4/1,2027/3/31\n")
    assert take("warranties", table).new == 1
    assert count(Event, Event.kind.in_(("unit.metered", "warranty.imported"))) > 1
    with app.app_context():
        for run in db.session.scalars(sa.select(ImportRun).where(ImportRun.kind != "units")).all():
            run_actions.start_undo(run, company.manager)
            jobs.through(parts_back(run.id), lambda _run: None)
            db.session.refresh(run)
            assert (run.state, run.kept_count) == ("undone", 0)
    assert (count(Reading), count(Meter)) == (0, 0)
    assert count(Event, Event.kind.not_like("import.%")) == before
