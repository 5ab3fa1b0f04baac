"""Custom fields in forms: typed, looked up, put together when two people saved, drawn again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import marshmallow as ma
from flask import render_template
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from crm.attributes import values
from crm.attributes.asking import asked_of_record, asker, visible
from crm.attributes.kinds import STAFF
from crm.attributes.models import AttributeDefinition
from crm.attributes.naming import candidates, colleagues, names_of
from crm.attributes.reading import label
from crm.attributes.values import PREFIX
from crm.editing import ORIGINAL, Editor, Fields, Form, Sheet, changes, load
from crm.editing import shown as as_text
from crm.errors import BadRequest, EditConflict, Invalid
from crm.rights import the_user
from crm.text.normal import clean

FIND = "find-attr-"
"""What is typed to look for the record that a reference names."""
Definitions = Sequence[AttributeDefinition]
Say = Callable[[str, Any], str]


def new_fields(schema: ma.Schema, form: Form, asked: Definitions) -> Fields:
    """The form of a new record read (`crm.editing.load`), its custom fields in `attributes`."""
    kept, typed = _split(form, asked)
    return load(schema, kept) | {"attributes": typed}


def typed_in(form: Form, asked: Definitions) -> dict[str, Any]:
    """The custom fields of a form that were changed in it, as typed."""
    return _split(form, asked)[1]


def changed_fields(record: Any, schema: ma.Schema, form: Form, by: Editor = str) -> Fields:
    """What a form changed (`crm.editing.changes`), its custom fields in `attributes` if any did.

    Raises EditConflict over the fields of both kinds that somebody else changed as well.
    """
    return changed_beside(record, record, schema, form, by)


def changed_beside(
    stands: Any, record: Any, schema: ma.Schema, form: Form, by: Editor = str
) -> Fields:  # fmt: skip
    """The same, where the form shows a record as it `stands` in another shape."""
    asked = asked_of_record(record) if any(PREFIX in name for name in form) else ()
    kept, typed = _split(form, asked)
    both = _clashes(record, form)
    try:
        fields = changes(stands, schema, kept, by)
    except EditConflict as clash:
        raise EditConflict(clash.fields | both, clash.by, record.updated_at) from clash
    if both:
        raise EditConflict(both, by(), record.updated_at)
    return fields | ({"attributes": typed} if typed else {})


def _split(form: Form, asked: Definitions) -> tuple[Form, dict[str, Any]]:
    """A form without its custom fields, and those that were changed in it, as typed."""
    kept: Form = MultiDict()
    typed: dict[str, Any] = {}
    for name, some in form.lists():
        if name.startswith((FIND, ORIGINAL + PREFIX)):
            continue
        if not name.startswith(PREFIX):
            kept.setlist(name, some)
        elif some[-1] != form.get(ORIGINAL + name, ""):
            typed[name.removeprefix(PREFIX)] = some[-1]
    return kept, typed | _looked_up(form, asked, typed)


def _looked_up(form: Form, asked: Definitions, typed: Mapping[str, Any]) -> dict[str, Any]:
    """References that were typed by name and not chosen. Raises Invalid unless one is found."""
    found: dict[str, Any] = {}
    errors: dict[str, list[str]] = {}
    for one in asked:
        words = form.get(FIND + one.key, "")
        if one.kind != "reference" or one.key in typed or not clean(words):
            continue
        hits = candidates(one, words, the_user())
        if len(hits) == 1:
            found[one.key] = str(hits[0][0])
        else:
            why = _("Choose one of these.") if hits else _("Nothing is called that.")
            errors[f"attributes.{one.key}"] = [why]
    if errors:
        raise Invalid(errors)
    return found


def _clashes(record: Any, form: Form) -> dict[str, tuple[str, str, str]]:
    """Custom fields that this form and somebody else changed: field → (original, theirs, mine)."""
    held = record.attributes or {}
    found: dict[str, tuple[str, str, str]] = {}
    for name, value in form.items():
        was = form.get(ORIGINAL + name)
        if name.startswith(PREFIX) and was is not None and value != was:
            theirs = as_text(held.get(name.removeprefix(PREFIX)))
            if theirs not in (was, value):
                found[name] = was, theirs, value
    return found


def labels_of(record: Any) -> dict[str, str]:
    """Field of the form → what it is called; one statement."""
    return {PREFIX + one.key: label(one) for one in asked_of_record(record)}


def sayer(record: Any, say: Say) -> Say:
    """What `say` says of a form's fields, and custom ones in words as well."""

    def tell(name: str, value: Any) -> str:
        if not name.startswith(PREFIX):
            return say(name, value)
        asked = [one for one in asked_of_record(record) if PREFIX + one.key == name]
        given, _errors = values.checked(
            {one.key: one for one in asked}, {}, {one.key: value for one in asked}, True
        )
        names = names_of(values.references(asked, given), asker())
        told = [values.spoken(one, given.get(one.key), names).text for one in asked]
        return told[0] if told and given else str(value or "―")

    return tell


