"""What becomes of pairs: decided by a person, settled by a merge, open again when it is undone."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.clock import now, today
from crm.doubles.comparing import doubles_of_contacts, read_humans
from crm.doubles.keeping import add
from crm.doubles.models import WAITING, Merge, Pair
from crm.errors import Conflict, Invalid
from crm.extensions import db

PUT_OFF = timedelta(days=30)
DECISIONS = ("different", "later", "open")
"""What is said of a pair here; `same` is the merge itself."""


def decide(pair: Pair, decision: str, by_id: int) -> None:
    """Not the same (for ever), later (in 30 days), or open again. Raises Conflict, Invalid."""
    if decision not in DECISIONS:
        raise Invalid({"decision": [_("One of: %(all)s.", all=", ".join(DECISIONS))]})
    if pair.state == "merged":
        raise Conflict(_("The two are one already."))
    pair.state = decision
    pair.again_on = today() + PUT_OFF if decision == "later" else None
    pair.decided_at, pair.decided_by_id = now(), by_id


def settle(merge: Merge) -> None:
    """A merge decides its pair; who is not the lost record is not the survivor either."""
    _pair_becomes(merge, "merged")
    _carry_differences(merge)
    if merge.kind == "account":
        for column in (Pair.left_account_id, Pair.right_account_id):
            contacts = Pair.kind == "contact", column == merge.lost_id
            db.session.execute(
                sa.update(Pair).where(*contacts).values({column.key: merge.survivor_id})
            )
        add(list(doubles_of_contacts(read_humans(merge.survivor_id))))


def unsettle(merge: Merge) -> None:
    """A merge was taken back: its pair is open again, and what was said because of it is unsaid."""
    _pair_becomes(merge, "open")
    carried = Pair.kind == merge.kind, Pair.state == "different", Pair.found_at == merge.at
    db.session.execute(sa.delete(Pair).where(*carried))
    said = Pair.kind == merge.kind, Pair.state == "different", Pair.decided_at == merge.at
    db.session.execute(sa.update(Pair).where(*said).values(state="open"))


def _said_already(merge: Merge, left: int, right: int) -> bool:
    """A pair that is there is decided by what was said of the lost record; a merged one stays."""
    which = Pair.kind == merge.kind, Pair.left_id == left, Pair.right_id == right
    waiting = Pair.state.in_(WAITING)
    said = {"state": "different", "decided_at": merge.at, "decided_by_id": merge.by_id}
    db.session.execute(sa.update(Pair).where(*which, waiting).values(said))
    return db.session.scalar(sa.select(Pair.id).where(*which)) is not None


def _pair_becomes(merge: Merge, state: str) -> None:
    left, right = sorted((merge.survivor_id, merge.lost_id))
    pair = Pair.kind == merge.kind, Pair.left_id == left, Pair.right_id == right
    db.session.execute(
        sa.update(Pair)
        .where(*pair)
        .values(state=state, again_on=None, decided_at=now(), decided_by_id=merge.by_id)
        .execution_options(synchronize_session=False)
    )


def _carry_differences(merge: Merge) -> None:
    lost, survivor = merge.lost_id, merge.survivor_id
    rows = db.session.execute(
        sa.select(Pair.left_id, Pair.right_id, Pair.left_account_id, Pair.right_account_id)
        .where(
            Pair.kind == merge.kind,
            Pair.state == "different",
            sa.or_(Pair.left_id == lost, Pair.right_id == lost),
        )
    ).all()  # fmt: skip
    for row in rows:
        sides = [(row.left_id, row.left_account_id), (row.right_id, row.right_account_id)]
        other = next(one for one in sides if one[0] != lost)
        mine = (survivor, survivor if merge.kind == "account" else other[1])
        (left, left_account), (right, right_account) = sorted((other, mine))
        if left == right or _said_already(merge, left, right):
            continue
        db.session.add(
            Pair(
                kind=merge.kind, left_id=left, right_id=right, left_account_id=left_account,
                right_account_id=right_account, score=0, reasons=[], state="different",
                found_at=merge.at, decided_at=merge.at, decided_by_id=merge.by_id,
            )
        )  # fmt: skip
    db.session.flush()
