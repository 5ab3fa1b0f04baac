"""Which records an administrator may ask more of, and where each of them stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record: its table, the address of one, the kind that rights know it by.

    `family`: the column that names its product family, or the key of the product that does.
    `named`: may a custom field refer to such a record? It then has a page and is searched.
    """

    table: str
    address: str
    right: str
    family: str = ""
    named: bool = True


RECORDS: Mapping[str, Kind] = {
    "account": Kind("accounts", "/accounts/%d", "account"),
    "site": Kind("sites", "/sites/%d", "site"),
    "contact": Kind("contacts", "/contacts/%d", "contact"),
    "deal": Kind("deals", "/deals/%d", "deal"),
    "activity": Kind("activities", "/activities/%d", "activity", named=False),
    "ticket": Kind("tickets", "/tickets/%d", "ticket"),
    "product": Kind("products", "/products/%d", "product", family="category"),
    "unit": Kind("units", "/units/%d", "unit", family="product_id"),
    "contract": Kind("service_contracts", "/contracts/%d", "contract"),
    "work_order": Kind("work_orders", "/work-orders/%d", "work_order"),
    "campaign": Kind("campaigns", "/campaigns/%d", "campaign"),
}
"""Kind → what is known of it, in the order in which they are shown."""

STAFF = "staff"
REFERRED: Mapping[str, Kind] = {
    **{name: one for name, one in RECORDS.items() if one.named},
    STAFF: Kind("staff", "", "staff"),
}
"""Kind → what is known of it, of all records that a custom field may refer to. Colleagues have no
page, no custom fields and no entry in the search."""

OF_TABLE: Mapping[str, str] = {one.table: name for name, one in RECORDS.items()}
NAMED: tuple[str, ...] = tuple(REFERRED)
OF_FAMILIES: tuple[str, ...] = tuple(name for name, one in RECORDS.items() if one.family)


def kind_of(record: Any) -> str:
    """The kind of a record."""
    return OF_TABLE[record.__tablename__]
