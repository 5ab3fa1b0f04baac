"""Ask for accounts, sites and contacts; every door answers missing and forbidden alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import aliased

from crm import neighbours as beside
from crm.accounts.models import Account, Contact, ContactPhone, Site
from crm.connections import PLANNED_ANEW
from crm.errors import Invalid, NotFound, named
from crm.extensions import at_most, db
from crm.paging import Page, Sort, count, page
from crm.rights import Person, branches, may, reader
from crm.search.queries import Viewer, find
from crm.staff.models import Staff
from crm.staff.queries import get_staff

Fields = dict[str, Any]
DEEPEST = 50
MOST_INDUSTRIES = 60
FOUND = 200
"""A search word in a list shows the best so many."""


def get_account(account_id: int, user: Person, action: str = "view") -> Account:
    """The door to an account."""
    found = db.session.get(Account, account_id)
    if found is None or not may(user, action, "account", found):
        raise NotFound
    return found


def get_site(site_id: int, user: Person, action: str = "view") -> Site:
    """The door to a site."""
    found = db.session.get(Site, site_id)
    if found is None or not may(user, action, "site", found):
        raise NotFound
    return found


def get_contact(contact_id: int, user: Person, action: str = "view") -> Contact:
    """The door to a contact."""
    found = db.session.get(Contact, contact_id)
    if found is None or not may(user, action, "contact", found):
        raise NotFound
    return found


DOORS = {
    "account_id": get_account, "parent_id": get_account, "site_id": get_site,
    "contact_id": get_contact, "owner_id": get_staff, "service_owner_id": get_staff,
    "assignee_id": get_staff,
}  # fmt: skip


def check_links(fields: Fields, user: Person) -> Fields:
    """Every record named in a body must be there for this person. Raises Invalid naming it."""
    for name, door in DOORS.items():
        key = fields.get(name)
        if isinstance(key, int):
            with named(name):
                door(key, user)
    return fields


def for_new_account(fields: Fields, user: Person) -> Fields:
    """What a new account starts with: a rep who names no owner is the owner."""
    if user.role == "rep":
        fields.setdefault("owner_id", user.id)
    return check_links(fields, user)


def check_parent(account_id: int | None, parent_id: int) -> None:
    """A company is not its own parent, nor the child of its child. Raises Invalid."""
    seen = parent_id
    for _step in range(DEEPEST):
        if seen == account_id:
            raise Invalid({"parent_id": [_("This company is the account itself or below it.")]})
        above = db.session.scalar(sa.select(Account.parent_id).where(Account.id == seen))
        if above is None:
            return
        seen = above
    raise Invalid({"parent_id": [_("The chain of parent companies is too long.")]})


def check_site_of(site_id: int, account_id: int) -> None:
    """The site must be the account's own. Raises Invalid."""
    with db.session.no_autoflush:
        owner = db.session.scalar(sa.select(Site.account_id).where(Site.id == site_id))
    if owner != account_id:
        raise Invalid({"site_id": [_("This site belongs to another account.")]})


