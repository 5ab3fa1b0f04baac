"""Custom fields of two records that become one, and of those that refer to the one that goes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.attributes.asking import asked_of_record
from crm.attributes.kinds import RECORDS, kind_of
from crm.attributes.models import TRAITS, AttributeDefinition
from crm.attributes.reading import folded
from crm.doubles.models import Merge, Move
from crm.errors import Invalid
from crm.extensions import db

PREFIX = "attributes."
"""What the choices of custom fields begin with, beside those of columns."""
SIDES = ("survivor", "lost")
Values = dict[str, Any]


def proposed(survivor: Any, lost: Any) -> dict[str, str]:
    """`attributes.KEY` → which side it is taken from, for what either of them has."""
    ours, theirs = survivor.attributes or {}, lost.attributes or {}
    return {
        PREFIX + name: "survivor" if name in ours else "lost" for name in sorted({*ours, *theirs})
    }


def chosen(survivor: Any, lost: Any, choices: Mapping[str, str]) -> Values:
    """The survivor's custom fields after the merge. Raises Invalid for no such side."""
    sides: Mapping[str, Values] = {
        "survivor": survivor.attributes or {}, "lost": lost.attributes or {},
    }  # fmt: skip
    found: Values = {}
    for name in proposed(survivor, lost):
        if choices[name] not in SIDES:
            raise Invalid({name: [_("Say survivor or lost.")]})
        value = sides[choices[name]].get(name.removeprefix(PREFIX))
        if value is not None:
            found[name.removeprefix(PREFIX)] = value
    kind = kind_of(survivor)
    for one in asked_of_record(survivor) if found else ():
        if one.refers_to == kind and found.get(one.key) == lost.id:
            found[one.key] = survivor.id
    return found


def back(before: Values, became: Values, stands: Values) -> tuple[Values, list[str]]:
    """The custom fields after a merge was taken back, and those that somebody edited since."""
    found, edited = dict(stands), []
    for name in sorted({*before, *became}):
        was, is_now = before.get(name), stands.get(name)
        if became.get(name) == was:
            continue
        if is_now != became.get(name):
            edited.append(name)
        elif was is None:
            found.pop(name, None)
        else:
            found[name] = was
    return found, edited


def _naming(kind: str, record_id: int) -> Iterator[tuple[AttributeDefinition, list[int]]]:
    """Custom fields that refer to records of a kind, with the keys of who names this one."""
    asked = sa.select(AttributeDefinition).where(AttributeDefinition.refers_to == kind)
    for one in db.session.scalars(asked.order_by(AttributeDefinition.id)).all():
        table = TRAITS[one.record]
        owner = table.c[f"{one.record}_id"]
        here = table.c.definition_id == one.id, table.c.value == folded(record_id)
        yield one, list(db.session.scalars(sa.select(owner).where(*here).order_by(owner)))


def counting(kind: str, record_id: int) -> list[sa.Select[Any]]:
    """Statements that tell `table.attributes` and how many records refer to this one."""
    asked: Any = AttributeDefinition.__table__.c
    return [
        sa.select(sa.literal(f"{RECORDS[record].table}.attributes"), sa.func.count())
        .select_from(table)
        .join(AttributeDefinition, asked.id == table.c.definition_id)
        .where(asked.refers_to == kind, table.c.value == folded(record_id))
        for record, table in TRAITS.items()
    ]


def move(merge: Merge) -> Counter[str]:
    """Let what refers to the lost record refer to the survivor, each noted; returns how many."""
    moved: Counter[str] = Counter()
    for one, keys in _naming(merge.kind, merge.lost_id):
        name = RECORDS[one.record].table
        for key in keys:
            if (one.record, key) == (merge.kind, merge.lost_id):
                continue
            note = {"merge_id": merge.id, "table_name": name, "column_name": "attributes"}
            row = {"what": "named", "row_id": key, "row": {"definition_id": one.id}}
            db.session.execute(sa.insert(Move).values(note | row))
            _point(one, key, merge.lost_id, merge.survivor_id)
        moved[f"{name}.attributes"] += len(keys)
    return +moved


def move_back(merge: Merge) -> Iterator[Values]:
    """Let it refer to the lost record again; yields what refers to something else by now."""
    notes = sa.select(Move).where(Move.merge_id == merge.id, Move.what == "named")
    for note in db.session.scalars(notes.order_by(Move.id)).all():
        one = db.session.get(AttributeDefinition, (note.row or {})["definition_id"])
        key = note.row_id or 0
        if one is None or not _point(one, key, merge.survivor_id, merge.lost_id):
            yield {"what": "elsewhere", "table": note.table_name, "number": 1}


def _point(one: AttributeDefinition, key: int, before: int, after: int) -> bool:
    """Let a record refer to another; False when it does not refer to the one before."""
    table, traits = db.metadata.tables[RECORDS[one.record].table], TRAITS[one.record]
    held = db.session.scalar(sa.select(table.c.attributes).where(table.c.id == key))
    if held is None or held.get(one.key) != before:
        return False
    version = {"version": table.c.version + 1}
    named = {"attributes": held | {one.key: after}}
    db.session.execute(sa.update(table).where(table.c.id == key).values(version | named))
    db.session.execute(
        sa.update(traits)
        .where(traits.c[f"{one.record}_id"] == key, traits.c.definition_id == one.id)
        .values(value=folded(after))
    )
    return True
