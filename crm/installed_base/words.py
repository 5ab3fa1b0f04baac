"""Values of units, contracts and work orders in words, and the fields of their forms."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from flask_babel import gettext as _
from flask_babel import pgettext

from crm.installed_base.leases import lease_end
from crm.installed_base.models import ServiceContract, Unit
from crm.language import dot, per_language
from crm.look import day
from crm.timeline.sentences.accounts import field_words as account_words
from crm.timeline.sentences.installed_base import kind_words, state_words


def statuses() -> dict[str, str]:
    """Where a unit stands in its life."""
    return {
        "planned": _("Delivery planned"), "in_use": _("In use"), "spare": _("Spare"),
        "stopped": _("Stopped"), "removed": pgettext("unit", "Removed"),
    }  # fmt: skip


def ownerships() -> dict[str, str]:
    """Whose a unit is."""
    return {
        "bought": _("Bought"), "leased": _("Leased"), "rented": _("Rented"), "loan": _("On loan"),
    }  # fmt: skip


def criticalities() -> dict[str, str]:
    """How much the customer's work hangs on a unit, the most first."""
    return {
        "high": pgettext("criticality", "High"), "medium": pgettext("criticality", "Medium"),
        "low": pgettext("criticality", "Low"),
    }  # fmt: skip


def kinds() -> dict[str, str]:
    """Kinds of work."""
    return kind_words()


def checks(kinds: Collection[str]) -> str:
    """What a unit is looked after by, by the kinds of work it had and is to have."""
    some = [words for kind, words in kind_words().items() if kind in kinds]
    return some[0] if len(some) == 1 else _("Inspection, calibration")


def work_statuses() -> dict[str, str]:
    """How far a work order is."""
    return state_words()


def noticed(contract: ServiceContract) -> str:
    """Who gave notice, when and why."""
    on, why = day(contract.notice_given_on), contract.notice_reason
    if contract.notice_by == "us":
        return _("We gave notice on %(day)s: %(why)s", day=on, why=why)
    return _("The customer gave notice on %(day)s: %(why)s", day=on, why=why)


def cycles() -> dict[int, str]:
    """How often a contract is paid."""
    return {1: _("month"), 3: _("three months"), 6: _("half year"), 12: _("year")}


def coverages() -> dict[str, str]:
    """Who pays, as a filter."""
    return {
        "recall": _("Recall open"), "warranty": _("Under warranty"),
        "contract": _("Under contract"), "chargeable": _("Chargeable"),
    }  # fmt: skip


def endings() -> dict[str, str]:
    """What ends soon, as a filter."""
    return {
        "warranty": _("Warranty ends within 90 days"),
        "contract": _("Contract ends within 90 days"),
    }


def ownership(unit: Unit, on: date) -> str:
    """Whose a unit is, in which year of a re-lease and from whom: Leased (re-lease, year 2)."""
    said = ownerships()[unit.ownership]
    end = lease_end(unit.lease_ends_on, unit.re_lease_ends_on, on)
    if unit.ownership != "leased":
        return said
    if end is not None and end.year:
        said = _("%(lease)s (re-lease, year %(n)s)", lease=said, n=end.year)
    return dot().join(filter(None, (said, unit.lessor)))


@per_language
def labels() -> dict[str, str]:
    """The fields of units, contracts and work orders."""
    return account_words() | {
        "account_id": _("Account"), "site_id": _("Site"), "product_id": pgettext("unit", "Product"),
        "serial_no": _("Serial number"), "location": _("Location"), "location_id": _("Place"),
        "status": _("Status"),
        "lot": _("Lot"), "criticality": _("Criticality"),
        "ownership": _("Ownership"), "lessor": _("Lessor"), "lease_ends_on": _("Lease ends"),
        "re_lease_ends_on": _("Re-lease ends"),
        "delivered_on": _("Delivered"), "installed_on": _("Installed"),
        "accepted_on": pgettext("unit", "Accepted"), "warranty_ends_on": _("Warranty ends"),
        "end_of_support_on": _("End of support (own)"),
        "parts_supply_end_on": _("End of parts supply (own)"),
        "removed_on": _("Removed on"), "is_competitor": _("Another maker's unit"),
        "sold_by_us": _("Sold by us"), "produced_on": _("Produced"), "firmware": _("Firmware"),
        "parent_id": _("Part of"), "replaces_id": _("Replaces"),
        "end_user_account_id": _("End user"), "number": _("Number"), "unit_ids": _("Units"),
        "plan": _("Plan"), "starts_on": _("Starts"), "ends_on": _("Ends"),
        "notice_days": _("Notice (days)"), "auto_renew": _("Renews by itself"),
        "annual_amount": _("Amount a year"),
        "cycle_months": _("Paid every"), "cycle_amount": _("Amount each time"),
        "renews_id": _("Renews contract"), "response_hours": _("Response (hours)"),
        "repair_hours": _("Repair (hours)"), "around_the_clock": _("Around the clock, every day"),
        "cancelled_on": _("Cancelled on"), "unit_id": _("Unit"), "ticket_id": _("Ticket"),
        "kind": _("Kind"), "opened_on": _("Opened"), "done_on": _("Done"),
        "symptom": pgettext("unit", "Symptom"), "cause": _("Cause"), "action": _("What was done"),
        "labour_amount": _("Labour"), "travel_amount": _("Travel"), "parts_amount": _("Parts"),
        "chargeable": _("Chargeable"), "charge_reason": _("Why it is charged"),
        "labour_percent": _("Labour borne (%)"), "travel_percent": _("Travel borne (%)"),
        "parts_percent": _("Parts borne (%)"), "product_ids": _("All units of a product"),
        "site_ids": _("All units at a site"), "whole_account": _("All units of the account"),
        "meter_name": _("Meter"), "meter_limit": _("Limit of the meter"),
        "exchange": _("If it fails"),
        "transferable": _("Goes along to another owner"), "exclusions": _("Exclusions"),
        "downtime_minutes": _("Downtime (minutes)"), "assignee_id": _("Engineer"),
    }  # fmt: skip


def columns() -> dict[str, str]:
    """The columns of the list of units in their order."""
    return {
        "product": "", "serial_no": _("Serial number"), "account": _("Account"),
        "site": _("Site"), "installed_on": _("Installed"), "warranty_ends_on": _("Warranty ends"),
        "criticality": labels()["criticality"], "coverage": _("Coverage"),
    }  # fmt: skip
