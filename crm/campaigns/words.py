"""Values of campaigns in words, and the fields of their forms."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import pgettext

from crm.installed_base.words import labels as unit_labels
from crm.language import per_language
from crm.timeline.sentences.campaigns import outcome_words

BADGES = {
    "open": ("bad", "alert-triangle"), "informed": ("warn", "phone"),
    "appointed": ("warn", "calendar"), "done": ("ok", "circle-check"), "refused": ("mute", "ban"),
    "not_found": ("mute", "help-circle"),
}  # fmt: skip
STATUS_BADGES = {
    "planned": ("mute", "calendar"), "running": ("warn", "player-play"),
    "ended": ("mute", "circle-check"),
}  # fmt: skip


def kinds() -> dict[str, str]:
    """Recall or field campaign."""
    return {"recall": _("Recall"), "field": _("Field campaign")}


def statuses() -> dict[str, str]:
    """Where a campaign stands."""
    return {
        "planned": pgettext("campaign", "In preparation"), "running": pgettext("campaign", "Runs"),
        "ended": pgettext("campaign", "Ended"),
    }  # fmt: skip


def outcomes() -> dict[str, str]:
    """What became of a unit's part."""
    return outcome_words()


@per_language
def labels() -> dict[str, str]:
    """The fields of campaigns."""
    return unit_labels() | {
        "kind": _("Kind"), "title": pgettext("campaign", "Title"), "number": _("Number"),
        "notice_no": _("Maker's notice"), "product_ids": _("Products"),
        "serials": _("Serial numbers"), "firmware_from": _("Firmware from"),
        "firmware_to": _("Firmware to"), "note": pgettext("campaign", "Note"),
        "status": _("Status"),
    }  # fmt: skip
