"""Bring the queue up to what the comparison found. Done twice it leaves the same queue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from crm.clock import now, today
from crm.doubles.comparing import Found
from crm.doubles.models import WAITING, Move, Pair, Round
from crm.extensions import db
from crm.timeline.removals import removed_many

MOST = 10_000
"""Proposals of a kind that wait at most, the likeliest first: nobody works through more."""
IN_ONE = 500


def keep(found: Sequence[Found]) -> int:
    """Write new pairs, bring waiting ones up to date, take back what holds no more.

    What people decided is left as it is. Returns how many pairs wait.
    """
    wanted = {(one.kind, one.left_id, one.right_id): one for one in _best(found)}
    known = _known()
    gone = [
        row.id for key, row in known.items() if key not in wanted and row.state in WAITING
    ]  # fmt: skip
    for start in range(0, len(gone), IN_ONE):
        _remove(Pair.id.in_(gone[start : start + IN_ONE]))
    _write([_row(one) for key, one in wanted.items() if key not in known])
    for key, one in wanted.items():
        row = known.get(key)
        if row is not None and row.state in WAITING:
            _refresh(row, one)
    _wake()
    return len(wanted.keys() - known.keys()) + sum(
        row.state in WAITING for key, row in known.items() if key in wanted
    )


def _best(found: Sequence[Found]) -> Iterator[Found]:
    order = sorted(found, key=lambda one: (-one.judged.score, one.left_id, one.right_id))
    number: Counter[str] = Counter()
    for one in order:
        number[one.kind] += 1
        if number[one.kind] <= MOST:
            yield one


def add(found: Sequence[Found]) -> None:
    """Write pairs that nobody has seen before; those that are known stay as they are."""
    wanted = {(one.kind, one.left_id, one.right_id): one for one in found}
    for start in range(0, len(found), IN_ONE):
        some = found[start : start + IN_ONE]
        known = db.session.execute(
            sa.select(Pair.kind, Pair.left_id, Pair.right_id).where(
                Pair.right_id.in_({one.right_id for one in some}),
                Pair.kind.in_({one.kind for one in some}),
            )
        )
        for key in known:
            wanted.pop((key.kind, key.left_id, key.right_id), None)
    _write([_row(one) for one in wanted.values()])


def forget(kind: str, ids: Sequence[int]) -> None:
    """Records that are gone without a trace, such as those of an import that is taken back."""
    gone = sa.or_(Pair.left_id.in_(ids), Pair.right_id.in_(ids))
    _remove(Pair.kind == kind, gone)


def _remove(*which: sa.ColumnElement[bool]) -> None:
    """Take pairs out of the queue, but for those that somebody decides in this instant; programs
    that keep a copy of it are told."""
    waiting = sa.delete(Pair).where(*which, Pair.state.in_(WAITING)).returning(Pair.id)
    removed_many("doubles", db.session.scalars(waiting).all())


def _known() -> dict[tuple[str, int, int], sa.Row[Any]]:
    columns = (Pair.id, Pair.kind, Pair.left_id, Pair.right_id, Pair.score, Pair.reasons,
               Pair.state, Pair.left_account_id, Pair.right_account_id)  # fmt: skip
    rows = db.session.execute(sa.select(*columns))
    return {(row.kind, row.left_id, row.right_id): row for row in rows}


def _row(one: Found) -> dict[str, Any]:
    return {
        "kind": one.kind, "left_id": one.left_id, "right_id": one.right_id,
        "left_account_id": one.left_account_id, "right_account_id": one.right_account_id,
        "score": one.judged.score, "reasons": list(one.judged.reasons), "state": "open",
        "updated_at": now(),
    }  # fmt: skip


def _write(rows: list[dict[str, Any]]) -> None:
    if rows:
        db.session.execute(sa.insert(Pair), rows)


def _refresh(row: sa.Row[Any], one: Found) -> None:
    said = {
        "score": one.judged.score, "reasons": list(one.judged.reasons),
        "left_account_id": one.left_account_id, "right_account_id": one.right_account_id,
    }  # fmt: skip
    if {name: getattr(row, name) for name in said} != said:
        db.session.execute(sa.update(Pair).where(Pair.id == row.id).values(said))


def _wake() -> None:
    """What was put off comes back on its day."""
    due = Pair.state == "later", Pair.again_on <= today()
    db.session.execute(sa.update(Pair).where(*due).values(state="open", again_on=None))


def note_round(accounts: int, contacts: int, proposed: int) -> None:
    """Remember that everything was compared; only the last time is kept."""
    last = db.session.scalar(sa.select(Round).limit(1)) or Round()
    last.at, last.accounts, last.contacts, last.proposed = now(), accounts, contacts, proposed
    db.session.add(last)


def forget_moves(merge_ids: sa.Select[Any]) -> None:
    """What merges moved that cannot be taken back any more."""
    db.session.execute(sa.delete(Move).where(Move.merge_id.in_(merge_ids)))
