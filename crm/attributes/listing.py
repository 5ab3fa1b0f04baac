"""Custom fields as a filter of the lists on pages: a field, and what stands in it.

The address says `attribute=KEY:VALUE` as that of the API does, or, as a form sends it,
`attribute=KEY&value=VALUE`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from crm.attributes.asking import of_kind, visible
from crm.attributes.narrowing import Condition, narrow
from crm.attributes.reading import label
from crm.errors import BadRequest, Invalid
from crm.rights import Person
from crm.text.normal import clean

FILTER, VALUE = "attribute", "value"
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Panel:
    """What the filters of a list show: key and name of each field, the one asked for, its value."""

    fields: list[tuple[str, str]]
    key: str
    value: str


def asked_text(args: Mapping[str, str]) -> str:
    """KEY:VALUE or KEY of an address; blank where it asks for no custom field."""
    key, _colon, value = clean(args.get(FILTER, ""))[:LONGEST].partition(":")
    value = value or clean(args.get(VALUE, ""))[:LONGEST]
    return f"{key}:{value}" if key and value else key


def conditions(kind: str, args: Mapping[str, str]) -> tuple[Condition, ...]:
    """The records that an address asks for; one statement where it names a custom field.

    Raises BadRequest naming `attribute`.
    """
    text = asked_text(args)
    if not text:
        return ()
    try:
        return (narrow(kind, text),)
    except Invalid as error:
        why = [word for some in error.errors.values() for word in some]
        raise BadRequest(_("There is no such filter."), {FILTER: why}) from error


def panel(kind: str, args: Mapping[str, str], user: Person) -> Panel | None:
    """What the filters show; nothing where a kind has no custom fields. One statement."""
    some = visible(of_kind(kind), user)
    if not some:
        return None
    key, _colon, value = asked_text(args).partition(":")
    return Panel(list({one.key: (one.key, label(one)) for one in some}.values()), key, value)
