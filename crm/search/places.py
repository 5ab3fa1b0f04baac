"""Where each kind of record has its page, the icon it is drawn with, and its name."""

from __future__ import annotations

from typing import NamedTuple

from flask_babel import pgettext

from crm.search.queries import Found


class Place(NamedTuple):
    """The address of a record (of its customer's page, where it has none of its own), its icon."""

    address: str
    icon: str


PLACES: dict[str, Place] = {
    "account": Place("/accounts/{record_id}", "building"),
    "site": Place("/accounts/{account_id}", "map-pin"),
    "contact": Place("/accounts/{account_id}", "user"),
    "unit": Place("/units/{record_id}", "microscope"),
    "deal": Place("/deals/{record_id}", "layout-kanban"),
    "ticket": Place("/tickets/{record_id}", "message-2"),
    "contract": Place("/accounts/{account_id}", "file-certificate"),
    "product": Place("/units?product={record_id}", "package"),
    "work_order": Place("/work-orders/{record_id}", "tool"),
    "activity": Place("/accounts/{account_id}", "walk"),
}
"""Only these kinds can be found from pages and the API."""


def url_of(found: Found) -> str:
    """The address that shows a found record."""
    return PLACES[found.kind].address.format(record_id=found.record_id, account_id=found.account_id)


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
    }
    return words[kind]
