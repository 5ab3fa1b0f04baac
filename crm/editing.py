"""Forms read as the JSON of their schema, and two people's edits put together field by field.

A form that edits carries `version` and, for every field, `original_FIELD`: what it showed when it
was opened. A field that only one of the two touched is merged; one that both changed raises
EditConflict, and nothing anybody typed is lost.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any

import marshmallow as ma
from flask import make_response, render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from crm.errors import BadRequest, Conflict, EditConflict, Invalid
from crm.extensions import db
from crm.idempotency import Answered, recall, remember, unless_twin
from crm.look import day, number
from crm.rights import the_user
from crm.typed import Amount
from crm.web import flatten, go

OURS = ("csrf_token", "idempotency_key", "version", "only", "next")
ORIGINAL = "original_"
RACES = 5
"""How often a form is written anew when somebody else was faster by an instant."""
Form = MultiDict[str, str]
Fields = dict[str, Any]
Page = str | Response | tuple[str, int]
Editor = Callable[[], str]
"""Says who saved a record last; nobody, where that is not known."""


def from_form(schema: ma.Schema, form: Form, prefix: str = "") -> Fields:
    """The typed texts as values of the schema; what it does not know stays, to be refused."""
    read: Fields = {}
    for name in form:
        if name in OURS or name.startswith(ORIGINAL) != bool(prefix):
            continue
        plain = name.removeprefix(prefix)
        field = schema.fields.get(plain)
        read[plain] = _value(field, form.getlist(name)) if field else form[name]
    return read


def _value(field: ma.fields.Field[Any], typed: list[str]) -> Any:
    text = typed[-1].strip()
    if isinstance(field, ma.fields.List):
        return [_value(field.inner, [one]) for one in typed if one.strip()]
    if isinstance(field, ma.fields.Boolean):
        return text in ("1", "true", "on")
    if text == "" and (field.allow_none or not isinstance(field, ma.fields.String)):
        return None
    if isinstance(field, ma.fields.Integer):
        return _integer(text, isinstance(field, Amount))
    if isinstance(field, ma.fields.Date):
        return unicodedata.normalize("NFKC", text).replace("/", "-")
    return typed[-1]


def _integer(text: str, amount: bool) -> Any:
    """Of an amount, one below nothing and one too large are numbers too, to be refused as such."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "").replace("¥", "").removesuffix("円")
    sign = -1 if amount and plain[:1] in "-−△▲" else 1
    plain, most = plain[1:] if sign < 0 else plain, 100 if amount else 18
    return sign * int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= most else text


def load(schema: ma.Schema, form: Form) -> Fields:
    """Read and check a form. Raises Invalid with a reason for every wrong field."""
    try:
        loaded: Fields = schema.load(_without_empty(schema, from_form(schema, form)))
    except ma.ValidationError as error:
        raise Invalid(flatten({"form": error.messages})) from error
    return loaded


def _without_empty(schema: ma.Schema, fields: Fields) -> Fields:
    """An empty field of a new record is one that was not filled in."""
    if schema.partial:
        return fields
    return {
        name: value
        for name, value in fields.items()
        if value is not None or name not in schema.fields or schema.fields[name].allow_none
    }


def changes(record: Any, schema: ma.Schema, form: Form, by: Editor = str) -> Fields:
    """Which fields to write: what this form changed and nobody else did meanwhile.

    `by` says who saved last. Raises Invalid, BadRequest without a version, and EditConflict
    with field → (original, theirs, mine) where both changed the same field.
    """
    mine = load(schema, form)
    theirs = {name: getattr(record, name) for name in mine}
    if _version(form) == record.version:
        return {name: value for name, value in mine.items() if value != theirs[name]}
    originals = _originals(schema, form)
    mine = {name: value for name, value in mine.items() if value != originals.get(name, ...)}
    both = {
        name: (originals.get(name), theirs[name], value)
        for name, value in mine.items()
        if theirs[name] not in (value, originals.get(name, ...))
    }
    if both:
        raise EditConflict(both, by(), record.updated_at)
    return {name: value for name, value in mine.items() if value != theirs[name]}


def _version(form: Form) -> int:
    text = form.get("version", "")
    if not (text.isascii() and text.isdigit()):
        raise BadRequest(_("The form does not say which version it changes."), {"version": ["?"]})
    return int(text[:18])


def _originals(schema: ma.Schema, form: Form) -> Fields:
    read = from_form(schema, form, ORIGINAL)
    loaded: Fields = {}
    for name, value in read.items():
        try:
            loaded |= schema.load({name: value}, partial=True)
        except ma.ValidationError:
            loaded[name] = value
    return loaded


def shown(value: Any) -> str:
    """A value as a form field holds it."""
    if value is None:
        return ""
    return ("1" if value else "0") if isinstance(value, bool) else str(value)


