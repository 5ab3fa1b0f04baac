"""What the search knows of units and service contracts."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from crm.accounts.cards import COMPANY
from crm.accounts.models import Account
from crm.clock import start_of
from crm.extensions import db
from crm.installed_base.models import ServiceContract, Unit
from crm.products.models import Product
from crm.search.actions import Card

_U, _C = Unit.__table__.c, ServiceContract.__table__.c


def unit_cards(keys: Sequence[int]) -> list[Card]:
    """Units, by product, serial number, lot, and whose they are."""
    rows = db.session.execute(
        sa.select(
            _U.id, _U.account_id, _U.serial_no, _U.lot, _U.location, *COMPANY, Product.code,
            Product.name.label("product"),
        )
        .where(_U.id.in_(keys))
        .join(Account, Account.id == _U.account_id)
        .join(Product, Product.id == _U.product_id)
    )  # fmt: skip
    return [
        Card(
            "unit", row.id, f"{row.code} {row.serial_no}".strip(),
            " ".join(filter(None, (row.company, row.location))), row.account_id,
            names=[row.product, row.company_kana],
            identifiers=[name for name in (row.serial_no, row.code, row.lot) if name],
            owner_id=row.company_of,
        )
        for row in rows
    ]  # fmt: skip


def contract_cards(keys: Sequence[int]) -> list[Card]:
    """Contracts, by number and customer, on the day they begin."""
    rows = db.session.execute(
        sa.select(_C.id, _C.account_id, _C.number, _C.plan, _C.starts_on, *COMPANY)
        .where(_C.id.in_(keys))
        .join(Account, Account.id == _C.account_id)
    )
    return [
        Card(
            "contract", row.id, row.number, " ".join(filter(None, (row.company, row.plan))),
            row.account_id, names=[row.company_kana], identifiers=[row.number],
            at=start_of(row.starts_on), owner_id=row.company_of,
        )
        for row in rows
    ]  # fmt: skip
