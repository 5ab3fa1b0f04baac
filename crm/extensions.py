"""The database, sign-in, CSRF and limits, made once and bound by the factory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

from crm.clock import now
from crm.connections import attend

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """What every table derives from; constraints have fixed names for the migrations."""

    metadata = sa.MetaData(naming_convention=NAMES)


attend()
db = SQLAlchemy(model_class=Base)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model

login_manager = LoginManager()
csrf = CSRFProtect()
limiter = Limiter(get_remote_address)

BigKey = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON()


def key_text(length: int) -> sa.types.TypeEngine[str]:
    """Text that is sorted and compared by code points on both databases: search and sort keys."""
    on_postgres = sa.String(length, collation="C")
    return sa.String(length).with_variant(on_postgres, "postgresql")


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Naive values are refused; what comes back is aware and in UTC."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """What a value is in Python; cursors of pages are read by it."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


DECIMALS = 6


class Exact(TypeDecorator[Decimal]):
    """A decimal number of at most six decimals, kept exactly as its millionths on both databases.

    SQLite would keep a NUMERIC as a binary fraction.
    """

    impl = sa.BigInteger
    cache_ok = True

    @property
    def python_type(self) -> type[Decimal]:
        """What a value is in Python."""
        return Decimal

    def process_bind_param(self, value: Decimal | None, dialect: sa.Dialect) -> int | None:
        if value is None:
            return None
        scaled = Decimal(value).scaleb(DECIMALS)
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{value} has more than {DECIMALS} decimals")
        return int(scaled)

    def process_result_value(self, value: int | None, dialect: sa.Dialect) -> Decimal | None:
        if value is None:
            return None
        whole, rest = divmod(value, 10**DECIMALS)
        return Decimal(value).scaleb(-DECIMALS).normalize() if rest else Decimal(whole)


class Versioned:
    """An optimistic lock: an update of a row that somebody else changed raises StaleDataError."""

    version: Mapped[int] = mapped_column(sa.Integer, server_default="1")

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


class Dated:
    """When a row was made and last changed (instants, UTC); programs read what has changed."""

    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, onupdate=now)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        columns = cls.__table__.c  # type: ignore[attr-defined]  # the model that this is mixed into
        sa.Index(f"ix_{columns.id.table.name}_changed", columns.updated_at, columns.id)


def at_most(number: int) -> sa.BindParameter[int]:
    """A LIMIT that PostgreSQL's planner can read.

    Of a LIMIT that is a parameter a kept plan knows nothing and expects a tenth of the table, so
    that the planner throws it away and plans anew at each page, which takes longer than reading it.
    """
    return sa.bindparam(None, number, sa.Integer, unique=True, literal_execute=True)


def among(column: Any, values: Sequence[str]) -> sa.ColumnElement[bool]:
    """`column IN (…)` with the values written out, in the words of an index of such rows alone.

    A plan that is kept does not know the value of a parameter, so it could not use that index.
    """
    given: Any = sa.bindparam(None, values, expanding=True, literal_execute=True, unique=True)
    found: sa.ColumnElement[bool] = column.in_(given)
    return found


def one_of(column: Any, keys: Sequence[int]) -> sa.ColumnElement[bool]:
    """`column IN (…)` of keys, which PostgreSQL gets as one array.

    It plans a statement anew for each number of parameters it has not met, which takes longer than
    the answer, and very many of them are slow to write and to read. SQLite has no arrays.
    """
    if not takes_arrays():
        found: sa.ColumnElement[bool] = column.in_(keys)
        return found
    return _in_array(column, sa.bindparam(None, list(keys), _KEYS, unique=True))


def keys_given(name: str, arrays: bool) -> Callable[[Any], sa.ColumnElement[bool]]:
    """The same for a statement that is made once for each kind of database: a condition on a
    column, whose keys are given under a name when the statement is run."""
    if arrays:
        return lambda column: _in_array(column, sa.bindparam(name, type_=_KEYS))
    return lambda column: column.in_(sa.bindparam(name, expanding=True))


def takes_arrays() -> bool:
    """Is this a database that has arrays?"""
    return db.session.get_bind().dialect.name != "sqlite"


_KEYS = postgresql.ARRAY(sa.BigInteger)


def _in_array(column: Any, keys: sa.BindParameter[Any]) -> sa.ColumnElement[bool]:
    """Asked for by a SELECT of its own, so that the planner does not see how many keys there are:
    for one key it would never keep the plan that it makes for ten, and plan at each turn."""
    unseen = sa.cast(sa.select(keys).scalar_subquery(), _KEYS)
    found: sa.ColumnElement[bool] = column == sa.any_(unseen)
    return found


def update_many(table: sa.Table, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Write other values into many rows at once: each row is its key and a value for each name.

    PostgreSQL takes them as arrays in one statement, which takes a third of the time of as many
    statements; SQLite has no arrays, and its statements cost no way to a server.
    """
    if not rows:
        return
    columns = [table.c["id"], *(table.c[name] for name in names)]
    if not takes_arrays():
        values: dict[str, Any] = {name: sa.bindparam(f"to_{name}") for name in names}
        keys = ["key", *(f"to_{name}" for name in names)]
        once = sa.update(table).where(table.c["id"] == sa.bindparam("key")).values(values)
        given = [dict(zip(keys, row, strict=True)) for row in rows]
        db.session.connection().execute(once, given)
        return
    arrays = [
        sa.bindparam(None, list(some), postgresql.ARRAY(column.type), unique=True)
        for column, some in zip(columns, zip(*rows, strict=True), strict=True)
    ]
    given_as = sa.func.unnest(*arrays).table_valued("id", *names).render_derived("given")
    found = {name: given_as.c[name] for name in names}
    changed = sa.update(table).where(table.c["id"] == given_as.c["id"]).values(found)
    db.session.connection().execute(changed)
