"""What a clerk wants to see of who is calling."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from crm.accounts.models import Account, Contact, ContactPhone, Site
from crm.clock import local, now, today
from crm.deals.models import OPEN_STAGES, Deal
from crm.desk.lookup import Candidate
from crm.extensions import among, at_most, db, keys_given, takes_arrays
from crm.installed_base import judging
from crm.installed_base.models import Unit, WorkOrder
from crm.installed_base.verdict_words import as_json
from crm.products.models import Product
from crm.rights import Person
from crm.staff.models import Staff
from crm.support import queries as support
from crm.support.models import Ticket
from crm.support.similar import units_of_products
from crm.support.words import symptoms

Rows = Sequence[sa.Row[Any]]
MONTHS = 24
UNITS_MOST = 20
TICKETS_MOST, TICKETS_ALL = 10, 100
TOGETHER = 8
"""Several accounts are asked for as so many: a statement of its own for each number of them would
have to be planned anew, which takes longer than the answer."""
SYMPTOMS_MOST = 5


def people(found: Sequence[Candidate]) -> list[dict[str, Any]]:
    """Candidates with the names of account, contact and site, in one statement."""
    rows = _accounts_and_theirs(found)
    accounts = {row.id: row for row in rows}
    sites = {row.site_id: Place(row.site_id, row.site) for row in rows if row.site_id}
    contacts = {row.contact_id: _caller(row) for row in rows if row.contact_id}
    return [
        {
            "candidate": one, "account": accounts[one.account_id],
            "contact": contacts.get(one.contact_id), "site": sites.get(one.site_id),
        }
        for one in found
        if one.account_id in accounts
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A site by its name."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is on the telephone."""

    id: int
    site_id: int | None
    family_name: str
    given_name: str
    family_name_kana: str
    given_name_kana: str
    department: str
    title: str
    email: str
    phone: str | None


_CALLER = tuple(one.name for one in fields(Caller))
_owner, _service = aliased(Staff), aliased(Staff)
_number = (
    sa.select(ContactPhone.number)
    .where(ContactPhone.contact_id == Contact.id)
    .order_by(ContactPhone.id)
    .limit(1)
    .scalar_subquery()
)
_ASKED = ("accounts", "sites", "contacts")


@cache
def _accounts(arrays: bool) -> sa.Select[Any]:
    """Accounts by their keys with sites and contacts of theirs; on PostgreSQL keys are `arrays`."""
    account, site, contact = (keys_given(name, arrays) for name in _ASKED)
    return (
        sa.select(
            Account.id, Account.name, Account.name_kana, Account.rank, Account.phone,
            Account.owner_id, Account.handling_note, _owner.name.label("owner"),
            _service.name.label("service_owner"), Site.id.label("site_id"),
            Site.name.label("site"),
            *(Contact.__table__.c[name].label(f"contact_{name}") for name in _CALLER[:-1]),
            _number.label("contact_phone"),
        )
        .outerjoin(_owner, Account.owner_id == _owner.id)
        .outerjoin(_service, Account.service_owner_id == _service.id)
        .outerjoin(Site, sa.and_(Site.account_id == Account.id, site(Site.id)))
        .outerjoin(Contact, sa.and_(Contact.account_id == Account.id, contact(Contact.id)))
        .where(account(Account.id))
    )  # fmt: skip


def _accounts_and_theirs(found: Sequence[Candidate]) -> Rows:
    """A row for each account with a site and a contact of it that are named, as far as they are."""
    if not found:
        return []
    asked = {
        "accounts": list({one.account_id for one in found}),
        "sites": list({one.site_id for one in found if one.site_id is not None}),
        "contacts": list({one.contact_id for one in found if one.contact_id is not None}),
    }
    return db.session.execute(_accounts(takes_arrays()), asked).all()


def _caller(row: sa.Row[Any]) -> Caller:
    return Caller(**{name: row._mapping[f"contact_{name}"] for name in _CALLER})


@cache
def _units(accounts: int, most: int) -> sa.Select[Any]:
    """The first units of so many accounts, each read from its own place in the index."""
    parts = [
        sa.select(Unit.id)
        .where(Unit.account_id == sa.bindparam(f"account_{one}"), Unit.status != "removed")
        .order_by(Unit.id)
        .limit(at_most(most))
        .subquery()
        for one in range(accounts)
    ]
    return (
        sa.select(
            *Unit.__table__.columns, Product.name.label("product"),
            Product.code.label("product_code"), Product.maintenance_price,
            Site.name.label("site"),
        )
        .join(Product, Unit.product_id == Product.id)
        .outerjoin(Site, Unit.site_id == Site.id)
        .where(Unit.id.in_(sa.union_all(*(sa.select(one.c.id) for one in parts))))
        .order_by(Unit.id)
    )  # fmt: skip


