"""Raise an alert to the right person, and take the decision on it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.accounts.models import Account
from crm.alerts.facts import Evidence, Facts, Finding
from crm.alerts.models import DISMISSALS, FACT_CHANGED, Alert
from crm.alerts.rules import SNOOZE, Rule
from crm.bulk import insert_once
from crm.clock import now, today
from crm.closed_days.queries import workdays
from crm.deals.actions import open_deal
from crm.deals.models import Deal
from crm.errors import Conflict, Invalid
from crm.extensions import db
from crm.installed_base.terms import months_after
from crm.live import push_after_commit
from crm.outbox.actions import send
from crm.rights import Person
from crm.staff.models import Staff
from crm.staff.queries import manager_of
from crm.support.models import Ticket
from crm.timeline.actions import record

SERIOUS = ("high", "critical")
"""A complaint of this severity holds the account's alerts back."""
HOLD_AFTER_COMPLAINT = timedelta(days=14)
CLOSE_AFTER_MONTHS = 2
"""A deal from an alert is first expected to close so many months from today."""


def raise_alert(rule: Rule, finding: Finding, facts: Facts, event_id: int | None) -> Alert | None:
    """Write the alert, tell its owner's screen; None when there is one for this already."""
    account = db.session.get_one(Account, facts.account_id)
    owner_id, team_id = addressee(account)
    alert_id = _insert(rule, finding, facts, event_id, owner_id, team_id)
    if alert_id is None:
        return None
    alert = db.session.get_one(Alert, alert_id)
    if _complaint_open(account.id):
        alert.state = "held"
    record(
        "alert.raised", alert, None, account_id=account.id, rule=rule.code,
        rule_version=rule.version, reason=alert.reason, value=finding.value, owner_id=owner_id,
    )  # fmt: skip
    if alert.state == "open":
        _tell(alert)
    return alert


def forget_words(ticket: Ticket) -> None:
    """A ticket became confidential: alerts that quoted it keep its number and nothing more."""
    number = f"#{ticket.id}"
    bare = {"text": {"ja": number, "en": number}, "type": "ticket", "id": ticket.id}
    for alert in db.session.scalars(sa.select(Alert).where(Alert.account_id == ticket.account_id)):
        if alert.ticket_id == ticket.id:
            alert.voice = ""
        alert.evidence = [
            bare if (one["type"], one["id"]) == ("ticket", ticket.id) else one
            for one in alert.evidence
        ]


def _tell(alert: Alert, again: str | None = None) -> None:
    """`again` marks each time that an alert comes back, so that an open screen hears of it."""
    if alert.owner_id is not None:
        message = {"id": alert.id, "account_id": alert.account_id, "rule": alert.rule}
        message |= {"again": again} if again else {}
        push_after_commit(db.session(), [alert.owner_id], message)


def addressee(account: Account) -> tuple[int | None, int | None]:
    """The account's owner; when missing or gone the team's manager: never nobody."""
    owner = db.session.get(Staff, account.owner_id) if account.owner_id else None
    if owner is not None and owner.active:
        return owner.id, owner.team_id
    team_id = account.team_id or (owner.team_id if owner else None)
    manager = manager_of(team_id)
    if manager is None:
        return None, team_id
    return manager.id, manager.team_id or team_id


def dedupe_key(rule: Rule, finding: Finding) -> str:
    """One alert for each rule, subject and window."""
    return f"{rule.code}|{finding.subject}|{finding.window}"


def _insert(
    rule: Rule, finding: Finding, facts: Facts, event_id: int | None,
    owner_id: int | None, team_id: int | None,
) -> int | None:  # fmt: skip
    """Insert unless the key is there or the rule has an undecided alert on the subject."""
    if _undecided(rule, finding):
        return None
    at = now()
    values = {
        "rule": rule.code, "rule_version": rule.version, "dedupe": dedupe_key(rule, finding),
        "subject": finding.subject, "account_id": facts.account_id,
        "unit_id": facts.unit.id if facts.unit else None,
        "ticket_id": facts.ticket.id if facts.ticket else None,
        "contract_id": finding.contract_id, "event_id": event_id, "owner_id": owner_id,
        "team_id": team_id, "reason": {"ja": finding.ja, "en": finding.en},
        "evidence": [_evidence(one) for one in finding.evidence], "voice": finding.voice,
        "offer": {"ja": finding.offer_ja, "en": finding.offer_en,
                  "product_id": finding.product_id},
        "estimated_value": finding.value, "state": "open", "raised_at": at,
        "created_at": at, "updated_at": at, "version": 1, "dismissal_note": "",
    }  # fmt: skip
    table = db.metadata.tables[Alert.__tablename__]
    key: int | None = db.session.scalar(insert_once(table, tuple(values), "dedupe", "id"), values)
    return key


def _evidence(one: Evidence) -> dict[str, Any]:
    return {"text": {"ja": one.ja, "en": one.en}, "type": one.type, "id": one.id}


_UNDECIDED = sa.select(
    sa.exists().where(
        Alert.subject == sa.bindparam("subject"),
        Alert.rule == sa.bindparam("rule"),
        Alert.state.in_(("open", "snoozed", "held")),
    )
)
_COMPLAINT_OPEN = sa.select(
    sa.exists().where(
        Ticket.account_id == sa.bindparam("account_id"),
        Ticket.category == "complaint",
        Ticket.severity.in_(SERIOUS),
        Ticket.status.in_(("open", "pending")),
    )
)


