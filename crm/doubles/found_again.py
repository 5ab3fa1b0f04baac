"""The search after a merge, and after one that was taken back."""

from __future__ import annotations

import sqlalchemy as sa

from crm.accounts.former_names import FormerName
from crm.accounts.models import Account
from crm.doubles.models import Merge, Move
from crm.extensions import at_most, db
from crm.outbox.actions import send
from crm.outbox.models import HEAVY
from crm.search.sources import refresh, sources

IN_ONE = 500
AT_ONCE = 2_000
"""Rows whose entries are written with the merge itself; of more, the rest follows by message."""


def after_merge(merge: Merge) -> None:
    """The lost record is gone from the index; who looks for its name finds the survivor."""
    if merge.kind == "account":
        _lend_name(merge)
    _both(merge)


def _lend_name(merge: Merge) -> None:
    """The survivor goes by the lost record's name as well."""
    survivor = db.session.get_one(Account, merge.survivor_id)
    names = sa.select(FormerName.name).where(FormerName.account_id == survivor.id)
    if merge.lost_name in (survivor.name, *db.session.scalars(names)):
        return
    kana = merge.row.get("name_kana") or ""
    db.session.add(
        FormerName(account_id=survivor.id, name=merge.lost_name, name_kana=kana, kept_at=merge.at)
    )
    db.session.flush()


def give_name_back(merge: Merge) -> None:
    """The survivor does not go by the lost record's name any more."""
    lent = FormerName.account_id == merge.survivor_id, FormerName.kept_at == merge.at
    db.session.execute(sa.delete(FormerName).where(*lent, FormerName.name == merge.lost_name))


def after_unmerge(merge: Merge) -> None:
    """Both are found again, each under its own names."""
    _both(merge)


def _both(merge: Merge) -> None:
    refresh(merge.kind, [merge.survivor_id, merge.lost_id])
    after: int | None = 0
    done = 0
    while after is not None:
        if done >= AT_ONCE:
            _later(merge, after)
            return
        after = refresh_some(merge.id, after)
        done += IN_ONE


def _later(merge: Merge, after: int) -> None:
    way = "back" if merge.undone_at else "there"
    said = {"merge_id": merge.id, "after": after}
    send("doubles.refresh", f"doubles.refresh:{merge.id}:{way}:{after}", said, HEAVY)


def refresh_some(merge_id: int, after: int) -> int | None:
    """Write the entries of some rows that moved; returns where to go on, nothing at the end."""
    rows = db.session.execute(
        sa.select(Move.id, Move.table_name, Move.row_id)
        .where(Move.merge_id == merge_id, Move.id > after, Move.row_id.is_not(None))
        .order_by(Move.id)
        .limit(at_most(IN_ONE))
    ).all()
    for source in sources().values():
        keys = sorted({row.row_id for row in rows if row.table_name == source.table})
        if keys:
            refresh(source.kind, keys)
    tickets = sorted({row.row_id for row in rows if row.table_name == "tickets"})
    notes = db.metadata.tables["ticket_notes"]
    said = sa.select(notes.c.id).where(notes.c.ticket_id.in_(tickets))
    written = list(db.session.scalars(said)) if tickets else []
    if written:
        refresh("note", written)
    return rows[-1].id if len(rows) == IN_ONE else None


def go_on(merge_id: int, after: int) -> None:
    """Some more, and a message for the rest."""
    merge = db.session.get(Merge, merge_id)
    following = refresh_some(merge_id, after) if merge is not None else None
    if merge is not None and following is not None:
        _later(merge, following)
