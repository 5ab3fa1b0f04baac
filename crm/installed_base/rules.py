"""Which days, statuses and amounts fit together; each refusal names its field."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from crm.errors import Invalid
from crm.installed_base.models import ServiceContract, Unit
from crm.installed_base.terms import last_day


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


_ORDER = (
    ("delivered_on", "produced_on", _l("It cannot be delivered before it was produced.")),
    ("installed_on", "produced_on", _l("It cannot be installed before it was produced.")),
    ("installed_on", "delivered_on", _l("It cannot be installed before it was delivered.")),
    ("accepted_on", "produced_on", _l("It cannot be accepted before it was produced.")),
    ("accepted_on", "delivered_on", _l("It cannot be accepted before it was delivered.")),
    ("warranty_ends_on", "delivered_on", _l("It cannot end before the delivery.")),
    ("warranty_ends_on", "installed_on", _l("It cannot end before the installation.")),
    ("removed_on", "delivered_on", _l("It cannot be removed before it was delivered.")),
    ("removed_on", "installed_on", _l("It cannot be removed before it was installed.")),
    ("lease_ends_on", "delivered_on", _l("It cannot end before the delivery.")),
    ("re_lease_ends_on", "lease_ends_on", _l("It cannot end before the lease.")),
    ("end_of_support_on", "produced_on", _l("It cannot end before it was produced.")),
    ("end_of_support_on", "installed_on", _l("It cannot end before the installation.")),
    ("parts_supply_end_on", "produced_on", _l("It cannot end before it was produced.")),
    ("parts_supply_end_on", "installed_on", _l("It cannot end before the installation.")),
)
"""A day of a unit, the one that it cannot be before, and why."""


def check_unit(unit: Any) -> None:
    """Raises Invalid when the days of a unit (a record or a row) contradict each other."""
    wrong: dict[str, list[str]] = {}
    for name, earlier, why in _ORDER:
        first, then = getattr(unit, earlier), getattr(unit, name)
        if first is not None and then is not None and then < first:
            wrong.setdefault(name, []).append(str(why))
    if wrong:
        raise Invalid(wrong)


def check_contract(contract: ServiceContract) -> None:
    """Raises Invalid when the days of a contract contradict each other."""
    if contract.ends_on < contract.starts_on:
        raise Invalid({"ends_on": [_("It cannot end before it starts.")]})
    if contract.cancelled_on is not None and contract.cancelled_on < contract.starts_on:
        raise Invalid({"cancelled_on": [_("It cannot be cancelled before it starts.")]})
