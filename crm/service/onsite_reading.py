"""The engineer's form read as texts, and its record as it stands, so that both can be merged.

Times are minutes of the company's clock and rows one text each (see onsite_rows), on both sides:
what two people changed is then compared as texts, field by field, by crm/editing.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from werkzeug.datastructures import MultiDict

from crm.editing import ORIGINAL
from crm.installed_base.models import WorkOrder
from crm.service import onsite_rows, queries
from crm.service.instants import typed
from crm.service.onsite_schemas import CheckRow, PartRow

Form = MultiDict[str, str]
MINUTES = ("arrived_at", "finished_at", "down_from", "down_until")
TEXTS = (
    "symptom_code", "symptom", "cause_code", "cause", "action_code", "action", "substitute",
    "customer_notice",
)  # fmt: skip
NUMBERS = ("labour_minutes", "travel_km")
ROWS = {"parts": tuple(PartRow().fields), "checks": tuple(CheckRow().fields)}
"""Rows → their fields; in the form they are called parts.name and so on, once for every row."""
NAMES = (*MINUTES, *TEXTS, *NUMBERS, *ROWS)
USUAL = {"quantity": "1", "unit_price": "0"}
"""What an otherwise empty row may hold."""


class Onsite:
    """What the form shows of a work order. `version` changes with any of it, rows included."""

    updated_at: datetime

    def __init__(self, work: WorkOrder) -> None:
        self.id, self.updated_at = work.id, work.updated_at
        self.values: dict[str, Any] = {name: typed(getattr(work, name)) or None for name in MINUTES}
        self.values |= {name: getattr(work, name) or "" for name in TEXTS}
        self.values |= {name: getattr(work, name) for name in NUMBERS}
        self.values["parts"] = _text(queries.parts_of(work.id), ROWS["parts"])
        self.values["checks"] = _text(queries.checks_of(work.id), ROWS["checks"])
        digest = hashlib.sha256(repr(sorted(self.values.items())).encode()).hexdigest()
        self.version = int(digest[:12], 16)

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["values"][name]
        except KeyError as error:
            raise AttributeError(name) from error


def _text(records: Sequence[Any], names: tuple[str, ...]) -> str:
    return onsite_rows.written({name: getattr(one, name) for name in names} for one in records)


def composed(form: Form, stands: Onsite) -> Form:
    """The form with its rows as texts, those of the office put in where nobody is contradicted."""
    plain = Form((name, value) for name, value in form.items(multi=True) if "." not in name)
    for name, fields in ROWS.items():
        if f"{name}.id" in form:
            plain[name] = onsite_rows.written(_rows(form, name, fields))
        if name in plain and ORIGINAL + name in plain:
            _join(plain, name, stands.values[name])
    return plain


def _rows(form: Form, name: str, fields: tuple[str, ...]) -> list[onsite_rows.Row]:
    columns = {field: form.getlist(f"{name}.{field}") for field in fields}
    rows = []
    for place in range(len(columns["id"])):
        typed_in = {
            field: texts[place].strip() if place < len(texts) else ""
            for field, texts in columns.items()
        }
        told = {f: text for f, text in typed_in.items() if text and text != USUAL.get(f)}
        if told.keys() - {"id", "product_id", "chargeable", "passed"}:
            rows.append({field: _value(field, text) for field, text in typed_in.items()})
    return rows


def _value(field: str, text: str) -> Any:
    if field in ("chargeable", "passed"):
        return {"1": True, "0": False}.get(text)
    if field in ("id", "product_id", "quantity", "unit_price"):
        digits = unicodedata.normalize("NFKC", text or USUAL.get(field, "")).replace(",", "")
        plain = digits.isascii() and digits.isdigit() and len(digits) < 19
        return int(digits) if plain else digits or None
    return text


def _join(form: Form, name: str, theirs: str) -> None:
    try:
        merged = onsite_rows.merge(form[ORIGINAL + name], theirs, form[name])
    except ValueError:
        return
    if merged is not None:
        form[name], form[ORIGINAL + name] = merged, theirs
