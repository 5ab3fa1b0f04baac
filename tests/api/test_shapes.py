"""Shapes of values, as the document shows them and the program takes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import jsonschema_rs
import marshmallow as ma
import pytest
from flask import Flask

from crm.typed import Shape, Whole
from crm.web import flatten
from tests.people import Company

pytestmark = pytest.mark.once


def _patterns(told: Any) -> Iterator[str]:
    if isinstance(told, dict):
        if isinstance(told.get("pattern"), str):
            yield told["pattern"]
        for one in told.values():
            yield from _patterns(one)
    elif isinstance(told, list):
        for one in told:
            yield from _patterns(one)


def test_every_pattern_is_one_that_any_program_can_read(app: Flask) -> None:
    patterns = set(_patterns(app.test_client().get("/api/v1/openapi.json").json))
    assert len(patterns) > 5
    for pattern in patterns:
        jsonschema_rs.Draft202012Validator({"type": "string", "pattern": pattern})


def test_no_line_end_slips_past_the_end_of_a_shape() -> None:
    shape = Shape("^[0-9]{2}:[0-9]{2}$")
    assert shape("09:30") == "09:30"
    for wrong in ("09:30\n", "x09:30", "09:300", ""):
        with pytest.raises(ma.ValidationError):
            shape(wrong)


def test_digits_are_a_whole_number_and_a_fraction_is_none() -> None:
    whole = Whole()
    assert (whole.deserialize("7"), whole.deserialize(7), whole.deserialize(7.0)) == (7, 7, 7)
    for wrong in (7.5, "7.5", "seven", float("inf"), float("nan")):
        with pytest.raises(ma.ValidationError):
            whole.deserialize(wrong)


def test_the_file_of_an_import_is_named_in_a_form_and_in_json(
    app: Flask, company: Company, api: Callable[..., Any]
) -> None:
    """A form knows only texts; a fraction leads to no file, not to the one before it."""
    admin = api(company.admin)
    headers = {"Authorization": f"Bearer {admin.token}"}
    missing = ["その記録がないか、ご覧になる権限がありません。"]
    typed = admin.client.post(
        "/api/v1/imports",
        data={"kind": "accounts", "file_id": "7"},
        headers=headers,
        content_type="multipart/form-data",
    )
    assert (typed.status_code, typed.json["errors"]) == (422, {"file_id": missing})
    sent = admin.post("/imports", {"kind": "accounts", "file_id": 7})
    assert sent.json["errors"] == {"file_id": missing}
    for wrong in (7.5, "7.5"):
        refused = admin.post("/imports", {"kind": "accounts", "file_id": wrong})
        assert refused.status_code == 422
        assert refused.json["errors"].keys() == {"file_id"}
        assert refused.json["errors"]["file_id"] != missing


def test_a_field_may_be_called_as_the_place_where_it_was_sent() -> None:
    assert flatten({"json": {"query": ["Not text."], "_schema": ["Odd."]}}).keys() == {
        "query", "body",
    }  # fmt: skip
    assert flatten({"query": {"limit": ["Too large."]}}).keys() == {"limit"}
    assert flatten({"json": {"lines": {0: {"form": ["Gone."]}}}}).keys() == {"lines.0.form"}
