"""What a product looks like from outside."""

from __future__ import annotations

import re

import marshmallow as ma
from flask_babel import lazy_gettext as _l
from marshmallow.validate import Length, OneOf, Range, Regexp

from crm.products.models import ATTRIBUTE_KINDS, RELATION_KINDS, RELATIONS
from crm.typed import LARGEST_KEY, Recorded, amount, choice, day, flag, key, line, number

KEY = re.compile(r"\A[a-z][a-z0-9_]{0,39}\Z")
"""Keys of attributes; they stand in JSON and in the names of form fields."""


class ProductSchema(Recorded):
    """One model: prices in yen without tax, terms in months, the consumable's cycle in days."""

    code = line(60, required=True)
    name = line(200, required=True)
    name_kana = line(200)
    category = line(60)
    maker = line(100)
    installable = flag()
    serialised = flag()
    list_price = amount(allow_none=True)
    maintenance_price = amount(allow_none=True)
    warranty_months = number(0, 600, allow_none=True)
    expected_life_months = number(1, 1200, allow_none=True)
    inspection_interval_months = number(1, 600, allow_none=True)
    consumable_cycle_days = number(1, 3650, allow_none=True)
    end_of_sale_on = day(allow_none=True)
    end_of_support_on = day(allow_none=True)
    parts_supply_end_on = day(allow_none=True)
    successor_id = key(allow_none=True)


def _kind() -> ma.fields.String:
    why = _l("One of: %(all)s. The successor is a field of the product.", all=", ".join(RELATIONS))
    return ma.fields.String(required=True, validate=OneOf(RELATIONS, error=why))


class AttributeDefinitionSchema(Recorded):
    """What is asked of every unit of a family; `unit` is its unit of measure."""

    category = line(60, required=True)
    key = ma.fields.String(
        required=True,
        validate=Regexp(KEY, error=_l("Small letters, digits and _, a letter first.")),
    )
    label_ja = line(60, required=True)
    label_en = line(60, required=True)
    kind = choice(ATTRIBUTE_KINDS)
    unit = line(20)
    required = flag()
    choices = ma.fields.List(line(60, required=True), validate=Length(max=60))
    position = number(0, 1000)


class NewRelationSchema(ma.Schema):
    """`other_id` names the consumable, the option, the upgrade or the other maker's product."""

    kind = _kind()
    other_id = key(required=True)


class RelationQuery(ma.Schema):
    """Which relation is meant, in the address."""

    kind = _kind()
    other_id = ma.fields.Integer(required=True, validate=Range(1, LARGEST_KEY))


class RelationSchema(ma.Schema):
    """One relation as read from this product; `incoming`: the other product names this one."""

    kind = ma.fields.String(required=True, validate=OneOf(RELATION_KINDS))
    incoming = ma.fields.Boolean(required=True)
    other_id = ma.fields.Integer(required=True)
    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
