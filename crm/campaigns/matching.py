"""Which units a campaign names: as a condition, and written down in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from crm.campaigns.models import Campaign, CampaignItem, CampaignProduct
from crm.campaigns.serials import Serials, read
from crm.clock import now
from crm.extensions import db
from crm.installed_base.models import Unit
from crm.text.firmware import firmware_key

U = Unit.__table__.c
DIGITS = "0123456789"
SLICE = 100
"""Single serial numbers asked for in one condition."""


def product_ids(campaign_id: int) -> list[int]:
    """The products of a campaign."""
    rows = sa.select(CampaignProduct.product_id).where(CampaignProduct.campaign_id == campaign_id)
    return sorted(db.session.scalars(rows))


Keys = tuple[int, int]


def named(
    campaign: Campaign, products: Sequence[int], between: Keys | None = None
) -> sa.Select[Any]:
    """Key and account of every unit that a campaign names; removed ones are gone.

    `between` leaves the units behind one key, up to another.

    Each branch stands on the index (product_id, serial_key); no two share a unit.
    """
    which = read(campaign.serials)
    rest = [U.status != "removed", *_firmware(campaign)]
    if between is not None:
        rest += [U.id > between[0], U.id <= between[1]]
    branches = [
        sa.select(U.id, U.account_id).where(U.product_id.in_(products), one, *rest)
        for one in _serials(which)
    ]
    return branches[0] if len(branches) == 1 else _union(branches)


def _union(branches: list[sa.Select[Any]]) -> sa.Select[Any]:
    found = sa.union(*branches).subquery("named")
    return sa.select(found.c.id, found.c.account_id)


def _serials(which: Serials) -> list[sa.ColumnElement[bool]]:
    """One condition for each range, one for every hundred single numbers."""
    if not which.ranges and not which.keys:
        return [sa.true()]
    found = [
        sa.or_(
            *(
                sa.and_(
                    U.serial_key.between(first, last), sa.func.length(U.serial_key) == length,
                    sa.func.rtrim(U.serial_key, DIGITS) == one.prefix,
                )
                for first, last, length in one.key_ranges()
            )
        )
        for one in which.ranges
    ]  # fmt: skip
    for start in range(0, len(which.keys), SLICE):
        found.append(U.serial_key.in_(which.keys[start : start + SLICE]))
    return found


def _firmware(campaign: Campaign) -> list[sa.ColumnElement[bool]]:
    """Units whose firmware nobody knows may be meant as well: somebody has to look."""
    found = []
    for text, low in ((campaign.firmware_from, True), (campaign.firmware_to, False)):
        key = firmware_key(text)
        if key:
            inside = U.firmware_key >= key if low else U.firmware_key <= key
            found.append(sa.or_(U.firmware_key.is_(None), inside))
    return found


def write_items(
    campaign: Campaign, only_unit: int | None = None, between: Keys | None = None
) -> int:
    """Write down every unit that is named and not there yet; returns how many are new."""
    units = named(campaign, product_ids(campaign.id), between).subquery("units_named")
    table = db.metadata.tables[CampaignItem.__tablename__]
    held = sa.exists().where(table.c.campaign_id == campaign.id, table.c.unit_id == units.c.id)
    at = now()
    on_sqlite = db.session.get_bind().dialect.name == "sqlite"
    rows = sa.select(
        sa.literal(campaign.id), units.c.id, units.c.account_id, sa.literal("open"),
        sa.literal(""), sa.false(), sa.literal(at, type_=table.c.created_at.type),
        sa.literal(at, type_=table.c.created_at.type), sa.literal(1),
    ).where(~held)  # fmt: skip
    if only_unit is not None:
        rows = rows.where(units.c.id == only_unit)
    into = (
        "campaign_id", "unit_id", "account_id", "status", "note", "told", "created_at",
        "updated_at", "version",
    )  # fmt: skip
    insert = (sqlite.insert if on_sqlite else postgresql.insert)(table).from_select(into, rows)
    once = insert.on_conflict_do_nothing(index_elements=["campaign_id", "unit_id"])
    done = db.session.connection().execute(once, execution_options={"preserve_rowcount": True})
    return int(done.rowcount)
