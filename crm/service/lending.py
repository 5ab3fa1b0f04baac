"""Lend a unit of ours and take it back: the unit's state follows, and it is lent once at a time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from crm.clock import today
from crm.errors import Conflict, Invalid
from crm.extensions import db
from crm.installed_base import components, states
from crm.installed_base.actions import carry, index_unit
from crm.installed_base.models import Unit, WorkOrder
from crm.look import day as written
from crm.products.models import Product
from crm.service.actions import work_facts
from crm.service.models import Loan
from crm.service.queries import loans_of, open_loan
from crm.timeline.actions import record

Fields = dict[str, Any]
HOME = ("account_id", "site_id", "location", "location_id", "status", "ownership")
AHEAD = timedelta(days=365)


def lend(work: WorkOrder, loaner: Unit, fields: Fields, by_id: int | None) -> Loan:
    """Lend a unit to the account of a work order. Raises Invalid, and Conflict when it is away."""
    lent_on = fields.get("lent_on") or today()
    _check_days(lent_on, fields["due_on"])
    _check_loaner(work, loaner)
    loan = Loan(
        unit_id=loaner.id, account_id=work.account_id, work_order_id=work.id, lent_on=lent_on,
        due_on=fields["due_on"], note=fields.get("note", ""),
        **{f"home_{name}": getattr(loaner, name) for name in HOME},
    )  # fmt: skip
    db.session.add(loan)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise Conflict(_away(loaner), {"unit_id": [_away(loaner)]}) from error
    repaired = db.session.get_one(Unit, work.unit_id)
    there = {
        "account_id": work.account_id, "site_id": repaired.site_id, "location": repaired.location,
        "location_id": repaired.location_id, "status": "in_use", "ownership": "loan",
    }  # fmt: skip
    _place(loaner, there, lent_on, _("Lent for %(no)s", no=work.number), by_id)
    _tell("work_order.lent", work, loan, loaner, by_id)
    return loan


def give_back(work: WorkOrder, loan_id: int | None, on: date | None, by_id: int | None) -> Loan:
    """Take back what was lent for a work order. Raises Invalid, Conflict when nothing is away."""
    away = [row.id for row in loans_of(work.id) if row.returned_on is None]
    if not away:
        raise Conflict(_("Nothing is lent for this work order."))
    if loan_id is None and len(away) > 1:
        raise Invalid({"loan_id": [_("Several units are lent: say which came back.")]})
    if loan_id is not None and loan_id not in away:
        raise Invalid({"loan_id": [_("There is no such loan, or the unit is back already.")]})
    loan = db.session.get_one(Loan, loan_id or away[0])
    day = on or today()
    if day < loan.lent_on or day > today():
        why = _("A day from %(day)s to today.", day=written(loan.lent_on))
        raise Invalid({"returned_on": [why]})
    loan.returned_on = day
    loaner = db.session.get_one(Unit, loan.unit_id)
    home = {name: getattr(loan, f"home_{name}") for name in HOME}
    _place(loaner, home, day, _("Back from %(no)s", no=work.number), by_id)
    _tell("work_order.unlent", work, loan, loaner, by_id)
    return loan


def _check_days(lent_on: date, due_on: date) -> None:
    if lent_on > today():
        raise Invalid({"lent_on": [_("This day has not come yet.")]})
    if not lent_on <= due_on <= lent_on + AHEAD:
        raise Invalid({"due_on": [_("On the day it is lent or within a year after.")]})


def _check_loaner(work: WorkOrder, loaner: Unit) -> None:
    why = ""
    if loaner.id == work.unit_id:
        why = _("A unit is not lent in its own place.")
    elif open_loan(loaner.id) is not None:
        raise Conflict(_away(loaner), {"unit_id": [_away(loaner)]})
    elif loaner.is_competitor or loaner.status != "spare" or loaner.parent_id is not None:
        why = _("Only a unit of ours that lies in reserve can be lent.")
    if why:
        raise Invalid({"unit_id": [why]})


def _away(loaner: Unit) -> str:
    return _("%(serial)s is lent already and has not come back.", serial=loaner.serial_no)


def _place(unit: Unit, values: Fields, on: date, reason: str, by_id: int | None) -> None:
    for name, value in values.items():
        setattr(unit, name, value)
    index_unit(unit)
    states.note(unit, by_id, on, reason)
    carry(unit, [row.id for row in components.below(unit.id)], by_id, on, reason)


def _tell(kind: str, work: WorkOrder, loan: Loan, loaner: Unit, by_id: int | None) -> None:
    product = db.session.get_one(Product, loaner.product_id)
    facts = work_facts(work, db.session.get_one(Unit, work.unit_id)) | {
        "loan_id": loan.id, "loaner_id": loaner.id, "loaner_code": product.code,
        "loaner_serial": loaner.serial_no, "due_on": loan.due_on.isoformat(),
        "returned_on": loan.returned_on.isoformat() if loan.returned_on else None,
    }  # fmt: skip
    record(kind, work, by_id, account_id=work.account_id, **facts)
