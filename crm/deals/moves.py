"""Actions that move a deal from stage to stage: forward, back, won, lost, open again."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.clock import now, today
from crm.deals.models import OPEN_STAGES, STAGES, Deal, DealChange
from crm.deals.trace import trace
from crm.errors import Invalid
from crm.extensions import at_most, db
from crm.rights import Person
from crm.timeline.actions import record

TAKEN_BACK = timedelta(minutes=1)
"""A deal put back to where it was within this time was moved by mistake."""
CLOSING = {
    "won": ("closed_on", "won_reason", "competitor"),
    "lost": ("closed_on", "lost_reason", "lost_reason_own", "competitor", "revisit_on"),
}


def move_deal(
    deal: Deal, stage: str, user: Person, *, rank: str | None = None, **reasons: Any
) -> None:
    """Move to a stage: won needs `closed_on`, lost a `lost_reason`. Raises Invalid by field.

    Moving to where it stands already changes nothing, so a second press is harmless.
    """
    if stage not in STAGES:
        raise Invalid({"stage": [_("There is no such stage.")]})
    given = {name: value for name, value in reasons.items() if value not in (None, "")}
    _check_reasons(stage, given)
    if stage == deal.stage and rank in (None, deal.rank):
        return
    before = {"stage": deal.stage, "rank": deal.rank}
    if stage != deal.stage:
        deal.stage, deal.stage_since = stage, _since(deal, stage)
    deal.rank = rank or deal.rank
    _close(deal, stage, given)
    trace(deal, user.id)
    _tell(deal, before, user)


def _since(deal: Deal, stage: str) -> datetime:
    """Since when it counts as standing there: a move taken back at once leaves no mark."""
    at = now()
    if deal.stage_since < at - TAKEN_BACK:
        return at
    last = db.session.execute(
        sa.select(DealChange.stage, DealChange.stage_since)
        .where(DealChange.deal_id == deal.id, DealChange.stage != deal.stage)
        .order_by(DealChange.at.desc(), DealChange.id.desc())
        .limit(at_most(1))
    ).first()
    return last.stage_since if last is not None and last.stage == stage else at


def _check_reasons(stage: str, given: dict[str, Any]) -> None:
    wanted = CLOSING.get(stage, ())
    errors = {
        name: [_("This does not belong to a move to that stage.")]
        for name in given
        if name not in wanted
    }
    if stage == "won" and "closed_on" not in given:
        errors["closed_on"] = [_("Say on which day the order came.")]
    if stage == "lost" and "lost_reason" not in given:
        errors["lost_reason"] = [_("Say why, so that we can learn from it.")]
    closed_on = given.get("closed_on")
    if isinstance(closed_on, date) and closed_on > today():
        errors.setdefault("closed_on", [_("This day has not come yet.")])
    if errors:
        raise Invalid(errors)


def _close(deal: Deal, stage: str, given: dict[str, Any]) -> None:
    if stage in OPEN_STAGES:
        deal.closed_on = deal.lost_reason = deal.revisit_on = None
        deal.won_reason = deal.lost_reason_own = ""
        return
    deal.closed_on = given.get("closed_on") or today()
    for name in CLOSING[stage][1:]:
        if name in given:
            setattr(deal, name, given[name])
    deal.next_step, deal.next_step_promised = "", False
    deal.next_step_on = deal.next_step_kind = deal.next_step_time = None


def _tell(deal: Deal, before: dict[str, str], user: Person) -> None:
    facts: dict[str, Any] = {
        "title": deal.title, "amount": deal.amount, "rank": deal.rank, "rank_from": before["rank"],
        "from": before["stage"], "to": deal.stage, "owner_id": deal.owner_id,
    }  # fmt: skip
    if deal.stage == before["stage"]:
        changes = {"rank": [before["rank"], deal.rank]}
        record(
            "deal.changed", deal, user.id, account_id=deal.account_id, title=deal.title,
            changes=changes,
        )  # fmt: skip
        return
    kind = "deal.moved"
    if deal.closed_on is not None:
        kind = f"deal.{deal.stage}"
        facts |= {
            "closed_on": deal.closed_on.isoformat(),
            "reason": deal.lost_reason or deal.won_reason,
            "from_alert_id": deal.from_alert_id,
        }
    elif before["stage"] not in OPEN_STAGES:
        kind = "deal.reopened"
    record(kind, deal, user.id, account_id=deal.account_id, **facts)


def win(deal: Deal, user: Person, closed_on: date, **reasons: Any) -> None:
    """The order has come."""
    move_deal(deal, "won", user, closed_on=closed_on, **reasons)


def lose(deal: Deal, user: Person, lost_reason: str, **reasons: Any) -> None:
    """It went elsewhere, or nowhere."""
    move_deal(deal, "lost", user, lost_reason=lost_reason, **reasons)


def reopen(deal: Deal, user: Person, stage: str = "negotiation") -> None:
    """A closed deal is alive again."""
    move_deal(deal, stage, user)
