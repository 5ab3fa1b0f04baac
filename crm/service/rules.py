"""Which days, times and shares of a work order fit together; each refusal names its field."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from flask_babel import gettext as _

from crm.clock import local
from crm.errors import Invalid
from crm.installed_base.models import WORK_ENDED, WorkOrder
from crm.service.charging import Borne, borne_by, judged, said
from crm.service.instants import minutes_between

AHEAD = timedelta(days=1)
SHARES = ("labour_share", "travel_share", "parts_share")
Given = Collection[str]


def settle_end(work: WorkOrder, given: Given, today: date) -> None:
    """Bring status and last day together. Raises Invalid when they contradict each other."""
    if work.done_on is not None and work.status not in WORK_ENDED:
        if "done_on" in given and "status" not in given:
            work.status = "returned"
        elif "status" in given and "done_on" not in given:
            work.done_on = None
        else:
            raise Invalid({"status": [_("Work that is done has ended: say how.")]})
    if work.status in WORK_ENDED and work.done_on is None:
        if "done_on" in given and "status" not in given:
            work.status = "received"
        else:
            work.done_on = max(today, work.opened_on)
    if work.done_on is None:
        return
    if work.done_on < work.opened_on:
        raise Invalid({"done_on": [_("It cannot be done before it was opened.")]})
    if work.done_on > max(today, work.opened_on) + AHEAD:
        raise Invalid({"done_on": [_("This day has not come yet.")]})


def settle_days(work: WorkOrder, today: date) -> None:
    """Days that follow from the state: of the return, of the estimate. Raises Invalid."""
    if work.status == "returned" and work.returned_on is None:
        work.returned_on = work.done_on
    if work.estimate_amount is not None and work.estimated_on is None:
        work.estimated_on = max(today, work.opened_on)
    for name in ("estimated_on", "approved_on", "returned_on"):
        day = getattr(work, name)
        if day is not None and day < work.opened_on:
            raise Invalid({name: [_("It cannot be before the work was opened.")]})
        if day is not None and day > max(today, work.opened_on) + AHEAD:
            raise Invalid({name: [_("This day has not come yet.")]})


def settle_plan(work: WorkOrder, given: Given) -> None:
    """Bring the planned day and its window together. Raises Invalid naming the field."""
    if work.planned_at is None and work.planned_until is not None:
        if "planned_until" in given and "planned_at" not in given:
            raise Invalid({"planned_at": [_("Say from when the visit is planned.")]})
        work.planned_until = None
    if work.planned_at is None:
        return
    day = local(work.planned_at).date()
    if "planned_on" in given and "planned_at" not in given:
        _move_window(work, day)
    elif "planned_on" in given and work.planned_on not in (None, day):
        raise Invalid({"planned_on": [_("The time is on another day.")]})
    else:
        work.planned_on = day
    begin, end = work.planned_at, work.planned_until
    if begin is not None and end is not None and end <= begin:
        raise Invalid({"planned_until": [_("The end lies before the beginning.")]})


def _move_window(work: WorkOrder, before: date) -> None:
    """Another day was given without a time: the window goes along, at the same hour."""
    if work.planned_on is None:
        work.planned_at = work.planned_until = None
        return
    for name in ("planned_at", "planned_until"):
        at = getattr(work, name)
        if at is not None:
            there = local(at)
            moved = there.replace(tzinfo=None) + (work.planned_on - before)
            setattr(work, name, moved.replace(tzinfo=there.tzinfo))


def settle_times(work: WorkOrder, given: Given) -> None:
    """The downtime follows from its ends when both are there. Raises Invalid naming the field."""
    for first, last in (("arrived_at", "finished_at"), ("down_from", "down_until")):
        begin, end = getattr(work, first), getattr(work, last)
        if begin is not None and end is not None and end < begin:
            raise Invalid({last: [_("The end lies before the beginning.")]})
    if work.down_from is None or work.down_until is None:
        return
    minutes = minutes_between(work.down_from, work.down_until)
    if "downtime_minutes" in given and work.downtime_minutes not in (None, minutes):
        why = _("From its beginning to its end there are %(n)s minutes.", n=minutes)
        raise Invalid({"downtime_minutes": [why]})
    work.downtime_minutes = minutes


def settle_shares(work: WorkOrder, given: Given, proposal: Borne) -> None:
    """Say what the customer bears: as given, else as proposed. Raises Invalid.

    Whoever departs from what warranty and contract say gives the reason.
    """
    named = [name for name in SHARES if name in given and getattr(work, name) is not None]
    if named:
        for name, usual in zip(SHARES, _percents(proposal), strict=True):
            if getattr(work, name) is None:
                setattr(work, name, usual)
        shares = Borne(*(getattr(work, name) for name in SHARES))
        if "chargeable" in given and work.chargeable != shares.any:
            raise Invalid({"chargeable": [_("The shares of the customer say otherwise.")]})
    elif "chargeable" in given:
        shares = said(work.chargeable, proposal)
    elif work.labour_share is None:
        shares = proposal
    else:
        shares = borne_by(work)
    for name, percent in zip(SHARES, _percents(shares), strict=True):
        setattr(work, name, percent)
    work.chargeable = shares.any


def check_reason(work: WorkOrder, given: Given) -> None:
    """Who changes what the verdict of the opening says, says why. Raises Invalid."""
    asked = {"chargeable", "charge_reason", *SHARES} & set(given)
    by_verdict = judged(work.verdict)
    if by_verdict is None or work.charge_reason or not asked:
        return
    if borne_by(work) != by_verdict:
        why = _("The warranty or contract says otherwise: say why the customer pays differently.")
        raise Invalid({"charge_reason": [why]})


def _percents(shares: Borne) -> tuple[int, int, int]:
    return shares.labour, shares.travel, shares.parts
