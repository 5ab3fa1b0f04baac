"""Alerts as their reader may see them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask_babel import get_locale

from crm.accounts.models import Account
from crm.alerts.ledger import Ledger
from crm.alerts.models import STATES, Alert
from crm.clock import now
from crm.deals.models import Deal
from crm.errors import NotFound
from crm.extensions import among, at_most, db
from crm.rights import Person, branches, may
from crm.staff.models import Staff
from crm.support.models import Ticket

LEDGER_DAYS = 180


def language() -> str:
    """The reader's language: ja or en."""
    locale = get_locale()
    return "en" if locale is not None and locale.language == "en" else "ja"


def get_alert(alert_id: int, user: Person, action: str = "view", lock: bool = False) -> Alert:
    """The door: missing and forbidden alike raise NotFound; `lock` for who decides on it."""
    found = db.session.get(Alert, alert_id, with_for_update=lock or None)
    if found is None or not may(user, action, "alert", found):
        raise NotFound
    return found


def _mine(user: Person) -> sa.ColumnElement[bool]:
    return sa.or_(*branches(user, "view", "alert", Alert))


class Bell(NamedTuple):
    """What the bell shows, the key from which the page wants to hear of more, and how much advice
    is asked of the reader or has come back to her, which stands beside it."""

    number: int = 0
    after: int = 0
    asked: int = 0


_OPEN = (
    sa.select(Alert.id)
    .where(Alert.owner_id == sa.bindparam("owner_id"), Alert.state == "open")
    .limit(at_most(1000))
    .subquery()
)
_A = sa.table("advice", *(sa.column(name) for name in ("asked_id", "asker_id", "seen_at", "state")))


def _capped(*where: sa.ColumnElement[bool]) -> Any:
    some = sa.select(_A.c.state).where(*where).limit(at_most(100)).subquery()
    return sa.select(sa.func.count()).select_from(some).scalar_subquery()


_ASKED = _capped(
    _A.c.asked_id == sa.bindparam("owner_id"),
    _A.c.state == sa.literal("open", literal_execute=True),
)
_BACK = _capped(
    _A.c.asker_id == sa.bindparam("owner_id"), _A.c.seen_at.is_(None),
    among(_A.c.state, ("answered", "declined", "returned")),
)  # fmt: skip
_BELL = sa.select(
    sa.func.count(), sa.select(sa.func.max(Alert.id)).scalar_subquery(), _ASKED, _BACK
).select_from(_OPEN)


def bell(user: Person) -> Bell:
    """Open alerts addressed to this person, counted to 1,000, and the newest key of all; advice
    that waits for her, counted to 200."""
    number, after, asked, back = db.session.execute(_BELL, {"owner_id": user.id}).one()
    return Bell(number, after or 0, asked + back)


def counts(user: Person) -> dict[str, int]:
    """How many alerts are in each state, for the tabs of the inbox."""
    rows = db.session.execute(
        sa.select(Alert.state, sa.func.count()).where(_mine(user)).group_by(Alert.state)
    )
    return dict.fromkeys(STATES, 0) | {row[0]: row[1] for row in rows}


def inbox(
    user: Person, state: str = "open", limit: int = 30, before: int | None = None
) -> Sequence[sa.Row[Any]]:
    """Alerts of one state, the heaviest of the undecided first, others newest first.

    `before` is the key of the last alert of the page before.
    """
    where = [_mine(user), Alert.state == state]
    if state != "open":
        where += [Alert.id < before] if before is not None else []
        return _cards(where, [Alert.id.desc()], limit)
    if before is not None:
        last = sa.select(Alert.estimated_value).where(Alert.id == before).scalar_subquery()
        where.append(
            sa.tuple_(Alert.estimated_value, Alert.id) < sa.tuple_(last, sa.literal(before))
        )
    return _cards(where, [Alert.estimated_value.desc(), Alert.id.desc()], limit)


