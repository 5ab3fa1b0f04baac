"""What ends as a calendar: the file as RFC 5545 wants it, and the secret address."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest

from crm.expiry.models import CalendarFeed
from crm.extensions import db
from crm.installed_base.models import ServiceContract, Unit
from crm.staff.models import Staff
from crm.text.content_lines import fold, text
from crm.text.icalendar import Event, calendar
from tests.expiry.conftest import month

STAMP = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)


def unfolded(content: bytes) -> list[str]:
    """The lines as a calendar program reads them."""
    return content.replace(b"\r\n ", b"").decode().split("\r\n")


def events(content: bytes) -> dict[str, dict[str, str]]:
    """UID → the properties of each event."""
    found: dict[str, dict[str, str]] = {}
    now: dict[str, str] = {}
    for line in unfolded(content):
        name, _colon, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            now = {}
        elif line == "END:VEVENT":
            assert now["UID"] not in found, now
            found[now["UID"]] = now
        else:
            now[name] = value
    return found


def test_a_long_line_is_cut_at_75_octets_and_never_inside_a_character():
    for words in ("契約満了" * 40, "a" * 74, "a" * 75, "a" * 76, "é契😀" * 30, "x" + "契" * 100):
        line = f"SUMMARY:{words}"
        folded = fold(line)
        pieces = folded.removesuffix(b"\r\n").split(b"\r\n")
        assert all(len(piece) <= 75 for piece in pieces)
        assert all(piece.startswith(b" ") for piece in pieces[1:])
        assert [piece.decode() for piece in pieces]
        assert folded.replace(b"\r\n ", b"").decode() == line + "\r\n"


def test_what_separates_is_escaped_and_what_controls_is_left_out():
    assert text("a;b,c\\d\r\ne\rf\x00g\x07\x7f") == "a\\;b\\,c\\\\d\\ne\\nfg"
    sly = Event("u", date(2027, 2, 28), "x\r\nEND:VEVENT\r\nBEGIN:VEVENT", alarm_days=7)
    written = calendar("n", [sly], STAMP).decode()
    assert written.count("\r\nBEGIN:VEVENT\r\n") == written.count("\r\nEND:VEVENT\r\n") == 1
    assert "DTSTART;VALUE=DATE:20270228\r\nDTEND;VALUE=DATE:20270301\r\n" in written
    assert "DTSTAMP:20261122T050000Z\r\n" in written and "TRIGGER:-P7D\r\n" in written
    assert written.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:")
    assert written.endswith("END:VCALENDAR\r\n") and "\n" not in written.replace("\r\n", "")


@pytest.fixture
def address(sign_in: Any, company: Any, base: Any) -> Any:
    """Make a person's address and give its query; asked again it is another one."""

    def make(who: int) -> str:
        page = sign_in(who).post("/settings/calendar")
        assert page.status_code == 200 and page.headers["Cache-Control"] == "no-store"
        found = re.search(r"/expiries\.ics\?key=([\w-]+)", page.get_data(as_text=True))
        assert found
        return f"/expiries.ics?key={found[1]}"

    return make


def test_the_calendar_of_a_person_follows_what_happens(app, company, base, address):
    reader = app.test_client()
    mine = address(company.rep)
    answer = reader.get(mine)
    assert answer.content_type == "text/calendar; charset=utf-8"
    before = events(answer.data)
    contract = f"contract-contract-{base.contracts['shared']}@engawa"
    assert before[contract]["DTSTART;VALUE=DATE"] == f"{month(1, 20):%Y%m%d}"
    assert "FIRST ほか1台" in before[contract]["SUMMARY"], "a contract ends once"
    again = f"re-lease-unit-{base.units['again']}@engawa"
    assert f"support-product-{base.old}-account-{base.account}@engawa" in before
    assert again in before and f"lease-unit-{base.units['leased']}@engawa" not in before
    assert f"budget-account-{base.account}@engawa" in before
    with app.app_context():
        db.session.get_one(ServiceContract, base.contracts["shared"]).ends_on = month(2, 20)
        db.session.get_one(Unit, base.units["warranty"]).status = "removed"
        db.session.commit()
    after = events(reader.get(mine).data)
    assert after[contract]["DTSTART;VALUE=DATE"] == f"{month(2, 20):%Y%m%d}", "the same, moved"
    assert before.keys() - after.keys() == {f"warranty-unit-{base.units['warranty']}@engawa"}


def test_a_calendar_can_be_of_the_team_an_account_or_a_unit(app, company, base, address, sign_in):
    colleague = address(company.colleague)
    reader = app.test_client()
    assert events(reader.get(colleague).data) == {}
    team = events(reader.get(colleague + "&scope=team").data)
    assert f"warranty-unit-{base.units['warranty']}@engawa" in team
    one = events(reader.get(f"{colleague}&unit_id={base.units['leased']}&alarm=14").data)
    assert set(one) == {f"lease-unit-{base.units['leased']}@engawa"}
    assert next(iter(one.values()))["TRIGGER"] == "-P14D"
    account = events(reader.get(f"{colleague}&account_id={base.other}").data)
    assert set(account) == set(one)
    assert reader.get(f"{colleague}&account_id=99999").status_code == 404
    assert reader.get(f"{colleague}&alarm=99").status_code == 422
    file = sign_in(company.clerk).get(f"/units/{base.units['leased']}/expiries.ics")
    assert set(events(file.data)) == set(one)
    assert sign_in(company.clerk).get("/units/9999/expiries.ics").status_code == 404


def test_an_address_ends_when_it_is_renewed_taken_back_or_its_person_left(
    app, company, address, sign_in
):
    reader = app.test_client()
    first = address(company.rep)
    second = address(company.rep)
    assert reader.get(first).status_code == 404 and reader.get(second).status_code == 200
    with app.app_context():
        kept = db.session.query(CalendarFeed).one()
        assert kept.token_hash not in second and len(kept.token_hash) == 64
        db.session.get_one(Staff, company.rep).active = False
        db.session.commit()
    assert reader.get(second).status_code == 404
    with app.app_context():
        db.session.get_one(Staff, company.rep).active = True
        db.session.commit()
    rep = sign_in(company.rep)
    assert "再発行" in rep.get("/settings/calendar").get_data(as_text=True)
    assert rep.post("/settings/calendar/revocation").status_code == 303
    assert reader.get(second).status_code == 404
    assert "まだ発行していません" in rep.get("/settings/calendar").get_data(as_text=True)
    for wrong in ("", "?key=", "?key=x", "?key=" + "a" * 43):
        assert reader.get("/expiries.ics" + wrong).status_code in (404, 422), wrong
