"""Values of work orders, codes and loans in words, and the fields of their forms."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import pgettext

from crm.installed_base import words as installed
from crm.language import per_language
from crm.look import language

BADGES = {
    "received": ("mute", "circle-dashed"), "diagnosing": ("mute", "search"),
    "estimating": ("mute", "file-dollar"), "awaiting_approval": ("warn", "hourglass"),
    "awaiting_parts": ("warn", "package"), "repairing": ("mute", "tool"),
    "returned": ("ok", "circle-check"), "unrepairable": ("bad", "ban"),
    "estimate_declined": ("bad", "x"),
}  # fmt: skip

kinds = installed.kinds
statuses = installed.work_statuses


def code_kinds() -> dict[str, str]:
    """What a code is of."""
    return {
        "symptom": pgettext("unit", "Symptom"), "cause": _("Cause"), "action": _("What was done"),
    }  # fmt: skip


def code_name(code: object) -> str:
    """A code's name in the reader's language."""
    english: str = getattr(code, "name_en", "")
    name: str = getattr(code, "name", "")
    return english if english and language() == "en" else name


def charges() -> dict[str, str]:
    """Who pays for a part."""
    return {"": _("as agreed"), "1": _("Chargeable"), "0": _("Free of charge")}


def passed() -> dict[str, str]:
    """How a check came out."""
    return {"": "―", "1": pgettext("check", "Good"), "0": pgettext("check", "Not good")}


@per_language
def labels() -> dict[str, str]:
    """The fields of work orders, codes and loans."""
    return installed.labels() | {
        "planned_on": _("Planned on"), "planned_at": pgettext("work", "From"),
        "planned_until": pgettext("work", "Until"), "arrived_at": _("Arrived"),
        "finished_at": pgettext("work", "Finished"), "down_from": _("Down from"),
        "down_until": _("Down until"), "labour_minutes": _("Working time (minutes)"),
        "travel_km": _("Way there and back (km)"), "symptom_code": _("Symptom code"),
        "cause_code": _("Cause code"), "action_code": _("Action code"),
        "estimate_amount": _("Estimate without tax"), "estimated_on": _("Estimated on"),
        "approved_on": _("Approved on"), "approved_by": _("Approved by"),
        "declined_reason": _("Why it was declined"), "returned_on": _("Given back on"),
        "customer_notice": _("Notice to the customer"), "substitute": _("Stand-in"),
        "labour_share": _("Customer bears of labour (%)"),
        "travel_share": _("Customer bears of travel (%)"),
        "parts_share": _("Customer bears of parts (%)"),
        "companion_ids": _("Goes along"), "note": pgettext("work", "Note"),
        "parts": _("Parts used"), "checks": _("Checks after the work"),
        "part_no": _("Part number"), "name": pgettext("part", "Name"),
        "removed_serial": _("Taken out (serial)"), "fitted_serial": _("Fitted (serial)"),
        "quantity": _("Quantity"), "unit_price": _("Unit price"), "item": _("What was checked"),
        "standard": pgettext("check", "Standard"), "measured": pgettext("check", "Measured"),
        "passed": pgettext("check", "Result"), "code": pgettext("code", "Code"),
        "name_en": pgettext("code", "Name in English"), "active": pgettext("code", "In use"),
        "unit_id": _("Unit"), "lent_on": _("Lent on"), "due_on": _("Due back"),
    }  # fmt: skip
