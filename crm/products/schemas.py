"""What a product looks like from outside."""

from __future__ import annotations

import marshmallow as ma
from flask_babel import lazy_gettext as _l
from marshmallow.validate import OneOf, Range

from crm.accounts.schemas import possible_doubles
from crm.attributes.schemas import custom_values
from crm.products.models import RELATION_KINDS, RELATIONS
from crm.typed import LARGEST_KEY, Recorded, Schema, amount, day, flag, key, line, number


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
    attributes = custom_values()
    possible_doubles = possible_doubles()


def _kind() -> ma.fields.String:
    why = _l("One of: %(all)s. The successor is a field of the product.", all=", ".join(RELATIONS))
    return ma.fields.String(required=True, validate=OneOf(RELATIONS, error=why))


class NewRelationSchema(Schema):
    """`other_id` names the consumable, the option, the upgrade or the other maker's product."""

    kind = _kind()
    other_id = key(required=True)


class RelationQuery(Schema):
    """Which relation is meant, in the address."""

    kind = _kind()
    other_id = ma.fields.Integer(required=True, validate=Range(1, LARGEST_KEY))


class RelationSchema(Schema):
    """One relation as read from this product; `incoming`: the other product names this one."""

    kind = ma.fields.String(required=True, validate=OneOf(RELATION_KINDS))
    incoming = ma.fields.Boolean(required=True)
    other_id = ma.fields.Integer(required=True)
    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
