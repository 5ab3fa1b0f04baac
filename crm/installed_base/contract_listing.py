"""The list of service contracts: its address read, its rows as Core rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from flask_babel import gettext as _

from crm import neighbours
from crm.accounts.models import Account
from crm.attributes.listing import asked_text
from crm.attributes.listing import conditions as narrowed
from crm.clock import today
from crm.filters import Args, key_in, word_in
from crm.installed_base.models import ServiceContract
from crm.paging import Page, Sort, count, page
from crm.rights import Person, branches
from crm.search.queries import Viewer, find
from crm.text.normal import clean

K = ServiceContract.__table__.c
SORTS = {"ends_on": K.ends_on, "number": K.number, "id": K.id}
IN_LIST = ("q", "account_id", "standing", "attribute", "value", "sort")
"""What of the address goes along from the list to a contract."""
STANDINGS = ("in_force", "to_begin", "ended")
FOUND = 200
"""A search word in the list shows the best so many."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address says."""

    q: str = ""
    account_id: int | None = None
    standing: str = ""
    attribute: str = ""
    custom: tuple[sa.ColumnElement[bool], ...] = field(default=(), compare=False)

    @property
    def any(self) -> bool:
        """Is anything filtered?"""
        return self != Asked()


def read(args: Args) -> Asked:
    """The address in terms of the list. Raises BadRequest for what it does not know."""
    return Asked(
        clean(args.get("q", ""))[:200], key_in(args, "account_id"),
        word_in(args, "standing", STANDINGS), asked_text(args), narrowed("contract", args),
    )  # fmt: skip


def standings() -> dict[str, str]:
    """How a contract stands, in words."""
    return dict(zip(STANDINGS, (_("in force"), _("to begin"), _("ended")), strict=True))


def standing_of(row: sa.Row[tuple[object, ...]], on: date) -> str:
    """How a contract stands on a day; the day it was cancelled for is no day of it."""
    if row.ends_on < on or (row.cancelled_on is not None and row.cancelled_on <= on):
        return "ended"
    return "to_begin" if on < row.starts_on else "in_force"


def stands(standing: str, on: date) -> sa.ColumnElement[bool]:
    """The contracts that stand so on a day."""
    left = sa.and_(K.ends_on >= on, sa.or_(K.cancelled_on.is_(None), K.cancelled_on > on))
    if standing == "ended":
        return sa.or_(K.ends_on < on, sa.and_(K.ends_on >= on, K.cancelled_on <= on))
    return sa.and_(left, K.starts_on > on if standing == "to_begin" else K.starts_on <= on)


def standing_today(standing: str) -> sa.ColumnElement[bool]:
    """The contracts that stand so today."""
    return stands(standing, today())


def conditions(asked: Asked, user: Person) -> list[sa.ColumnElement[bool]]:
    """What a contract must be to stand in the list."""
    where: list[sa.ColumnElement[bool]] = []
    if asked.q:
        found = find(Viewer((f"staff:{user.id}",)), asked.q, ("contract",), FOUND)
        where.append(K.id.in_([one.record_id for one in found]))
    if asked.account_id:
        where.append(K.account_id == asked.account_id)
    if asked.standing:
        where.append(standing_today(asked.standing))
    return [*where, *asked.custom]


def contract_page(
    asked: Asked, user: Person, sort: Sort, cursor: str | None, limit: int
) -> tuple[Page, int]:
    """One page of contracts with their customers, and how many match (at most 1,001)."""
    where = conditions(asked, user)
    columns = [
        K.id, K.number, K.account_id, K.plan, K.starts_on, K.ends_on, K.cancelled_on,
        K.annual_amount, K.auto_renew, Account.name.label("account"),
    ]  # fmt: skip
    joins = sa.join(ServiceContract, Account, Account.id == K.account_id)
    scope = branches(user, "view", "contract", ServiceContract)
    rows = page(columns, K.id, scope, where, sort, cursor, limit, joins)
    return rows, count([sa.or_(*scope), *where], K.id)


def place(
    contract: ServiceContract, asked: Asked, user: Person, sort: Sort
) -> neighbours.Place | None:
    """Where a contract stands in a list, with the ones beside it."""
    scope = sa.or_(*branches(user, "view", "contract", ServiceContract))
    return neighbours.place(sort, K.id, [scope, *conditions(asked, user)], contract)
