"""Units at the customers', and the contracts over them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import pgettext
from sqlalchemy.orm import aliased

from crm.accounts.models import Account, Site
from crm.clock import today
from crm.exports.tables import Args, Conditions, Field, Row, Table
from crm.extensions import db
from crm.installed_base import contract_listing, listing, words
from crm.installed_base.models import ContractScope, ContractUnit, ServiceContract, Unit
from crm.language import per_language
from crm.products.models import Product
from crm.rights import Person

CONTRACT: Any = ServiceContract.__table__
U, K = Unit.__table__.c, CONTRACT.c
_end_user, _whole = aliased(Account), aliased(Unit)
_twin = Unit.__table__.alias("twin").c
PARTED = "; "
"""Parts several records in one cell, as an import takes them."""


@per_language
def _labels() -> dict[str, str]:
    every = words.labels()
    return every | {
        "account": every["account_id"], "site": every["site_id"], "product": every["product_id"],
        "product_name": _("Product name"), "end_user": every["end_user_account_id"],
        "parent": every["parent_id"], "units": every["unit_ids"],
        "products": every["product_ids"], "sites": every["site_ids"],
    }  # fmt: skip


def _units(args: Args, user: Person) -> Conditions:
    return listing.conditions(listing.read(args), user, today())


UNITS = Table(
    name="units",
    record="unit",
    model=Unit,
    title=lambda: _("Units"),
    labels=_labels,
    fields=(
        Field("id", U.id, "record"),
        Field("account", Account.name, shown=True),
        Field("account_id", U.account_id, "number", key=True),
        Field("product", Product.code, shown=True),
        Field("product_name", Product.name, shown=True),
        Field("serial_no", U.serial_no, shown=True),
        Field("lot", U.lot),
        Field("site", Site.name, shown=True),
        Field("location", U.location, shown=True),
        Field("status", U.status, words=words.statuses, shown=True),
        Field("criticality", U.criticality, words=words.criticalities),
        Field("ownership", U.ownership, words=words.ownerships),
        Field("lessor", U.lessor),
        Field("delivered_on", U.delivered_on, "day"),
        Field("installed_on", U.installed_on, "day", shown=True),
        Field("accepted_on", U.accepted_on, "day"),
        Field("warranty_ends_on", U.warranty_ends_on, "day", shown=True),
        Field("end_of_support_on", U.end_of_support_on, "day"),
        Field("parts_supply_end_on", U.parts_supply_end_on, "day"),
        Field("lease_ends_on", U.lease_ends_on, "day"),
        Field("re_lease_ends_on", U.re_lease_ends_on, "day"),
        Field("removed_on", U.removed_on, "day"),
        Field("produced_on", U.produced_on, "day"),
        Field("firmware", U.firmware),
        Field("end_user", _end_user.name),
        Field("parent", _whole.serial_no),
        Field("is_competitor", U.is_competitor, "flag"),
        Field("sold_by_us", U.sold_by_us, "flag"),
        Field("updated_at", U.updated_at, "instant"),
    ),
    joins=sa.join(Unit, Product, Product.id == U.product_id)
    .join(Account, Account.id == U.account_id)
    .outerjoin(Site, Site.id == U.site_id)
    .outerjoin(_end_user, _end_user.id == U.end_user_account_id)
    .outerjoin(_whole, _whole.id == U.parent_id),
    where=_units,
    filters=(
        "q", "account_id", "product_id", "status", "criticality", "coverage", "ending",
        "location_id", "attribute", "value",
    ),
    sorts=listing.SORTS,
    sort="-installed",
    page="/units",
)  # fmt: skip


def unit_names(owner: Any, owners: sa.Table, keys: Sequence[int]) -> dict[int, list[str]]:
    """Contract or plan → its customer's units under it, by the names an import finds them by: the
    serial number, with its model where the account has another of that number. `owner` is the
    column of the links that says whose they are."""
    again = sa.exists().where(
        _twin.account_id == U.account_id, _twin.serial_key == U.serial_key, _twin.id != U.id
    )
    name = sa.case((again, Product.code + " " + U.serial_no), else_=U.serial_no)
    return _named(
        sa.select(owner, name)
        .join(Unit, U.id == owner.table.c.unit_id)
        .join(Product, Product.id == U.product_id)
        .join(owners, owners.c.id == owner)
        .where(owner.in_(keys), U.account_id == owners.c.account_id)
        .order_by(U.serial_no, Product.code, U.id)
    )


def _fill_covered(rows: list[Row]) -> None:
    """What each contract covers, by the names an import finds them by."""
    keys = [row["_key"] for row in rows]
    under, scope = ContractUnit.__table__.c, ContractScope.__table__.c
    products = sa.select(scope.contract_id, Product.code).join(
        Product, Product.id == scope.product_id
    )
    sites = sa.select(scope.contract_id, Site.name).join(Site, Site.id == scope.site_id)
    held = {
        "units": unit_names(under.contract_id, CONTRACT, keys),
        "products": _named(products.where(scope.contract_id.in_(keys)).order_by(Product.id)),
        "sites": _named(sites.where(scope.contract_id.in_(keys)).order_by(Site.id)),
    }
    every = set(db.session.scalars(
        sa.select(scope.contract_id).where(
            scope.contract_id.in_(keys), scope.product_id.is_(None), scope.site_id.is_(None)
        )
    ))  # fmt: skip
    for row in rows:
        row |= {name: PARTED.join(some.get(row["_key"], ())) for name, some in held.items()}
        row["whole_account"] = row["_key"] in every


def _named(found: sa.Select[Any]) -> dict[int, list[str]]:
    names: dict[int, list[str]] = {}
    for contract_id, name in db.session.execute(found):
        names.setdefault(contract_id, []).append(name)
    return names


def _contracts(args: Args, user: Person) -> Conditions:
    return contract_listing.conditions(contract_listing.read(args), user)


CONTRACTS = Table(
    name="contracts",
    record="contract",
    model=ServiceContract,
    title=lambda: pgettext("export", "Contracts"),
    labels=_labels,
    fields=(
        Field("id", K.id, "record"),
        Field("number", K.number, shown=True),
        Field("account", Account.name, shown=True),
        Field("account_id", K.account_id, "number", key=True),
        Field("plan", K.plan, shown=True),
        Field("starts_on", K.starts_on, "day", shown=True),
        Field("ends_on", K.ends_on, "day", shown=True),
        Field("annual_amount", K.annual_amount, "yen", shown=True),
        Field("cycle_months", K.cycle_months, "number"),
        Field("notice_days", K.notice_days, "number"),
        Field("auto_renew", K.auto_renew, "flag", shown=True),
        Field("response_hours", K.response_hours, "number"),
        Field("repair_hours", K.repair_hours, "number"),
        Field("around_the_clock", K.around_the_clock, "flag"),
        Field("labour_percent", K.labour_percent, "number"),
        Field("travel_percent", K.travel_percent, "number"),
        Field("parts_percent", K.parts_percent, "number"),
        Field("units"),
        Field("products"),
        Field("sites"),
        Field("whole_account", kind="flag"),
        Field("cancelled_on", K.cancelled_on, "day"),
        Field("updated_at", K.updated_at, "instant"),
    ),
    joins=sa.join(ServiceContract, Account, Account.id == K.account_id),
    where=_contracts,
    filters=("q", "account_id", "standing", "attribute", "value"),
    sorts=contract_listing.SORTS,
    fill=_fill_covered,
    page="/contracts",
)
