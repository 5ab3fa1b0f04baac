"""What waits in the outbox for maintenance. Each job may run twice and leaves the same database."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from crm.clock import local, today
from crm.extensions import db
from crm.installed_base.models import WORK_ENDED, WorkOrder
from crm.maintenance.actions import work_done
from crm.maintenance.generation import CHUNK, arrange, rounds
from crm.maintenance.metered import arrange_metered
from crm.maintenance.models import METERED, PlanUnit
from crm.maintenance.queries import under_plan, units_under, visit_of_work
from crm.outbox.actions import send
from crm.outbox.models import HEAVY
from crm.timeline.models import Event
from crm.timeline.queries import event


def generate(payload: dict[str, Any]) -> None:
    """The day's round: one message for every 1,000 units under plans of which one is due."""
    day = payload["day"]
    for first in rounds(date.fromisoformat(day)):
        dedupe = f"maintenance.round:{day}:{first}"
        send("maintenance.round", dedupe, {"day": day, "first": first}, HEAVY)


def round_of_units(payload: dict[str, Any]) -> None:
    """Arrange the visits of one chunk of units under plans."""
    first = payload["first"]
    some = sa.and_(PlanUnit.id >= first, PlanUnit.id < first + CHUNK)
    day = date.fromisoformat(payload["day"])
    arrange(day, some)
    arrange_metered(day, sa.and_(some, PlanUnit.wakes_on <= day))


def arrange_plan(payload: dict[str, Any]) -> None:
    """A plan was made or changed: what its horizon holds is arranged at once."""
    heard = event(payload["event_id"])
    if heard is not None:
        day, which = local(heard.at).date(), PlanUnit.plan_id == heard.subject_id
        arrange(day, which)
        arrange_metered(day, which)
        _tell_days(heard, units_under(heard.subject_id))


def metered(payload: dict[str, Any]) -> None:
    """The meters of a unit were read: its visits by meter fall due on other days, or now."""
    heard = event(payload["event_id"])
    if heard is not None:
        unit = heard.subject_id
        if under_plan(unit, METERED):
            arrange_metered(local(heard.at).date(), PlanUnit.unit_id == unit)
            _tell_days(heard, [unit])


def follow(payload: dict[str, Any]) -> None:
    """Work was done: its visit is over, and a floating plan counts on from that day."""
    heard = event(payload["event_id"])
    work = db.session.get(WorkOrder, heard.subject_id) if heard is not None else None
    if heard is None or work is None or work.status not in WORK_ENDED:
        return
    visit = visit_of_work(work.id)
    if visit is not None and work_done(visit, work.done_on or local(heard.at).date()):
        db.session.flush()
        same = sa.and_(PlanUnit.plan_id == visit.plan_id, PlanUnit.unit_id == visit.unit_id)
        arrange(today(), same)
        arrange_metered(today(), same)
        _tell_days(heard, [visit.unit_id])


def _tell_days(heard: Event, units: list[int]) -> None:
    """What is kept of the days of units (crm/expiry) rests on visits: only now they are known."""
    send("expiry.units", f"expiry.units:{heard.id}", {"units": units})
