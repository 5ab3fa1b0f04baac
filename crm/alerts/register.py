"""Gather what R28 asks about an account that the corporate register changed; raise its alert."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from crm.accounts.models import Account
from crm.alerts.facts import Facts, RegisterFacts, Thing
from crm.alerts.jobs import judge
from crm.clock import local
from crm.deals.models import OPEN_STAGES, Deal
from crm.extensions import among, at_most, db
from crm.installed_base.models import ServiceContract
from crm.timeline.models import Event
from crm.timeline.queries import event


def changed(payload: dict[str, Any]) -> None:
    """A change of the register was accepted: whoever looks after the account hears of it once."""
    heard = event(payload["event_id"])
    account = db.session.get(Account, heard.subject_id) if heard is not None else None
    if heard is not None and account is not None:
        judge(about_change(heard, account), "register", heard.id)


def about_change(heard: Event, account: Account) -> Facts:
    """What is known of a change, and what it is about: open deals, contracts in force."""
    said, day = heard.facts, local(heard.at).date()
    told = RegisterFacts(
        heard.kind.removeprefix("account."), date.fromisoformat(said["on"]), account.name,
        said.get("before") or "",
        said.get("address") or said.get("successor_name") or said.get("successor") or "",
        (*_deals(account.id), *_contracts(account.id, day)),
    )  # fmt: skip
    return Facts(day, account.id, register=told)


def _deals(account_id: int) -> list[Thing]:
    rows = db.session.execute(
        sa.select(Deal.id, Deal.title)
        .where(Deal.account_id == account_id, among(Deal.stage, OPEN_STAGES))
        .order_by(Deal.id)
        .limit(at_most(1))
    )
    return [Thing("deal", row.id, row.title) for row in rows]


def _contracts(account_id: int, day: date) -> list[Thing]:
    rows = db.session.execute(
        sa.select(ServiceContract.id, ServiceContract.number)
        .where(ServiceContract.account_id == account_id, ServiceContract.ends_on >= day)
        .order_by(ServiceContract.ends_on, ServiceContract.id)
        .limit(at_most(1))
    )
    return [Thing("contract", row.id, row.number) for row in rows]
