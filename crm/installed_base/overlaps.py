"""Units that two contracts cover on the same days: allowed, once somebody has said so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.clock import today
from crm.errors import Conflict
from crm.extensions import db
from crm.installed_base import judging
from crm.installed_base.covering import covered
from crm.installed_base.models import ServiceContract, Unit
from crm.look import day as written

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
    if not both:
        return
    unit, other, last_on = both[0]
    why = _(
        "%(n)s of its units are under another contract on the same days: %(unit)s under "
        "%(number)s until %(day)s. The narrower contract speaks for a unit. Save it all the same?",
        n=len(both), unit=unit, number=other, day=written(last_on),
    )  # fmt: skip
    raise Conflict(why, {"even_if_overlapping": [why]})


def _both(contract: ServiceContract, units: Sequence[Unit]) -> list[tuple[str, str, date]]:
    """Units with another contract on the same days: serial number, its number, its last day."""
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
