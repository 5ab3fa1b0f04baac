"""The list of contacts: its address read, its rows as Core rows."""

from __future__ import annotations

from dataclasses import dataclass, field

import sqlalchemy as sa

from crm import neighbours
from crm.accounts.models import Account, Contact, ContactPhone, Site
from crm.attributes.listing import asked_text
from crm.attributes.listing import conditions as narrowed
from crm.filters import Args, key_in
from crm.paging import Page, Sort, count, page
from crm.rights import Person, branches
from crm.search.queries import Viewer, find
from crm.text.normal import clean

C = Contact.__table__.c
SORTS = {"kana_key": C.kana_key, "id": C.id}
IN_LIST = ("q", "account_id", "site_id", "attribute", "value", "sort")
"""What of the address goes along from the list to a contact."""
FOUND = 200
"""A search word in the list shows the best so many."""

_phone = (
    sa.select(ContactPhone.number)
    .where(ContactPhone.contact_id == C.id)
    .order_by(ContactPhone.id)
    .limit(1)
    .scalar_subquery()
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address says."""

    q: str = ""
    account_id: int | None = None
    site_id: int | None = None
    attribute: str = ""
    custom: tuple[sa.ColumnElement[bool], ...] = field(default=(), compare=False)

    @property
    def any(self) -> bool:
        """Is anything filtered?"""
        return self != Asked()


def read(args: Args) -> Asked:
    """The address in terms of the list. Raises BadRequest for what it does not know."""
    return Asked(
        clean(args.get("q", ""))[:200], key_in(args, "account_id"), key_in(args, "site_id"),
        asked_text(args), narrowed("contact", args),
    )  # fmt: skip


def conditions(asked: Asked, user: Person) -> list[sa.ColumnElement[bool]]:
    """What a contact must be to stand in the list."""
    where: list[sa.ColumnElement[bool]] = []
    if asked.account_id:
        where.append(C.account_id == asked.account_id)
    if asked.site_id:
        where += [C.site_id == asked.site_id, C.account_id == _account_of(asked.site_id)]
    if asked.q:
        found = find(Viewer((f"staff:{user.id}",)), asked.q, ("contact",), FOUND)
        where.append(C.id.in_([one.record_id for one in found]))
    return [*where, *asked.custom]


def _account_of(site_id: int) -> sa.ScalarSelect[int]:
    """The account of a site: its contacts are found by the index of the account."""
    return sa.select(Site.account_id).where(Site.id == site_id).scalar_subquery()


def contact_page(
    asked: Asked, user: Person, sort: Sort, cursor: str | None, limit: int
) -> tuple[Page, int]:
    """One page of contacts with company, site and telephone, and how many match (at most 1,001)."""
    where = conditions(asked, user)
    columns = [
        C.id, C.account_id, C.family_name, C.given_name, C.family_name_kana, C.given_name_kana,
        C.department, C.title, C.email, C.updated_at, Account.name.label("account"),
        Site.name.label("site"), _phone.label("phone"),
    ]  # fmt: skip
    joins = sa.join(Contact, Account, Account.id == C.account_id).outerjoin(
        Site, Site.id == C.site_id
    )
    scope = branches(user, "view", "contact", Contact)
    rows = page(columns, C.id, scope, where, sort, cursor, limit, joins)
    return rows, count([sa.or_(*scope), *where], C.id)


def place(contact: Contact, asked: Asked, user: Person, sort: Sort) -> neighbours.Place | None:
    """Where a contact stands in a list, with the ones beside it."""
    scope = sa.or_(*branches(user, "view", "contact", Contact))
    return neighbours.place(sort, C.id, [scope, *conditions(asked, user)], contact)
