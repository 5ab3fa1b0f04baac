"""The catalogue."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.products.actions import LIFE, announce_many
from crm.products.models import Product
from crm.text.serial import serial_key
from crm.transfers.finding import Finder
from crm.transfers.kinds import Fields, Item, Kind, Told
from crm.transfers.labels import column_word
from crm.transfers.refusals import Unreadable
from crm.transfers.tables import table_of

_PLAIN = (
    "code", "name", "name_kana", "category", "maker", "installable", "serialised", "list_price",
    "maintenance_price", "warranty_months", "expected_life_months", "inspection_interval_months",
    "consumable_cycle_days", "end_of_sale_on", "end_of_support_on", "parts_supply_end_on",
)  # fmt: skip


def derive(fields: Fields, _finder: Finder) -> Fields:
    """The columns of a model. Raises Unreadable when something ends before its sale does."""
    columns: Fields = {name: fields.get(name) for name in _PLAIN}
    sold_until = columns["end_of_sale_on"]
    for name in ("end_of_support_on", "parts_supply_end_on"):
        if sold_until and columns[name] and columns[name] < sold_until:
            why = _("This cannot end before the end of sale.")
            raise Unreadable(f"{column_word('products', name)}: {why}")
    return columns | {"code_key": serial_key(columns["code"])[:60]}


def tell(item: Item, _finder: Finder) -> list[Told]:
    """One line in the history."""
    said = item.columns
    return [Told("product.imported", None, {"code": said["code"], "name": said["name"]})]


def announce(items: list[Item], _finder: Finder, _at: datetime) -> dict[sa.Table, list[Fields]]:
    """A day of a product's life that a file changes is news, at once and for everybody."""
    announce_many([one for one in map(_life, items) if one[2]], None)
    return {}


def _life(item: Item) -> tuple[int, Fields, Fields]:
    said = item.columns
    changes = {
        name: [_day(item.before[name]), _day(said[name])] for name in LIFE if name in item.changed
    }
    return item.id, {"code": said["code"], "name": said["name"]}, changes


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


PRODUCTS = Kind(
    name="products",
    record="product",
    table=table_of(Product),
    fields=frozenset(_PLAIN),
    required=("code", "name"),
    derive=derive,
    tell=tell,
    identity=("code_key",),
    beside_changed=announce,
    days=("end_of_sale_on", "end_of_support_on", "parts_supply_end_on"),
)
