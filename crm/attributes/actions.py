"""Say what is asked of records, change it, and ask it no longer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.attributes.asking import ask_anew, asked_of, of_kind
from crm.attributes.kinds import OF_FAMILIES
from crm.attributes.models import TRAITS, AttributeDefinition
from crm.attributes.placing import place_anew
from crm.attributes.reading import label
from crm.errors import Conflict, Invalid, NotFound
from crm.extensions import db
from crm.rights import Person, may
from crm.timeline.actions import record

Fields = dict[str, Any]
MOST = 40
"""Fields of a kind of record (of a family of units) at most."""
FIXED = ("record", "category", "key", "kind", "refers_to")
"""What does not change any more once a record has a value."""
STARTS = {
    "record": "unit", "category": "", "kind": "text", "refers_to": "", "unit": "",
    "required": False, "searchable": False, "choices": [], "position": 0,
}  # fmt: skip


def get_attribute(definition_id: int, user: Person, action: str = "view") -> AttributeDefinition:
    """The door to a definition."""
    found = db.session.get(AttributeDefinition, definition_id)
    if found is None or not may(user, action, "attribute", found):
        raise NotFound
    return found


def add_attribute(fields: Fields, by_id: int | None) -> AttributeDefinition:
    """Ask one more thing of a kind of record. Raises Invalid and Conflict."""
    one = AttributeDefinition(**STARTS)
    _write(one, fields)
    db.session.add(one)
    record("attribute.added", one, by_id, account_id=None, **_facts(one))
    return one


def change_attribute(one: AttributeDefinition, fields: Fields, by_id: int | None) -> None:
    """Change what is asked. Raises Invalid, for what records rest on already as well."""
    held = {name: getattr(one, name) for name in FIXED}
    if any(fields.get(name, held[name]) != held[name] for name in FIXED) and used(one):
        why = [_("Records have values of it already, so this stays.")]
        raise Invalid({name: why for name in FIXED if fields.get(name, held[name]) != held[name]})
    before = list(one.choices)
    _write(one, fields)
    if one.kind == "choice" and one.choices != before:
        db.session.flush()
        place_anew(one, f"version {one.version}")
    record("attribute.changed", one, by_id, account_id=None, **_facts(one))


def remove_attribute(one: AttributeDefinition, by_id: int | None) -> None:
    """Ask it no longer. Raises Conflict while records have values of it."""
    if used(one):
        raise Conflict(_("Records have values of “%(name)s”, so it stays.", name=label(one)))
    facts = _facts(one)
    db.session.delete(one)
    ask_anew()
    record("attribute.removed", one, by_id, account_id=None, **facts)


def used(one: AttributeDefinition) -> bool:
    """Has any record a value of it?"""
    table = TRAITS[one.record]
    some = sa.exists().where(table.c.definition_id == one.id)
    return bool(db.session.scalar(sa.select(some)))


def _write(one: AttributeDefinition, fields: Fields) -> None:
    with db.session.no_autoflush:
        for name, value in fields.items():
            setattr(one, name, value)
        one.choices = list(dict.fromkeys(one.choices)) if one.kind == "choice" else []
        one.refers_to = one.refers_to if one.kind == "reference" else ""
        _check(one)
        beside = _beside(one)
    others = [row for row in beside if row is not one]
    if any(row.key == one.key for row in others):
        why = _("There is a field of this key already.")
        raise Conflict(why, {"key": [why]})
    if sum(row.category == one.category for row in others) >= MOST:
        raise Invalid({"record": [_("A kind of record has %(n)s fields at most.", n=MOST)]})
    ask_anew()


def _beside(one: AttributeDefinition) -> Sequence[AttributeDefinition]:
    """What a record may be asked together with it: what holds for all families with anything."""
    return asked_of(one.record, one.category) if one.category else of_kind(one.record)


def _check(one: AttributeDefinition) -> None:
    errors: dict[str, list[str]] = {}
    if one.kind == "choice" and not one.choices:
        errors["choices"] = [_("Name the choices.")]
    if one.kind == "reference" and not one.refers_to:
        errors["refers_to"] = [_("Say what it refers to.")]
    if one.category and one.record not in OF_FAMILIES:
        errors["category"] = [_("Only units and products have product families.")]
    if errors:
        raise Invalid(errors)


def _facts(one: AttributeDefinition) -> Fields:
    return {
        "record": one.record, "category": one.category, "key": one.key, "ja": one.label_ja,
        "en": one.label_en,
    }  # fmt: skip
