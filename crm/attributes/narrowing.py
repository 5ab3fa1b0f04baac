"""Lists narrowed by a custom field: detector:UV, price:>=1000000, renewed:2026-01-01..2026-03-31.

A reference is found by the record's number or by its name (partner:青木). Without a value
(`detector`) those that have any. Fields of several product families may share a key; a record is
found by any of them.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import marshmallow as ma
import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow.validate import Length, Regexp

from crm.attributes.asking import asker, of_kind, visible
from crm.attributes.kinds import RECORDS
from crm.attributes.models import ORDERED, TRAITS, AttributeDefinition
from crm.attributes.naming import candidates
from crm.attributes.reading import folded, place, read
from crm.errors import Invalid
from crm.extensions import at_most, db

Condition = sa.ColumnElement[bool]
MANY = 20_000
"""So many matching records at most are looked up first: 35 ms among a million, as walking takes."""
COMPARED = {">=": "__ge__", "<=": "__le__", ">": "__gt__", "<": "__lt__"}


def narrow(kind: str, text: str) -> Condition:
    """Records of a kind by KEY:VALUE, KEY:FROM..TO, KEY:>=VALUE or KEY alone; two statements.

    Spans are for numbers, money and days, and may be open at one end. Raises Invalid, naming
    `attribute`, for a key that nobody asks, and for a value that no field of this key can have.
    """
    name, _colon, value = text.partition(":")
    known = visible([one for one in of_kind(kind) if one.key == name.strip()], asker())
    if not known:
        raise Invalid({"attribute": [_("There is no such custom field.")]})
    found, wrong = [], []
    for one in known:
        try:
            found.append(having(one, value))
        except Invalid as error:
            wrong += error.errors["value"]
    if not found:
        raise Invalid({"attribute": list(dict.fromkeys(wrong))})
    return sa.or_(*found)


def having(one: AttributeDefinition, text: str) -> Condition:
    """Records whose field has a value or stands in a span. Raises Invalid with `value`.

    One statement tells whether few do, which are looked up, or so many that the list is walked
    in its own order and each record asked.
    """
    table = TRAITS[one.record]
    owner, records = table.c[f"{one.record}_id"], db.metadata.tables[RECORDS[one.record].table]
    wanted = sa.and_(
        table.c.definition_id == _known(one.id, sa.BigInteger()),
        *_matching(one, text.strip(), table),
    )
    some = sa.select(owner).where(wanted).limit(at_most(MANY + 1)).subquery()
    if (db.session.scalar(sa.select(sa.func.count()).select_from(some)) or 0) <= MANY:
        return records.c.id.in_(sa.select(owner).where(wanted))
    return sa.exists().where(owner == records.c.id, wanted).correlate(records)


def _known(value: Any, kind: sa.types.TypeEngine[Any]) -> sa.BindParameter[Any]:
    """A value that the planner reads: what suits a rare one takes seconds for a common one."""
    return sa.bindparam(None, value, kind, unique=True, literal_execute=True)


def _matching(one: AttributeDefinition, text: str, table: sa.Table) -> list[Condition]:
    if one.kind in ORDERED:
        if ".." in text:
            least, _dots, most = text.partition("..")
            ends = ((">=", least), ("<=", most))
            return [_beyond(one, sign, end, table) for sign, end in ends if end.strip()]
        for sign in COMPARED:
            if text.startswith(sign):
                return [_beyond(one, sign, text.removeprefix(sign), table)]
    if one.kind == "reference" and text and not text.lstrip("#").isdigit():
        return [table.c.value.in_(_called(one, text))]
    value = read(one, text.lstrip("#") if one.kind == "reference" else text)
    return [] if value is None else [table.c.value == _known(folded(value), sa.String())]


def _called(one: AttributeDefinition, text: str) -> list[str]:
    """The records of a name, as the table of traits has them. Raises Invalid with `value`."""
    found = [str(key) for key, *_words in candidates(one, text, asker())]
    if not found:
        raise Invalid({"value": [_("Nothing is called that.")]})
    return found


def _beyond(one: AttributeDefinition, sign: str, text: str, table: sa.Table) -> Condition:
    value = read(one, text)
    if value is None:
        raise Invalid({"value": [_("Say a value behind %(sign)s.", sign=sign)]})
    compared: Condition = getattr(table.c.place, COMPARED[sign])(
        _known(place(one, value), sa.BigInteger())
    )
    return compared


def filter_field() -> ma.fields.String:
    """`attribute` in the query of a list."""
    shape = Regexp(r"^[a-z][a-z0-9_]{0,39}(:|$)", error=_l("As detector:UV."))
    return ma.fields.String(
        validate=[Length(max=300), shape],
        metadata={
            "description": "A custom field by key and value (detector:UV), by a span of numbers, "
            "yen or days (price:>=1000000, renewed:2026-01-01..2026-03-31), by the number or the "
            "name of a record it refers to, or by its key alone."
        },
    )


def narrowed(kind: str) -> dict[str, Any]:
    """What a collection of the API says to be narrowed by custom fields."""
    return {"attribute": partial(narrow, kind)}
