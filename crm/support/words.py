"""What the values of tickets are called, in the reader's language."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import pgettext

from crm.language import per_language

Choices = list[tuple[str, str]]


@per_language
def categories() -> Choices:
    """What an inquiry is about, in the order of the number keys."""
    return [
        ("failure", pgettext("ticket", "Failure")), ("usage", pgettext("ticket", "Operation")),
        ("consumable", pgettext("ticket", "Consumables")),
        ("inspection", pgettext("ticket", "Inspection, calibration")),
        ("purchase", pgettext("ticket", "Quotation, purchase")),
        ("complaint", pgettext("ticket", "Complaint")), ("other", pgettext("ticket", "Other")),
    ]  # fmt: skip


@per_language
def severities() -> Choices:
    """How urgent."""
    return [
        ("low", pgettext("severity", "Low")), ("normal", pgettext("severity", "Normal")),
        ("high", pgettext("severity", "High")), ("critical", pgettext("severity", "Critical")),
    ]  # fmt: skip


@per_language
def statuses() -> list[tuple[str, str, str, str]]:
    """Value, word, kind of badge, icon."""
    return [
        ("open", pgettext("ticket", "In progress"), "warn", "progress"),
        ("pending", pgettext("ticket", "Waiting for customer"), "mute", "player-pause"),
        ("solved", pgettext("ticket", "Solved"), "ok", "circle-check"),
        ("closed", pgettext("ticket", "Closed"), "mute", "check"),
    ]


@per_language
def channels() -> Choices:
    """By which way it came."""
    return [
        ("phone", pgettext("channel", "Telephone")), ("mail", pgettext("channel", "Mail")),
        ("web", pgettext("channel", "Web form")), ("chat", pgettext("channel", "Chat")),
        ("visit", pgettext("channel", "Visit")),
    ]  # fmt: skip


def note_kinds() -> list[tuple[str, str, str]]:
    """Value, word and icon of a note."""
    return [
        ("internal", _("Internal note"), "lock"), ("mail", pgettext("channel", "Mail"), "mail"),
        ("phone", pgettext("channel", "Telephone"), "phone"),
        ("customer", _("From the customer"), "user"),
    ]  # fmt: skip


def departments() -> dict[str, str]:
    """What a department is called on a chip."""
    return {
        "sales": pgettext("department", "Sales"), "service": pgettext("department", "Service"),
        "call_centre": pgettext("department", "Call centre"),
        "engineering": pgettext("department", "Engineering"),
        "management": pgettext("department", "Management"),
    }  # fmt: skip


def symptoms(category: str) -> list[str]:
    """What customers most often report, before a product's own history knows better."""
    return {
        "failure": [_("Does not start"), _("Error on the display"), _("Leak"), _("Strange noise"),
                    _("Stops while running")],
        "usage": [_("How to operate it"), _("How to set it up"), _("Reading the results"),
                  _("Connecting a computer")],
        "consumable": [_("Consumables to order"), _("Which part fits"), _("How to replace it")],
        "inspection": [_("Inspection to arrange"), _("Calibration to arrange"),
                       _("Certificate wanted")],
        "purchase": [_("Quotation wanted"), _("Catalogue wanted"), _("Another unit"),
                     _("Replacement considered"), _("Maintenance contract")],
        "complaint": [_("Response too slow"), _("Fault came back"), _("Quality of the work"),
                      _("The bill")],
        "other": [_("Change of address"), _("Change of contact"), _("Relocation of a unit")],
    }.get(category, [])  # fmt: skip


def columns() -> dict[str, str]:
    """The columns of the list in their order."""
    return {
        "id": _("No."), "subject": "", "account": _("Account"), "unit": _("Unit"),
        "category": _("Category"), "status": _("Status"), "assignee": _("Assigned to"),
        "due_at": _("Due"), "opened_at": _("Opened"),
    }  # fmt: skip