def fill_phones(rows: list[Fields], _user: Person) -> None:
    """Put the telephone numbers into rows of contacts, in one statement."""
    held: dict[int, list[Fields]] = {row["id"]: [] for row in rows}
    for phone in db.session.scalars(
        sa.select(ContactPhone).where(ContactPhone.contact_id.in_(held)).order_by(ContactPhone.id)
    ):
        held[phone.contact_id].append(
            {"number": phone.number, "extension": phone.extension or "", "e164": phone.e164}
        )
    for row in rows:
        row["phones"] = held[row["id"]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of the list says."""

    q: str = ""
    owner_id: int | None = None
    rank: str = ""
    industry: str = ""
    custom: tuple[sa.ColumnElement[bool], ...] = ()


def conditions(asked: Asked, user: Person) -> list[sa.ColumnElement[bool]]:
    """What an account must be to stand in the list."""
    where: list[sa.ColumnElement[bool]] = []
    if asked.q.strip():
        where.append(Account.id.in_(found_accounts(asked.q, user)))
    if asked.owner_id is not None:
        where.append(Account.owner_id == asked.owner_id)
    if asked.rank:
        where.append(Account.rank == asked.rank)
    if asked.industry:
        where.append(Account.industry == asked.industry)
    return [*where, *asked.custom]


def found_accounts(q: str, user: Person) -> list[int]:
    """Keys of the accounts that a word or number finds, the best of them."""
    viewer = Viewer((f"staff:{user.id}",))
    return [one.record_id for one in find(viewer, q, ("account",), FOUND)]


_OWNER = aliased(Staff)
_WITH_OWNER = sa.outerjoin(Account, _OWNER, Account.owner_id == _OWNER.id)
_ID = Account.__table__.c.id
_LISTED = (
    Account.id, Account.name, Account.name_kana, Account.rank, Account.industry,
    Account.address, Account.phone, Account.updated_at, _OWNER.name.label("owner"),
    Account.owner_id, Account.team_id,
)  # fmt: skip


def account_page(
    asked: Asked, user: Person, sort: Sort, cursor: str | None, limit: int
) -> tuple[Page, int]:
    """One page of the list as Core rows, and how many match (at most 1,001)."""
    where, reach = conditions(asked, user), branches(user, "view", "account", Account)
    made_of = None if where else ("accounts", reader(user))
    rows = page(_LISTED, _ID, reach, where, sort, cursor, limit, _WITH_OWNER, made_of)
    return rows, count([sa.or_(*reach), *where], _ID)


def neighbours(asked: Asked, user: Person, sort: Sort, account: Account) -> tuple[int, int]:
    """The keys before and after an account in a filtered list (0: none), in one statement."""
    narrowed = conditions(asked, user)
    made_of = None if narrowed else ("accounts", reader(user))
    return beside.neighbours(sort, _ID, [_seen(user), *narrowed], account, made_of)


def place(asked: Asked, user: Person, sort: Sort, account: Account) -> beside.Place | None:
    """The same with the number of the account and of all in the list."""
    where = [_seen(user), *conditions(asked, user)]
    return beside.place(sort, Account.__table__.c.id, where, account)


def _seen(user: Person) -> sa.ColumnElement[bool]:
    return sa.or_(*branches(user, "view", "account", Account))


def industries() -> list[str]:
    """The industries in use, for the filter; jumps from one to the next in the index."""
    return list(db.session.scalars(_industries_in_use()))


@cache
def _industries_in_use() -> sa.Select[Any]:
    first = sa.select(sa.func.min(Account.industry).label("name")).where(Account.industry > "")
    seen = first.cte("seen", recursive=True)
    after = sa.select(sa.func.min(Account.industry)).where(Account.industry > seen.c.name)
    every = seen.union_all(sa.select(after.scalar_subquery()).where(seen.c.name.is_not(None)))
    return sa.select(every.c.name).where(every.c.name.is_not(None)).limit(at_most(MOST_INDUSTRIES))


_OF_ACCOUNT: sa.BindParameter[int] = sa.bindparam("account_id")
_WEIGHT = sa.case(
    {"decides": 0, "influences": 1, "promotes": 2, "uses": 3}, value=Contact.influence, else_=4
)
_SITES = sa.select(Site).where(Site.account_id == _OF_ACCOUNT).order_by(Site.id).limit(at_most(200))
_NUMBER = (
    sa.select(sa.func.coalesce(ContactPhone.e164, ContactPhone.number))
    .where(ContactPhone.contact_id == Contact.id)
    .order_by(ContactPhone.id)
    .limit(1)
    .scalar_subquery()
)
_CONTACTS = (
    sa.select(
        Contact.id, Contact.department, Contact.title, Contact.influence,
        sa.func.trim(Contact.family_name + " " + Contact.given_name).label("name"),
        _NUMBER.label("phone"),
    )
    .where(Contact.account_id == _OF_ACCOUNT)
    .order_by(_WEIGHT, Contact.kana_key, Contact.id)
    .limit(at_most(200))
    .execution_options(**PLANNED_ANEW)
)  # fmt: skip


def sites_of(account_id: int) -> Sequence[Site]:
    """The places of an account."""
    return db.session.scalars(_SITES, {"account_id": account_id}).all()


def contacts_of(account_id: int) -> Sequence[sa.Row[Any]]:
    """The people at an account with their first numbers, those who decide first."""
    return db.session.execute(_CONTACTS, {"account_id": account_id}).all()


def account_names(ids: set[int]) -> dict[int, str]:
    """Key → name, in one statement."""
    rows = db.session.execute(sa.select(Account.id, Account.name).where(Account.id.in_(ids)))
    return {row.id: row.name for row in rows}
