"""Two people in one form: what is merged, what is asked, and that nothing typed is lost."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace

import marshmallow as ma
import pytest
from werkzeug.datastructures import MultiDict

from crm.editing import changes, from_form, load, sheet_of, sheet_typed
from crm.errors import BadRequest, EditConflict, Invalid
from crm.typed import amount, day, flag, key, line


class PersonSchema(ma.Schema):
    name = line(20, required=True)
    town = line(20)
    budget = amount(allow_none=True)
    seen_on = day(allow_none=True)
    friend_ids = ma.fields.List(key())
    vip = flag()


def person(version: int = 2, **values: object) -> SimpleNamespace:
    stands = {
        "name": "鈴木", "town": "川崎", "budget": 100, "seen_on": date(2026, 4, 1),
        "friend_ids": [], "vip": False,
    }  # fmt: skip
    return SimpleNamespace(**stands | values, version=version, updated_at=datetime.now(UTC))


def sent(version: int, originals: dict[str, str], **typed: str) -> MultiDict[str, str]:
    old = {f"original_{name}": value for name, value in originals.items()}
    return MultiDict({"version": str(version), "csrf_token": "x", **old, **typed})


SCHEMA = PersonSchema(partial=True)


def test_what_people_type_is_read_as_the_schema_wants_it():
    form = MultiDict(
        [
            ("budget", "１，２３４，０００"), ("seen_on", "2026/11/21"), ("vip", "0"), ("vip", "1"),
            ("friend_ids", ""), ("friend_ids", "7"), ("csrf_token", "x"), ("version", "1"),
        ]
    )  # fmt: skip
    assert from_form(SCHEMA, form) == {
        "budget": 1_234_000, "seen_on": "2026-11-21", "vip": True, "friend_ids": [7],
    }  # fmt: skip
    assert from_form(SCHEMA, MultiDict({"budget": "¥20,000円"}))["budget"] == 20_000
    assert from_form(SCHEMA, MultiDict({"budget": " "}))["budget"] is None


def test_a_wrong_or_unknown_field_is_named():
    with pytest.raises(Invalid) as refused:
        load(PersonSchema(), MultiDict({"name": "", "budget": "much", "secret": "1"}))
    assert set(refused.value.errors) == {"name", "budget", "secret"}


def test_only_what_was_changed_is_written():
    form = sent(2, {}, name="鈴木", town="横浜", budget="100")
    assert changes(person(), SCHEMA, form) == {"town": "横浜"}


def test_changes_of_two_people_to_different_fields_are_put_together():
    stands = person(version=3, town="横浜")
    form = sent(2, {"town": "川崎", "budget": "100"}, town="川崎", budget="200")
    assert changes(stands, SCHEMA, form) == {"budget": 200}


def test_two_people_who_typed_the_same_do_not_collide():
    form = sent(2, {"town": "川崎"}, town="横浜")
    assert changes(person(version=3, town="横浜"), SCHEMA, form) == {}


def test_a_field_that_both_changed_is_shown_three_times():
    form = sent(2, {"town": "川崎", "budget": "100"}, town="厚木", budget="200")
    with pytest.raises(EditConflict) as clash:
        changes(person(version=3, town="横浜"), SCHEMA, form, by=lambda: "佐藤")
    assert clash.value.fields == {"town": ("川崎", "横浜", "厚木")}
    assert clash.value.by == "佐藤"


def test_an_old_form_without_originals_asks_before_it_overwrites():
    with pytest.raises(EditConflict):
        changes(person(version=3, town="横浜"), SCHEMA, sent(2, {}, town="厚木"))


def test_a_form_without_its_version_is_refused():
    with pytest.raises(BadRequest):
        changes(person(), SCHEMA, MultiDict({"town": "厚木"}))


def test_a_refused_form_comes_back_as_it_was_typed():
    sheet = sheet_of(person(), ("town", "budget", "vip"))
    assert (sheet["budget"], sheet["vip"], sheet.version) == ("100", "0", "2")
    form = sent(2, sheet.originals, town="厚木", budget="much")
    again = sheet_typed(form, {"budget": ["?"]})
    assert (again["town"], again["budget"], again.originals["town"]) == ("厚木", "much", "川崎")
