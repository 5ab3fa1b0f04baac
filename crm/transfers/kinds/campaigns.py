"""Recalls and field campaigns as they were announced; people start them here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.campaigns.models import KINDS, Campaign, CampaignProduct
from crm.campaigns.serials import read
from crm.errors import Invalid
from crm.extensions import db
from crm.transfers.directories import among, parts
from crm.transfers.finding import Finder
from crm.transfers.kinds import Fields, Item, Kind, Lines, Told, named_units
from crm.transfers.labels import column_word
from crm.transfers.refusals import Unreadable
from crm.transfers.tables import table_of

NAMED, C = table_of(CampaignProduct), table_of(Campaign).c
_SHARES = ("labour_percent", "travel_percent", "parts_percent")
_PLAIN = (
    "number", "kind", "title", "notice_no", "serials", "firmware_from", "firmware_to", "starts_on",
    "ends_on", *_SHARES,
)  # fmt: skip


def derive(fields: Fields, _finder: Finder) -> Fields:
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
    return columns


def _chosen(_fields: Fields, columns: Fields, _finder: Finder) -> None:
    """Raises Unreadable when a campaign names no product."""
    if not columns["products"]:
        raise Unreadable(f"{column_word('campaigns', 'products')}: {_('Choose one.')}")


def _before(fields: Fields, finder: Finder) -> Fields:
    found = (_or_none(one, finder) for one in named_units.words(fields.get("products")))
    return {"products": sorted({key for key in found if key is not None})}


def _or_none(text: str, finder: Finder) -> int | None:
    try:
        return finder.find("product", text)
    except Unreadable:
        return None


def _held(campaign_ids: Sequence[int]) -> dict[int, Fields]:
    found: dict[int, Fields] = {key: {"products": []} for key in campaign_ids}
    for some in parts(sorted(found)):
        rows = sa.select(NAMED.c.campaign_id, NAMED.c.product_id)
        mine = rows.where(among(NAMED.c.campaign_id, some)).order_by(NAMED.c.product_id)
        for key, product in db.session.execute(mine):
            found[key]["products"].append(product)
    return found


def _new(items: list[Item], _finder: Finder, _at: datetime) -> dict[sa.Table, list[Fields]]:
    rows = [
        {"campaign_id": item.id, "product_id": key}
        for item in items for key in item.columns["products"]
    ]  # fmt: skip
    return {NAMED: rows}


def _again(items: list[Item], finder: Finder, at: datetime) -> dict[sa.Table, list[Fields]]:
    """The products that a later file names, or that stand again; units that a running campaign
    reaches now join it at night."""
    touched = [item for item in items if "products" in item.changed]
    for some in parts([item.id for item in touched]):
        db.session.execute(sa.delete(NAMED).where(among(NAMED.c.campaign_id, some)))
    there = finder.facts("product")
    for item in touched:
        item.columns["products"] = [key for key in item.columns["products"] if key in there]
    return _new(touched, finder, at)


def _ended(items: Sequence[Item]) -> dict[int, str]:
    """Campaigns that have ended stay as they are."""
    found: dict[int, str] = {}
    for some in parts([item.id for item in items if item.changed]):
        over = sa.select(C.id).where(among(C.id, some), C.status == "ended")
        found |= {key: _("This campaign has ended.") for key in db.session.scalars(over)}
    return found


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
    beside=_new,
    beside_changed=_again,
    lines=Lines(
        {"products": []},
        lambda fields, finder: {"products": finder.many("product", fields["products"])},
        _before,
        _held,
        lambda _name, value, finder: named_units.shown("product", value, finder),
    ),
    question=_chosen,
    held_back=_ended,
    parts=frozenset(("campaign_products",)),
)
