"""The catalogue."""

from __future__ import annotations

from crm.products.models import Product
from crm.search.actions import Card
from crm.text.serial import serial_key
from crm.transfers.finding import Finder
from crm.transfers.kinds import Fields, Item, Kind, Told
from crm.transfers.tables import table_of

_PLAIN = (
    "code", "name", "name_kana", "category", "maker", "installable", "serialised", "list_price",
    "maintenance_price", "warranty_months", "expected_life_months", "inspection_interval_months",
    "consumable_cycle_days", "end_of_sale_on", "end_of_support_on", "parts_supply_end_on",
)  # fmt: skip


def derive(fields: Fields, _finder: Finder) -> Fields:
    """The columns of a model."""
    columns: Fields = {name: fields.get(name) for name in _PLAIN}
    return columns | {"code_key": serial_key(columns["code"])[:60]}


def tell(item: Item, _finder: Finder) -> list[Told]:
    """One line in the history."""
    said = item.columns
    return [Told("product.imported", None, {"code": said["code"], "name": said["name"]})]


def card(item: Item, _finder: Finder) -> Card:
    """As crm.products.actions shows it to the search."""
    said = item.columns
    return Card(
        "product", item.id, f"{said['code']} {said['name']}",
        " ".join(filter(None, (said["category"], said["maker"]))),
        names=[said["name_kana"] or ""], identifiers=[said["code"]],
    )  # fmt: skip


PRODUCTS = Kind(
    name="products",
    record="product",
    table=table_of(Product),
    fields=frozenset(_PLAIN),
    required=("code", "name"),
    derive=derive,
    tell=tell,
    card=card,
    identity=("code_key",),
    days=("end_of_sale_on", "end_of_support_on", "parts_supply_end_on"),
)