def _spoken(value: Any) -> str:
    if value is None or value == "":
        return "―"
    if hasattr(value, "isoformat"):
        return day(value)
    return number(value) if isinstance(value, int) and abs(value) >= 10_000 else str(value)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a form shows: values as texts, what they were when it was opened, what is wrong."""

    values: Fields
    originals: dict[str, str] = dataclass_field(default_factory=dict)
    errors: dict[str, list[str]] = dataclass_field(default_factory=dict)
    version: str = ""
    key: str = ""

    def __getitem__(self, name: str) -> str:
        """The text of one field."""
        return str(self.values.get(name, ""))


def sheet_of(record: Any, names: Collection[str]) -> Sheet:
    """The form of a record as it stands."""
    values = {name: shown(getattr(record, name)) for name in names}
    return Sheet(values, dict(values), version=str(record.version))


def sheet_typed(form: Form, errors: dict[str, list[str]]) -> Sheet:
    """The form as it was typed, with what is wrong; nothing typed is lost."""
    return Sheet(
        {name: typed[-1] for name, typed in form.lists()},
        {n.removeprefix(ORIGINAL): v for n, v in form.items() if n.startswith(ORIGINAL)},
        errors, form.get("version", ""), form.get("idempotency_key", ""),
    )  # fmt: skip


def attempt(effect: Callable[[], Any]) -> tuple[Any, dict[str, list[str]]]:
    """Do it; what is refused in words comes back as errors of the form, and nothing is written."""
    try:
        return effect(), {}
    except (Invalid, Conflict) as error:
        db.session.rollback()
        return None, error.errors or {"_schema": [error.detail]}


def created(
    effect: Callable[[], Any], location: Callable[[Any], str], again: Callable[[Sheet], str]
) -> Page:
    """Make a record once per form and commit, as an edge does; a refused form comes back typed."""
    user_id = the_user().id
    known = recall(user_id)
    if known is not None:
        return go(known.location)
    try:
        made, errors = attempt(lambda: unless_twin(user_id, effect))
        if made is None:
            return again(sheet_typed(request.form, errors)), 422
        target = location(made)
        remember(user_id, 303, target, {"id": made.id})
    except Answered as twin:
        return go(twin.known.location)
    db.session.commit()
    return go(target)


def saved(
    effect: Callable[[], Any], again: Callable[[Sheet], str], record: Any, target: str,
    labels: Mapping[str, Any], say: Callable[[str, Any], str] | None = None,
) -> Page:  # fmt: skip
    """Save a form and commit; two people's changes are put together or shown side by side."""
    try:
        errors = _written(effect)
    except EditConflict as clash:
        return conflict_page(clash, record, request.form, labels, target, say)
    if errors:
        return again(sheet_typed(request.form, errors)), 422
    return go(target)


def _written(effect: Callable[[], Any]) -> dict[str, list[str]]:
    """Do it and commit; returns what is wrong with the form. Who saves in the same instant as
    somebody else does it again, on what that one wrote."""
    for turn in range(RACES):
        try:
            _done, errors = attempt(effect)
            if not errors:
                db.session.commit()
            return errors
        except StaleDataError:
            db.session.rollback()
            if turn + 1 == RACES:
                raise
    return {}


def conflict_page(
    clash: EditConflict, record: Any, form: Form, labels: Mapping[str, Any], address: str,
    say: Callable[[str, Any], str] | None = None,
) -> Response:  # fmt: skip
    """The page on which the second of two people chooses, field by field; answered with 409.

    `labels` names the fields, `say` words the value of a field (the name behind a key).
    """
    tell = say or (lambda _name, value: _spoken(value))
    rows = [
        {
            "name": name, "label": labels.get(name, name), "original": tell(name, told[0]),
            "theirs": tell(name, told[1]), "mine": tell(name, told[2]),
            "theirs_value": shown(told[1]), "mine_value": shown(told[2]),
        }
        for name, told in clash.fields.items()
    ]  # fmt: skip
    merged = [
        name for name in labels
        if f"{ORIGINAL}{name}" in form and name not in clash.fields and hasattr(record, name)
        and shown(getattr(record, name)) != form[f"{ORIGINAL}{name}"]
    ]  # fmt: skip
    in_place = bool(request.headers.get("HX-Request"))
    page = render_template(
        "states/conflict.html" if in_place else "states/conflict_page.html", at=clash.at,
        who="" if clash.by == getattr(the_user(), "name", "") else clash.by, action=request.path,
        version=record.version, fields=rows, kept=_kept(clash, record, form), merged=len(merged),
        record_url=address,
    )  # fmt: skip
    response = make_response(page, 409)
    if in_place:
        response.headers["HX-Retarget"] = "#dialog"
        response.headers["HX-Reswap"] = "innerHTML"
    return response


def _kept(clash: EditConflict, record: Any, form: Form) -> Fields:
    """What the choosing form sends along: the other changes of this person, and what stands now.

    A field that is not the record's own (an attribute of a unit) goes along as it was opened.
    """
    kept: Fields = {}
    for name in form:
        if name in OURS or name.startswith(ORIGINAL):
            continue
        if hasattr(record, name):
            kept[f"{ORIGINAL}{name}"] = shown(getattr(record, name))
        elif f"{ORIGINAL}{name}" in form:
            was = form[f"{ORIGINAL}{name}"]
            kept[f"{ORIGINAL}{name}"] = shown(clash.fields.get(name, (was, was))[1])
        else:
            continue
        typed = form.getlist(name)[-1]
        if name not in clash.fields and typed != form.get(f"{ORIGINAL}{name}"):
            kept[name] = typed
    return kept
