"""Units that are parts of others, as a file says it."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.clock import local, today
from crm.extensions import db
from crm.installed_base.components import MOST_LEVELS
from crm.installed_base.models import Unit, UnitState
from crm.installed_base.states import TRACKED, row_of
from crm.transfers.finding import Finder
from crm.transfers.tables import table_of

CHUNK = 500
Links = list[tuple[int, int]]
U, S = table_of(Unit), table_of(UnitState)


def judge(links: Links, finder: Finder) -> dict[int, str]:
    """Which units cannot be part of what the file names, and why."""
    above: dict[int, int] = dict(db.session.execute(_held()).tuples().all()) | dict(links)
    units, wrong = finder.facts("unit"), {}
    for unit_id, parent_id in links:
        chain = _chain(unit_id, above)
        if chain[-1] == unit_id:
            wrong[unit_id] = _("A unit is not a part of its own part.")
        elif units[unit_id]["account_id"] != units[parent_id]["account_id"]:
            wrong[unit_id] = _("A component belongs to the account of the unit that it is part of.")
        elif len(chain) >= MOST_LEVELS:
            wrong[unit_id] = _("Components are at most %(n)s levels deep.", n=MOST_LEVELS)
    return wrong


def _held() -> sa.Select[tuple[int, int]]:
    return sa.select(U.c.id, U.c.parent_id).where(U.c.parent_id.is_not(None))


def _chain(unit_id: int, above: dict[int, int]) -> list[int]:
    """What a unit is part of, the nearest first; it ends with the unit itself on a circle."""
    chain: list[int] = []
    one = above.get(unit_id)
    while one is not None and one not in chain:
        chain.append(one)
        one = above.get(one) if one != unit_id else None
    return chain or [0]


def write_states(links: Links) -> None:
    """How these units stand says of what they are a part, from the newest state on."""
    for first in range(0, len(links), CHUNK):
        _write_some([unit_id for unit_id, _parent in links[first : first + CHUNK]])


def _write_some(unit_ids: Sequence[int]) -> None:
    units = db.session.execute(sa.select(U).where(U.c.id.in_(unit_ids))).all()
    newest = sa.select(sa.func.max(S.c.id)).where(S.c.unit_id.in_(unit_ids)).group_by(S.c.unit_id)
    states = db.session.execute(sa.select(S).where(S.c.id.in_(newest)))
    last = {row.unit_id: row for row in states}
    for unit in units:
        state = last.get(unit.id)
        if state is None or state.parent_id == unit.parent_id:
            continue
        if _fresh(state):
            same = sa.update(S).where(S.c.id == state.id).values(parent_id=unit.parent_id)
            db.session.execute(same)
        else:
            row = row_of({name: unit._mapping[name] for name in TRACKED}, unit.id, today())
            db.session.execute(sa.insert(S), [row])


def _fresh(state: sa.Row[tuple[object, ...]]) -> bool:
    """Was the state written today, by this file as a rule?"""
    return bool(local(state.noted_at).date() == today())
