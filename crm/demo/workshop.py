"""The service team's bench: codes, parts and checks of the story's repairs, days to come, a loan."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from crm.accounts.models import Account, Site
from crm.demo.book import Book
from crm.demo.workshop_codes import ACTION_OF, CODES, SYMPTOM_OF
from crm.installed_base.models import WORK_ENDED, Unit, UnitState, WorkOrder
from crm.installed_base.states import first_row
from crm.maintenance.models import Visit
from crm.service.models import FaultCode, Loan, WorkCheck, WorkCompanion, WorkPart, WorkStep
from crm.text.kana import kana_key
from crm.workdays import NATIONAL

OURS = "東都サイエンス株式会社"
ENGINEERS = ("高橋 健", "森 和也")
HOURS = (9, 11, 13, 15)
Row = dict[str, Any]


def furnish(book: Book) -> None:
    """Write the codes, say more of the story's repairs, plan the days to come, lend one unit.

    Before the units and work orders are written.
    """
    for kind, rows in CODES.items():
        for code, name, english in rows:
            book.add(FaultCode, kind=kind, code=code, name=name, name_en=english, active=True)
    for row in book.rows[WorkOrder]:
        row["symptom_code"] = SYMPTOM_OF.get(row["symptom"], "")
        row["action_code"] = ACTION_OF.get(row["action"], "")
    for visit in book.rows[Visit]:
        of = next(one for one in book.rows[WorkOrder] if one["id"] == visit["work_order_id"])
        of["planned_on"] = visit["visit_on"]
    _spare_units(book)
    _tell(book)
    _walk(book)
    _plan(book)
    _lend(book)


def write(book: Book) -> None:
    """After the work orders and units."""
    book.write(FaultCode, WorkPart, WorkCheck, WorkCompanion, WorkStep, Loan)


def reserve(book: Book) -> None:
    """The company itself, where units in reserve stand; after the customers."""
    _own_company(book)
    book.write(Account, Site)


def _own_company(book: Book) -> None:
    key = book.add(
        Account, OURS, name=OURS, name_kana="トウトサイエンス", kana_key=kana_key("トウトサイエンス"),
        name_core="東都サイエンス", legal_form="株式会社", legal_form_position="after",
        name_key="東都サイエンス", industry="自社", rank="C", phone="03-5555-0100",
        address="東京都大田区", handling_note="貸出機の置き場です。",
    )  # fmt: skip
    book.add(
        Site,
        f"{OURS}/サービスセンター",
        account_id=key,
        name="サービスセンター",
        address="東京都大田区",
    )


def _spare_units(book: Book) -> None:
    account, site = book.keys[OURS], book.keys[f"{OURS}/サービスセンター"]
    for code, serial in (("PW-10", "LN-PW-01"), ("EB-224", "LN-EB-01")):
        delivered = book.day(420)
        key = book.add(
            Unit, serial, account_id=account, site_id=site, product_id=book.keys[code],
            serial_no=serial, serial_key=serial, location="貸出機棚", status="spare",
            ownership="bought", delivered_on=delivered, installed_on=delivered,
            accepted_on=delivered, warranty_ends_on=delivered + timedelta(days=364),
            is_competitor=False, sold_by_us=True,
        )  # fmt: skip
        book.add(UnitState, **first_row(book.rows[Unit][-1], key, book.keys[ENGINEERS[0]]))


def _tell(book: Book) -> None:
    """What the story's finished repairs used and measured."""
    story = {book.keys[tag] for tag in ("山田LX", "山田PW")}
    done = [r for r in book.rows[WorkOrder] if r["unit_id"] in story and r["status"] == "returned"
            and r["kind"] == "repair"]  # fmt: skip
    for row in done:
        arrived = book.at(row["done_on"], 9, 10)
        row |= {
            "cause": "消耗により弁座の当たりが悪くなり、規定の圧力が保てなくなっていた。",
            "cause_code": "C02", "arrived_at": arrived, "labour_minutes": 105, "travel_km": 38,
            "finished_at": arrived + timedelta(minutes=145), "returned_on": row["done_on"],
            "planned_on": row["done_on"], "invoice_amount": _cost(row) if row["chargeable"] else 0,
            "customer_notice": "消耗部品は6か月ごとの交換をお勧めします。\n次回の点検で流量を再確認します。",
        }  # fmt: skip
        _parts(book, row)
        _checks(book, row["id"])
        book.add(WorkStep, work_order_id=row["id"], before="received", status="returned",
                  on=row["done_on"], by_id=row["assignee_id"], note="")  # fmt: skip


def _cost(row: Row) -> int:
    return int(row["labour_amount"] + row["travel_amount"] + row["parts_amount"])


