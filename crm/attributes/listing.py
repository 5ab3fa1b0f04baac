"""Custom fields in the lists on pages: as a filter, as an order, as further columns.

The address says `attribute=KEY:VALUE` as that of the API does, or, as a form sends it,
`attribute=KEY&value=VALUE`; in bookmarks of older days the number of the field stands for its key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from flask_babel import gettext as _

from crm.attributes.asking import Definitions, of_kind, visible
from crm.attributes.columns import Columns, columns_of
from crm.attributes.narrowing import Condition, narrow
from crm.attributes.reading import label
from crm.errors import BadRequest, Invalid
from crm.rights import Person
from crm.text.normal import clean

FILTER, VALUE = "attribute", "value"
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Panel:
    """What a list shows of custom fields: key and name of each field to filter by, the one asked
    for, its value, and the columns."""

    fields: list[tuple[str, str]]
    key: str
    value: str
    columns: Columns = field(default_factory=Columns)


def asked_text(args: Mapping[str, str]) -> str:
    """KEY:VALUE or KEY of an address; blank where it asks for no custom field."""
    key, _colon, value = clean(args.get(FILTER, ""))[:LONGEST].partition(":")
    value = value or clean(args.get(VALUE, ""))[:LONGEST]
    return f"{key}:{value}" if key and value else key


def conditions(kind: str, args: Mapping[str, str]) -> tuple[Condition, ...]:
    """The records that an address asks for; two statements where it names a custom field.

    Raises BadRequest naming `attribute`.
    """
    text = asked_text(args)
    if not text:
        return ()
    key, colon, value = text.partition(":")
    try:
        return (narrow(kind, f"{_named(key, of_kind(kind))}{colon}{value}"),)
    except Invalid as error:
        why = [word for some in error.errors.values() for word in some]
        raise BadRequest(_("There is no such filter."), {FILTER: why}) from error


def _named(key: str, some: Definitions) -> str:
    """The key of a field that an older bookmark names by its number."""
    return next((one.key for one in some if str(one.id) == key), key)


def panel(
    kind: str, args: Mapping[str, str], user: Person, keys: Iterable[int] = ()
) -> Panel | None:  # fmt: skip
    """What the list of the records `keys` shows; nothing where a kind has no custom fields.

    One statement at most; with columns one more, and one for what references name.
    """
    some = visible(of_kind(kind), user)
    if not some:
        return None
    key, _colon, value = asked_text(args).partition(":")
    key = _named(key, some)
    return Panel(
        list({one.key: (one.key, label(one)) for one in some}.values()), key, value,
        columns_of(kind, some, args, key, keys, user),
    )  # fmt: skip
