"""Ask for units, contracts and work orders, and who pays for which unit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from crm.accounts import queries as accounts
from crm.accounts.models import Account
from crm.errors import Conflict, Invalid, NotFound, named
from crm.extensions import at_most, db
from crm.installed_base.covering import covered, scopes_of
from crm.installed_base.models import ContractUnit, ServiceContract, Unit, WorkOrder
from crm.installed_base.own_days import ends, others
from crm.products import queries as products
from crm.products.models import Product
from crm.rights import Person, branches, may, the_user
from crm.staff.queries import get_staff
from crm.typed import LARGEST_KEY

Fields = dict[str, Any]
UNFINISHED = ("open", "pending")
"""Of the statuses of tickets, which live a floor above."""


def get_unit(unit_id: int, user: Person, action: str = "view") -> Unit:
    """The door to a unit."""
    found = db.session.get(Unit, unit_id)
    if found is None or not may(user, action, "unit", found):
        raise NotFound
    return found


def get_contract(contract_id: int, user: Person, action: str = "view") -> ServiceContract:
    """The door to a contract."""
    found = db.session.get(ServiceContract, contract_id)
    if found is None or not may(user, action, "contract", found):
        raise NotFound
    return found


def get_work_order(work_id: int, user: Person, action: str = "view") -> WorkOrder:
    """The door to a work order."""
    found = db.session.get(WorkOrder, work_id)
    if found is None or not may(user, action, "work_order", found):
        raise NotFound
    return found


DOORS = {
    "account_id": accounts.get_account, "site_id": accounts.get_site,
    "product_id": products.get_product, "unit_id": get_unit, "assignee_id": get_staff,
    "parent_id": get_unit, "renews_id": get_contract, "replaces_id": get_unit,
    "end_user_account_id": accounts.get_account,
}  # fmt: skip


def check_links(fields: Fields, user: Person) -> Fields:
    """Every record named in a body must be there for this person. Raises Invalid naming it."""
    for name, door in DOORS.items():
        if isinstance(fields.get(name), int):
            with named(name):
                door(fields[name], user)
    if isinstance(fields.get("ticket_id"), int):
        _check_ticket(fields["ticket_id"], user)
    return fields


def _check_ticket(ticket_id: int, user: Person) -> None:
    """Tickets live a floor above, so their table is asked for by name, with the same rights."""
    tickets = db.metadata.tables["tickets"].c
    seen = sa.or_(*branches(user, "view", "ticket", tickets))
    if db.session.scalar(sa.select(tickets.id).where(tickets.id == ticket_id, seen)) is None:
        with named("ticket_id"):
            raise NotFound


def unfinished_tickets(unit_ids: Iterable[int]) -> int:
    """How many tickets about units wait for us or the customer, whoever may read them."""
    tickets = db.metadata.tables["tickets"].c
    about = sa.and_(tickets.unit_id.in_(list(unit_ids)), tickets.status.in_(UNFINISHED))
    return db.session.scalar(sa.select(sa.func.count()).where(about)) or 0


def unfinished_tickets_of(unit_ids: Iterable[int]) -> dict[int, int]:
    """Unit → how many tickets about it wait for us or the customer; units without are left out."""
    tickets = db.metadata.tables["tickets"].c
    rows = db.session.execute(
        sa.select(tickets.unit_id, sa.func.count())
        .where(tickets.unit_id.in_(list(unit_ids)), tickets.status.in_(UNFINISHED))
        .group_by(tickets.unit_id)
    )
    return {row[0]: row[1] for row in rows}


def refuse_with_open_tickets(unit_ids: Iterable[int], confirmed: bool = False) -> None:
    """Raises Conflict in words while tickets about one of these units are unfinished."""
    many = 0 if confirmed else unfinished_tickets(unit_ids)
    if many:
        why = _(
            "%(n)s tickets about this unit are not finished. Finish them first, or say that it "
            "moves all the same.",
            n=many,
        )
        raise Conflict(why, {"even_with_open_tickets": [why]})


def check_units_of(unit_ids: Iterable[int], account_id: int) -> None:
    """Every unit of a contract must be there and be the account's. Raises Invalid."""
    wanted = set(unit_ids)
    rows = db.session.execute(sa.select(Unit.id, Unit.account_id).where(Unit.id.in_(wanted)))
    owners = {row.id: row.account_id for row in rows}
    missing = sorted(wanted - owners.keys())
    if missing:
        raise Invalid({"unit_ids": [_("There is no unit %(id)s.", id=missing[0])]})
    foreign = sorted(key for key, owner in owners.items() if owner != account_id)
    if foreign:
        raise Invalid({"unit_ids": [_("Unit %(id)s is another account's.", id=foreign[0])]})


