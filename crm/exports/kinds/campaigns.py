"""Recalls and field campaigns with the products that they name."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.campaigns import words
from crm.campaigns.models import Campaign, CampaignProduct
from crm.exports.kinds.installed_base import PARTED
from crm.exports.tables import Args, Conditions, Field, Row, Table
from crm.extensions import db
from crm.products.models import Product
from crm.rights import Person

C = Campaign.__table__.c


def _labels() -> dict[str, str]:
    every = words.labels()
    return every | {"products": every["product_ids"]}


def _campaigns(_args: Args, _user: Person) -> Conditions:
    return []


def _fill_products(rows: list[Row]) -> None:
    """The products of each campaign by their codes, as an import finds them."""
    held: dict[int, list[str]] = {row["_key"]: [] for row in rows}
    named = CampaignProduct.__table__.c
    found = db.session.execute(
        sa.select(named.campaign_id, Product.code)
        .join(Product, Product.id == named.product_id)
        .where(named.campaign_id.in_(held))
        .order_by(Product.id)
    )
    for campaign_id, code in found:
        held[campaign_id].append(code)
    for row in rows:
        row["products"] = PARTED.join(held[row["_key"]])


CAMPAIGNS = Table(
    name="campaigns",
    record="campaign",
    model=Campaign,
    title=lambda: _("Recalls and campaigns"),
    labels=_labels,
    fields=(
        Field("id", C.id, "record"),
        Field("number", C.number, shown=True),
        Field("kind", C.kind, words=words.kinds, shown=True),
        Field("title", C.title, shown=True),
        Field("notice_no", C.notice_no),
        Field("products", shown=True),
        Field("serials", C.serials),
        Field("firmware_from", C.firmware_from),
        Field("firmware_to", C.firmware_to),
        Field("labour_percent", C.labour_percent, "number"),
        Field("travel_percent", C.travel_percent, "number"),
        Field("parts_percent", C.parts_percent, "number"),
        Field("starts_on", C.starts_on, "day", shown=True),
        Field("ends_on", C.ends_on, "day", shown=True),
        Field("status", C.status, words=words.statuses, shown=True),
        Field("updated_at", C.updated_at, "instant"),
    ),
    joins=Campaign.__table__,
    where=_campaigns,
    filters=(),
    sorts={"id": C.id, "number": C.number},
    sort="-id",
    fill=_fill_products,
    page="/campaigns",
)
