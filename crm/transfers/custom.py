"""Custom fields in an import: found by name, read by their kind, brought up to date one by one.

A mapping names them `attributes.KEY`. What a file does not say of them stays as it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.attributes.asking import of_kind
from crm.attributes.kinds import RECORDS
from crm.attributes.models import TRAITS, AttributeDefinition
from crm.attributes.reading import folded, label, read
from crm.attributes.values import keep_many
from crm.errors import Invalid
from crm.extensions import db
from crm.sheets.layout import names
from crm.transfers import days, values
from crm.transfers.finding import Finder
from crm.transfers.kinds import Fields, Item, Kind
from crm.transfers.mapping import CUSTOM, Mapping, Source
from crm.transfers.naming_records import named_record
from crm.transfers.refusals import Unreadable

COLUMN = "attributes"
Definition = AttributeDefinition
WAITS = {"unit": "planned"}
"""Kind → the status of records of which nothing has to be filled in yet."""
READ_BY = {"date": "day", "number": "decimal", "money": "yen"}


def asked(kind: Kind) -> Kind:
    """A kind with its custom fields beside its own, as the page of columns shows it; one statement.

    A field goes by its name in the reader's language, by both names, and by its key.
    """
    if kind.record not in RECORDS:
        return kind
    some = {CUSTOM + one.key: one for one in reversed(of_kind(kind.record))}
    if not some:
        return kind
    choices = {name: tuple(one.choices) for name, one in some.items() if one.kind == "choice"}
    return replace(
        kind, fields=kind.fields | set(some),
        days=(*kind.days, *(name for name, one in some.items() if one.kind == "date")),
        choices={**kind.choices, **choices},
        readers={name: READ_BY[one.kind] for name, one in some.items() if one.kind in READ_BY},
        called={name: _called(one) for name, one in some.items()},
    )  # fmt: skip


def needed(kind: Kind) -> dict[str, Definition]:
    """The custom fields that have to be filled in in every record of a kind, by their names."""
    if kind.record not in RECORDS:
        return {}
    return {
        CUSTOM + one.key: one for one in of_kind(kind.record) if one.required and not one.category
    }


def unfit(one: Definition, text: str) -> list[str]:
    """Why a text cannot stand in a field of every row; nothing where it can."""
    try:
        if one.kind != "reference":
            read(one, _plain(one, text))
    except Invalid as error:
        return error.errors["value"]
    return []


def _called(one: Definition) -> tuple[str, ...]:
    own = label(one)
    return (
        own, one.label_ja, one.label_en, one.key, CUSTOM + one.key,
        f"{one.label_ja} [{one.key}]", f"{one.label_en} [{one.key}]",
    )  # fmt: skip


def with_columns(mapping: Mapping, header: Sequence[str]) -> Mapping:
    """A mapping that nobody wrote for one file takes the columns that are called like custom
    fields as well; one statement."""
    kind = asked(mapping.kind)
    free = {
        key: name
        for key, name in zip(names(header), header, strict=True)
        if key not in names(mapping.wanted())
    }
    said = {one.name for one in mapping.fields}
    more = [
        Source(field, column=free[key])
        for field, called in kind.called.items() if field not in said
        if (key := next((key for key in names(called) if key in free), ""))
    ]  # fmt: skip
    return replace(mapping, fields=(*mapping.fields, *more)) if more else mapping


def values_in(said: Fields) -> Fields:
    """The column of custom fields, as far as a row fills it; nothing where it says nothing."""
    asked = [name for name in said if name.startswith(CUSTOM)]
    if not asked:
        return {}
    held = {name.removeprefix(CUSTOM): value for name in asked if (value := said[name]) is not None}
    return {COLUMN: held}


def merge(item: Item, there: Fields, before: Fields) -> list[str]:
    """Put what a file changes into what a record has; returns the fields that somebody edited."""
    if COLUMN not in item.columns:
        return []
    new, old = item.columns[COLUMN], values_in(before).get(COLUMN, {})
    here = there[COLUMN] or {}
    changed = {key for key in {*new, *old} if new.get(key) != old.get(key)}
    edited = [key for key in changed if here.get(key) not in (old.get(key), new.get(key))]
    item.columns[COLUMN] = _filled({**here, **{key: new.get(key) for key in changed}})
    return [CUSTOM + key for key in sorted(edited)]


def fill_up(item: Item, there: Fields) -> bool:
    """The same for a record that people entered: only what is blank there; does it change?"""
    if COLUMN not in item.columns:
        return False
    here = _filled(there[COLUMN] or {})
    item.columns[COLUMN] = {**item.columns[COLUMN], **here}
    return bool(item.columns[COLUMN] != here)


def _filled(held: Fields) -> Fields:
    return {key: value for key, value in held.items() if value is not None}


def told(before: Fields, after: Fields) -> dict[str, list[Any]]:
    """Field → what stood there and what stands there now."""
    was, now = before.get(COLUMN) or {}, after.get(COLUMN) or {}
    return {
        CUSTOM + key: [was.get(key), now.get(key)]
        for key in sorted({*was, *now}) if was.get(key) != now.get(key)
    }  # fmt: skip


class Customs:
    """What is asked of the records of a kind, held for the rows of a run."""

    def __init__(self, kind: Kind, fields: Iterable[str], finder: Finder) -> None:
        self.kind, self.finder = kind, finder
        self.mapped = [name for name in fields if name.startswith(CUSTOM)]
        self._asked: dict[str, list[Definition]] = defaultdict(list)
        self._families: dict[int, str] = {}
        self._named: dict[tuple[str, str], int] = {}
        self._kept: dict[tuple[int, str], bool] = {}
        every = of_kind(kind.record) if kind.record in RECORDS else ()
        self._needed = [one for one in every if one.required]
        for one in every:
            self._asked[one.key].append(one)

    def typed(self, said: Fields) -> Fields:
        """What a row says, its custom fields as values. Raises Unreadable naming the field."""
        if not self.mapped:
            return said
        done, family = dict(said), self._family(said)
        for name in self.mapped:
            one = self._definition(name.removeprefix(CUSTOM), family)
            try:
                done[name] = self._value(one, said.get(name))
            except Invalid as error:
                why = " ".join(error.errors["value"])
                text = str(said.get(name) or "―")[:60]
                raise Unreadable(f"{name}: {why} ({text})") from error
        return done

    def ask_new(self, item: Item, new: list[Item]) -> None:
        """A record that has just been found to be new needs what has to be filled in; what a file
        says of one that is there may leave it out. Raises Unreadable and takes it from the `new`.
        """
        if not self._needed or not new or new[-1] is not item:
            return
        said, family = item.columns.get(COLUMN) or {}, self._family(item.columns | item.fields)
        lacking = [
            label(one) for one in self._needed
            if one.category in ("", family) and said.get(one.key) is None
        ]  # fmt: skip
        if lacking and item.columns.get("status") != WAITS.get(self.kind.record, ""):
            new.pop()
            why = _("Has to be filled in, and the row does not say it: %(what)s.",
                    what=", ".join(lacking))  # fmt: skip
            raise Unreadable(why)

    def keep(self, items: Iterable[Item]) -> None:
        """Let written records be found by their values."""
        some = [item for item in items if item.columns.get(COLUMN) is not None]
        if self.mapped and some:
            keep_many(self.kind.record, [
                (item.id, self._of(item), item.columns[COLUMN]) for item in some
            ])  # fmt: skip

    def _of(self, item: Item) -> list[Definition]:
        family = self._family(item.columns | item.fields)
        found = (self._definition(key, family) for key in item.columns[COLUMN])
        return [one for one in found if one is not None]

    def _value(self, one: Definition | None, given: Any) -> Any:
        if one is None:
            if given is None:
                return None
            raise Invalid({"value": [_("There is no such field of this record.")]})
        text = _text(given)
        if one.required and text is None:
            raise Invalid({"value": [_("This has to be filled in.")]})
        if text is not None and one.kind == "reference":
            return self._reference(one.refers_to, text)
        try:
            return read(one, _plain(one, text) if text is not None else None)
        except Invalid:
            if one.kind == "choice" and text is not None and self._held(one, text):
                return text
            raise

    def _held(self, one: Definition, text: str) -> bool:
        """Is it a choice that is offered no more, and that records have kept?"""
        if (one.id, text) not in self._kept:
            table = TRAITS[one.record]
            here = table.c.definition_id == one.id, table.c.value == folded(text)
            found = db.session.scalar(sa.select(sa.exists().where(*here)))
            self._kept[one.id, text] = bool(found)
        return self._kept[one.id, text]

    def _reference(self, kind: str, text: str) -> int:
        if (kind, text) not in self._named:
            found = named_record(kind, text, self.finder)
            if found is None:
                raise Invalid({"value": [_("There is no such record, or it is not for you.")]})
            self._named[kind, text] = found
        return self._named[kind, text]

    def _definition(self, key: str, family: str) -> Definition | None:
        some = self._asked.get(key, [])
        return next((one for one in some if one.category in ("", family)), None)

    def _family(self, said: Fields) -> str:
        """The product family of a unit or a product."""
        column = RECORDS[self.kind.record].family
        if column != "product_id":
            return str(said.get(column) or "") if column else ""
        product = said.get("product") or said.get("product_id")
        if product not in self._families:
            products = db.metadata.tables["products"].c
            rows = db.session.execute(sa.select(products.id, products.category))
            self._families = {row.id: row.category for row in rows}
        return self._families.get(product or 0, "")


def _text(given: Any) -> str | None:
    """What an evaluator read of a cell, as a text again: it may have read a day or a number."""
    if isinstance(given, datetime):
        return given.date().isoformat()
    if isinstance(given, date):
        return given.isoformat()
    return None if given is None else str(given)


def _plain(one: Definition, text: str) -> str:
    """A value in one of the ways that files write it, as forms take it."""
    try:
        if one.kind == "date":
            return days.day(text).isoformat()
        if one.kind == "number":
            return str(values.decimal(text))
    except ValueError:
        return text
    if one.kind == "choice":
        return next((choice for choice in one.choices if folded(choice) == folded(text)), text)
    return text
