"""Where each kind of record has its page, the icon it is drawn with, and its name."""

from __future__ import annotations

from typing import NamedTuple

from flask_babel import pgettext

from crm.search.queries import Found


class Place(NamedTuple):
    """The address of a record (of its customer's page, where it has none of its own), its icon."""

    address: str
    icon: str
    right: str = ""
    """The kind whose right to view it is, where it has none of its own."""


PLACES: dict[str, Place] = {
    "account": Place("/accounts/{one.record_id}", "building"),
    "site": Place("/accounts/{one.account_id}", "map-pin"),
    "contact": Place("/accounts/{one.account_id}", "user"),
    "unit": Place("/units/{one.record_id}", "microscope"),
    "deal": Place("/deals/{one.record_id}", "layout-kanban"),
    "ticket": Place("/tickets/{one.record_id}", "message-2"),
    "note": Place("/tickets/{one.about_id}", "notes", "ticket"),
    "advice": Place("/advice/{one.record_id}", "messages", "ticket"),
    "contract": Place("/contracts/{one.record_id}", "file-certificate"),
    "product": Place("/units?product={one.record_id}", "package"),
    "work_order": Place("/work-orders/{one.record_id}", "tool"),
    "campaign": Place("/campaigns/{one.record_id}", "flag"),
    "activity": Place("/accounts/{one.account_id}", "walk"),
    "document": Place("/files/{one.record_id}", "file-text", "file"),
}
"""Only these kinds can be found from pages and the API."""


def url_of(found: Found) -> str:
    """The address that shows a found record."""
    return PLACES[found.kind].address.format(one=found)


def word_for(kind: str) -> str:
    """What a kind of record is called in the reader's language."""
    words = {
        "account": pgettext("kind of record", "Account"),
        "site": pgettext("kind of record", "Site"),
        "contact": pgettext("kind of record", "Contact"),
        "unit": pgettext("kind of record", "Unit"),
        "deal": pgettext("kind of record", "Deal"),
        "ticket": pgettext("kind of record", "Ticket"),
        "contract": pgettext("kind of record", "Contract"),
        "product": pgettext("kind of record", "Product"),
        "work_order": pgettext("kind of record", "Work order"),
        "activity": pgettext("kind of record", "Activity"),
        "note": pgettext("kind of record", "Note"),
        "campaign": pgettext("kind of record", "Campaign"),
        "advice": pgettext("kind of record", "Advice"),
        "document": pgettext("kind of record", "Document"),
    }
    return words[kind]
