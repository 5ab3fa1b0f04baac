"""What a list of expiries is asked with, and how its rows look from outside."""

from __future__ import annotations

import marshmallow as ma
from flask_babel import lazy_gettext as _l
from marshmallow.validate import Length, OneOf, Range

from crm.expiry.asking import DEALS, MOST_MONTHS, ONE_KIND
from crm.expiry.dates import KINDS
from crm.typed import LARGEST_KEY, Schema, Shape

MOST = 100


def _key() -> ma.fields.Integer:
    return ma.fields.Integer(strict=False, validate=Range(1, LARGEST_KEY), allow_none=True)


class ExpiryFilters(Schema):
    """Months and filters, alike for the page, the API, the feed and the printed list."""

    month = ma.fields.String(
        validate=Shape(r"^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$", error=_l("A month, as 2026-11.")),
        allow_none=True,
        metadata={"description": "The first month, as 2026-11; this month without it."},
    )
    months = ma.fields.Integer(strict=False, validate=Range(1, MOST_MONTHS), allow_none=True)
    kind = ma.fields.String(
        validate=OneOf(("", *ONE_KIND)),
        allow_none=True,
        metadata={
            "description": "Without it warranty, contract, lease and support; all for every kind."
        },
    )
    team_id = _key()
    owner_id = _key()
    account_id = _key()
    product_id = _key()
    deal = ma.fields.String(
        validate=OneOf(("", *DEALS)),
        allow_none=True,
        metadata={"description": "Only units with an open deal about them, or without one."},
    )


class ExpiryQuery(ExpiryFilters):
    """`GET /expiries`, the page and the API."""

    limit = ma.fields.Integer(strict=False, validate=Range(1, MOST), load_default=50)
    cursor = ma.fields.String(validate=Length(1, 1000))


class ExpirySchema(Schema):
    """A unit in the month of the earliest of its days; amounts in yen without tax.

    `name` is the number or name of what ends, where it has one: of the contract, the lessor, the
    recall, the plan, what is used up. `support_ends_on` is the unit's own day, else its product's.
    `contract_amount` is the unit's share of a year of its contract, `repair_amount` what was paid
    for repairs since the delivery; `propose_on` is the day from which on to propose.
    """

    unit_id = ma.fields.Integer(required=True)
    on = ma.fields.Date(required=True)
    name = ma.fields.String(required=True)
    kind = ma.fields.String(required=True, validate=OneOf(KINDS))
    certainty = ma.fields.String(required=True)
    account_id = ma.fields.Integer(required=True)
    product_id = ma.fields.Integer(required=True)
    serial_no = ma.fields.String(required=True)
    owner_id = ma.fields.Integer(required=True, allow_none=True)
    team_id = ma.fields.Integer(required=True, allow_none=True)
    warranty_ends_on = ma.fields.Date(required=True, allow_none=True)
    contract_id = ma.fields.Integer(required=True, allow_none=True)
    contract_ends_on = ma.fields.Date(required=True, allow_none=True)
    lease_ends_on = ma.fields.Date(required=True, allow_none=True)
    support_ends_on = ma.fields.Date(required=True, allow_none=True)
    repair_amount = ma.fields.Integer(required=True)
    contract_amount = ma.fields.Integer(required=True)
    deal_id = ma.fields.Integer(required=True, allow_none=True)
    propose_on = ma.fields.Date(required=True, allow_none=True)


class ExpirySums(Schema):
    """How many units there are, how many of them have a deal, and the sums in yen."""

    count = ma.fields.Integer(required=True)
    with_deal = ma.fields.Integer(required=True)
    repair_amount = ma.fields.Integer(required=True)
    contract_amount = ma.fields.Integer(required=True)


class ExpiryMonth(ExpirySums):
    """The sums of one month."""

    month = ma.fields.String(required=True)


class ExpiryPage(Schema):
    """One page, and the months with their sums; these are null above 1,000 units."""

    items = ma.fields.List(ma.fields.Nested(ExpirySchema), required=True)
    next = ma.fields.String(required=True, allow_none=True)
    months = ma.fields.List(ma.fields.Nested(ExpiryMonth), required=True, allow_none=True)
    total = ma.fields.Nested(ExpirySums, required=True, allow_none=True)
