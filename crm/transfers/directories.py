"""How records are named, and the statements that look them up for many rows at once."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import InstrumentedAttribute

from crm.accounts.models import Account, Site
from crm.extensions import db
from crm.installed_base.models import ServiceContract, Unit
from crm.products.models import Product
from crm.service.models import FaultCode
from crm.staff.models import Office, Staff, Team
from crm.text.addressee import company_alone
from crm.text.legal_form import name_core_key
from crm.text.normal import search_key
from crm.text.serial import serial_key, squashed
from crm.transfers.models import ImportKey
from crm.transfers.tables import table_of

_KEYS = table_of(ImportKey)
Column = sa.Column[Any] | InstrumentedAttribute[Any]
Facts = dict[str, Any]
Keys = Callable[[str], str]
PARTED = re.compile(r"[;；、]")
SOME = 1000
"""Values in one statement."""
_MARKS = re.compile(r'[\\"]')
_MARKED = str.maketrans({"\\": r"\\", '"': r"\""})
"""What means something in an array of texts, and how it is written where it does not."""


def _company(text: str) -> str:
    return search_key(company_alone(text))


def _company_loosely(text: str) -> str:
    return name_core_key(company_alone(text))


def _name_key(text: str) -> str:
    return _company_loosely(text)[:200]


def _serial(text: str) -> str:
    return serial_key(text)[:80]


@dataclass(frozen=True, slots=True)
class Directory:
    """How a kind of record is named. `exact` and `loose` make the keys of its `named` columns.

    A kind that is not `whole` is too large to be held: `by` says in which indexed columns a text
    is looked for, and how it stands there.
    """

    table: sa.Table
    columns: tuple[str, ...]
    named: tuple[str, ...]
    exact: Keys = search_key
    loose: Keys | None = None
    whole: bool = True
    by: tuple[tuple[str, Keys], ...] = ()


DIRECTORIES: dict[str, Directory] = {
    "account": Directory(
        table_of(Account), ("id", "name", "name_kana", "corporate_number", "owner_id", "address"),
        ("name", "corporate_number"), _company, _company_loosely, whole=False,
        by=(("name_key", _name_key), ("corporate_number", search_key)),
    ),
    "staff": Directory(table_of(Staff), ("id", "name", "email", "team_id"), ("name", "email")),
    "team": Directory(table_of(Team), ("id", "name"), ("name",)),
    "office": Directory(table_of(Office), ("id", "name"), ("name",)),
    "product": Directory(
        table_of(Product), ("id", "code", "name", "list_price", "code_key"), ("code", "name"),
        serial_key, squashed,
    ),
    "site": Directory(table_of(Site), ("id", "name", "account_id"), ("name",)),
    "unit": Directory(
        table_of(Unit), ("id", "serial_no", "serial_key", "account_id", "product_id", "site_id"),
        ("serial_no",), serial_key, whole=False, by=(("serial_key", _serial),),
    ),
    "contract": Directory(
        table_of(ServiceContract), ("id", "number", "account_id"), ("number",), serial_key
    ),
    "fault_code": Directory(table_of(FaultCode), ("id", "kind", "code"), ("code",)),
}  # fmt: skip


class Book(dict[int, Facts]):
    """Records by their keys; one that was not read yet is read when it is asked for."""

    def __init__(self, directory: Directory) -> None:
        super().__init__()
        self._directory = directory

    def __missing__(self, key: int) -> Facts:
        self.read({key})
        if key not in self:
            raise KeyError(key)
        return self[key]

    def get(self, key: int, default: Any = None) -> Any:
        """The facts of a record, or the default when there is no such record."""
        if key and key not in self:
            self.read({key})
        return super().get(key, default)

    def read(self, keys: Iterable[int]) -> None:
        """Read records at once; those that are here already are left."""
        table = self._directory.table
        for some in parts(sorted(key for key in keys if key not in self)):
            some_of_them = among(table.c.id, some)
            self.update((one["id"], one) for one in _rows(self._directory, some_of_them))


def loaded(directory: Directory) -> Book:
    """A book of a kind; with all of its records when the kind is small."""
    book = Book(directory)
    if directory.whole:
        book.update((one["id"], one) for one in _rows(directory, sa.true()))
    return book


def by_names(directory: Directory, texts: Iterable[str]) -> Iterator[Facts]:
    """The records that may be meant by these texts."""
    for column, key_of in directory.by:
        keys = sorted({key for text in texts if (key := key_of(text))})
        for some in parts(keys):
            yield from _rows(directory, among(directory.table.c[column], some))


def keys_known(source: str, record: str, keys: Iterable[str]) -> Iterator[tuple[str, Any]]:
    """Key → (record, digest) of what a source has brought before."""
    own = (_KEYS.c.source == source, _KEYS.c.kind == record)
    columns = (_KEYS.c.key, _KEYS.c.record_id, _KEYS.c.digest)
    for row in looked_up(columns, own, _KEYS.c.key, sorted(keys)):
        yield row.key, (row.record_id, row.digest)


def looked_up(
    columns: Sequence[sa.Column[Any]], where: Sequence[sa.ColumnElement[bool]],
    column: sa.Column[Any], values: list[Any],
) -> Iterator[sa.Row[Any]]:  # fmt: skip
    """Rows of which one column, the last of an index that begins with the others, has one of some
    values.

    PostgreSQL looks into the index once for each value. Left to itself it reads all that is true of
    the other columns, as long as it has no statistics of a table that is just being filled, and
    every part of a large import takes longer than the one before.
    """
    for some in parts(values):
        yield from db.session.execute(one_by_one(sa.select(*columns).where(*where), column, some))


def one_by_one(found: sa.Select[Any], column: Column, values: Collection[Any]) -> sa.Select[Any]:
    """A statement for those rows of which a column has one of some values, as `looked_up` asks."""
    if db.session.get_bind().dialect.name == "sqlite":
        return found.where(among(column, values))
    wanted = sa.func.unnest(_array(column, values)).table_valued("value").render_derived("wanted")
    each = found.where(column == wanted.c.value).offset(0).lateral("each")
    return sa.select(*each.c).select_from(wanted.join(each, sa.true()))


def among(column: Column, values: Collection[Any]) -> sa.ColumnElement[bool]:
    """Is it one of some values? They are one parameter, an array or a list in JSON: of a thousand
    each is written out, and SQLite keeps a statement for every number of them that came by."""
    if db.session.get_bind().dialect.name != "sqlite":
        return column == sa.any_(_array(column, values))
    if not isinstance(column.type, sa.String | sa.Integer):
        return column.in_(list(values))
    listed = sa.func.json_each(json.dumps(list(values))).table_valued("value")
    return column.in_(sa.select(listed.c.value))


def _array(column: Column, values: Collection[Any]) -> sa.ColumnElement[Any]:
    """Values as an array in PostgreSQL's own writing, which the driver takes ten times as long for.
    It has no type, or the server would know the values too late to plan with them."""
    if isinstance(column.type, sa.String):
        plain: Any = sa.Text()
        texts = sorted(values)
        if _MARKS.search("".join(texts)):
            texts = [one.translate(_MARKED) for one in texts]
        written = '{"' + '","'.join(texts) + '"}' if texts else "{}"
    else:
        plain, written = column.type, "{" + ",".join(map(str, sorted(values))) + "}"
    text = sa.bindparam(None, written, sa.types.NullType(), unique=True)
    return sa.cast(text, postgresql.ARRAY(plain))


def parts(values: list[Any]) -> Iterator[list[Any]]:
    """Cut into what one statement may hold."""
    for first in range(0, len(values), SOME):
        yield values[first : first + SOME]


def _rows(directory: Directory, where: Any) -> Iterator[Facts]:
    columns = [directory.table.c[name] for name in directory.columns]
    for row in db.session.execute(sa.select(*columns).where(where)):
        yield dict(row._mapping)
