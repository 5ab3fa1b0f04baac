"""Records that tests need, written straight into the tables."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from crm.accounts.models import Account, Contact, Site
from crm.advice.models import Advice
from crm.alerts.models import Alert
from crm.campaigns.models import Campaign, CampaignItem, CampaignProduct
from crm.clock import now, today
from crm.deals.models import Activity, Deal
from crm.extensions import db
from crm.installed_base.models import ContractUnit, ServiceContract, Unit, WorkOrder
from crm.installed_base.states import begin
from crm.installed_base.warranty_models import Warranty
from crm.maintenance.models import MaintenancePlan, PlanUnit, Visit
from crm.products.models import Product
from crm.readings.models import Meter, Reading
from crm.service.models import Loan
from crm.support.models import Ticket
from crm.webhooks.models import Delivery, Webhook

TOGETHER = "together"


def keep(record: Any) -> int:
    """Write one row and give its key."""
    db.session.add(record)
    db.session.flush()
    key: int = record.id
    commit()
    return key


@contextmanager
def together() -> Iterator[None]:
    """Rows that are written meanwhile are committed at the end, all at once."""
    db.session.info[TOGETHER] = True
    try:
        yield
    finally:
        del db.session.info[TOGETHER]
    db.session.commit()


def commit() -> None:
    """Commit, unless more is to come."""
    if TOGETHER not in db.session.info:
        db.session.commit()


def an_account(owner_id: int | None, team_id: int | None, **more: Any) -> int:
    """株式会社山田製作所, in somebody's care."""
    values: dict[str, Any] = {
        "name": "株式会社山田製作所", "name_kana": "ヤマダセイサクショ",
        "kana_key": "ヤマダセイサクシヨ", "name_key": "山田製作所", "owner_id": owner_id,
        "team_id": team_id,
    }  # fmt: skip
    return keep(Account(**(values | more)))


def a_contact(account_id: int, **more: Any) -> int:
    """鈴木 恵子."""
    return keep(Contact(account_id=account_id, family_name="鈴木", given_name="恵子", **more))


def a_product(code: str = "PW-10", **more: Any) -> int:
    """A water purifier with a contract's price."""
    values: dict[str, Any] = {
        "name": f"純水製造装置 {code}", "code_key": code.lower(), "list_price": 980_000,
        "maintenance_price": 198_000, "warranty_months": 12, "expected_life_months": 96,
    }  # fmt: skip
    return keep(Product(code=code, **(values | more)))


def a_unit(account_id: int, product_id: int, serial: str = "PW3381", **more: Any) -> int:
    """A unit four years old whose warranty is over."""
    installed = today() - timedelta(days=1460)
    values: dict[str, Any] = {
        "serial_no": serial, "serial_key": serial, "installed_on": installed,
        "warranty_ends_on": installed + timedelta(days=365),
    }  # fmt: skip
    made = Unit(account_id=account_id, product_id=product_id, **(values | more))
    key = keep(made)
    begin(made, None)
    commit()
    return key


def a_contract(
    account_id: int, unit_ids: list[int], starts: date, ends: date, tag: str = ""
) -> int:
    """A contract over units."""
    contract = ServiceContract(
        number=f"M-{ends:%y%m%d}{tag}", account_id=account_id, starts_on=starts, ends_on=ends,
        annual_amount=198_000,
    )  # fmt: skip
    key = keep(contract)
    db.session.add_all(ContractUnit(contract_id=key, unit_id=one) for one in unit_ids)
    commit()
    return key


def a_paid_repair(account_id: int, unit_id: int, ago: int, amount: int) -> int:
    """A chargeable repair, done so many days ago."""
    done = today() - timedelta(days=ago)
    return keep(
        WorkOrder(
            account_id=account_id, unit_id=unit_id, kind="repair", status="returned",
            opened_on=done, done_on=done, parts_amount=amount, chargeable=True,
            symptom="水が出ない",
        )
    )  # fmt: skip


def a_site(account_id: int, **more: Any) -> int:
    """川崎工場."""
    return keep(Site(account_id=account_id, name="川崎工場", **more))


def a_ticket(account_id: int, handler_id: int | None, team_id: int | None, **more: Any) -> int:
    """An open ticket that somebody took and works on."""
    values: dict[str, Any] = {
        "subject": "水が出ない", "voice": "朝から水が出ません", "category": "failure",
        "opened_by_id": handler_id, "assignee_id": handler_id, "team_id": team_id,
        "opened_at": now(), "due_at": now() + timedelta(hours=8),
    }  # fmt: skip
    return keep(Ticket(account_id=account_id, **(values | more)))


