"""The places of choices: they follow when an administrator offers them in another order."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from crm.attributes.models import TRAITS, AttributeDefinition
from crm.attributes.reading import NOT_OFFERED, folded
from crm.extensions import at_most, db
from crm.outbox.actions import send
from crm.outbox.models import HEAVY

PLACE = "attributes.place"
AT_ONCE = 5_000
"""Values that get their place together; of more, the rest follows by message."""
_ASKED = sa.table(
    "attribute_definitions", sa.column("id"), sa.column("record"), sa.column("kind"),
    sa.column("choices"),
)  # fmt: skip


def follow(payload: dict[str, Any]) -> None:
    """Go on where the last message stopped, with the choices as they are now."""
    one = db.session.get(AttributeDefinition, payload["definition_id"])
    if one is not None and one.kind == "choice":
        place_anew(one, payload["since"], payload["turn"])


def nightly(payload: dict[str, Any]) -> None:
    """Once a day: choices of before they had places, and what somebody put back from a copy."""
    asked = sa.select(AttributeDefinition).where(AttributeDefinition.kind == "choice")
    for one in db.session.scalars(asked.order_by(AttributeDefinition.id)).all():
        place_anew(one, str(payload["day"]))


def place_anew(one: AttributeDefinition, since: str, turn: int = 0) -> None:
    """Let the values of a choice stand in the order of the choices. Does not commit.

    `since` names the occasion, so that what is left is one message each time.
    """
    table = TRAITS[one.record]
    owner, left = table.c[f"{one.record}_id"], AT_ONCE
    for where, place in _wrong(table, one.id, one.choices):
        some = list(db.session.scalars(sa.select(owner).where(*where).limit(at_most(left))))
        if some:
            here = table.c.definition_id == one.id, owner.in_(some)
            db.session.execute(sa.update(table).where(*here).values(place=place))
        left -= len(some)
        if not left:
            said = {"definition_id": one.id, "since": since, "turn": turn + 1}
            send(PLACE, f"{PLACE}:{one.id}:{since}:{turn + 1}", said, HEAVY)
            return


def after_migration(*, ctx: Any, **_told: object) -> None:
    """Choices of before they had places get them; Alembic says so after each step."""
    if ctx.as_sql:
        return
    there = set(sa.inspect(ctx.connection).get_table_names())
    if _ASKED.name not in there:
        return
    if "record" not in {one["name"] for one in sa.inspect(ctx.connection).get_columns(_ASKED.name)}:
        return
    asked = sa.select(_ASKED).where(_ASKED.c.kind == "choice")
    for one in ctx.connection.execute(asked).all():
        table = TRAITS[one.record]
        choices = json.loads(one.choices) if isinstance(one.choices, str) else one.choices
        for where, place in _wrong(table, one.id, choices) if table.name in there else ():
            ctx.connection.execute(sa.update(table).where(*where).values(place=place))


Conditions = list[sa.ColumnElement[bool]]


def _wrong(table: sa.Table, key: int, choices: list[str]) -> Iterator[tuple[Conditions, int]]:
    """Values that do not stand where their choice does, with the place where they belong."""
    known = [folded(one) for one in choices]
    of = table.c.definition_id == key

    def elsewhere(place: int) -> sa.ColumnElement[bool]:
        return table.c.place.is_distinct_from(place)

    for place, value in enumerate(known):
        if value not in known[:place]:
            yield [of, table.c.value == value, elsewhere(place)], place
    yield [of, table.c.value.not_in(known), elsewhere(NOT_OFFERED)], NOT_OFFERED
