"""Maintenance plans over some units of the demo company, with visits to come and visits done."""

from __future__ import annotations

from datetime import date, timedelta

from crm.demo.book import Book
from crm.demo.catalogue import MODELS
from crm.installed_base.models import Unit, WorkOrder
from crm.installed_base.terms import months_after
from crm.maintenance.models import MaintenancePlan, PlanUnit, Visit
from crm.workdays import NATIONAL

CODES = [model[0] for model in MODELS]
YEARLY = "年次点検"
HORIZON = 75


def plan(book: Book) -> None:
    """The story's analysers are inspected every half year, others once a year or after use."""
    yamada = book.keys["株式会社山田製作所"]
    story = [book.keys[tag] for tag in ("山田LX", "山田UT") if tag in book.keys]
    _plan(book, yamada, story, "半年点検", "inspection", 6, 12)
    others: dict[int, list[int]] = {}
    for row in book.rows[Unit]:
        if row["account_id"] != yamada:
            others.setdefault(row["account_id"], []).append(row["id"])
    chosen = sorted(others)[:: max(1, len(others) // 40)]
    for number, account in enumerate(chosen):
        name, kind, months = (
            (YEARLY, "inspection", 12), ("校正", "calibration", 12), ("半年点検", "inspection", 6),
        )[number % 3]  # fmt: skip
        _plan(
            book, account, others[account][:3], name, kind, months, number * 9 % (HORIZON - 10) + 1
        )


def _plan(
    book: Book, account: int, units: list[int], name: str, kind: str, months: int, ahead: int
) -> None:
    """A plan that ran for some time: its last visits were done, the next ones are arranged."""
    due = book.day(-ahead)
    first = months_after(due, -months)
    who = book.keys[("高橋 健", "森 和也")[account % 2]]
    key = book.add(
        MaintenancePlan, account_id=account, name=name, work_kind=kind, rule="fixed",
        period="months", every=months, first_due_on=first, horizon_days=HORIZON, assignee_id=who,
        active=True,
    )  # fmt: skip
    book.event(
        "plan.added", ("plan", key), account, book.at(first - timedelta(days=30), 10), who,
        name=name, work_kind=kind, plan_id=key,
    )  # fmt: skip
    days = [first, months_after(first, months)]
    later = months_after(first, 2 * months)
    for unit in units:
        for due in days:
            _visit(book, (key, unit, account), name, kind, due, who)
        book.add(
            PlanUnit, plan_id=key, unit_id=unit, next_due_on=later,
            wakes_on=later - timedelta(days=HORIZON),
        )  # fmt: skip


def _visit(book: Book, of: tuple[int, int, int], name: str, kind: str, due: date, who: int) -> None:
    """A visit that was made, or one to come with its work order."""
    plan_key, unit, account = of
    day, arranged = (
        NATIONAL.business_day_from(due),
        book.working_day((book.today - due).days + HORIZON),
    )
    done = day if day < book.today else None
    work = book.add(
        WorkOrder, unit_id=unit, account_id=account, kind=kind,
        status="returned" if done else "received", opened_on=arranged, done_on=done, symptom=name,
        action="異常なし" if done else "", cause="", labour_amount=0, travel_amount=0,
        parts_amount=0, chargeable=False, charge_reason="", assignee_id=who,
    )  # fmt: skip
    book.add(
        Visit, plan_id=plan_key, unit_id=unit, due_on=due, visit_on=day, reason="",
        state="done" if done else "planned", done_on=done, assignee_id=who, work_order_id=work,
    )  # fmt: skip
    found = next(row for row in book.rows[Unit] if row["id"] == unit)
    code = next(code for code in CODES if book.keys[code] == found["product_id"])
    book.event(
        "work_order.opened", ("work_order", work), account, book.office_hour(arranged), None,
        number=f"WO-{work}", unit_id=unit, serial_no=found["serial_no"], product_code=code,
        work_kind=kind, symptom=name, status="received",
    )  # fmt: skip
