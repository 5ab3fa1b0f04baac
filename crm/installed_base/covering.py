"""Which contracts cover which units: they name units, products, sites or the whole account."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from crm.extensions import db
from crm.installed_base.models import ContractScope, ContractUnit, ServiceContract, Unit

WIDTHS = ("unit", "product", "site", "account")
"""What a contract may name, the narrowest first: of two that hold, the narrower one speaks."""

Fields = dict[str, Any]


def _covered() -> sa.Subquery:
    unit, scope = Unit.__table__.c, ContractScope.__table__.c
    link = ContractUnit.__table__.c
    named = (
        sa.select(link.unit_id, link.contract_id, sa.literal(0).label("width"))
        .join(Unit, unit.id == link.unit_id)
        .join(ServiceContract, ServiceContract.id == link.contract_id)
        .where(ServiceContract.account_id == unit.account_id)
    )
    fits = sa.or_(
        scope.product_id == unit.product_id,
        scope.site_id == unit.site_id,
        sa.and_(scope.product_id.is_(None), scope.site_id.is_(None)),
    )
    width = sa.case((scope.product_id.is_not(None), 1), (scope.site_id.is_not(None), 2), else_=3)
    wide = (
        sa.select(unit.id.label("unit_id"), scope.contract_id, width.label("width"))
        .select_from(Unit.__table__)
        .join(ServiceContract, ServiceContract.account_id == unit.account_id)
        .join(ContractScope, sa.and_(scope.contract_id == ServiceContract.id, fits))
    )
    return sa.union_all(named, wide).subquery("covered")


covered = _covered()
"""Rows of unit_id, contract_id and width; a contract that names a unit twice has two rows.

As the units stand now: what was another account's then is told by crm/installed_base/judging.py.
"""


def write_scopes(contract: ServiceContract, fields: Fields) -> bool:
    """Put down what a contract names besides units. Says whether anything changed."""
    before = scopes_of([contract.id])[contract.id]
    after = before | {name: fields[name] for name in before if name in fields}
    after = {name: sorted(set(v)) if isinstance(v, list) else v for name, v in after.items()}
    if after == before:
        return False
    db.session.execute(sa.delete(ContractScope).where(ContractScope.contract_id == contract.id))
    for name in ("product_id", "site_id"):
        for key in after[f"{name}s"]:
            db.session.add(ContractScope(contract_id=contract.id, **{name: key}))
    if after["whole_account"]:
        db.session.add(ContractScope(contract_id=contract.id))
    db.session.flush()
    return True


def scopes_of(contract_ids: Iterable[int]) -> dict[int, Fields]:
    """Contract → the products and sites it names, and whether all of the account; one statement."""
    keys = list(contract_ids)
    held: dict[int, Fields] = {
        key: {"product_ids": [], "site_ids": [], "whole_account": False} for key in keys
    }
    scope = ContractScope.__table__.c
    rows = db.session.execute(
        sa.select(scope.contract_id, scope.product_id, scope.site_id)
        .where(scope.contract_id.in_(keys))
        .order_by(scope.product_id, scope.site_id)
    )
    for contract_id, product_id, site_id in rows:
        if product_id is not None:
            held[contract_id]["product_ids"].append(product_id)
        elif site_id is not None:
            held[contract_id]["site_ids"].append(site_id)
        else:
            held[contract_id]["whole_account"] = True
    return held
