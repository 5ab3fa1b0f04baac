"""Ask for pairs and merges; the doors to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from crm.accounts.models import Account, Contact
from crm.accounts.queries import found_accounts, get_account, get_contact
from crm.doubles.kinds import MODELS, Record, account_of, kind_of
from crm.doubles.models import Merge, Pair, Round
from crm.errors import NotFound
from crm.extensions import at_most, db
from crm.installed_base.models import Unit
from crm.installed_base.queries import get_unit
from crm.paging import Page, Sort, page
from crm.products.models import Product
from crm.products.queries import get_product
from crm.rights import Person, branches, may
from crm.search.queries import Viewer, find

Fields = dict[str, Any]
DOORS: Mapping[str, Callable[[int, Person, str], Any]] = {
    "account": get_account, "contact": get_contact, "product": get_product, "unit": get_unit,
}  # fmt: skip
SHOWN = 20
MERGES = 50
CHAIN = 20
"""A record that was merged into one that was merged … so many times at most."""


def get_pair(pair_id: int, user: Person, action: str = "view") -> Pair:
    """The door to a pair. Raises NotFound."""
    found = db.session.get(Pair, pair_id)
    if found is None or not may(user, action, "double", found):
        raise NotFound
    return found


def get_record(kind: str, record_id: int, user: Person, action: str = "merge") -> Record:
    """The door to a record that is to be merged; of what an account has, that of it as well."""
    found: Record = DOORS[kind](record_id, user, action)
    if kind in ("contact", "unit"):
        door = get_account(account_of(found), user, action)
        found.__dict__["_door"] = door  # held, so that the other of the two asks nobody for it
    return found


def get_merge(kind: str, survivor_id: int, merge_id: int) -> Merge:
    """A merge into a record. Raises NotFound."""
    found = db.session.get(Merge, merge_id, with_for_update=True)
    if found is None or (found.kind, found.survivor_id) != (kind, survivor_id):
        raise NotFound
    return found


def merges_into(kind: str, survivor_id: int) -> Sequence[Merge]:
    """What was merged into a record, the latest first."""
    return db.session.scalars(
        sa.select(Merge)
        .where(Merge.kind == kind, Merge.survivor_id == survivor_id)
        .order_by(Merge.id.desc())
        .limit(at_most(MERGES))
    ).all()


def survivor_of(kind: str, record_id: int) -> int | None:
    """Where the address of a merged record leads: to the last survivor; nothing when it is there.

    For addresses that were not found; one statement for each merge on the way.
    """
    if db.session.get(MODELS[kind], record_id) is not None:
        return None
    at: int | None = record_id
    for _step in range(CHAIN):
        into = db.session.scalar(
            sa.select(Merge.survivor_id)
            .where(Merge.kind == kind, Merge.lost_id == at, Merge.undone_at.is_(None))
            .order_by(Merge.id.desc())
            .limit(at_most(1))
        )
        if into is None:
            break
        at = into
    return at if at != record_id else None


def both_there() -> sa.ColumnElement[bool]:
    """Neither of the two is gone."""

    def there(model: Any, column: Any) -> sa.ColumnElement[bool]:
        return sa.exists().where(model.id == column).correlate(Pair.__table__)

    return sa.or_(*(
        sa.and_(Pair.kind == kind, there(model, Pair.left_id), there(model, Pair.right_id))
        for kind, model in MODELS.items()
    ))  # fmt: skip


def pair_page(user: Person, kind: str, state: str, cursor: str | None) -> Page:
    """Pairs of a kind in a state, the likeliest first."""
    table = Pair.__table__
    where = [Pair.kind == kind, Pair.state == state, both_there()]
    columns = [
        table.c[name]
        for name in ("id", "left_id", "right_id", "score", "reasons", "state", "again_on")
    ]
    sort = Sort("score", table.c.score, descending=True)
    scope = branches(user, "view", "double", Pair)
    return page(columns, table.c.id, scope, where, sort, cursor, SHOWN)


def counts(user: Person) -> dict[tuple[str, str], int]:
    """(kind, state) → how many pairs there are for this person, in one statement."""
    scope = sa.or_(*branches(user, "view", "double", Pair))
    rows = db.session.execute(
        sa.select(Pair.kind, Pair.state, sa.func.count())
        .where(scope, both_there())
        .group_by(Pair.kind, Pair.state)
    )
    return {(kind, state): number for kind, state, number in rows}


def last_round() -> Round | None:
    """The latest comparison of everything."""
    return db.session.scalar(sa.select(Round).order_by(Round.id.desc()).limit(at_most(1)))


def records(kind: str, ids: set[int]) -> Mapping[int, Any]:
    """Key → record, with what hangs on it counted (`weights`)."""
    model: Any = MODELS[kind]
    rows = db.session.scalars(sa.select(model).where(model.id.in_(ids)))
    return {row.id: row for row in rows}


def accounts_of(kind: str, found: Iterable[Record]) -> list[Account]:
    """The accounts of units, so that asking one unit for its own asks nobody; whoever asks holds
    them while they are needed."""
    ids = {account_of(one) for one in found} if kind == "unit" else set()
    return list(db.session.scalars(sa.select(Account).where(Account.id.in_(ids)))) if ids else []


WEIGHED: Mapping[str, tuple[str, ...]] = {
    "account": ("contacts", "units", "deals", "tickets"), "contact": ("tickets", "deals"),
    "product": ("units", "deal_lines"),
    "unit": ("tickets", "work_orders", "contract_units", "meters"),
}  # fmt: skip
"""Kind → the tables of which it is told how much hangs on a record."""


def weights(kind: str, ids: set[int]) -> dict[int, dict[str, int]]:
    """Key → table → how many rows hang on a record, in one statement."""
    found: dict[int, dict[str, int]] = {key: {} for key in ids}
    asked = []
    for name in WEIGHED[kind]:
        column = db.metadata.tables[name].c[f"{kind}_id"]
        asked.append(
            sa.select(sa.literal(name), column, sa.func.count())
            .where(column.in_(ids))
            .group_by(column)
        )
    for name, key, number in db.session.execute(sa.union_all(*asked)) if ids else ():
        found[key][name] = number
    return found


def others(user: Person, found: Record, q: str) -> Sequence[Any]:
    """Whom a record could be merged with: what a word finds, else its pairs and its like."""
    kind = kind_of(found)
    if isinstance(found, Contact):
        mates = Contact.account_id == found.account_id, Contact.id != found.id
        order = sa.select(Contact).where(*mates).order_by(Contact.kana_key, Contact.id)
        return db.session.scalars(order.limit(at_most(SHOWN))).all()
    model = MODELS[kind]
    near = _found(kind, q, user) if q else _paired(kind, found.id)
    asked = sa.select(model).where(model.id != found.id, *_mine(kind, user))
    if isinstance(found, Unit) and not q:
        like = Unit.account_id == found.account_id, Unit.product_id == found.product_id
        asked = asked.where(sa.or_(Unit.id.in_(near), sa.and_(*like)))
    else:
        asked = asked.where(model.id.in_(near))
    return db.session.scalars(asked.order_by(*_order(kind)).limit(at_most(SHOWN))).all()


def _found(kind: str, q: str, user: Person) -> list[int]:
    if kind == "account":
        return found_accounts(q, user)
    hits = find(Viewer((f"staff:{user.id}",)), q, (kind,), SHOWN)
    return [one.record_id for one in hits]


def _mine(kind: str, user: Person) -> list[sa.ColumnElement[bool]]:
    """The records of a kind that this person may merge."""
    accounts = sa.or_(*branches(user, "merge", "account", Account))
    if kind == "account":
        return [accounts]
    if kind == "unit":
        return [sa.exists().where(Account.id == Unit.account_id, accounts)]
    return [sa.or_(*branches(user, "merge", kind, MODELS[kind]))]


def _order(kind: str) -> tuple[Any, ...]:
    orders = {
        "account": (Account.kana_key, Account.id), "product": (Product.code, Product.id),
        "unit": (Unit.serial_key, Unit.id),
    }  # fmt: skip
    return orders[kind]


def _paired(of: str, record_id: int) -> list[int]:
    kind = [Pair.kind == of, Pair.state != "merged"]
    sides = sa.union_all(
        sa.select(Pair.right_id).where(*kind, Pair.left_id == record_id),
        sa.select(Pair.left_id).where(*kind, Pair.right_id == record_id),
    )
    return list(db.session.scalars(sides))