def _undecided(rule: Rule, finding: Finding) -> bool:
    asked = {"subject": finding.subject, "rule": rule.code}
    return bool(db.session.scalar(_UNDECIDED, asked))


def _complaint_open(account_id: int) -> bool:
    """A serious complaint is being worked on: this is no time to sell."""
    return bool(db.session.scalar(_COMPLAINT_OPEN, {"account_id": account_id}))


def accept(alert: Alert, user: Person, language: str = "ja") -> Deal:
    """Make the deal that the alert proposes; a second press finds the first one's deal."""
    if alert.deal_id is not None:
        return db.session.get_one(Deal, alert.deal_id)
    if alert.state == "dismissed":
        raise Conflict(_("This alert was dismissed."))
    deal = open_deal(_proposal(alert, language), user, from_alert=alert.id)
    db.session.flush()
    alert.deal_id, alert.state = deal.id, "accepted"
    alert.decided_at, alert.decided_by_id = now(), user.id
    record(
        "alert.accepted", alert, user.id, account_id=alert.account_id, rule=alert.rule,
        rule_version=alert.rule_version, reason=alert.reason, deal_id=deal.id,
    )  # fmt: skip
    return deal


def _proposal(alert: Alert, language: str) -> dict[str, Any]:
    ticket = db.session.get(Ticket, alert.ticket_id) if alert.ticket_id else None
    value, product_id = alert.estimated_value, alert.offer.get("product_id")
    line = {
        "product_id": product_id, "description": alert.offer[language], "quantity": 1,
        "unit_price": value,
    }  # fmt: skip
    return {
        "title": alert.offer[language][:200],
        "account_id": alert.account_id,
        "contact_id": ticket.contact_id if ticket else None,
        "site_id": ticket.site_id if ticket else None,
        "owner_id": alert.owner_id,
        "stage": "lead",
        "rank": "C",
        "amount": value,
        "expected_close_on": months_after(today(), CLOSE_AFTER_MONTHS),
        "next_step": _("Call the customer about this"),
        "next_step_on": next_working_day(),
        "next_step_kind": "phone",
        "origin": "support",
        "unit_ids": [alert.unit_id] if alert.unit_id else [],
        "lines": [line] if value else [],
    }


def next_working_day() -> date:
    """The first day after today on which people work in Japan."""
    return workdays().ahead(today(), (1,))[0]


def dismiss(alert: Alert, reason: str, note: str, user: Person) -> None:
    """Not taken up, with the reason that the rule is counted by. Said again it is said once."""
    if reason not in DISMISSALS:
        raise Invalid({"reason": [_("One of: %(all)s.", all=", ".join(DISMISSALS))]})
    if alert.deal_id is not None:
        raise Conflict(_("This alert has become a deal."))
    before = alert.state, alert.dismissal, alert.dismissal_note
    if before == ("dismissed", reason, note):
        return
    alert.state, alert.dismissal, alert.dismissal_note = "dismissed", reason, note
    alert.decided_at, alert.decided_by_id = now(), user.id
    record(
        "alert.dismissed", alert, user.id, account_id=alert.account_id, rule=alert.rule,
        rule_version=alert.rule_version, reason=alert.reason, dismissal=reason,
    )  # fmt: skip


def snooze(alert: Alert, until: datetime | None, user: Person) -> None:
    """Put off; it comes back by itself."""
    if alert.state not in ("open", "snoozed"):
        raise Conflict(_("This alert has already been decided."))
    until = until or now() + SNOOZE
    if until <= now():
        raise Invalid({"until": [_("This moment has passed.")]})
    alert.state, alert.snoozed_until = "snoozed", until
    send("alerts.wake", f"alerts.wake:{alert.id}:{until.isoformat()}", {"alert_id": alert.id},
         run_at=until)  # fmt: skip
    record(
        "alert.snoozed", alert, user.id, account_id=alert.account_id, rule=alert.rule,
        rule_version=alert.rule_version, reason=alert.reason, until=until.isoformat(),
    )  # fmt: skip


def reopen(alert: Alert) -> None:
    """A snoozed or held alert comes back to its owner."""
    if alert.state in ("snoozed", "held"):
        alert.state, alert.snoozed_until = "open", None
        _tell(alert, now().isoformat())


def withdraw(alert: Alert, event_id: int | None) -> None:
    """What an undecided alert rests on was taken back: it expires and says so.

    Its `dedupe` makes room, so that the same fact, announced again, raises an alert again. Without
    an event it was noticed by the daily round.
    """
    alert.state, alert.snoozed_until, alert.decided_at = "expired", None, now()
    alert.dismissal, alert.dedupe = FACT_CHANGED, f"{alert.dedupe}|{event_id or f'day:{alert.id}'}"
    record(
        "alert.withdrawn", alert, None, account_id=alert.account_id, rule=alert.rule,
        rule_version=alert.rule_version, reason=alert.reason,
    )  # fmt: skip


def give(alert: Alert, owner_id: int | None, team_id: int | None) -> None:
    """Address an alert to somebody else; nothing happens when it is theirs already."""
    if alert.owner_id == owner_id:
        return
    alert.owner_id, alert.team_id = owner_id, team_id
    if alert.state == "open":
        _tell(alert, now().isoformat())
