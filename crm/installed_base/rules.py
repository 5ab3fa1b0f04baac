"""Which days, statuses and amounts fit together; each refusal names its field."""

from __future__ import annotations

from datetime import date, timedelta

from flask_babel import gettext as _

from crm.errors import Invalid
from crm.installed_base.models import WORK_ENDED, ServiceContract, Unit, WorkOrder
from crm.installed_base.terms import last_day

AHEAD = timedelta(days=1)


def begins_on(unit: Unit) -> date | None:
    """The day from which a warranty counts: acceptance, else installation, else delivery."""
    return unit.accepted_on or unit.installed_on or unit.delivered_on


def first_day(unit: Unit) -> date | None:
    """The first day on which it was the customer's."""
    days = (unit.delivered_on, unit.installed_on, unit.accepted_on)
    return min((day for day in days if day), default=None)


def default_warranty(unit: Unit, months: int | None) -> date | None:
    """When the maker's warranty of a unit that we sold ends."""
    first = begins_on(unit)
    if first is None or not months or unit.is_competitor or unit.sold_by_us is False:
        return None
    return last_day(first, months)


def check_unit(unit: Unit) -> None:
    """Raises Invalid when the days of a unit contradict each other."""
    wrong: dict[str, list[str]] = {}
    made = unit.produced_on
    order = [
        ("delivered_on", made, _("It cannot be delivered before it was produced.")),
        ("installed_on", made, _("It cannot be installed before it was produced.")),
        ("installed_on", unit.delivered_on, _("It cannot be installed before it was delivered.")),
        ("accepted_on", unit.delivered_on, _("It cannot be accepted before it was delivered.")),
        ("warranty_ends_on", unit.delivered_on, _("It cannot end before the delivery.")),
        ("warranty_ends_on", unit.installed_on, _("It cannot end before the installation.")),
        ("removed_on", unit.installed_on, _("It cannot be removed before it was installed.")),
        ("lease_ends_on", unit.delivered_on, _("It cannot end before the delivery.")),
        ("re_lease_ends_on", unit.lease_ends_on, _("It cannot end before the lease.")),
    ]
    for name, first, why in order:
        then = getattr(unit, name)
        if first is not None and then is not None and then < first:
            wrong.setdefault(name, []).append(why)
    if wrong:
        raise Invalid(wrong)


def check_contract(contract: ServiceContract) -> None:
    """Raises Invalid when the days of a contract contradict each other."""
    if contract.ends_on < contract.starts_on:
        raise Invalid({"ends_on": [_("It cannot end before it starts.")]})
    if contract.cancelled_on is not None and contract.cancelled_on < contract.starts_on:
        raise Invalid({"cancelled_on": [_("It cannot be cancelled before it starts.")]})


def settle_work(work: WorkOrder, given: set[str], today: date) -> None:
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
