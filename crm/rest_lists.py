"""Lists of the REST API: declared filters and orders, pages, and what has changed since."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import marshmallow as ma
import sqlalchemy as sa
from flask import request
from flask_babel import gettext as _
from flask_login import current_user
from marshmallow.validate import Length, OneOf, Range

from crm.clock import now
from crm.errors import BadRequest, Invalid
from crm.extensions import UtcDateTime, db
from crm.paging import MOST, Sort, choose_sort, page
from crm.rights import Person, branches, reader
from crm.typed import IN_RANGE, Schema

if TYPE_CHECKING:
    from crm.rest import Collection

Fields = dict[str, Any]
CHANGED = "updated_at"
BY_FIELD = re.compile(r"^-?attribute:[a-z][a-z0-9_]{0,39}$")
MARGIN = timedelta(seconds=60)
"""How long a change may have been written before it could be read: what was written so shortly
before the reading is told once more at the next."""


def said_once() -> None:
    """Of a query that names something twice one value would count and the other be lost."""
    twice = [name for name, values in request.args.lists() if len(values) > 1]
    if twice and current_user.is_authenticated:
        raise Invalid({name: [_("This is said twice.")] for name in twice[:50]})


def query_schema(what: Collection) -> type[ma.Schema]:
    """Which query fields a list takes; anything else is refused by name."""
    orders = [name for one in _orders(what) for name in (one, f"-{one}")]
    declared: dict[str, ma.fields.Field[Any]] = {
        "limit": ma.fields.Integer(validate=Range(1, MOST), load_default=50),
        "cursor": ma.fields.String(validate=Length(1, 1000)),
        "sort": sort_field(
            orders, f"{what.default_sort} when left out; - turns it round.", bool(what.further)
        ),
        "updated_since": _Instant(
            validate=IN_RANGE,
            metadata={
                "description": "Only what changed at this instant or later, in the order of "
                "changes; until of the answer is the instant to ask with the next time."
            },
        ),
        **{name: _as_text(one) for name, one in what.filters.items()},
    }
    made: type[ma.Schema] = Schema.from_dict(declared, name=f"{title(what)}Query")
    return made


def sort_field(orders: Sequence[str], described: str, custom: bool) -> ma.fields.String:
    """`sort` in the query of a list: one of the orders or, where records have custom fields, that
    of a custom field."""
    if not custom:
        return ma.fields.String(validate=OneOf(orders), metadata={"description": described})
    told = f"{described} attribute:KEY goes by a custom field, records without a value last."
    ways = [{"enum": list(orders)}, {"pattern": BY_FIELD.pattern}]
    return ma.fields.String(
        validate=partial(_known, orders), metadata={"description": told, "anyOf": ways}
    )


def _known(orders: Sequence[str], text: str) -> None:
    """Raises ValidationError for what is no order."""
    if text not in orders and BY_FIELD.fullmatch(text) is None:
        every = ", ".join([*orders, "attribute:KEY", "-attribute:KEY"])
        raise ma.ValidationError(_("One of: %(all)s.", all=every))


class _Instant(ma.fields.AwareDateTime):
    """An instant in an address, where a plus that nobody escaped arrives as a blank."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **more: Any) -> Any:
        return super()._deserialize(str(value).replace(" ", "+"), attr, data, **more)


def _as_text(field: ma.fields.Field[Any]) -> ma.fields.Field[Any]:
    """An address holds texts only: a number in it is written in digits."""
    if isinstance(field, ma.fields.Integer):
        field.strict = False
    return field


def page_schema(name: str, schema: type[ma.Schema], changes: bool = False) -> type[ma.Schema]:
    """`{items, next}` of a schema; `changes` when the list can be asked for what changed."""
    declared: dict[str, ma.fields.Field[Any]] = {
        "items": ma.fields.List(ma.fields.Nested(schema), required=True),
        "next": ma.fields.String(required=True, allow_none=True),
    }
    if changes:
        declared["until"] = ma.fields.AwareDateTime(
            metadata={"description": "Only with updated_since: ask with this the next time."}
        )
    made: type[ma.Schema] = Schema.from_dict(declared, name=f"{name}Page")
    return made


def title(what: Collection) -> str:
    """The name of a collection as schemas are named."""
    return what.name.title().replace("-", "")


def read_page(
    what: Collection, user: Person, asked: Fields, only: Sequence[sa.ColumnElement[bool]] = ()
) -> Fields:
    """One page of a collection as JSON; `only` narrows it beside what was asked."""
    columns = what.table.columns
    where = [
        what.narrow[name](asked[name]) if name in what.narrow else columns[name] == asked[name]
        for name in what.filters
        if name in asked
    ]
    where += only
    cursor, until = asked.get("cursor"), None
    if "updated_since" in asked:
        where.append(columns[what.changed] >= asked["updated_since"])
        cursor, until = _resumed(cursor)
    made_of = None if where else ("collection", what.name, reader(user))
    found = page(
        list(columns), columns["id"], branches(user, "view", what.kind, what.model), where,
        _order(what, asked), cursor, asked["limit"], made_of=made_of,
    )  # fmt: skip
    names = columns.keys()
    rows = [dict(zip(names, row, strict=False)) for row in found.rows]
    items = what.present(rows, user)
    if until is None:
        return {"items": items, "next": found.next}
    following = found.next and f"{found.next}.{until:%Y-%m-%dT%H:%M:%S.%fZ}"
    return {"items": items, "next": following, "until": until.isoformat()}


def _orders(what: Collection) -> list[str]:
    return list(dict.fromkeys([*what.sorts, CHANGED]))


def _order(what: Collection, asked: Fields) -> Sort:
    columns = what.table.columns
    allowed = {name: columns[name] for name in what.sorts} | {CHANGED: columns[what.changed]}
    if "updated_since" not in asked:
        if what.further is not None and "attribute:" in asked.get("sort", ""):
            return what.further(asked["sort"])
        return choose_sort(asked.get("sort"), allowed, what.default_sort)
    if asked.get("sort", CHANGED) != CHANGED:
        why = _("What has changed is told in the order of the changes.")
        raise Invalid({"sort": [why]})
    return choose_sort(CHANGED, allowed, CHANGED)


def _resumed(cursor: str | None) -> tuple[str | None, datetime]:
    """The place in a walk through what changed, and until when the walk is complete.

    The first page says until when; the cursor carries it, however long the walk takes.
    """
    if cursor is None:
        return None, _settled()
    place, _dot, until = cursor.partition(".")
    try:
        instant = datetime.fromisoformat(until)
        if instant.tzinfo is None:
            raise ValueError(until)
    except ValueError as error:
        raise BadRequest(
            _("This page address is not valid any more."), {"cursor": [_("Not a valid cursor.")]}
        ) from error
    return place, instant


def _settled() -> datetime:
    """Before this instant nothing can change any more that is not seen now.

    A row gets its instant when it is written and is seen once its transaction has ended. PostgreSQL
    knows how long the open ones have been writing; SQLite lets nobody write for so long.
    """
    safe = now() - MARGIN
    if db.session.get_bind().dialect.name == "sqlite":
        return safe
    activity = sa.table(
        "pg_stat_activity", sa.column("xact_start", UtcDateTime), sa.column("backend_xid"),
        sa.column("datname"),
    )  # fmt: skip
    oldest = db.session.scalar(
        sa.select(sa.func.min(activity.c.xact_start)).where(
            activity.c.backend_xid.is_not(None),
            activity.c.datname == sa.func.current_database(),
        )
    )
    return safe if oldest is None else min(safe, oldest - MARGIN)
