"""Undecided alerts about an account or a unit that is merged: one of each stays open."""

from __future__ import annotations

import sqlalchemy as sa

from crm.alerts.models import FACT_CHANGED, WAITING, Alert
from crm.clock import now
from crm.doubles.models import Merge
from crm.doubles.moving import note_change
from crm.extensions import db

COLUMNS = ("subject", "dedupe", "state", "dismissal", "decided_at", "snoozed_until")
"""What a merge may write into an alert."""


def clashing(kind: str, survivor_id: int, lost_id: int) -> list[Alert]:
    """Undecided alerts about the lost record, where the survivor has an undecided one alike."""
    both = [one for one in _about(kind, survivor_id, lost_id) if one.state in WAITING]
    ours = {(one.rule, one.subject) for one in both if not _of(one, kind, lost_id)}
    return [
        one for one in both
        if _of(one, kind, lost_id)
        and (one.rule, _renamed(one.subject, kind, lost_id, survivor_id)) in ours
    ]  # fmt: skip


def _about(kind: str, *record_ids: int) -> list[Alert]:
    """Alerts about records themselves (those about an account's unit stay with the unit)."""
    owner = Alert.account_id if kind == "account" else Alert.unit_id
    about = [
        sa.and_(owner == key, Alert.subject.like(f"%{kind}:{key}")) for key in record_ids
    ]  # fmt: skip
    return list(db.session.scalars(sa.select(Alert).where(sa.or_(*about)).order_by(Alert.id)))


def _of(alert: Alert, kind: str, record_id: int) -> bool:
    return alert.subject.endswith(f"{kind}:{record_id}")


def _renamed(subject: str, kind: str, lost_id: int, survivor_id: int) -> str:
    ending = f"{kind}:{lost_id}"
    return subject.removesuffix(ending) + f"{kind}:{survivor_id}"


def move(merge: Merge) -> int:
    """Alerts about the lost record are about the survivor; a second one on a subject expires.

    Returns how many expired.
    """
    expire = {one.id for one in clashing(merge.kind, merge.survivor_id, merge.lost_id)}
    for alert in _about(merge.kind, merge.lost_id):
        before = {name: getattr(alert, name) for name in COLUMNS}
        new = _renamed(alert.subject, merge.kind, merge.lost_id, merge.survivor_id)
        dedupe = alert.dedupe.replace(alert.subject, new)
        alert.subject = new
        if alert.id in expire:
            alert.state, alert.snoozed_until, alert.decided_at = "expired", None, now()
            alert.dismissal, dedupe = FACT_CHANGED, f"{dedupe}|merge:{merge.id}"
        taken = sa.select(Alert.id).where(Alert.dedupe == dedupe)
        if db.session.scalar(taken) is not None:
            dedupe = f"{dedupe}|merge:{merge.id}"
        alert.dedupe = dedupe
        note_change(merge, alert, before)
    db.session.flush()
    return len(expire)
