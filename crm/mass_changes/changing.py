"""The change itself: some records at a time, each by its own door and action, whole or not at all.

What becomes of a record is written in the same transaction, so that a halt at any moment loses and
doubles nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.errors import LOST, Conflict, Forbidden, NotFound, Problem, problem_of
from crm.extensions import at_most, db
from crm.gathering import Gathered, gathering
from crm.mass_changes.kinds import KINDS, Fields, Kind
from crm.mass_changes.models import MassChange, MassChangeItem
from crm.mass_changes.queries import ITEM, loaded, plain
from crm.rights import Person
from crm.versions import lock
from crm.web import TITLES

BATCH = 50
"""Records in one transaction."""
Done = dict[str, Any]
Effect = Callable[[int, Fields], Done]


def do_some(change: MassChange, user: Person) -> int:
    """Do some of the records that are left; returns how many. Nobody else has them meanwhile."""
    kind, back = KINDS[change.list], change.state == "returning"
    some = _next(change.id, "changed" if back else "waiting")
    effect = _returning(kind, user, dict(some)) if back else _changing(kind, user)
    values, refused = loaded(kind, change.fields), "kept" if back else "refused"
    done: list[Done] = []
    with gathering(db.session()) as left:
        for key in some:
            became = _whole(lambda key=key: effect(key, values), left, refused)  # type: ignore[misc]
            done.append({"key": key, "reason": ""} | became)
    _note(change.id, done)
    return len(done)


def _next(change_id: int, state: str) -> dict[int, Fields]:
    """Key → values before, in the order of the keys."""
    rows = db.session.execute(
        sa.select(ITEM.record_id, ITEM.before)
        .where(ITEM.change_id == change_id, ITEM.state == state)
        .order_by(ITEM.record_id)
        .limit(at_most(BATCH))
        .with_for_update(skip_locked=True)
    )
    return {row.record_id: row.before for row in rows}


def _whole(effect: Callable[[], Done], left: Gathered, refused: str) -> Done:
    try:
        with left.each(), db.session.begin_nested():
            return effect()
    except Problem as problem:
        return {"state": refused, "reason": _why(problem)}
    except LOST as error:
        return {"state": refused, "reason": _why(problem_of(error))}


def _why(problem: Problem) -> str:
    if isinstance(problem, NotFound):
        return _("There is no such record, or it is not for you.")
    said = " ".join(dict.fromkeys(one for some in problem.errors.values() for one in some))
    return said or problem.detail or str(TITLES[problem.status]())


def _enter(kind: Kind, key: int, user: Person) -> Any:
    """A record to be changed. Raises Forbidden for one that this person may only see."""
    try:
        return kind.door(key, user, "edit")
    except NotFound:
        kind.door(key, user, "view")
        raise Forbidden(_("You may see this one, not change it.")) from None


def _changing(kind: Kind, user: Person) -> Effect:
    def effect(key: int, values: Fields) -> Done:
        found = lock(_enter(kind, key, user))
        before = {name: getattr(found, name) for name in values}
        if before == values:
            return {"state": "same"}
        kind.change(found, dict(values), user)
        db.session.flush()
        return {"state": "changed", "before": plain(before)}

    return effect


def _returning(kind: Kind, user: Person, before: dict[int, Fields]) -> Effect:
    """Whoever changed it may put it back, also where the change took the right to edit from her."""

    def effect(key: int, values: Fields) -> Done:
        found = lock(kind.door(key, user, "view"))
        if any(getattr(found, name) != value for name, value in values.items()):
            raise Conflict(_("It has been changed since."))
        kind.change(found, loaded(kind, before[key]), user)
        db.session.flush()
        return {"state": "returned"}

    return effect


def _note(change_id: int, done: list[Done]) -> None:
    """What became of each; the values before stay what they are unless it was changed."""
    mine = (ITEM.change_id == change_id, ITEM.record_id == sa.bindparam("key"))
    noted = sa.update(MassChangeItem.__table__).where(*mine)  # type: ignore[arg-type]  # a table
    for changed in (True, False):
        if rows := [one for one in done if ("before" in one) == changed]:
            db.session.execute(
                noted.values({n: sa.bindparam(n) for n in rows[0] if n != "key"}), rows
            )
