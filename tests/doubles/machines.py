"""Two units that are one machine, with something in every table that can name a unit."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from crm.clock import now, today
from crm.deals.models import DealUnit
from crm.expiry import keeping
from crm.extensions import db
from crm.files.models import Attachment
from crm.handover.models import Handover, HandoverUnit
from crm.installed_base.models import Unit
from crm.products.models import Product
from crm.service.models import WorkPart
from crm.timeline.actions import record
from crm.transfers.models import ImportKey
from tests.people import Company
from tests.records import (
    a_contract,
    a_deal,
    a_loan,
    a_meter,
    a_paid_repair,
    a_plan,
    a_reading,
    a_ticket,
    a_unit,
    a_visit,
    a_warranty,
    an_alert,
    keep,
)


def a_machine(company: Company, account: int, product: int, serial: str, **more: Any) -> int:
    """A unit as two years of work leave it: its tickets, work, terms, parts, papers and meters."""
    parent, after = more.pop("read", 1_000), more.pop("days_ago", 30)
    key = a_unit(account, product, serial, **more)
    a_unit(account, product, f"{serial}-P", parent_id=key)
    a_unit(account, product, f"{serial}-NEXT", replaces_id=key)
    ticket = a_ticket(account, company.clerk, company.call_centre, unit_id=key, status="closed")
    deal = a_deal(account, company.rep, company.first_team)
    a_contract(account, [key], today() - timedelta(days=9), today() + timedelta(days=90), serial)
    work = a_paid_repair(account, key, 40, 66_000)
    a_visit(a_plan(account, key, first_due_on=today()), key)
    a_loan(account, key)
    a_warranty(key)
    a_reading(a_meter(key), parent, after)
    an_alert(account, company.rep, company.first_team, unit_id=key, ticket_id=ticket,
             subject=f"unit:{key}", dedupe=f"R3|unit:{key}|1")  # fmt: skip
    _papers(key, product, deal, work)
    keep(Attachment(unit_id=key, sha256="0" * 64, size=1, media_type="text/plain", name="x"))
    record("unit.added", db.session.get_one(Unit, key), None, account_id=account, unit_id=key)
    db.session.commit()
    keeping.refresh_units([key])
    db.session.commit()
    return key


def _papers(unit: int, product: int, deal: int, work: int) -> None:
    account = db.session.get_one(Unit, unit).account_id
    brought = keep(Handover(deal_id=deal, account_id=account))
    db.session.add_all([
        DealUnit(deal_id=deal, unit_id=unit),
        HandoverUnit(unit_id=unit, handover_id=brought, product_id=product, made_version=1),
        WorkPart(work_order_id=work, position=1, name="ポンプ", fitted_unit_id=unit),
        ImportKey(source=f"list {unit}", kind="unit", key=str(unit), record_id=unit,
                  digest="0" * 64, said={}, imported_at=now()),
    ])  # fmt: skip
    db.session.commit()


def with_cycle(product: int) -> None:
    """Its inspections are due by its product's interval."""
    db.session.get_one(Product, product).consumable_cycle_days = 90
    db.session.commit()
