"""The search after a merge, and after one that was taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from crm.accounts.actions import index_account, index_contact, index_site
from crm.accounts.former_names import FormerName, words_of
from crm.accounts.models import Account, Contact, Site
from crm.doubles.models import Merge, Move
from crm.extensions import db
from crm.search.actions import forget
from crm.search.models import KINDS, Entry, entry_id
from crm.timeline.actions import SUBJECT_TYPES

IN_ONE = 500
INDEXED: Mapping[str, tuple[Any, Callable[[Any], None]]] = {
    "contact": (Contact, index_contact), "site": (Site, index_site),
}  # fmt: skip


def after_merge(merge: Merge) -> None:
    """The lost record is gone from the index; who looks for its name finds the survivor."""
    forget(merge.kind, merge.lost_id)
    if merge.kind == "contact":
        index_contact(db.session.get_one(Contact, merge.survivor_id))
        return
    survivor = db.session.get_one(Account, merge.survivor_id)
    names = sa.select(FormerName.name).where(FormerName.account_id == survivor.id)
    if merge.lost_name not in (survivor.name, *db.session.scalars(names)):
        kana = merge.row.get("name_kana") or ""
        db.session.add(
            FormerName(
                account_id=survivor.id, name=merge.lost_name, name_kana=kana, kept_at=merge.at
            )
        )
        db.session.flush()
    _index(survivor)
    _carry(merge, survivor.id)


def give_name_back(merge: Merge) -> None:
    """The survivor does not go by the lost record's name any more."""
    lent = FormerName.account_id == merge.survivor_id, FormerName.kept_at == merge.at
    db.session.execute(sa.delete(FormerName).where(*lent, FormerName.name == merge.lost_name))


def after_unmerge(merge: Merge) -> None:
    """Both are found again, each under its own names."""
    if merge.kind == "contact":
        keys = (merge.survivor_id, merge.lost_id)
        for contact in filter(None, (db.session.get(Contact, one) for one in keys)):
            index_contact(contact)
        return
    for key in (merge.survivor_id, merge.lost_id):
        account = db.session.get(Account, key)
        if account is not None:
            _index(account)
    _carry(merge, merge.lost_id)


def _index(account: Account) -> None:
    index_account(account, words_of([account.id]).get(account.id, ()))


def _carry(merge: Merge, account_id: int) -> None:
    """What moved says at whose company it is; people and sites also by its name."""
    for table, ids in _moved(merge):
        kind = SUBJECT_TYPES.get(table.name, "")
        here = sa.select(table.c.id).where(table.c.id.in_(ids), table.c.account_id == account_id)
        keys = list(db.session.scalars(here))
        if kind in INDEXED:
            model, index = INDEXED[kind]
            for found in db.session.scalars(sa.select(model).where(model.id.in_(keys))):
                index(found)
        elif kind in KINDS:
            entries = Entry.id.in_([entry_id(kind, one) for one in keys])
            db.session.execute(
                sa.update(Entry)
                .where(entries)
                .values(account_id=account_id)
                .execution_options(synchronize_session=False)
            )


def _moved(merge: Merge) -> Iterator[tuple[sa.Table, list[int]]]:
    """Table → keys of rows that moved from account to account, some at a time."""
    rows = db.session.execute(
        sa.select(Move.table_name, Move.row_id)
        .where(
            Move.merge_id == merge.id,
            Move.column_name == "account_id",
            Move.what == "moved",
            Move.table_name.in_(list(SUBJECT_TYPES)),
        )
        .order_by(Move.table_name, Move.row_id)
    ).all()
    for name in sorted({row.table_name for row in rows}):
        ids = [row.row_id for row in rows if row.table_name == name]
        for start in range(0, len(ids), IN_ONE):
            yield db.metadata.tables[name], ids[start : start + IN_ONE]
