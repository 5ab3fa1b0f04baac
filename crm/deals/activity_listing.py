"""The list of activities: its address read, its rows as Core rows."""

from __future__ import annotations

from dataclasses import dataclass, field

import sqlalchemy as sa

from crm.accounts.models import Account
from crm.attributes.listing import asked_text
from crm.attributes.listing import conditions as narrowed
from crm.deals.models import ACTIVITY_KINDS, Activity, Deal
from crm.filters import Args, flag_in, key_in, person_in, word_in
from crm.paging import Page, Sort, count, page
from crm.rights import Person, branches
from crm.search.queries import Viewer, find
from crm.staff.models import Staff
from crm.text.normal import clean

V = Activity.__table__.c
SORTS = {"at": V.at, "id": V.id}
FOUND = 200
"""A search word in the list shows the best so many."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address says."""

    q: str = ""
    kind: str = ""
    account_id: int | None = None
    deal_id: int | None = None
    by_id: int | None = None
    planned: bool | None = None
    attribute: str = ""
    custom: tuple[sa.ColumnElement[bool], ...] = field(default=(), compare=False)

    @property
    def any(self) -> bool:
        """Is anything filtered?"""
        return self != Asked()


def read(args: Args, user: Person) -> Asked:
    """The address in terms of the list. Raises BadRequest for what it does not know."""
    return Asked(
        clean(args.get("q", ""))[:200], word_in(args, "kind", ACTIVITY_KINDS),
        key_in(args, "account_id"), key_in(args, "deal_id"), person_in(args, "by_id", user.id),
        flag_in(args, "planned"), asked_text(args), narrowed("activity", args),
    )  # fmt: skip


def conditions(asked: Asked, user: Person) -> list[sa.ColumnElement[bool]]:
    """What an activity must be to stand in the list."""
    where: list[sa.ColumnElement[bool]] = [
        V[name] == value
        for name in ("kind", "account_id", "deal_id", "by_id")
        if (value := getattr(asked, name))
    ]
    if asked.planned is not None:
        where.append(V.planned.is_(asked.planned))
    if asked.q:
        found = find(Viewer((f"staff:{user.id}",)), asked.q, ("activity",), FOUND)
        where.append(V.id.in_([one.record_id for one in found]))
    return [*where, *asked.custom]


def activity_page(
    asked: Asked, user: Person, sort: Sort, cursor: str | None, limit: int
) -> tuple[Page, int]:
    """One page of activities with customer, deal and who, and how many match (at most 1,001)."""
    where = conditions(asked, user)
    columns = [
        V.id, V.kind, V.account_id, V.deal_id, V.by_id, V.team_id, V.at, V.planned, V.summary,
        V.result, Account.name.label("account"), Deal.title.label("deal"),
        Staff.name.label("by"),
    ]  # fmt: skip
    joins = (
        sa.join(Activity, Account, Account.id == V.account_id)
        .outerjoin(Deal, Deal.id == V.deal_id)
        .outerjoin(Staff, Staff.id == V.by_id)
    )
    scope = branches(user, "view", "activity", Activity)
    rows = page(columns, V.id, scope, where, sort, cursor, limit, joins)
    return rows, count([sa.or_(*scope), *where], V.id)
