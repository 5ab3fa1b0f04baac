"""Ask for work orders and what belongs to them: parts, checks, companions, steps, codes, loans."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.clock import today
from crm.errors import Invalid, NotFound, named
from crm.extensions import at_most, db
from crm.installed_base import queries as installed
from crm.installed_base.models import Unit, WorkOrder
from crm.products.models import Product
from crm.products.queries import get_product
from crm.rights import Person, may
from crm.service import charging, steps
from crm.service.models import (
    CODE_KINDS,
    FaultCode,
    Loan,
    WorkCheck,
    WorkCompanion,
    WorkPart,
    WorkStep,
)
from crm.staff.queries import get_staff

Fields = dict[str, Any]
P, C = WorkPart.__table__.c, WorkCheck.__table__.c


get_work_order = installed.get_work_order


def get_loan(loan_id: int, user: Person, action: str = "view") -> Loan:
    """The door to a loan."""
    found = db.session.get(Loan, loan_id)
    if found is None or not may(user, action, "work_order", found):
        raise NotFound
    return found


def get_code(code_id: int, user: Person, action: str = "view") -> FaultCode:
    """The door to a fault code."""
    found = db.session.get(FaultCode, code_id)
    if found is None or not may(user, action, "fault_code", found):
        raise NotFound
    return found


def check_links(fields: Fields, user: Person) -> Fields:
    """Every record a work order names must be there for this person. Raises Invalid naming it."""
    installed.check_links(fields, user)
    for number, key in enumerate(fields.get("companion_ids") or ()):
        with named(f"companion_ids.{number}"):
            get_staff(key, user)
    for number, row in enumerate(fields.get("parts") or ()):
        if row.get("product_id") is not None:
            with named(f"parts.{number}.product_id"):
                get_product(row["product_id"], user)
    return fields


def check_codes(work: Any, given: Iterable[str]) -> None:
    """The codes that are newly given must be kept and in use. Raises Invalid naming the field."""
    wanted = {
        kind: getattr(work, f"{kind}_code")
        for kind in CODE_KINDS
        if f"{kind}_code" in given and getattr(work, f"{kind}_code")
    }
    if not wanted:
        return
    pairs = sa.tuple_(FaultCode.kind, FaultCode.code).in_(list(wanted.items()))
    with db.session.no_autoflush:
        known = set(db.session.scalars(sa.select(FaultCode.kind).where(pairs, FaultCode.active)))
    wrong = {
        f"{kind}_code": [_("There is no code %(code)s in use.", code=code)]
        for kind, code in wanted.items()
        if kind not in known
    }
    if wrong:
        raise Invalid(wrong)


def parts_of(work_id: int) -> Sequence[WorkPart]:
    """The parts of a work order in their order."""
    wanted = sa.select(WorkPart).where(P.work_order_id == work_id)
    return db.session.scalars(wanted.order_by(P.position, P.id)).all()


def checks_of(work_id: int) -> Sequence[WorkCheck]:
    """What was measured after a work, in its order."""
    wanted = sa.select(WorkCheck).where(C.work_order_id == work_id)
    return db.session.scalars(wanted.order_by(C.position, C.id)).all()


def companions_of(work_id: int) -> list[int]:
    """The keys of those who went along."""
    wanted = sa.select(WorkCompanion.staff_id).where(WorkCompanion.work_order_id == work_id)
    return sorted(db.session.scalars(wanted))


def steps_of(work_id: int) -> Sequence[WorkStep]:
    """The steps of a work order, the oldest first."""
    wanted = sa.select(WorkStep).where(WorkStep.work_order_id == work_id)
    return db.session.scalars(wanted.order_by(WorkStep.id)).all()


def stays_of(work: Any, until: date | None = None) -> list[steps.Stay]:
    """The states a work order went through, with the days in each."""
    return steps.stays(work.opened_on, work.status, steps_of(work.id), until or today())


def lines_of(parts: Iterable[Any]) -> list[charging.Line]:
    """Parts as the invoice reads them."""
    return [charging.Line(one.quantity * one.unit_price, one.chargeable) for one in parts]


def bill_of(work: Any, parts: Iterable[Any]) -> charging.Bill:
    """What the customer pays for a work order with these parts."""
    return charging.bill(
        work.labour_amount, work.travel_amount, work.parts_amount,
        charging.borne_by(work), lines_of(parts),
    )  # fmt: skip


def codes_of(work: Any) -> dict[str, FaultCode]:
    """Kind → the code of a work order, in one statement."""
    pairs = [(kind, getattr(work, f"{kind}_code")) for kind in CODE_KINDS]
    some = sa.tuple_(FaultCode.kind, FaultCode.code).in_([pair for pair in pairs if pair[1]])
    if not any(code for _kind, code in pairs):
        return {}
    return {one.kind: one for one in db.session.scalars(sa.select(FaultCode).where(some))}


def code_choices(work: Any = None) -> dict[str, list[FaultCode]]:
    """Kind → the codes in use, and those that a work order has already."""
    held = [(kind, getattr(work, f"{kind}_code")) for kind in CODE_KINDS] if work else []
    pairs = sa.tuple_(FaultCode.kind, FaultCode.code).in_(held or [("", "")])
    wanted = sa.or_(FaultCode.active.is_(True), pairs)
    found: dict[str, list[FaultCode]] = {kind: [] for kind in CODE_KINDS}
    rows = sa.select(FaultCode).where(wanted).order_by(FaultCode.kind, FaultCode.code)
    for one in db.session.scalars(rows.limit(at_most(1000))):
        found[one.kind].append(one)
    return found


def loans_of(work_id: int) -> Sequence[sa.Row[Any]]:
    """What was lent because of a work order, the newest first, with its unit."""
    return db.session.execute(
        sa.select(*Loan.__table__.c, Product.code, Unit.serial_no)
        .join(Unit, Unit.id == Loan.unit_id)
        .join(Product, Product.id == Unit.product_id)
        .where(Loan.work_order_id == work_id)
        .order_by(Loan.id.desc())
        .limit(at_most(20))
    ).all()


def lent_for(work_ids: Sequence[int]) -> dict[int, list[sa.Row[Any]]]:
    """Work order → what was lent because of it and is not back, in one statement."""
    found: dict[int, list[sa.Row[Any]]] = defaultdict(list)
    for row in db.session.execute(
        sa.select(Loan.work_order_id, Loan.due_on, Product.code, Unit.serial_no)
        .join(Unit, Unit.id == Loan.unit_id)
        .join(Product, Product.id == Unit.product_id)
        .where(Loan.work_order_id.in_(work_ids), Loan.returned_on.is_(None))
        .order_by(Loan.due_on, Loan.id)
    ):
        found[row.work_order_id].append(row)
    return found


def open_loan(unit_id: int) -> Loan | None:
    """The loan from which a unit has not come back."""
    wanted = sa.select(Loan).where(Loan.unit_id == unit_id, Loan.returned_on.is_(None))
    return db.session.scalar(wanted)


def fill_work(rows: list[Fields], _user: Person) -> None:
    """Number, sums, parts, checks and companions of work orders, in three statements."""
    held = {row["id"]: row for row in rows}
    parts, checks = _by_work(WorkPart, held), _by_work(WorkCheck, held)
    companions: dict[int, list[int]] = defaultdict(list)
    for one in db.session.execute(
        sa.select(WorkCompanion.work_order_id, WorkCompanion.staff_id)
        .where(WorkCompanion.work_order_id.in_(held))
        .order_by(WorkCompanion.staff_id)
    ):
        companions[one.work_order_id].append(one.staff_id)
    for key, row in held.items():
        work = sa.util.immutabledict(row)
        _fill_one(row, _Read(work), parts[key])
        row |= {"checks": [dict(one._mapping) for one in checks[key]],
                "companion_ids": companions[key]}  # fmt: skip


def _fill_one(row: Fields, work: Any, parts: list[Any]) -> None:
    bill = bill_of(work, parts)
    each = bill.lines or (0,) * len(parts)
    row |= {
        "number": f"WO-{row['id']}", "invoice_amount": bill.total,
        "total_amount": row["labour_amount"] + row["travel_amount"] + row["parts_amount"],
        "parts": [
            dict(one._mapping)
            | {"amount": one.quantity * one.unit_price, "customer_amount": charged}
            for one, charged in zip(parts, each, strict=True)
        ],
    }  # fmt: skip


class _Read:
    """A row of a mapping, read by attribute as records are."""

    def __init__(self, row: Any) -> None:
        self._row = row

    def __getattr__(self, name: str) -> Any:
        return self._row[name]


def _by_work(model: Any, held: Iterable[int]) -> dict[int, list[Any]]:
    table = model.__table__
    found: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(
        sa.select(table)
        .where(table.c.work_order_id.in_(list(held)))
        .order_by(table.c.work_order_id, table.c.position, table.c.id)
    ):
        found[row.work_order_id].append(row)
    return found


def parts_used(unit_id: int, limit: int = 12) -> Sequence[sa.Row[Any]]:
    """What was fitted into a unit and taken out of it, the newest work first."""
    part, work = WorkPart.__table__.c, WorkOrder.__table__.c
    on = sa.func.coalesce(work.done_on, work.opened_on)
    return db.session.execute(
        sa.select(*part, on.label("on"))
        .join(WorkOrder, work.id == part.work_order_id)
        .where(work.unit_id == unit_id)
        .order_by(on.desc(), work.id.desc(), part.position)
        .limit(at_most(limit))
    ).all()
