"""The values of custom fields: checked, set, kept to be found by, found, and shown.

The values stand in the record itself (`attributes`: key → value). The table of traits of its kind
holds them once more, folded and ordered, so that records are found by one of them at any number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.attributes.asking import Definitions, asked_of_record, asker, hidden, visible
from crm.attributes.kinds import REFERRED, kind_of
from crm.attributes.models import TRAITS, AttributeDefinition
from crm.attributes.naming import Names, missing, names_of
from crm.attributes.reading import folded, label, place, read, said
from crm.errors import Invalid
from crm.extensions import db

PREFIX = "attr-"
"""What the fields of forms begin with that hold custom fields."""

Values = Mapping[str, Any]
Told = list[dict[str, Any]]
Asked = Mapping[str, AttributeDefinition]


def settle(record: Any, given: Values | None, new: bool) -> Told:
    """Check what was given and set it; returns what changed, as the history keeps it (`custom`).

    What is left out stays, null or nothing takes a value away. Without anything given (None) the
    program made or changed the record: nothing is checked, and what has to be filled in may wait
    until somebody fills in the form. Forms, programs and imports give at least an empty mapping.
    At most one statement, and one for each reference given. Raises Invalid with a reason for each
    wrong value, as `attributes.KEY`.
    """
    if given is None:
        if new:
            record.attributes = {}
        return []
    user = asker()
    every = {one.key: one for one in asked_of_record(record)}
    asked = {name: one for name, one in every.items() if not hidden(one, user)}
    held = {name: value for name, value in (record.attributes or {}).items() if name in every}
    values, errors = checked(asked, held, given, waits(record))
    errors |= missing(asked, {n: v for n, v in values.items() if held.get(n) != v}, user)
    if errors:
        raise Invalid({f"attributes.{name}": why for name, why in errors.items()})
    before, record.attributes = record.attributes or {}, values
    return told(every, before, values)


def waits(record: Any) -> bool:
    """May what has to be filled in wait? A unit whose delivery is planned is not known yet."""
    return kind_of(record) == "unit" and record.status == "planned"


def checked(
    asked: Asked, held: Values, given: Values, waiting: bool = False
) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """The values after a change, and field → why for what is wrong; asks no database.

    That a record is there which a reference names is for the caller (`naming.missing`).
    """
    errors: dict[str, list[str]] = {}
    values = dict(held)
    for name, value in given.items():
        if name not in asked:
            errors[name] = [_("There is no such field of this record.")]
            continue
        if asked[name].kind == "choice" and name in held and value == held[name]:
            continue  # as it stands; it may be offered no more
        try:
            values[name] = read(asked[name], value)
        except Invalid as error:
            errors[name] = error.errors["value"]
    for one in asked.values():
        if one.required and not waiting and values.get(one.key) is None and one.key not in errors:
            errors[one.key] = [_("This has to be filled in.")]
    return {name: value for name, value in values.items() if value is not None}, errors


def told(asked: Asked, before: Values, after: Values) -> Told:
    """What changed, in the order asked: names in both languages, values in neither.

    What a reference names and what a deal's amount is are left out: not everybody may see them.
    """
    changed: Told = []
    for name, one in asked.items():
        if before.get(name) == after.get(name):
            continue
        fact: dict[str, Any] = {
            "ja": one.label_ja,
            "en": one.label_en,
            "kind": one.kind,
            "unit": one.unit,
        }
        if one.kind != "reference" and not (one.kind == "money" and one.record == "deal"):
            fact |= {"from": before.get(name), "to": after.get(name)}
        changed.append(fact)
    return changed


def keep(record: Any) -> None:
    """Write the values of one record once more, to be found by; flushes, so it has its key."""
    db.session.flush()
    values = record.attributes or {}
    asked = asked_of_record(record) if values else ()
    keep_many(kind_of(record), [(record.id, asked, values)])


def keep_many(kind: str, records: Iterable[tuple[int, Iterable[Any], Values]]) -> None:
    """The same for many: (key, what is asked of it, its values) of each; two statements."""
    table, owner = TRAITS[kind], f"{kind}_id"
    rows, keys = [], []
    for key, asked, values in records:
        keys.append(key)
        rows += [
            {
                owner: key, "definition_id": one.id, "value": folded(values[one.key]),
                "place": place(one, values[one.key]),
            }
            for one in asked
            if values.get(one.key) is not None
        ]  # fmt: skip
    if keys:
        db.session.execute(sa.delete(table).where(table.c[owner].in_(keys)))
    if rows:
        db.session.execute(sa.insert(table), rows)


@dataclass(frozen=True, slots=True)
class Shown:
    """A custom field of a record as a page shows it; `href` leads to what a reference names."""

    key: str
    label: str
    text: str
    kind: str = "text"
    href: str = ""

    @property
    def field(self) -> str:
        """The field of a form that holds it."""
        return f"{PREFIX}{self.key}"


def shown(record: Any, every: bool = False, known: Definitions | None = None) -> list[Shown]:
    """The custom fields of a record in words: those filled in, or `every` one that is asked.

    One statement for what is asked, unless it is `known`, and one more when a reference is among
    the values.
    """
    values = record.attributes or {}
    if not values and not every:
        return []
    user = asker()
    some = visible(asked_of_record(record) if known is None else known, user)
    asked = [one for one in some if every or one.key in values]
    names = names_of(references(asked, values), user)
    return [spoken(one, values.get(one.key), names) for one in asked]


def references(asked: Sequence[Any], values: Values) -> list[tuple[str, int]]:
    """(Kind, key) of every record that the values name."""
    return [
        (one.refers_to, int(values[one.key]))
        for one in asked
        if one.kind == "reference" and values.get(one.key) is not None
    ]


def spoken(one: AttributeDefinition, value: Any, names: Names) -> Shown:
    """One field with its value in words."""
    if one.kind != "reference" or value is None:
        return Shown(one.key, label(one), said(one, value), one.kind)
    name, address = names.get((one.refers_to, int(value)), ""), REFERRED[one.refers_to].address
    href = address % int(value) if name and address else ""
    return Shown(one.key, label(one), said(one, value, name), one.kind, href)


def facts(changed: Told) -> dict[str, Any]:
    """What an event keeps of custom fields; nothing when none changed."""
    return {"custom": changed} if changed else {}
