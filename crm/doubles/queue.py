"""What becomes of pairs: decided by a person, settled by a merge, open again when it is undone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, cast

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.accounts.models import Contact
from crm.clock import now, today
from crm.doubles.comparing import doubles_of_contacts, read_humans
from crm.doubles.keeping import add
from crm.doubles.models import WAITING, Merge, Move, Pair
from crm.doubles.referring import dumped
from crm.errors import Conflict, Invalid
from crm.extensions import db
from crm.installed_base.models import Unit
from crm.timeline.removals import removed_many
from crm.versions import lock

PUT_OFF = timedelta(days=30)
DECISIONS = ("different", "later", "open")
"""What is said of a pair here; `same` is the merge itself."""
DECIDED = ("state", "again_on", "decided_at", "decided_by_id")
"""What a decision writes into a pair."""
HELD: Mapping[str, Any] = {"contact": Contact, "unit": Unit}
"""Kinds whose records belong to an account and go with it."""


def decide(pair: Pair, decision: str, by_id: int) -> None:
    """Not the same (for ever), later (in 30 days), or open again. Raises Conflict, Invalid."""
    if decision not in DECISIONS:
        raise Invalid({"decision": [_("One of: %(all)s.", all=", ".join(DECISIONS))]})
    lock(pair)
    if pair.state == "merged":
        raise Conflict(_("The two are one already."))
    pair.state = decision
    pair.again_on = today() + PUT_OFF if decision == "later" else None
    pair.decided_at, pair.decided_by_id = now(), by_id


def settle(merge: Merge, account_id: int) -> None:
    """A merge decides its pair; who is not the lost record is not the survivor either.

    `account_id` is the survivor's account.
    """
    left, right = sorted((merge.survivor_id, merge.lost_id))
    pair = _pair(merge, left, right)
    if pair is not None:
        _decide_by(merge, pair, "merged")
    _carry_differences(merge, account_id)
    if merge.kind == "account":
        for column in (Pair.left_account_id, Pair.right_account_id):
            theirs = Pair.kind.in_(HELD), column == merge.lost_id
            db.session.execute(
                sa.update(Pair).where(*theirs).values({column.key: merge.survivor_id})
            )
        add(list(doubles_of_contacts(read_humans(merge.survivor_id))))


def unsettle(merge: Merge) -> None:
    """A merge was taken back. Pairs that it decided stand as before it by the journal of what it
    changed; here go those that it brought, and what an account has is that account's again."""
    carried = Pair.kind == merge.kind, Pair.state == "different", Pair.updated_at == merge.at
    brought = db.session.scalars(sa.select(Pair.id).where(*carried)).all()
    removed_many("doubles", brought)
    db.session.execute(sa.delete(Pair).where(Pair.id.in_(brought)))
    _open_unnoted(merge)
    if merge.kind != "account":
        return
    sides = ((Pair.left_account_id, Pair.left_id), (Pair.right_account_id, Pair.right_id))
    for kind, model in HELD.items():
        for account, key in sides:
            theirs = model.id == key, model.account_id == merge.lost_id
            here = Pair.kind == kind, account == merge.survivor_id, sa.exists().where(*theirs)
            db.session.execute(sa.update(Pair).where(*here).values({account.key: merge.lost_id}))


def _open_unnoted(merge: Merge) -> None:
    """Pairs of a merge that was made before pairs stood in its journal are open again."""
    left, right = sorted((merge.survivor_id, merge.lost_id))
    both = sa.and_(Pair.state == "merged", Pair.left_id == left, Pair.right_id == right)
    by_it = sa.and_(Pair.state == "different", Pair.decided_at == merge.at)
    undecided = {"state": "open", "decided_at": None, "decided_by_id": None}
    db.session.execute(
        sa.update(Pair)
        .where(Pair.kind == merge.kind, sa.or_(both, by_it))
        .values(undecided)
        .execution_options(synchronize_session=False)
    )


def _said_already(merge: Merge, left: int, right: int) -> bool:
    """A pair that is there is decided by what was said of the lost record; a merged one stays."""
    found = _pair(merge, left, right)
    if found is not None and found.state in WAITING:
        _decide_by(merge, found, "different")
    return found is not None


def _pair(merge: Merge, left: int, right: int) -> Pair | None:
    which = Pair.kind == merge.kind, Pair.left_id == left, Pair.right_id == right
    return db.session.scalar(
        sa.select(Pair).where(*which).execution_options(populate_existing=True)
    )  # fmt: skip


def _decide_by(merge: Merge, pair: Pair, state: str) -> None:
    """Decide a pair by a merge, noted as it was."""
    before = {name: getattr(pair, name) for name in DECIDED}
    after = {
        "state": state, "again_on": None, "decided_at": merge.at, "decided_by_id": merge.by_id,
    }  # fmt: skip
    table = cast(sa.Table, Pair.__table__)
    none: dict[str, Any] = {column.name: None for column in table.c}
    rows = [dumped(table, none | side) for side in (before, after)]
    said, became = ({name: row[name] for name in DECIDED} for row in rows)
    for name, value in after.items():
        setattr(pair, name, value)
    db.session.add(Move(
        merge_id=merge.id, table_name="doubles", column_name="state", what="changed",
        row_id=pair.id, row=said, after=became,
    ))  # fmt: skip
    db.session.flush()


def _carry_differences(merge: Merge, account_id: int) -> None:
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
        mine = (survivor, account_id)
        (left, left_account), (right, right_account) = sorted((other, mine))
        if left == right or _said_already(merge, left, right):
            continue
        db.session.add(
            Pair(
                kind=merge.kind, left_id=left, right_id=right, left_account_id=left_account,
                right_account_id=right_account, score=0, reasons=[], state="different",
                updated_at=merge.at, decided_at=merge.at, decided_by_id=merge.by_id,
            )
        )  # fmt: skip
    db.session.flush()
