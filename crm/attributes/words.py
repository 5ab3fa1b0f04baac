"""What custom fields, their kinds and the records they belong to are called."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import pgettext

from crm.attributes.kinds import NAMED, STAFF


def kinds() -> dict[str, str]:
    """What kind of value is asked."""
    return {
        "text": pgettext("attribute", "Text"), "number": pgettext("attribute", "Number"),
        "money": pgettext("attribute", "Amount"),
        "date": pgettext("attribute", "Day"), "choice": pgettext("attribute", "Choice"),
        "reference": pgettext("attribute", "Another record"),
    }  # fmt: skip


def records() -> dict[str, str]:
    """The kinds of records, as their lists are called."""
    return {
        "account": _("Accounts"), "site": _("Sites"), "contact": _("Contacts"),
        "deal": _("Deals"), "activity": _("Activities"), "ticket": _("Tickets"),
        "product": _("Products"), "unit": _("Units"), "contract": _("Contracts"),
        "work_order": _("Work orders"), "campaign": _("Recalls and campaigns"),
    }  # fmt: skip


def named() -> dict[str, str]:
    """The kinds of records that a field may refer to."""
    said = records() | {STAFF: pgettext("attribute", "Colleagues")}
    return {kind: said[kind] for kind in NAMED}


def labels() -> dict[str, str]:
    """The fields of a definition."""
    return {
        "record": pgettext("attribute", "Of"), "category": _("Product family"),
        "key": pgettext("attribute", "Key"),
        "label_ja": _("Name in Japanese"), "label_en": _("Name in English"), "kind": _("Kind"),
        "refers_to": pgettext("attribute", "Refers to"),
        "unit": pgettext("attribute", "Unit of measure"),
        "required": _("Has to be filled in"), "searchable": _("Found by the search"),
        "position": pgettext("attribute", "Place in the order"),
        "choices": _("Choices, one a line"),
    }  # fmt: skip
