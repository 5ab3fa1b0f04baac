"""Gather what decides who pays for units: one statement for all of it, however many units."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import sqlalchemy as sa

from crm.extensions import UtcDateTime, db, keys_given, takes_arrays
from crm.installed_base.models import (
    ContractScope,
    ContractUnit,
    ServiceContract,
    Unit,
    UnitState,
)
from crm.installed_base.warranty_models import Warranty

Units = Callable[[Any], sa.ColumnElement[bool]]
"""Which units are asked about, as a condition on a column of their keys."""

MILLIONTHS = 1_000_000
"""Readings are kept as whole millionths (crm/readings)."""

C, W = ServiceContract.__table__.c, Warranty.__table__.c
S = UnitState.__table__.c
_DAY, _TEXT = sa.cast(sa.null(), sa.Date), sa.cast(sa.null(), sa.String)
_KEY, _AT = sa.cast(sa.null(), C.id.type), sa.cast(sa.null(), UtcDateTime)
_SMALL, _FLAG = sa.cast(sa.null(), sa.SmallInteger), sa.true()

COLUMNS = (
    "what", "unit_id", "id", "number", "kind", "starts_on", "ends_on", "closed_on", "reached_at",
    "labour", "travel", "parts", "transferable", "hours", "width", "account_id", "site_id",
    "repair", "clock", "exchange",
)  # fmt: skip


def rows_about(unit_ids: Iterable[int]) -> Iterable[sa.Row[Any]]:
    """Rows of COLUMNS; `what` is standing, warranty, recall or contract. Of a unit, standings come
    in the order of their days, all else in the order of its keys."""
    return db.session.execute(_statement(takes_arrays()), {"units": list(unit_ids)})


@cache
def _statement(arrays: bool) -> sa.Select[Any]:
    """Made once: putting it together takes as long as the database needs to answer it.

    Not before the first question, as tables of the floors above are asked by name.
    """
    units = keys_given("units", arrays)
    some = sa.union_all(_standings(units), _warranties(units), *_recalls(units), *_contracts(units))
    found = some.subquery("found")
    order = (found.c.unit_id, sa.case((found.c.what == "standing", found.c.starts_on)), found.c.id)
    return sa.select(found).order_by(*order)


def _row(what: str, **given: Any) -> list[sa.ColumnElement[Any]]:
    """The columns of one kind of row; what it does not have is empty."""
    empty: dict[str, sa.ColumnElement[Any]] = {
        "number": _TEXT, "kind": _TEXT, "starts_on": _DAY, "ends_on": _DAY, "closed_on": _DAY,
        "reached_at": _AT, "labour": _SMALL, "travel": _SMALL, "parts": _SMALL,
        "transferable": _FLAG, "hours": _SMALL, "width": _SMALL, "account_id": _KEY,
        "site_id": _KEY, "repair": _SMALL, "clock": _FLAG, "exchange": _TEXT,
    }  # fmt: skip
    values: dict[str, sa.ColumnElement[Any]] = empty | {"what": sa.literal(what)} | given
    return [values[name].label(name) for name in COLUMNS]


def _standings(units: Units) -> sa.Select[Any]:
    return sa.select(
        *_row(
            "standing", unit_id=S.unit_id, id=S.id, starts_on=S.from_on, account_id=S.account_id,
            site_id=S.site_id,
        )
    ).where(units(S.unit_id))  # fmt: skip


def _warranties(units: Units) -> sa.Select[Any]:
    return sa.select(
        *_row(
            "warranty", unit_id=W.unit_id, id=W.id, kind=W.kind, starts_on=W.starts_on,
            ends_on=W.ends_on, reached_at=_reached(), labour=W.labour_percent,
            travel=W.travel_percent, parts=W.parts_percent, transferable=W.transferable,
            exchange=W.exchange,
        )
    ).where(units(W.unit_id))  # fmt: skip


def _reached() -> sa.ColumnElement[Any]:
    """The instant at which the meter of a warranty was first read above its limit."""
    tables = db.metadata.tables
    if "readings" not in tables:
        return _AT
    reading, meter = tables["readings"].c, tables["meters"].c
    later = tables["readings"].alias("later").c
    total = sa.type_coerce(reading.value, sa.BigInteger) + sa.type_coerce(
        reading.offset, sa.BigInteger
    )
    stands = ~sa.exists().where(
        later.meter_id == reading.meter_id, later.at == reading.at,
        later.revision > reading.revision,
    )  # fmt: skip
    return (
        sa.select(sa.func.min(reading.at))
        .select_from(tables["readings"])
        .join(tables["meters"], meter.id == reading.meter_id)
        .where(
            meter.unit_id == W.unit_id, meter.name == W.meter_name, stands,
            total > W.meter_limit * MILLIONTHS,
        )
        .correlate(Warranty.__table__)
        .scalar_subquery()
    )  # fmt: skip


def _recalls(units: Units) -> list[sa.Select[Any]]:
    """Parts of campaigns that were started; campaigns live a floor above."""
    tables = db.metadata.tables
    if "campaign_items" not in tables:
        return []
    item, one = tables["campaign_items"].c, tables["campaigns"].c
    columns = _row(
        "recall", unit_id=item.unit_id, id=one.id, number=one.number, kind=one.kind,
        starts_on=one.starts_on, ends_on=one.ends_on, closed_on=item.done_on,
        labour=one.labour_percent, travel=one.travel_percent, parts=one.parts_percent,
    )  # fmt: skip
    return [
        sa.select(*columns)
        .select_from(tables["campaign_items"])
        .join(tables["campaigns"], one.id == item.campaign_id)
        .where(units(item.unit_id), one.status != "planned")
    ]


def _contracts(units: Units) -> list[sa.Select[Any]]:
    """Contracts that name the unit, and those that name an owner, a place or a product it had."""
    link, scope, places = ContractUnit.__table__.c, ContractScope.__table__.c, _places(units)
    named = (
        sa.select(*_contract(link.unit_id, sa.literal(0), _KEY))
        .join(ContractUnit, link.contract_id == C.id)
        .where(units(link.unit_id))
    )
    fits = sa.or_(
        scope.product_id == places.c.product_id,
        scope.site_id == places.c.site_id,
        sa.and_(scope.product_id.is_(None), scope.site_id.is_(None)),
    )
    width = sa.case((scope.product_id.is_not(None), 1), (scope.site_id.is_not(None), 2), else_=3)
    wide = (
        sa.select(*_contract(places.c.unit_id, width, scope.site_id))
        .select_from(places)
        .join(ServiceContract, C.account_id == places.c.account_id)
        .join(ContractScope, sa.and_(scope.contract_id == C.id, fits))
        .distinct()
    )
    return [named, wide]


def _contract(
    unit_id: sa.ColumnElement[Any], width: sa.ColumnElement[Any], site_id: sa.ColumnElement[Any]
) -> list[sa.ColumnElement[Any]]:
    return _row(
        "contract", unit_id=unit_id, id=C.id, number=C.number, starts_on=C.starts_on,
        ends_on=C.ends_on, closed_on=C.cancelled_on, labour=C.labour_percent,
        travel=C.travel_percent, parts=C.parts_percent, hours=C.response_hours, width=width,
        account_id=C.account_id, site_id=site_id, repair=C.repair_hours, clock=C.around_the_clock,
    )  # fmt: skip


def _places(units: Units) -> sa.Subquery:
    """Every owner and site that these units have or had."""
    unit = Unit.__table__.c
    now = sa.select(unit.id.label("unit_id"), unit.product_id, unit.account_id, unit.site_id).where(
        units(unit.id)
    )
    before = (
        sa.select(S.unit_id, unit.product_id, S.account_id, S.site_id)
        .join(Unit, unit.id == S.unit_id)
        .where(units(S.unit_id))
    )
    return sa.union(now, before).subquery("places")
