"""Recalls and field campaigns as they were announced; people start them here."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.campaigns.models import KINDS, Campaign, CampaignProduct
from crm.campaigns.serials import read
from crm.errors import Invalid
from crm.transfers.finding import Finder
from crm.transfers.kinds import Fields, Item, Kind, Told
from crm.transfers.labels import column_word
from crm.transfers.refusals import Unreadable
from crm.transfers.tables import table_of

_SHARES = ("labour_percent", "travel_percent", "parts_percent")
_PLAIN = (
    "number", "kind", "title", "notice_no", "serials", "firmware_from", "firmware_to", "starts_on",
    "ends_on", *_SHARES,
)  # fmt: skip


def derive(fields: Fields, finder: Finder) -> Fields:
    """The columns of a campaign. Raises Unreadable for days, shares or serials that cannot be."""
    columns: Fields = {name: fields.get(name) for name in _PLAIN}
    if columns["ends_on"] is not None and columns["ends_on"] < columns["starts_on"]:
        raise Unreadable(_("It cannot end before it starts."))
    for name in _SHARES:
        if not 0 <= (columns[name] or 0) <= 100:
            raise Unreadable(_("%(field)s must be from 0 to %(n)s, not %(text)s.", n=100,
                               field=column_word("campaigns", name),
                               text=columns[name]))  # fmt: skip
    try:
        read(columns["serials"] or "")
    except Invalid as error:
        raise Unreadable(" ".join(why for some in error.errors.values() for why in some)) from error
    finder.many("product", fields["products"])
    return columns


def _products(items: list[Item], finder: Finder, _at: datetime) -> dict[sa.Table, list[Fields]]:
    rows = [
        {"campaign_id": item.id, "product_id": key}
        for item in items
        for key in finder.many("product", item.fields["products"])
    ]
    return {table_of(CampaignProduct): rows}


def tell(item: Item, _finder: Finder) -> list[Told]:
    """That it was announced."""
    said = item.columns
    return [Told("campaign.imported", None, {"name": f"{said['number']} {said['title']}"})]


CAMPAIGNS = Kind(
    name="campaigns",
    record="campaign",
    table=table_of(Campaign),
    fields=frozenset((*_PLAIN, "products")),
    required=("number", "title", "starts_on", "products"),
    derive=derive,
    tell=tell,
    identity=("number",),
    days=("starts_on", "ends_on"),
    choices={"kind": KINDS},
    beside=_products,
    fixed=frozenset(("products",)),
    parts=frozenset(("campaign_products",)),
)