@dataclass(frozen=True, slots=True)
class Drawn:
    """One custom field as a form shows it. `was` is None in the form of a new record."""

    one: AttributeDefinition
    label: str
    value: str
    was: str | None = None
    words: str = ""
    q: str = ""
    found: Sequence[tuple[int, str, str]] = ()
    offered: Sequence[tuple[Any, str]] = ()
    """What a select offers; of a reference only where colleagues are named."""

    @property
    def name(self) -> str:
        """The field of the form."""
        return PREFIX + self.one.key


def drawn(
    record: Any, asked: Definitions | None, typed: Mapping[str, Any],
    offered: Sequence[tuple[int, str]] | None = None,
) -> list[Drawn]:  # fmt: skip
    """The custom fields of a form as they stand, or as they were `typed`.

    `asked` is for new records, whose kind and family are not to be seen of a record; without it
    the record says. `offered` are the colleagues, where they are known already. One statement,
    and one more when it refers to something, and one for colleagues.
    """
    user = the_user()
    some = visible(asked_of_record(record) if asked is None else asked, user)
    held = (record.attributes or {}) if record is not None else {}
    stands = {one.key: as_text(held.get(one.key)) for one in some}
    texts = {one.key: str(typed.get(PREFIX + one.key, stands[one.key])) for one in some}
    keys = {one.key: int(texts[one.key]) for one in some if _is_key(one, texts[one.key])}
    named = values.references(some, keys)
    names = names_of([one for one in named if one[0] != STAFF], user)
    people = _people(some, named) if offered is None else offered
    return [
        Drawn(
            one, label(one), texts[one.key],
            None if record is None
            else str(typed.get(ORIGINAL + PREFIX + one.key, stands[one.key])),
            names.get((one.refers_to, keys.get(one.key, 0)), ""),
            q := str(typed.get(FIND + one.key, "")),
            candidates(one, q, user) if one.kind == "reference" else (),
            people if one.refers_to == STAFF else _choices(one, stands[one.key]),
        )
        for one in some
    ]  # fmt: skip


def _choices(one: AttributeDefinition, held: str) -> list[tuple[str, str]]:
    """What is offered, and the value that stands there though it is offered no more."""
    gone = [(held, held)] if held and one.choices and held not in one.choices else []
    return [*one.offered, *gone]


def _people(some: Definitions, named: Sequence[tuple[str, int]]) -> Sequence[tuple[int, str]]:
    """Colleagues to choose from; one statement where a field refers to one."""
    if all(one.refers_to != STAFF for one in some):
        return ()
    return colleagues([key for kind, key in named if kind == STAFF])


def _is_key(one: AttributeDefinition, text: str) -> bool:
    return one.kind == "reference" and text.isascii() and text.isdigit() and len(text) < 16


def inline(record: Any, field: str, sheet: Sheet, action: str) -> str:
    """One custom field in place of its value on the record's page. Raises BadRequest."""
    one = next((it for it in drawn(record, None, sheet.values) if it.name == field), None)
    if one is None:
        raise BadRequest(_("This field is not edited in place."), {"only": [field]})
    return render_template(
        "attributes/inline.html", it=one, action=action, errors=sheet.errors,
        version=sheet.version or record.version,
    )  # fmt: skip


def inline_value(record: Any, field: str, edit: str) -> str:
    """A value with the link to its field, after it was saved in place."""
    one = next(it for it in values.shown(record, every=True) if it.field == field)
    return render_template("attributes/value.html", it=one, edit=edit)
