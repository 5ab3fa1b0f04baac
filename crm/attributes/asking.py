"""What is asked of a record besides the usual, and who may see the answers; changes nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from flask import has_request_context
from flask_login import current_user

from crm.attributes.kinds import RECORDS, STAFF, kind_of
from crm.attributes.models import AttributeDefinition
from crm.extensions import at_most, db
from crm.rights import Person, sees_amounts, the_user

Definitions = Sequence[AttributeDefinition]
MOST_SHOWN = 1000
_ORDER = (AttributeDefinition.position, AttributeDefinition.id)
_KNOWN = "asked of records"


def asked_of(kind: str, family: Any = None) -> Definitions:
    """What is asked of a kind of record, in order; one statement at most.

    `family`: the product family, as a text or as SQL that finds it; without one only what every
    family is asked. Kinds without families ignore it.
    """
    if not RECORDS[kind].family:
        return of_kind(kind)
    families: Any = AttributeDefinition.category == ""
    if family is not None:
        families = sa.or_(families, AttributeDefinition.category == family)
    with db.session.no_autoflush:
        return db.session.scalars(
            sa.select(AttributeDefinition)
            .where(AttributeDefinition.record == kind, families)
            .order_by(*_ORDER)
        ).all()


def asked_of_record(record: Any) -> Definitions:
    """What is asked of one record, by its family where it has one; one statement."""
    kind = kind_of(record)
    column = RECORDS[kind].family
    return asked_of(kind, family_of(kind, getattr(record, column)) if column else None)


def family_of(kind: str, named: Any) -> Any:
    """The family of a record as `asked_of` takes it: of a unit it is that of its product."""
    if RECORDS[kind].family != "product_id":
        return named
    products = db.metadata.tables["products"].c
    return sa.select(products.category).where(products.id == named).scalar_subquery()


def of_kind(kind: str) -> Definitions:
    """Everything that is asked of a kind of record, family by family; see `of_kinds`."""
    return of_kinds((kind,))[kind]


def of_kinds(kinds: Collection[str]) -> dict[str, Definitions]:
    """Kind → everything that is asked of such records, family by family.

    One statement at most: what was asked once holds for the rest of the transaction.
    """
    known = _known()
    wanted = [kind for kind in kinds if kind not in known]
    if wanted:
        found: dict[str, list[AttributeDefinition]] = {kind: [] for kind in wanted}
        with db.session.no_autoflush:
            for one in db.session.scalars(_every(tuple(wanted))):
                found[one.record].append(one)
        known = known | found
        _hold(known)
    return {kind: known[kind] for kind in kinds}


def learn(kind: str, found: list[dict[str, Any]] | None) -> None:
    """What `asked_in` found with another statement holds for the rest of the transaction too."""
    _hold(_known() | {kind: definitions_in(found)})


def _known() -> dict[str, Definitions]:
    session = db.session()
    within, known = session.info.get(_KNOWN, (None, {}))
    return known if within is not None and within is session.get_transaction() else {}


def _hold(known: dict[str, Definitions]) -> None:
    session = db.session()
    session.info[_KNOWN] = (session.get_transaction(), known)


@cache
def _every(kinds: tuple[str, ...]) -> sa.Select[tuple[AttributeDefinition]]:
    return (
        sa.select(AttributeDefinition)
        .where(AttributeDefinition.record.in_(kinds))
        .order_by(AttributeDefinition.category, *_ORDER)
        .limit(at_most(MOST_SHOWN))
    )


def ask_anew() -> None:
    """Something else is asked from now on."""
    db.session().info.pop(_KNOWN, None)


_COLUMNS = (
    "id", "record", "category", "key", "label_ja", "label_en", "kind", "refers_to", "unit",
    "required", "searchable", "choices", "position",
)  # fmt: skip


def asked_in(kind: str) -> sa.Label[Any]:
    """What is asked of a kind without families, as the value `asked` of a statement asked anyway.

    `definitions_in` makes definitions of it. For pages that may not ask one statement more.
    """
    table = AttributeDefinition.__table__.c
    lite = db.session.get_bind().dialect.name == "sqlite"
    choices: Any = sa.func.json(table.choices) if lite else table.choices
    pairs: list[Any] = []
    for name in _COLUMNS:
        pairs += [sa.cast(sa.literal(name), sa.Text), choices if name == "choices" else table[name]]
    one = sa.func.json_object(*pairs) if lite else sa.func.json_build_object(*pairs)
    every = sa.func.json_group_array(one) if lite else sa.func.json_agg(one)
    found = sa.select(sa.type_coerce(every, sa.JSON)).where(table.record == kind)
    return found.scalar_subquery().label("asked")


def colleagues_in(kind: str) -> sa.Label[Any]:
    """Who may be named now, as the value `colleagues` of a statement asked anyway; none where no
    field of the kind names one. `offered_in` makes choices of it."""
    lite = db.session.get_bind().dialect.name == "sqlite"
    fields, staff = AttributeDefinition.__table__.c, db.metadata.tables["staff"].c
    make = sa.func.json_array if lite else sa.func.json_build_array
    every = sa.func.json_group_array if lite else sa.func.json_agg
    wanted = sa.exists().where(fields.record == kind, fields.refers_to == STAFF)
    found = sa.select(sa.type_coerce(every(make(staff.id, staff.name, staff.name_kana)), sa.JSON))
    return found.where(staff.active.is_(True), wanted).scalar_subquery().label("colleagues")


def offered_in(found: list[list[Any]] | None) -> list[tuple[int, str]]:
    """The colleagues that `colleagues_in` found, in the order of their readings."""
    return [(key, name) for key, name, _kana in sorted(found or (), key=lambda one: one[2])]


def definitions_in(found: list[dict[str, Any]] | None) -> Definitions:
    """The definitions that `asked_in` found, in order; they belong to no session."""
    made = [AttributeDefinition(**row) for row in found or ()]
    return sorted(made, key=lambda one: (one.position, one.id))


def asker() -> Person | None:
    """Who asks, where it is a person in a request; a job acts for the office."""
    if has_request_context() and current_user.is_authenticated:
        return the_user()
    return None


def hidden(one: AttributeDefinition, user: Person | None) -> bool:
    """Amounts of deals are for sales and managers, those of custom fields as well."""
    return is_amount(one) and user is not None and not sees_amounts(user)


def is_amount(one: AttributeDefinition) -> bool:
    """Is it an amount of a deal?"""
    return one.record == "deal" and one.kind == "money"


def visible(some: Definitions, user: Person | None) -> list[AttributeDefinition]:
    """The definitions without those whose values this person may not see."""
    return [one for one in some if not hidden(one, user)]


def hide_amounts(kind: str, rows: Sequence[dict[str, Any]], user: Person) -> None:
    """Take amounts out of the custom fields of a page of rows, for who may not see them.

    One statement for those people, none for others.
    """
    if sees_amounts(user) or not any(row["attributes"] for row in rows):
        return
    keys = {one.key for one in of_kind(kind) if one.kind == "money"}
    for row in rows:
        held = row["attributes"].items()
        row["attributes"] = {name: value for name, value in held if name not in keys}