def a_deal(account_id: int, owner_id: int | None, team_id: int | None, **more: Any) -> int:
    """An open deal of one million yen."""
    values: dict[str, Any] = {
        "title": "純水装置の更新", "stage": "proposal", "stage_since": now(), "rank": "C",
        "amount": 1_000_000, "expected_close_on": today() + timedelta(days=40),
    }  # fmt: skip
    return keep(Deal(account_id=account_id, owner_id=owner_id, team_id=team_id, **(values | more)))


def an_advice(asker_id: int, asked_id: int, **more: Any) -> int:
    """A question over `ticket_id` or `deal_id` that waits for its answer."""
    values: dict[str, Any] = {"question": "交換間隔は延びますか", "asked_at": now()}
    return keep(Advice(asker_id=asker_id, asked_id=asked_id, **(values | more)))


def an_activity(account_id: int, by_id: int | None, team_id: int | None, **more: Any) -> int:
    """A visit of today."""
    values: dict[str, Any] = {"kind": "visit", "at": now(), "summary": "更新の相談"}
    return keep(Activity(account_id=account_id, by_id=by_id, team_id=team_id, **(values | more)))


def an_alert(account_id: int, owner_id: int | None, team_id: int | None, **more: Any) -> int:
    """An undecided alert about a repair that was paid for."""
    values: dict[str, Any] = {
        "rule": "R3", "rule_version": 1, "dedupe": f"R3|{account_id}|{owner_id}",
        "subject": "unit:1",
        "reason": {"ja": "契約なしの有償修理です。", "en": "A repair without a contract."},
        "offer": {"ja": "保守契約", "en": "A contract", "product_id": None},
        "estimated_value": 198_000, "raised_at": now(),
    }  # fmt: skip
    return keep(Alert(account_id=account_id, owner_id=owner_id, team_id=team_id, **(values | more)))


def a_plan(account_id: int, unit_id: int, **more: Any) -> int:
    """A yearly inspection of one unit, due for the first time in half a year."""
    values: dict[str, Any] = {
        "name": "年次点検", "every": 12, "first_due_on": today() + timedelta(days=180),
    }  # fmt: skip
    plan = keep(MaintenancePlan(account_id=account_id, **(values | more)))
    keep(PlanUnit(plan_id=plan, unit_id=unit_id))
    return plan


def a_visit(plan_id: int, unit_id: int, **more: Any) -> int:
    """A visit in ten days."""
    soon = today() + timedelta(days=10)
    return keep(
        Visit(plan_id=plan_id, unit_id=unit_id, **({"due_on": soon, "visit_on": soon} | more))
    )


def a_meter(unit_id: int, name: str = "運転時間", **more: Any) -> int:
    """A counter of hours."""
    values: dict[str, Any] = {"name": name, "name_key": name, "measure": "h"}
    return keep(Meter(unit_id=unit_id, **(values | more)))


def a_reading(meter_id: int, value: int = 8_412, days_ago: float = 1) -> int:
    """What a meter said."""
    at = now() - timedelta(days=days_ago)
    return keep(Reading(meter_id=meter_id, at=at, value=Decimal(value), source="person"))


def a_warranty(unit_id: int, **more: Any) -> int:
    """A warranty of ours that ended long ago."""
    values: dict[str, Any] = {
        "kind": "own", "starts_on": today() - timedelta(days=1460),
        "ends_on": today() - timedelta(days=1096),
    }  # fmt: skip
    return keep(Warranty(unit_id=unit_id, **(values | more)))


def a_loan(account_id: int, unit_id: int, **more: Any) -> int:
    """A loan of last year, given back."""
    lent = today() - timedelta(days=400)
    values: dict[str, Any] = {
        "lent_on": lent, "due_on": lent + timedelta(days=14),
        "returned_on": lent + timedelta(days=9), "home_account_id": account_id,
    }  # fmt: skip
    return keep(Loan(unit_id=unit_id, account_id=account_id, **(values | more)))


def a_campaign(account_id: int, unit_id: int, product_id: int, tag: str = "") -> tuple[int, int]:
    """A recall that runs, and one unit's part of it."""
    key = keep(
        Campaign(
            number=f"R-{unit_id}{tag}", title="ヒーターの過熱", starts_on=today(), status="running"
        )
    )
    db.session.add(CampaignProduct(campaign_id=key, product_id=product_id))
    return key, keep(
        CampaignItem(campaign_id=key, unit_id=unit_id, account_id=account_id, told=True)
    )


def a_webhook(label: str = "ERP", **more: Any) -> int:
    """An address that hears of nothing yet."""
    said: dict[str, Any] = {"url": "https://erp.example.com/", "kinds": ["deal.won"], "salt": label}
    return keep(Webhook(label=label, **(said | more)))


def a_delivery(webhook_id: int) -> int:
    """A message that waits for its second try."""
    at = now()
    return keep(
        Delivery(
            webhook_id=webhook_id, kind="deal.won", message_id=f"msg_{webhook_id}", made_at=at,
            due_at=at, updated_at=at, attempts=1,
        )
    )  # fmt: skip
