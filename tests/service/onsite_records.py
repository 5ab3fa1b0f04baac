"""An engineer's job of today: a customer, a unit, a ticket with somebody to call, and the form."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

from crm.accounts.models import ContactPhone
from crm.clock import now, start_of, today
from crm.extensions import db
from crm.installed_base.models import WorkOrder
from crm.service.models import FaultCode, WorkCheck, WorkPart
from tests.people import Company
from tests.records import a_contact, a_product, a_site, a_ticket, a_unit, an_account, keep

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
ROWS = ("parts", "checks")


def a_customer(company: Company) -> dict[str, int]:
    """川崎工場 of 山田製作所, with a unit and the one who called."""
    account = an_account(company.rep, company.first_team, phone="03-5555-0100")
    site = a_site(account, address="神奈川県川崎市川崎区1-2-3")
    contact = a_contact(account, department="品質保証部", title="課長")
    db.session.add(ContactPhone(contact_id=contact, number="044-555-0132", e164="+81445550132"))
    unit = a_unit(account, a_product(), site_id=site, location="1階 洗浄室")
    for kind, code, name, english in (
        ("symptom", "S12", "水が出ない", "No water"), ("cause", "C07", "スケール堆積", "Scale"),
        ("action", "A03", "部品交換", "Part replaced"),
    ):  # fmt: skip
        db.session.add(FaultCode(kind=kind, code=code, name=name, name_en=english, active=True))
    db.session.commit()
    return {"account": account, "site": site, "contact": contact, "unit": unit}


def a_job(company: Company, customer: dict[str, int], **more: Any) -> int:
    """A repair planned for nine this morning."""
    ticket = a_ticket(
        customer["account"], company.clerk, company.call_centre, contact_id=customer["contact"],
        unit_id=customer["unit"], subject="朝から水が出ない",
        opened_at=now() - timedelta(hours=30), due_at=now() + timedelta(days=2),
    )  # fmt: skip
    at = start_of(today()) + timedelta(hours=9)
    values: dict[str, Any] = {
        "kind": "repair", "status": "repairing", "opened_on": today() - timedelta(days=1),
        "symptom": "水が出ない", "assignee_id": company.engineer, "ticket_id": ticket,
        "planned_on": today(), "planned_at": at, "planned_until": at + timedelta(minutes=90),
        "labour_amount": 27_000, "travel_amount": 6_000, "chargeable": True,
    }  # fmt: skip
    return keep(
        WorkOrder(account_id=customer["account"], unit_id=customer["unit"], **(values | more))
    )


def finished(work_id: int, parts: int = 2) -> None:
    """The work is done: parts, checks, times, codes."""
    work = db.session.get_one(WorkOrder, work_id)
    begin = start_of(today()) + timedelta(hours=9, minutes=10)
    work.arrived_at, work.finished_at = begin, begin + timedelta(minutes=145)
    work.down_from, work.down_until = begin - timedelta(hours=16), work.finished_at
    work.downtime_minutes = 16 * 60 + 145
    work.symptom_code, work.cause_code, work.action_code = "S12", "C07", "A03"
    work.cause, work.action = "弁座にスケールが堆積していた。", "給水電磁弁を交換した。"
    work.labour_minutes, work.travel_km = 105, 38
    work.customer_notice = (
        "カートリッジは6か月ごとの交換をお勧めします。\n酸洗浄は年2回をご提案します。"
    )
    for place in range(parts):
        db.session.add(
            WorkPart(
                work_order_id=work.id, position=place, part_no=f"WV-{4600 + place}",
                name=f"給水電磁弁 {place + 1}", removed_serial=f"EV18-{place}",
                fitted_serial=f"EV26-{place}", quantity=1, unit_price=8_800, chargeable=place == 0,
            )
        )  # fmt: skip
    db.session.add(
        WorkCheck(
            work_order_id=work.id, position=0, item="給水流量", standard="4.0 L/分以上",
            measured="4.6", passed=True,
        )
    )  # fmt: skip
    work.parts_amount = parts * 8_800
    db.session.commit()


def form_of(page: str) -> dict[str, list[str]]:
    """The hidden fields of a page's form, as a browser would send them."""
    form = page[page.index("data-offline>") :]
    found: dict[str, list[str]] = {}
    for name, value in HIDDEN.findall(form[: form.index("</form>")]):
        if not name.startswith(ROWS):
            found.setdefault(html.unescape(name), []).append(html.unescape(value))
    return found


def row(rows: str, /, **values: str) -> dict[str, list[str]]:
    """One row of parts or checks as its fields."""
    fields = {
        "parts": ("id", "product_id", "name", "part_no", "quantity", "removed_serial",
                  "fitted_serial", "unit_price", "chargeable"),
        "checks": ("id", "item", "standard", "measured", "passed"),
    }[rows]  # fmt: skip
    return {f"{rows}.{field}": [values.get(field, "")] for field in fields}
