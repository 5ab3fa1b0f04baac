"""Values of custom fields that are marked to be found: they stand in the search entry of their
record, and follow when the mark is set or taken away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from crm.attributes.asking import is_amount, of_kinds
from crm.attributes.kinds import RECORDS
from crm.attributes.models import TRAITS
from crm.extensions import at_most, db
from crm.outbox.actions import send
from crm.outbox.models import HEAVY
from crm.search.sources import refresh, sources
from crm.timeline.models import Event

CHUNK = 400
FOLLOW = "attributes.follow"
Words = dict[tuple[str, int], list[str]]


def words_of(keys: Mapping[str, Sequence[int]]) -> Words:
    """(Kind, key) → the values by which a record is found; one statement at most, and one for each
    kind that has such fields. What a reference names is found by its own entry, and the amounts of
    deals are not for everybody."""
    found: Words = {}
    for kind, names in _marked(keys.keys() & RECORDS.keys()).items():
        table = db.metadata.tables[RECORDS[kind].table].c
        rows = db.session.execute(
            sa.select(table.id, table.attributes).where(table.id.in_(keys[kind]))
        )
        for key, values in rows:
            said = [str(values[name]) for name in names if (values or {}).get(name) is not None]
            if said:
                found[(kind, key)] = said
    return found


def _marked(kinds: set[str]) -> dict[str, list[str]]:
    """Kind → the keys of its fields that are marked, each once, in the order of their names."""
    marked = {}
    for kind, asked in of_kinds(kinds).items():
        names = {
            one.key for one in asked
            if one.searchable and one.kind != "reference" and not is_amount(one)
        }  # fmt: skip
        if names:
            marked[kind] = sorted(names)
    return marked


def follow(payload: dict[str, Any]) -> None:
    """A field was changed: the entries of the records that have a value of it are written anew,
    some hundred in a transaction; what is left is a message again."""
    event = db.session.get(Event, payload["event_id"])
    kind = str(event.facts["record"]) if event is not None else ""
    if event is None or kind not in sources():
        return
    if "after" not in payload:
        _go_on(event.id, 0)
        return
    table = TRAITS[kind]
    owner = table.c[f"{kind}_id"]
    keys = list(db.session.scalars(
        sa.select(owner)
        .where(table.c.definition_id == event.subject_id, owner > payload["after"])
        .order_by(owner)
        .limit(at_most(CHUNK))
    ))  # fmt: skip
    if keys:
        refresh(kind, keys)
    if len(keys) == CHUNK:
        _go_on(event.id, keys[-1])


def _go_on(event_id: int, after: int) -> None:
    said = {"event_id": event_id, "after": after}
    send(FOLLOW, f"{FOLLOW}:{event_id}:{after}", said, HEAVY)
