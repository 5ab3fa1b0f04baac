"""In SQL: is a unit covered on the day after a contract ends? The same as `dates.ending`."""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
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


@cache
def renewed(any_wide: bool) -> sa.ColumnElement[bool]:
    """Another contract over the unit holds on the day after; inside a read of contracts and units.

    One over the unit itself is found by the unit, a wider one by its account, if there are any.
    """
    contracts, units = ServiceContract.__table__, Unit.__table__
    after, unit = next_day(contracts.c.ends_on), units.c
    others, widers = contracts.alias(), contracts.alias()
    links, scopes = ContractUnit.__table__.alias(), ContractScope.__table__.alias()
    other, wider, link, scope = others.c, widers.c, links.c, scopes.c
    named = (
        sa.select(link.unit_id)
        .join_from(links, others, other.id == link.contract_id)
        .where(link.unit_id == unit.id, other.account_id == unit.account_id, *_holds(other, after))
    )
    fits = sa.or_(
        scope.product_id == unit.product_id,
        scope.site_id == unit.site_id,
        sa.and_(scope.product_id.is_(None), scope.site_id.is_(None)),
    )
    wide = (
        sa.select(wider.id)
        .join_from(widers, scopes, scope.contract_id == wider.id)
        .where(wider.account_id == unit.account_id, fits, *_holds(wider, after))
    )
    some = (named, wide) if any_wide else (named,)
    return sa.or_(*(one.correlate(contracts, units).exists() for one in some))


def _holds(contract: Any, on: Any) -> list[sa.ColumnElement[bool]]:
    return [
        contract.starts_on <= on,
        contract.ends_on >= on,
        sa.or_(contract.cancelled_on.is_(None), contract.cancelled_on > on),
    ]
