"""Record what was done with a customer, and plan what will be."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from crm.attributes import values
from crm.clock import local, now
from crm.deals import links
from crm.deals.actions import change_deal
from crm.deals.cards import activity_cards
from crm.deals.models import Activity, ActivityContact, Deal
from crm.extensions import db
from crm.rights import Person, may
from crm.search.actions import forget, index_many
from crm.timeline.actions import record

Fields = dict[str, Any]
STORED = (
    "kind", "account_id", "deal_id", "at", "planned", "summary", "result", "next_step", "promised",
)  # fmt: skip


def record_activity(fields: Fields, user: Person) -> Activity:
    """Write an activity, done or planned; `fields` as in ActivitySchema. Raises Invalid.

    One that is done moves the deal's last activity, and its next step becomes the deal's (where the
    user may change the deal).
    """
    given: Fields = {"at": now()} | fields
    given.setdefault("planned", given["at"] > now())
    found = links.check_activity(given)
    activity = Activity(
        **{name: given[name] for name in STORED if name in given},
        by_id=user.id,
        team_id=user.team_id,
    )
    custom = values.settle(activity, given.get("attributes"), True)
    db.session.add(activity)
    db.session.flush()
    if custom:
        values.keep(activity)
    _set_contacts(activity, given.get("contact_ids", []))
    _pass_on(activity, found["deal"], given, user)
    _index(activity, fresh=True)
    _tell(activity, found, user)
    return activity


def change_activity(activity: Activity, fields: Fields, user: Person) -> None:
    """Correct an activity, or say that a planned one has been done (`planned`: false)."""
    was_planned = activity.planned
    given = {"contact_ids": contact_ids(activity.id)} | fields
    found = links.check_activity(given, activity)
    for name in STORED:
        if name in given:
            setattr(activity, name, given[name])
    if values.settle(activity, fields.get("attributes"), False):
        values.keep(activity)
    if "contact_ids" in fields and set(fields["contact_ids"]) != set(contact_ids(activity.id)):
        _set_contacts(activity, fields["contact_ids"])
        activity.updated_at = now()
    _pass_on(activity, found["deal"], given, user)
    _index(activity)
    if was_planned and not activity.planned:
        _tell(activity, found, user)


def remove_activity(activity: Activity, user: Person) -> None:
    """Take out an activity; that it was there stays in the history."""
    forget("activity", activity.id)
    record(
        "activity.removed", activity, user.id, account_id=activity.account_id,
        activity=activity.kind, summary=activity.summary[:200],
    )  # fmt: skip
    db.session.execute(sa.delete(ActivityContact).where(ActivityContact.activity_id == activity.id))
    db.session.delete(activity)


def contact_ids(activity_id: int) -> list[int]:
    """Keys of who took part."""
    return list(
        db.session.scalars(
            sa.select(ActivityContact.contact_id).where(ActivityContact.activity_id == activity_id)
        )
    )


def _set_contacts(activity: Activity, keys: list[int]) -> None:
    db.session.execute(sa.delete(ActivityContact).where(ActivityContact.activity_id == activity.id))
    for key in dict.fromkeys(keys):
        db.session.add(ActivityContact(activity_id=activity.id, contact_id=key))


def _pass_on(activity: Activity, deal: Deal | None, given: Fields, user: Person) -> None:
    if deal is None or activity.planned:
        return
    day = local(activity.at).date()
    deal.last_activity_on = max(deal.last_activity_on or day, day)
    if given.get("next_step") and may(user, "edit", "deal", deal):
        step = {
            "next_step": given["next_step"], "next_step_on": given.get("next_step_on"),
            "next_step_kind": None, "next_step_time": None,
            "next_step_promised": bool(given.get("promised")),
        }  # fmt: skip
        change_deal(deal, step, user)


def _index(activity: Activity, *, fresh: bool = False) -> None:
    db.session.flush()
    index_many(activity_cards([activity.id]), fresh=fresh)


def _tell(activity: Activity, found: Fields, user: Person) -> None:
    deal: Deal | None = found["deal"]
    record(
        "activity.planned" if activity.planned else "activity.recorded",
        activity, user.id, account_id=activity.account_id, at=None,
        activity=activity.kind, summary=activity.summary[:1000], result=activity.result,
        contacts=found["contacts"], title=deal.title if deal else "",
        deal_id=activity.deal_id, when=activity.at.isoformat(),
    )  # fmt: skip
