"""In SQL: is a unit covered on the day after a contract ends? The same as `dates.ending`."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import aliased
from sqlalchemy.sql.functions import FunctionElement

from crm.installed_base.models import ContractScope, ContractUnit, ServiceContract, Unit


class next_day(FunctionElement[Any]):
    """The day after a column's day, on both databases."""

    type = sa.Date()
    inherit_cache = True


@compiles(next_day, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **more: Any) -> str:
    return f"date({compiler.process(element.clauses, **more)}, '+1 day')"


@compiles(next_day)
def _elsewhere(element: Any, compiler: Any, **more: Any) -> str:
    return f"({compiler.process(element.clauses, **more)} + 1)"


def renewed() -> sa.ColumnElement[bool]:
    """Another contract over the unit holds on the day after; inside a read of contracts and units.

    One over the unit itself is found by the unit, a wider one by its account.
    """
    after = next_day(ServiceContract.__table__.c.ends_on)
    unit = Unit.__table__.c
    other, wider = aliased(ServiceContract), aliased(ServiceContract)
    link, scope = aliased(ContractUnit), aliased(ContractScope)
    named = sa.exists().where(
        link.unit_id == unit.id,
        other.id == link.contract_id,
        other.account_id == unit.account_id,
        *_holds(other, after),
    )
    fits = sa.or_(
        scope.product_id == unit.product_id,
        scope.site_id == unit.site_id,
        sa.and_(scope.product_id.is_(None), scope.site_id.is_(None)),
    )
    wide = sa.exists().where(
        wider.account_id == unit.account_id, scope.contract_id == wider.id, fits,
        *_holds(wider, after),
    )  # fmt: skip
    return sa.or_(named, wide)


def _holds(contract: Any, on: Any) -> list[sa.ColumnElement[bool]]:
    return [
        contract.starts_on <= on,
        contract.ends_on >= on,
        sa.or_(contract.cancelled_on.is_(None), contract.cancelled_on > on),
    ]
