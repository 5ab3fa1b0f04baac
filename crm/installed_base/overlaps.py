"""Units that two contracts cover on the same days: allowed, once somebody has said so."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.clock import today
from crm.errors import Conflict
from crm.extensions import db
from crm.installed_base import judging
from crm.installed_base.covering import covered
from crm.installed_base.models import ServiceContract, Unit
from crm.look import day as written

Both = tuple[str, str, date]
"""Serial number of a unit with another contract on the same days, its number, its last day."""

LOOKED_AT = 500
"""Units of a contract that are looked at; one that overlaps is enough to ask."""


def refuse_overlaps(contract: ServiceContract, confirmed: bool) -> None:
    """Raises Conflict in words while another contract covers units of this one on its days."""
    if confirmed:
        return
    units = db.session.scalars(
        sa.select(Unit)
        .where(
            Unit.id.in_(sa.select(covered.c.unit_id).where(covered.c.contract_id == contract.id))
        )
        .order_by(Unit.id)
        .limit(LOOKED_AT)
    ).all()
    both = _both(contract, units)
    if both:
        why = told(both)
        raise Conflict(why, {"even_if_overlapping": [why]})


def told(both: Sequence[Both]) -> str:
    """What is asked when units are under another contract on the same days."""
    unit, other, last_on = both[0]
    return _(
        "%(n)s of its units are under another contract on the same days: %(unit)s under "
        "%(number)s until %(day)s. The narrower contract speaks for a unit. Save it all the same?",
        n=len(both), unit=unit, number=other, day=written(last_on),
    )  # fmt: skip


def overlapping(
    units: Sequence[Any],
    number: str,
    starts_on: date,
    last_on: date,
    told: Mapping[str, Collection[int]],
) -> list[Both]:
    """Of some units (records or rows) those with a contract of another number on these days.

    `told` says of some numbers which units will be under them: it counts instead of what is here.
    """
    found = []
    serials = {unit.id: unit.serial_no for unit in units}
    for key, terms in judging.contracts_over(units, today()).items():
        for other in terms:
            if other.number == number or key not in told.get(other.number, (key,)):
                continue
            if other.starts_on <= last_on and starts_on <= other.last_on:
                found.append((serials[key], other.number, other.last_on))
                break
    return found


def _both(contract: ServiceContract, units: Sequence[Unit]) -> list[Both]:
    found = []
    for key, terms in judging.contracts_over(units, today()).items():
        own = next((one for one in terms if one.id == contract.id), None)
        serial = next(unit.serial_no for unit in units if unit.id == key)
        for other in terms:
            if own is None or other.id == contract.id:
                continue
            if other.starts_on <= own.last_on and own.starts_on <= other.last_on:
                found.append((serial, other.number, other.last_on))
                break
    return found
