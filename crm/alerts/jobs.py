"""What waits in the outbox for alerts. Each job may run twice and leaves the same database."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from crm.accounts.models import Account
from crm.alerts.actions import (
    HOLD_AFTER_COMPLAINT,
    SERIOUS,
    addressee,
    forget_words,
    give,
    raise_alert,
    reopen,
)
from crm.alerts.facts import Facts
from crm.alerts.gathering import about_metered, about_repair, about_ticket, about_units
from crm.alerts.models import Alert
from crm.alerts.rules import matching
from crm.alerts.support_days import take_back
from crm.clock import local, now
from crm.extensions import db
from crm.installed_base.models import Unit, WorkOrder
from crm.outbox.actions import send
from crm.outbox.models import HEAVY
from crm.support.models import Ticket
from crm.timeline.queries import event

CHUNK = 500
"""Units judged in one transaction by the daily round."""


def evaluate(payload: dict[str, Any]) -> None:
    """Ask the rules about one event of the history."""
    heard = event(payload["event_id"])
    if heard is None:
        return
    if heard.subject_type == "ticket":
        ticket = db.session.get(Ticket, heard.subject_id)
        if ticket is not None and ticket.confidential:
            forget_words(ticket)
        elif ticket is not None:
            judge(about_ticket(ticket), "ticket", heard.id)
    elif heard.subject_type == "work_order":
        order = db.session.get(WorkOrder, heard.subject_id)
        facts = about_repair(order, local(heard.at).date()) if order is not None else None
        if facts is not None:
            judge(facts, "work", heard.id)
    elif heard.kind == "unit.metered":
        facts = about_metered(heard.subject_id, local(heard.at).date())
        if facts is not None:
            judge(facts, "meter", heard.id)


def judge(facts: Facts, moment: str, event_id: int | None) -> list[Alert]:
    """Raise what the rules find; returns the new alerts."""
    raised = [
        raise_alert(rule, finding, facts, event_id) for rule, finding in matching(facts, moment)
    ]
    return [alert for alert in raised if alert is not None]


def daily(payload: dict[str, Any]) -> None:
    """The day's round: one message for every 500 units, each judged in its own transaction."""
    day = payload["day"]
    for first in range(0, last_unit() + 1, CHUNK):
        send("alerts.round", f"alerts.round:{day}:{first}", {"day": day, "first": first}, HEAVY)


def round_of_units(payload: dict[str, Any]) -> None:
    """Judge one chunk of units by the rules that follow the calendar, once what is told of their
    support agrees with the day that holds for them now."""
    first = payload["first"]
    take_back(range(first, first + CHUNK), None)
    judge_units(date.fromisoformat(payload["day"]), first)


def last_unit() -> int:
    """The largest key of a unit; 0 when there is none."""
    return db.session.scalar(sa.select(sa.func.max(Unit.id))) or 0


def judge_units(day: date, first: int) -> list[Alert]:
    """Judge the units with keys from `first` to `first` + 499 as of a day."""
    ids = db.session.scalars(
        sa.select(Unit.id).where(
            Unit.id >= first, Unit.id < first + CHUNK, Unit.status.in_(("in_use", "spare"))
        )
    ).all()
    return [alert for facts in about_units(ids, day) for alert in judge(facts, "day", None)]


def wake(payload: dict[str, Any]) -> None:
    """A snoozed alert's time has come."""
    alert = db.session.get(Alert, payload["alert_id"])
    if alert is not None and alert.state == "snoozed" and (alert.snoozed_until or now()) <= now():
        reopen(alert)


def release(_payload: dict[str, Any]) -> None:
    """Bring back what was held, a fortnight after the account's last serious complaint ended.

    Asked every day: a complaint that was solved, made milder or removed frees what it held.
    """
    complaint = (
        sa.exists()
        .where(
            Ticket.account_id == Alert.account_id,
            Ticket.category == "complaint",
            Ticket.severity.in_(SERIOUS),
            sa.or_(
                Ticket.status.in_(("open", "pending")),
                Ticket.solved_at > now() - HOLD_AFTER_COMPLAINT,
            ),
        )
        .correlate(Alert)
    )
    for alert in db.session.scalars(sa.select(Alert).where(Alert.state == "held", ~complaint)):
        reopen(alert)


def hand_over(payload: dict[str, Any]) -> None:
    """An account got another owner, or a person left: what is undecided finds its addressee."""
    heard = event(payload["event_id"])
    if heard is None or not {"owner_id", "active"} & set(heard.facts.get("fields", ())):
        return
    about = Alert.account_id if heard.subject_type == "account" else Alert.owner_id
    undecided = sa.select(Alert, Account).join(Account, Account.id == Alert.account_id)
    for alert, account in db.session.execute(
        undecided.where(about == heard.subject_id, Alert.state.in_(("open", "snoozed", "held")))
    ):
        give(alert, *addressee(account))


def expire(_payload: dict[str, Any]) -> None:
    """Alerts that nobody decided in 90 days are counted as such."""
    before = now() - timedelta(days=90)
    db.session.execute(
        sa.update(Alert)
        .where(Alert.state.in_(("open", "snoozed")), Alert.raised_at < before)
        .values(state="expired", updated_at=now(), version=Alert.version + 1)
        .execution_options(synchronize_session=False)
    )