def panel(
    user: Person, *, limit: int = 5, account_id: int | None = None, deal_id: int | None = None,
    ticket_id: int | None = None, unit_id: int | None = None,
) -> Sequence[sa.Row[Any]]:  # fmt: skip
    """Alerts about one record, or a person's own undecided ones when no record is named.

    That an alert was raised about a record is part of its shared history: everybody reads the
    line, and the card behind it only whose it is.
    """
    about = {
        Alert.account_id: account_id, Alert.deal_id: deal_id, Alert.ticket_id: ticket_id,
        Alert.unit_id: unit_id,
    }  # fmt: skip
    where: list[sa.ColumnElement[bool]] = [
        column == key for column, key in about.items() if key is not None
    ]
    if not where:
        where = [Alert.owner_id == user.id, Alert.state == "open"]
    return _cards(where, [Alert.id.desc()], limit)


def _cards(
    where: Sequence[sa.ColumnElement[bool]], order: Sequence[Any], limit: int
) -> Sequence[sa.Row[Any]]:
    return db.session.execute(
        sa.select(
            Alert.id, Alert.rule, Alert.rule_version, Alert.reason, Alert.evidence, Alert.voice,
            Alert.offer, Alert.estimated_value, Alert.state, Alert.raised_at, Alert.deal_id,
            Alert.snoozed_until, Alert.decided_at, Alert.dismissal, Alert.dismissal_note,
            Alert.account_id, Alert.unit_id, Alert.ticket_id, Alert.owner_id, Alert.version,
            Account.name.label("account"), Staff.name.label("owner"),
            Ticket.confidential.label("confidential"),
        )
        .join(Account, Account.id == Alert.account_id)
        .outerjoin(Staff, Staff.id == Alert.owner_id)
        .outerjoin(Ticket, Ticket.id == Alert.ticket_id)
        .where(*where)
        .order_by(*order)
        .limit(at_most(limit))
    ).all()  # fmt: skip


def ledgers(user: Person) -> dict[tuple[str, int], Ledger]:
    """What became of the alerts of the last 180 days, per rule and version."""
    won = sa.case((Deal.stage == "won", 1), else_=0)
    rows = db.session.execute(
        sa.select(
            Alert.rule, Alert.rule_version, sa.func.count(),
            sa.func.sum(sa.case((Alert.state == "accepted", 1), else_=0)),
            sa.func.sum(won), sa.func.sum(sa.case((Deal.stage == "won", Deal.amount), else_=0)),
        )
        .outerjoin(Deal, Deal.id == Alert.deal_id)
        .where(Alert.raised_at > now() - timedelta(days=LEDGER_DAYS), _mine(user))
        .group_by(Alert.rule, Alert.rule_version)
    )  # fmt: skip
    return {
        (rule, version): Ledger(rule, version, *(int(one or 0) for one in figures))
        for rule, version, *figures in rows
    }


def dismissals(user: Person) -> list[tuple[str, int]]:
    """Why alerts were dismissed in the last 180 days, the most frequent reason first."""
    rows = db.session.execute(
        sa.select(Alert.dismissal, sa.func.count().label("n"))
        .where(
            Alert.state == "dismissed",
            Alert.decided_at > now() - timedelta(days=LEDGER_DAYS),
            _mine(user),
        )
        .group_by(Alert.dismissal)
        .order_by(sa.desc("n"), Alert.dismissal)
    )
    return [(str(reason), number) for reason, number in rows]


def newer(staff_id: int, after_id: int) -> Sequence[sa.Row[Any]]:
    """Open alerts of a person that came after a key, oldest first."""
    return db.session.execute(
        sa.select(Alert.id, Alert.account_id, Alert.rule)
        .where(Alert.owner_id == staff_id, Alert.id > after_id, Alert.state == "open")
        .order_by(Alert.id)
        .limit(at_most(200))
    ).all()


def recent(after_id: int, limit: int) -> Sequence[sa.Row[Any]]:
    """Open alerts of everybody that came after a key, oldest first."""
    return db.session.execute(
        sa.select(Alert.id, Alert.owner_id, Alert.account_id, Alert.rule)
        .where(Alert.owner_id.is_not(None), Alert.id > after_id, Alert.state == "open")
        .order_by(Alert.id)
        .limit(at_most(limit))
    ).all()


def last_id() -> int:
    """The newest key there is."""
    return db.session.scalar(sa.select(sa.func.max(Alert.id))) or 0


def one(alert_id: int) -> Sequence[sa.Row[Any]]:
    """One alert as a card (behind the door)."""
    return _cards([Alert.id == alert_id], [Alert.id], 1)