def check_scopes(fields: Fields, account_id: int) -> None:
    """Sites a contract names must be the account's, products must be there. Raises Invalid."""
    sites, tables = set(fields.get("site_ids") or ()), db.metadata.tables
    held = sa.select(tables["sites"].c.id).where(tables["sites"].c.account_id == account_id)
    foreign = sorted(sites - set(db.session.scalars(held.where(tables["sites"].c.id.in_(sites)))))
    if foreign:
        raise Invalid({"site_ids": [_("Site %(id)s is not the account's.", id=foreign[0])]})
    wanted = set(fields.get("product_ids") or ())
    there = db.session.scalars(sa.select(Product.id).where(Product.id.in_(wanted)))
    missing = sorted(wanted - set(there))
    if missing:
        raise Invalid({"product_ids": [_("There is no product %(id)s.", id=missing[0])]})


def same_serial(product_id: int, serial_key: str) -> int | None:
    """The key of the unit that has this serial number of this product."""
    with db.session.no_autoflush:
        return db.session.scalar(
            sa.select(Unit.id).where(Unit.product_id == product_id, Unit.serial_key == serial_key)
        )


def by_serial(serial_key: str) -> int | None:
    """The key of the newest unit with a serial number, whatever the product."""
    return db.session.scalar(
        sa.select(Unit.id)
        .where(Unit.serial_key == serial_key)
        .order_by(Unit.id.desc())
        .limit(at_most(1))
    )


def fill_units(rows: list[Fields], _user: Person) -> None:
    """Put units, products, sites and the next term into rows of contracts: three statements."""
    scopes = scopes_of(row["id"] for row in rows)
    held: dict[int, list[int]] = {row["id"]: [] for row in rows}
    for link in db.session.execute(
        sa.select(ContractUnit.contract_id, ContractUnit.unit_id)
        .where(ContractUnit.contract_id.in_(held))
        .order_by(ContractUnit.unit_id)
    ):
        held[link.contract_id].append(link.unit_id)
    next_terms = sa.select(ServiceContract.renews_id, ServiceContract.id).where(
        ServiceContract.renews_id.in_(held)
    )
    after = {row.renews_id: row.id for row in db.session.execute(next_terms)}
    for row in rows:
        row |= scopes[row["id"]] | {
            "unit_ids": held[row["id"]], "renewed_by_id": after.get(row["id"]),
            "cycle_amount": row["annual_amount"] * row["cycle_months"] // 12,
        }  # fmt: skip


def work_of(unit_id: int, limit: int = 500) -> Sequence[WorkOrder]:
    """The work on a unit, newest first."""
    return db.session.scalars(
        sa.select(WorkOrder)
        .where(WorkOrder.unit_id == unit_id)
        .order_by(WorkOrder.opened_on.desc(), WorkOrder.id.desc())
        .limit(at_most(limit))
    ).all()


def contracts_of(unit_id: int) -> Sequence[ServiceContract]:
    """The contracts over a unit in the order of their terms."""
    return db.session.scalars(
        sa.select(ServiceContract)
        .where(
            ServiceContract.id.in_(
                sa.select(covered.c.contract_id).where(covered.c.unit_id == unit_id)
            )
        )
        .order_by(ServiceContract.starts_on, ServiceContract.id)
        .limit(at_most(100))
    ).all()


def named_units(where: sa.ColumnElement[bool], limit: int = 200) -> Sequence[sa.Row[Any]]:
    """Units with their product and site, as rows, in one statement; support and parts end on the
    unit's own day, else on its product's."""
    sites = db.metadata.tables["sites"].c
    return db.session.execute(
        sa.select(
            *others(), *ends(), Product.code, Product.name.label("product"),
            sites.name.label("site"), Account.name.label("account"),
        )
        .join(Product, Product.id == Unit.product_id)
        .join(Account, Account.id == Unit.account_id)
        .outerjoin(sites.id.table, sites.id == Unit.site_id)
        .where(where)
        .order_by(sa.case((Unit.status == "removed", 1), else_=0), Unit.id)
        .limit(at_most(limit))
    ).all()  # fmt: skip


def account_named(values: MultiDict[str, str]) -> Account:
    """The account an address or a form names; 404 without one."""
    return accounts.get_account(_key(values, "account_id"), the_user())


def unit_named(values: MultiDict[str, str]) -> Unit:
    """The unit an address or a form names; 404 without one."""
    return get_unit(_key(values, "unit_id"), the_user())


def _key(values: MultiDict[str, str], name: str) -> int:
    key = values.get(name, type=int)
    if key is None or not 0 < key <= LARGEST_KEY:
        raise NotFound
    return key
