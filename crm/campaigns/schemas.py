"""What a campaign and a unit's part of it look like from outside; forms and JSON alike."""

from __future__ import annotations

import marshmallow as ma

from crm.attributes.schemas import custom_values
from crm.campaigns.models import KINDS, OUTCOMES
from crm.typed import Recorded, Schema, Several, choice, day, key, line, words
from crm.typed import number as whole


class CampaignSchema(Recorded):
    """A recall or field campaign over products, serial numbers and firmware.

    `serials` has a range (PW-1001 〜 PW-1999) or a number in a line; empty names every unit of the
    products. Firmware from and to belong to it; units whose firmware nobody knows are named too.
    The shares are borne while a unit's part is open and the campaign runs.
    """

    number = line(40, required=True)
    kind = choice(KINDS)
    title = line(120, required=True)
    notice_no = line(60)
    product_ids = ma.fields.List(key(), validate=Several(1, 100), required=True)
    serials = words(20_000)
    firmware_from = line(40)
    firmware_to = line(40)
    labour_percent = whole(0, 100)
    travel_percent = whole(0, 100)
    parts_percent = whole(0, 100)
    starts_on = day(required=True)
    ends_on = day(allow_none=True)
    attributes = custom_values()
    status = ma.fields.String(dump_only=True)
    reach_total = ma.fields.Integer(
        dump_only=True, allow_none=True,
        metadata={"description": "While very many units are written down: how many there are."},
    )  # fmt: skip


class CampaignItemSchema(Recorded):
    """A unit's part of a campaign; `done_on` is the day on which it was closed, however."""

    campaign_id = ma.fields.Integer(dump_only=True)
    unit_id = ma.fields.Integer(dump_only=True)
    account_id = ma.fields.Integer(dump_only=True)
    status = ma.fields.String(dump_only=True)
    done_on = ma.fields.Date(dump_only=True, allow_none=True)
    appointed_on = ma.fields.Date(dump_only=True, allow_none=True)
    work_order_id = ma.fields.Integer(dump_only=True, allow_none=True)
    note = ma.fields.String(dump_only=True)
    by_id = ma.fields.Integer(dump_only=True, allow_none=True)


class CampaignOutcomeSchema(Schema):
    """What became of a unit's part. `done_on` is today without it; `appointed_on` is the day of
    the visit; `work_order_id` a work order on the unit that closes the part when it is done."""

    status = choice(OUTCOMES, required=True)
    done_on = day(allow_none=True)
    appointed_on = day(allow_none=True)
    work_order_id = key(allow_none=True)
    note = line(200)


class CampaignFiguresSchema(Schema):
    """How far a campaign is, or would reach: units, their accounts and open deals."""

    units = ma.fields.Integer(required=True)
    accounts = ma.fields.Integer(required=True)
    deals = ma.fields.Integer(required=True)
    statuses = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(), required=True)