def units_of(account_ids: Iterable[int], most: int = UNITS_MOST) -> dict[int, Rows]:
    """Account → its units with product and verdict of today; removed ones left out."""
    held: dict[int, Any] = defaultdict(list)
    wanted = _filled(account_ids)
    if not wanted:
        return held
    asked = {f"account_{place}": one for place, one in enumerate(wanted)}
    rows = db.session.execute(_units(len(wanted), most), asked).all()
    for row in rows:
        held[row.account_id].append(row)
    return held


def _filled(account_ids: Iterable[int]) -> list[int]:
    """One key, or eight of them, the last again and again."""
    keys = sorted(account_ids)
    return keys if len(keys) < 2 else keys + keys[-1:] * (-len(keys) % TOGETHER)


def verdicts(rows: Rows, on: date | None = None) -> dict[int, Any]:
    """Unit → who pays for it today, in one statement for all."""
    return dict(judging.verdicts(rows, on or today()))


@cache
def _open_deals(arrays: bool) -> sa.Select[Any]:
    asked = keys_given("accounts", arrays)
    return (
        sa.select(
            Deal.id, Deal.account_id, Deal.title, Deal.stage, Deal.rank, Deal.next_step,
            Deal.next_step_on, Deal.next_step_promised, Staff.name.label("owner"),
        )
        .outerjoin(Staff, Deal.owner_id == Staff.id)
        .where(asked(Deal.account_id), among(Deal.stage, OPEN_STAGES))
        .order_by(Deal.expected_close_on, Deal.id)
        .limit(at_most(100))
    )  # fmt: skip


def open_deals(account_ids: Iterable[int]) -> dict[int, Rows]:
    """Account → its open deals with who leads them and what comes next; no amounts."""
    rows = db.session.execute(_open_deals(takes_arrays()), {"accounts": sorted(account_ids)})
    held: dict[int, Any] = defaultdict(list)
    for row in rows:
        held[row.account_id].append(row)
    return held


def answers(found: Sequence[Candidate], user: Person) -> list[dict[str, Any]]:
    """Candidates with everything the API tells of them, in a fixed number of statements."""
    ids = {one.account_id for one in found}
    if not ids:
        return []
    units = units_of(ids)
    judged = verdicts([row for rows in units.values() for row in rows])
    deals = open_deals(ids)
    tickets: dict[int, Any] = defaultdict(list)
    most = TICKETS_MOST if len(ids) == 1 else TICKETS_ALL
    for row in support.open_tickets_of(user, sorted(ids), most):
        if len(tickets[row.account_id]) < TICKETS_MOST:
            tickets[row.account_id].append(row)
    return [
        {
            **person, **asdict(person["candidate"]),
            "units": [_unit(row, judged[row.id]) for row in units[person["account"].id]],
            "open_tickets": tickets[person["account"].id],
            "open_deals": deals[person["account"].id],
        }
        for person in people(found)
    ]  # fmt: skip


def _unit(row: sa.Row[Any], verdict: Any) -> dict[str, Any]:
    return {**row._mapping, "entitlement": as_json(verdict)}


def paid(unit_id: int) -> tuple[int, int]:
    """What the customer paid for work on a unit in 24 months, in yen, and for how many jobs."""
    since = today() - timedelta(days=MONTHS * 365 // 12)
    total = WorkOrder.labour_amount + WorkOrder.travel_amount + WorkOrder.parts_amount
    bill = sa.func.coalesce(WorkOrder.invoice_amount, total)
    row = db.session.execute(
        sa.select(sa.func.coalesce(sa.func.sum(bill), 0), sa.func.count()).where(
            WorkOrder.unit_id == unit_id, WorkOrder.chargeable.is_(True), WorkOrder.done_on >= since
        )
    ).one()
    return int(row[0]), int(row[1])


def usual_symptoms(product_ids: Iterable[int]) -> dict[str, list[str]]:
    """Category → symptoms, the most frequent of these products first, then the usual list."""
    wanted = list(product_ids)
    told: dict[str, list[str]] = defaultdict(list)
    if wanted:
        number = sa.func.count()
        rows = db.session.execute(
            sa.select(Ticket.category, Ticket.symptom)
            .where(
                Ticket.unit_id.in_(units_of_products(wanted)),
                Ticket.symptom != "",
                Ticket.confidential.is_(False),
            )
            .group_by(Ticket.category, Ticket.symptom)
            .order_by(number.desc(), Ticket.symptom)
            .limit(60)
        )
        for row in rows:
            told[row.category].append(row.symptom)
    categories = ("failure", "usage", "consumable", "inspection", "purchase", "complaint", "other")
    return {
        one: list(dict.fromkeys([*told[one], *symptoms(one)]))[:SYMPTOMS_MOST] for one in categories
    }


def calls_this_month(rows: Rows) -> int:
    """How many of these tickets came by telephone in this month."""
    here = local(now())
    return sum(
        row.channel == "phone" and (local(row.opened_at).year, local(row.opened_at).month)
        == (here.year, here.month)
        for row in rows
    )  # fmt: skip
