"""What the service report (作業報告書) of a work order says, as JSON values.

The same for page, API, paper, and for what the customer signs. Yen as integers, instants in UTC.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from crm import clock
from crm.accounts.models import Account, Contact, Site
from crm.extensions import at_most, db
from crm.installed_base.judging import verdicts
from crm.installed_base.models import Unit, WorkOrder
from crm.products.models import Product
from crm.service import charging
from crm.service.models import FaultCode, WorkCheck, WorkCompanion, WorkPart
from crm.staff.models import Staff, Team

Content = dict[str, Any]
SAME_DAYS = 180
"""How far back the same fault is looked for."""
SAID = 300
"""Characters of what the customer reported."""
FINDINGS = ("symptom", "cause", "action")
MOST_ROWS = 500
MOST_PHOTOS = 8


def content_of(work: WorkOrder) -> Content:
    """All that the report of a work order says, in at most ten statements."""
    around = _around(work)
    parts, shares = _parts(work), charging.borne_by(work)
    lines = [charging.Line(one["unit_price"] * one["quantity"], one["chargeable"]) for one in parts]
    bill = charging.bill(
        work.labour_amount, work.travel_amount, work.parts_amount, shares, lines
    )  # fmt: skip
    for part, charged in zip(parts, bill.lines, strict=True):
        part["charged"] = charged
    return {
        "work_order_id": work.id, "number": work.number, "work_kind": work.kind,
        "performed_on": _day(performed_on(work)), **_whom(around), "unit": _unit(work, around),
        "cover": _cover(work), "reception": _reception(work, around),
        "arrived_at": _at(work.arrived_at), "finished_at": _at(work.finished_at),
        "down_from": _at(work.down_from), "down_until": _at(work.down_until),
        "downtime_minutes": work.downtime_minutes, "substitute": work.substitute or "",
        "earlier": _earlier(work), "findings": _findings(work), "parts": parts,
        "labour_minutes": work.labour_minutes, "travel_km": work.travel_km,
        "costs": _costs(bill, shares, work), "invoice": bill.total,
        "checks": _checks(work), "notice": work.customer_notice or "",
        "engineer": around.engineer or "", "team": around.team or "",
        "companions": _companions(work), "photos": _photos(work), **_meters(work),
    }  # fmt: skip


def told_later(content: Mapping[str, Any]) -> bool:
    """Does the customer bear a share of costs of which no amount is known yet (後日ご連絡)?"""
    return not content["invoice"] and any(one["percent"] for one in content["costs"])


def fingerprint(content: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical JSON: 64 hex digits, the first 16 are printed."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def performed_on(work: Any) -> date | None:
    """The day of the work: when it was finished, begun, done, or is to be done."""
    for instant in (work.finished_at, work.arrived_at):
        if instant is not None:
            return clock.local(instant).date()
    found: date | None = work.done_on or work.planned_on
    return found


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _at(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat(timespec="minutes")


def _around(work: WorkOrder) -> Any:
    """Account, site, contact, unit, product, ticket and engineer, in one statement."""
    tickets, engineer = db.metadata.tables["tickets"].c, aliased(Staff)
    return db.session.execute(
        sa.select(
            Account.name.label("account"), Site.name.label("site"),
            Contact.department, Contact.title.label("post"), Contact.family_name,
            Contact.given_name, Unit.serial_no, Unit.location, Unit.delivered_on,
            Unit.installed_on, Unit.accepted_on, Product.code, Product.name.label("product"),
            tickets.channel, tickets.opened_at, tickets.due_at, tickets.subject, tickets.voice,
            tickets.confidential, engineer.name.label("engineer"), Team.name.label("team"),
        )
        .select_from(WorkOrder)
        .join(Account, Account.id == WorkOrder.account_id)
        .join(Unit, Unit.id == WorkOrder.unit_id)
        .join(Product, Product.id == Unit.product_id)
        .outerjoin(Site, sa.and_(Site.id == Unit.site_id, Site.account_id == Account.id))
        .outerjoin(tickets.id.table, tickets.id == WorkOrder.ticket_id)
        .outerjoin(Contact, Contact.id == tickets.contact_id)
        .outerjoin(engineer, engineer.id == WorkOrder.assignee_id)
        .outerjoin(Team, Team.id == engineer.team_id)
        .where(WorkOrder.id == work.id)
    ).one()  # fmt: skip


def _whom(around: Any) -> Content:
    person = f"{around.family_name or ''} {around.given_name or ''}".strip()
    return {
        "account": around.account, "site": around.site or "",
        "department": around.department or "", "contact": person, "post": around.post or "",
    }  # fmt: skip


def _unit(work: WorkOrder, around: Any) -> Content:
    return {
        "id": work.unit_id, "code": around.code, "product": around.product,
        "serial_no": around.serial_no, "location": around.location,
        "delivered_on": _day(around.delivered_on), "accepted_on": _day(around.accepted_on),
        "installed_on": _day(around.installed_on),
    }  # fmt: skip


def _cover(work: WorkOrder) -> Content:
    """Who pays, as it was kept at the opening; judged as of then for old rows."""
    kept = work.verdict
    if not kept or "code" not in kept:
        verdict = verdicts([work.unit_id], work.opened_on)[work.unit_id]
        kept = {"code": verdict.code, "params": verdict.params}
    return {"code": kept["code"], "params": kept.get("params") or {}}


def _reception(work: WorkOrder, around: Any) -> Content:
    """How the ticket came; a confidential one gives its number and nothing of what was said."""
    if work.ticket_id is None:
        return {"opened_on": _day(work.opened_on)}
    told: Content = {"ticket_id": work.ticket_id, "opened_on": _day(work.opened_on)}
    if around.confidential:
        return told
    said = " ".join((around.subject or around.voice or "").split())
    due, finished = around.due_at, work.finished_at
    return told | {
        "opened_at": _at(around.opened_at), "channel": around.channel, "said": said[:SAID],
        "due_at": _at(due), "in_time": finished <= due if due and finished else None,
    }  # fmt: skip


def _earlier(work: WorkOrder) -> Content:
    """Repairs of the same fault on the unit in the 180 days before; of any, without a code."""
    table = WorkOrder.__table__.c
    since = work.opened_on - timedelta(days=SAME_DAYS)
    where = [
        table.unit_id == work.unit_id, table.opened_on.between(since, work.opened_on),
        table.id < work.id, table.kind == "repair", table.done_on.is_not(None),
    ]  # fmt: skip
    if work.symptom_code:
        where.append(table.symptom_code == work.symptom_code)
    count, last = db.session.execute(
        sa.select(sa.func.count(), sa.func.max(table.done_on)).where(*where)
    ).one()
    return {"count": count, "last_on": _day(last), "same": bool(work.symptom_code)}


def _findings(work: WorkOrder) -> list[Content]:
    """Symptom, cause and action: the code with its names, and the text."""
    codes = {name: getattr(work, f"{name}_code") or "" for name in FINDINGS}
    rows = db.session.execute(
        sa.select(FaultCode.kind, FaultCode.name, FaultCode.name_en).where(
            sa.or_(*(sa.and_(FaultCode.kind == k, FaultCode.code == c) for k, c in codes.items()))
        )
    )
    names = {row.kind: (row.name, row.name_en) for row in rows}
    return [
        {
            "kind": name, "code": codes[name], "name": names.get(name, ("", ""))[0],
            "name_en": names.get(name, ("", ""))[1], "text": getattr(work, name) or "",
        }
        for name in FINDINGS
    ]  # fmt: skip


def _rows(table: Any, work: WorkOrder, names: tuple[str, ...]) -> list[Content]:
    found = db.session.execute(
        sa.select(*(table.c[name] for name in names))
        .where(table.c.work_order_id == work.id)
        .order_by(table.c.position, table.c.id)
        .limit(at_most(MOST_ROWS))
    )
    return [dict(row._mapping) for row in found]


def _parts(work: WorkOrder) -> list[Content]:
    names = (
        "part_no", "name", "removed_serial", "fitted_serial", "quantity", "unit_price",
        "chargeable",
    )  # fmt: skip
    return _rows(WorkPart.__table__, work, names)


def _checks(work: WorkOrder) -> list[Content]:
    return _rows(WorkCheck.__table__, work, ("item", "standard", "measured", "passed"))


def _meters(work: WorkOrder) -> Content:
    """What the meters of the unit said on the day of the work, the last of each; nothing, when
    nobody read them. Their room lies beside this one: its tables are asked for by name."""
    day, tables = performed_on(work), db.metadata.tables
    if day is None or "readings" not in tables:
        return {}
    meter, reading = tables["meters"].c, tables["readings"].c
    first, last = clock.start_of(day), clock.start_of(day + timedelta(days=1))
    rows = db.session.execute(
        sa.select(meter.id, meter.name, meter.measure, meter.decimals, reading.value)
        .join(tables["readings"], reading.meter_id == meter.id)
        .where(meter.unit_id == work.unit_id, reading.at >= first, reading.at < last)
        .order_by(meter.id, reading.at, reading.revision)
        .limit(at_most(MOST_ROWS))
    )
    found = {row.id: row for row in rows}
    said = [
        {"name": row.name, "value": f"{row.value:,.{row.decimals}f}", "measure": row.measure}
        for row in found.values() if row.value is not None
    ]  # fmt: skip
    return {"meters": said} if said else {}


def _companions(work: WorkOrder) -> list[str]:
    names = (
        sa.select(Staff.name)
        .join(WorkCompanion, WorkCompanion.staff_id == Staff.id)
        .where(WorkCompanion.work_order_id == work.id)
        .order_by(Staff.id)
    )
    return list(db.session.scalars(names))


def _photos(work: WorkOrder) -> list[Content]:
    """The first photos that hang on the work order; files live a floor above."""
    file = db.metadata.tables["attachments"].c
    rows = db.session.execute(
        sa.select(file.sha256, file.caption, file.at)
        .where(file.work_order_id == work.id, file.photo)
        .order_by(file.id)
        .limit(at_most(MOST_PHOTOS))
    )
    return [{"sha256": row.sha256, "caption": row.caption, "at": _at(row.at)} for row in rows]


def _costs(bill: charging.Bill, shares: charging.Borne, work: WorkOrder) -> list[Content]:
    """Labour, travel and parts: what they cost, the customer's share in percent, the charge."""
    whole = {
        "labour": work.labour_amount, "travel": work.travel_amount, "parts": work.parts_amount
    }  # fmt: skip
    return [
        {
            "what": what, "amount": amount, "charged": getattr(bill, what),
            "percent": getattr(shares, what),
        }
        for what, amount in whole.items()
    ]  # fmt: skip
