"""Values of custom fields that are marked to be found: they stand in the search entry of their
record, and follow when the mark is set or taken away, or a colleague is called otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from crm.attributes.asking import is_amount, of_kinds
from crm.attributes.kinds import RECORDS, STAFF
from crm.attributes.models import TRAITS, AttributeDefinition
from crm.extensions import at_most, db
from crm.outbox.actions import send
from crm.outbox.models import HEAVY
from crm.search.sources import refresh, sources
from crm.staff.queries import names
from crm.timeline.models import Event

CHUNK = 400
FOLLOW = "attributes.follow"
Words = dict[tuple[str, int], list[str]]


def words_of(keys: Mapping[str, Sequence[int]]) -> Words:
    """(Kind, key) → the values by which a record is found.

    One statement at most, one for each kind that has such fields, and one where they name
    colleagues. What any other reference names is found by its own entry, and the amounts of deals
    are not for everybody.
    """
    said: dict[tuple[str, int], list[tuple[AttributeDefinition, Any]]] = {}
    for kind, marked in _marked(keys.keys() & RECORDS.keys()).items():
        table = db.metadata.tables[RECORDS[kind].table].c
        rows = db.session.execute(
            sa.select(table.id, table.attributes).where(table.id.in_(keys[kind]))
        )
        for key, values in rows:
            some = [(one, (values or {}).get(one.key)) for one in marked]
            said[(kind, key)] = [(one, value) for one, value in some if value is not None]
    people = names({int(value) for some in said.values() for one, value in some if _of_staff(one)})
    found = {
        at: [people.get(int(value), "") if _of_staff(one) else str(value) for one, value in some]
        for at, some in said.items()
    }
    return {at: words for at, words in found.items() if words}


def _of_staff(one: AttributeDefinition) -> bool:
    return one.refers_to == STAFF


def _marked(kinds: set[str]) -> dict[str, list[AttributeDefinition]]:
    """Kind → its fields that are marked, one of each key, in the order of the keys."""
    marked = {}
    for kind, asked in of_kinds(kinds).items():
        some = {
            one.key: one for one in asked
            if one.searchable and not is_amount(one) and (one.kind != "reference" or _of_staff(one))
        }  # fmt: skip
        if some:
            marked[kind] = [some[key] for key in sorted(some)]
    return marked


def follow(payload: dict[str, Any]) -> None:
    """A field was changed, or a colleague: the entries of the records that have a value of it are
    written anew, some hundred in a transaction; what is left is a message again."""
    event = db.session.get(Event, payload["event_id"])
    if event is None:
        return
    if event.kind == "staff.changed":
        _follow_colleague(event, payload)
    else:
        _follow(event, payload, event.subject_id, str(event.facts["record"]))


def _follow_colleague(event: Event, payload: dict[str, Any]) -> None:
    if "name" not in event.facts["fields"]:
        return
    asked = sa.select(AttributeDefinition).where(
        AttributeDefinition.refers_to == STAFF, AttributeDefinition.searchable.is_(True),
        AttributeDefinition.id == payload.get("field", AttributeDefinition.id),
    )  # fmt: skip
    for one in db.session.scalars(asked):
        _follow(event, payload | {"field": one.id}, one.id, one.record, str(event.subject_id))


def _follow(
    event: Event, payload: dict[str, Any], field: int, kind: str, value: str | None = None
) -> None:  # fmt: skip
    if kind not in sources():
        return
    if "after" not in payload:
        _go_on(event.id, field, 0)
        return
    table = TRAITS[kind]
    owner, of = table.c[f"{kind}_id"], table.c.definition_id == field
    named = sa.true() if value is None else table.c.value == value
    keys = list(db.session.scalars(
        sa.select(owner)
        .where(of, named, owner > payload["after"])
        .order_by(owner)
        .limit(at_most(CHUNK))
    ))  # fmt: skip
    if keys:
        refresh(kind, keys)
    if len(keys) == CHUNK:
        _go_on(event.id, field, keys[-1])


def _go_on(event_id: int, field: int, after: int) -> None:
    said = {"event_id": event_id, "field": field, "after": after}
    send(FOLLOW, f"{FOLLOW}:{event_id}:{field}:{after}", said, HEAVY)
