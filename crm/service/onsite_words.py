"""What the fields of the engineer's form are called."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import pgettext

from crm.installed_base import words as installed
from crm.service.signature_models import UNSIGNED


def labels() -> dict[str, str]:
    """The fields of the form and of the report."""
    return installed.labels() | {
        "arrived_at": _("Arrived"), "finished_at": _("Finished"), "down_from": _("Down from"),
        "down_until": _("Up again"), "symptom_code": _("Symptom code"),
        "cause_code": _("Cause code"), "action_code": _("Action code"),
        "parts": _("Parts used"), "checks": _("Checks after the work"),
        "labour_minutes": _("Labour (minutes)"), "travel_km": _("Distance both ways (km)"),
        "substitute": _("Instead of the unit"), "customer_notice": _("To our customer"),
        "notice": _("To our customer"), "work_kind": _("Kind"),
        "performed_on": _("Day of the work"),
        "invoice": _("Amount invoiced (without tax)"), "costs": _("Hours and costs"),
        "engineer": _("Engineer"), "companion_ids": _("Goes along"),
        "name": pgettext("signature", "Name"), "strokes": _("Signature"),
        "reason": _("Why there is no signature"), "photos": _("Photos"),
    }  # fmt: skip


def unsigned_reasons() -> list[tuple[str, str]]:
    """Why a name may stand without a signature."""
    said = {
        "phone": _("No signature (agreed on the telephone)"),
        "absent": _("No signature (nobody was there)"),
        "declined": _("No signature (not wanted)"),
    }
    return [(reason, said[reason]) for reason in UNSIGNED]


def states() -> dict[str, str]:
    """How the form stands, in words for the script of the page."""
    return {
        "saved": _("Saved"),
        "kept": _("Kept on this device, not sent"),
        "queued": _("Kept on this device, not sent. It goes when the network is back."),
        "sending": _("Sending"),
        "signed_out": _("Kept on this device, not sent. Sign in again and it goes."),
        "refused": _("Not taken over. Look at the marked fields."),
        "conflict": _("The office changed the same. Save again and choose."),
        "failed": _("Not taken over."),
    }