def _parts(book: Book, row: Row) -> None:
    """The cost of parts in two lines, the second one twice."""
    whole = row["parts_amount"]
    if whole < 1000:
        return
    kit = (whole // 4) // 2
    for position, (no, name, many, price) in enumerate(
        ((f"K-{4600 + row['id'] % 90}", f"{row['action'].removesuffix('交換')}一式", 1, whole - 2 * kit),
         ("FC-12S", "フィルタエレメント", 2, kit))
    ):  # fmt: skip
        book.add(
            WorkPart, work_order_id=row["id"], position=position, part_no=no, name=name,
            quantity=many, unit_price=price, chargeable=None,
            removed_serial=f"EV{row['id'] % 97:02d}-2207" if position == 0 else "",
            fitted_serial=f"EV{row['id'] % 97:02d}-0914" if position == 0 else "",
        )  # fmt: skip


def _checks(book: Book, work: int) -> None:
    for position, (item, standard, measured) in enumerate(
        (
            ("送液圧力", "19–21 MPa", "20.2"),
            ("流量", "1.00 ± 0.02", "1.00"),
            ("漏れ・異音", "なし", "なし"),
        )
    ):
        book.add(WorkCheck, work_order_id=work, position=position, item=item, standard=standard,
                 measured=measured, passed=True)  # fmt: skip


WAYS: dict[str, tuple[str, ...]] = {
    "diagnosing": ("diagnosing",),
    "estimating": ("diagnosing", "estimating"),
    "awaiting_approval": ("diagnosing", "estimating", "awaiting_approval"),
    "awaiting_parts": ("diagnosing", "awaiting_parts"),
    "repairing": ("repairing",),
}


def _walk(book: Book) -> None:
    """How the open repairs came to where they are."""
    for row in book.rows[WorkOrder]:
        way, before, on = WAYS.get(row["status"], ()), "received", row["opened_on"]
        for number, status in enumerate(way):
            left = (book.today - on).days
            on += timedelta(days=left // (len(way) - number) // 2)
            book.add(WorkStep, work_order_id=row["id"], before=before, status=status, on=on,
                     by_id=row["assignee_id"], note="")  # fmt: skip
            before = status
        if row["status"] in ("awaiting_approval", "estimating", "repairing"):
            row["chargeable"] = True
        if row["status"] == "awaiting_approval":
            row |= {"estimate_amount": 168_000, "estimated_on": on}


def next_days(book: Book, many: int) -> list[date]:
    """The business days from today on."""
    found: list[date] = []
    day = book.today
    while len(found) < many:
        if NATIONAL.is_business_day(day):
            found.append(day)
        day += timedelta(days=1)
    return found


def _plan(book: Book) -> None:
    """Each engineer goes to two customers a day on the next three days, with the hour."""
    days, visits = next_days(book, 3), {one["work_order_id"]: one for one in book.rows[Visit]}
    for who in ENGINEERS:
        mine = [r for r in book.rows[WorkOrder] if r["assignee_id"] == book.keys[who]
                and r["status"] not in WORK_ENDED]  # fmt: skip
        mine.sort(
            key=lambda row: (
                row["kind"] != "repair",
                row.get("planned_on") or book.today,
                row["id"],
            )
        )
        for number, row in enumerate(mine[: len(days) * 2]):
            start = book.at(days[number // 2], HOURS[number % 2 * 2])
            row |= {
                "planned_on": days[number // 2], "planned_at": start,
                "planned_until": start + timedelta(minutes=120 if number % 2 == 0 else 90),
            }  # fmt: skip
            if row["id"] in visits:
                visits[row["id"]]["visit_on"] = days[number // 2]
        if mine:
            other = ENGINEERS[1 - ENGINEERS.index(who)]
            book.link(WorkCompanion, work_order_id=mine[0]["id"], staff_id=book.keys[other])


def _lend(book: Book) -> None:
    """While the story's PW-10 is repaired, one of ours stands there."""
    repair = next(r for r in book.rows[WorkOrder] if r["unit_id"] == book.keys["山田PW"]
                  and r["status"] == "repairing")  # fmt: skip
    broken = next(row for row in book.rows[Unit] if row["id"] == repair["unit_id"])
    loaner = next(row for row in book.rows[Unit] if row["id"] == book.keys["LN-PW-01"])
    home = {f"home_{name}": loaner[name]
            for name in ("account_id", "site_id", "location", "status", "ownership")}  # fmt: skip
    lent_on = repair["opened_on"]
    book.add(
        Loan, unit_id=loaner["id"], account_id=repair["account_id"], work_order_id=repair["id"],
        lent_on=lent_on, due_on=book.day(-12), note="修理が済むまで", **home,
    )  # fmt: skip
    loaner |= {name: broken[name] for name in ("account_id", "site_id", "location")}
    loaner |= {"status": "in_use", "ownership": "loan"}
    state = first_row(loaner, loaner["id"], repair["assignee_id"])
    book.add(UnitState, **state | {"from_on": lent_on, "reason": f"WO-{repair['id']} の代替"})
    repair["substitute"] = "代替機 PW-10（LN-PW-01）を同日に設置"
