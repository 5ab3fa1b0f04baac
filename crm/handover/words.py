"""What is said of hand-overs."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import pgettext

from crm.handover.outcome import Kept


def labels() -> dict[str, str]:
    """The cells of the table."""
    return {
        "serial_no": _("Serial number"), "delivered_on": _("Delivered"),
        "installed_on": _("Installed"), "accepted_on": pgettext("unit", "Accepted"),
        "location": _("Location"), "replaces_id": _("Replaces"),
    }  # fmt: skip


def why(kept: Kept) -> str:
    """Why a record stays."""
    return pgettext("list of words", ", ").join(kept.reasons)
