"""The figures of reliability as the page and the API show them, and what both are asked with."""

from __future__ import annotations

from datetime import date
from typing import Any

import marshmallow as ma
from flask_babel import gettext as _
from marshmallow.validate import Range

from crm.clock import today
from crm.errors import Invalid, named
from crm.installed_base.terms import months_after
from crm.products.queries import get_product
from crm.reports import reliability_queries as queries
from crm.reports.reliability import AGES, BANDS, UNKNOWN, Tally
from crm.reports.reliability_queries import Asked
from crm.rights import Person
from crm.typed import LARGEST_KEY, Schema, day

Fields = dict[str, Any]
USUAL_MONTHS = 36
UNITS = 200
NEVER = 50


class ReliabilityQuerySchema(Schema):
    """A period, both days in it (the last three years when left out), and a product or all."""

    product_id = ma.fields.Integer(validate=Range(1, LARGEST_KEY))
    since = day()
    until = day()


class TallySchema(Schema):
    """Units, their days in service, their failures, and the mean days between two failures."""

    units = ma.fields.Integer()
    unit_days = ma.fields.Integer()
    failures = ma.fields.Integer()
    mean_days = ma.fields.Float(allow_none=True)


class ProductTallySchema(TallySchema):
    """A model; `failures_by_age` in the order of `ages`."""

    product_id = ma.fields.Integer()
    code = ma.fields.String()
    failures_by_age = ma.fields.List(ma.fields.Integer())


class UnitTallySchema(TallySchema):
    """A unit that failed."""

    unit_id = ma.fields.Integer()
    serial_no = ma.fields.String()
    code = ma.fields.String()
    last_on = ma.fields.Date()


class AgeSchema(Schema):
    """A band of age in years; `to_years` is not in it. Without both, the age is not known."""

    from_years = ma.fields.Integer(allow_none=True)
    to_years = ma.fields.Integer(allow_none=True)
    unit_days = ma.fields.Integer()
    failures = ma.fields.Integer()
    a_year = ma.fields.Float(allow_none=True)


class QuietUnitSchema(Schema):
    """A unit that did not fail."""

    unit_id = ma.fields.Integer()
    serial_no = ma.fields.String()
    code = ma.fields.String()


class ReliabilitySchema(TallySchema):
    """Failures of a period against the time in service; `units_failed` are the worst 200.

    Of the `reported` failures so many were `met` by work that ended on the same day.
    """

    since = ma.fields.Date()
    until = ma.fields.Date()
    reported = ma.fields.Integer()
    met = ma.fields.Integer()
    products = ma.fields.List(ma.fields.Nested(ProductTallySchema))
    ages = ma.fields.List(ma.fields.Nested(AgeSchema))
    units_failed = ma.fields.List(ma.fields.Nested(UnitTallySchema))
    without_failure = ma.fields.Integer()
    units_without = ma.fields.List(ma.fields.Nested(QuietUnitSchema))


def asked_of(fields: Fields, user: Person) -> Asked:
    """The question in terms of the figures. Raises Invalid naming the field."""
    until: date = fields.get("until") or today()
    since: date = fields.get("since") or months_after(until, -USUAL_MONTHS)
    if since > until:
        raise Invalid({"since": [_("It ends before it begins.")]})
    if fields.get("product_id"):
        with named("product_id"):
            get_product(fields["product_id"], user)
    return Asked(since, until, fields.get("product_id"))


def figures(asked: Asked) -> Fields:
    """What the schema shows; six statements."""
    found = queries.figures(asked)
    products = queries.products_named(found.products)
    worst = sorted(found.units.items(), key=lambda one: (-one[1].failures, one[0]))[:UNITS]
    named_units = queries.units_named(key for key, _tally in worst)
    return _tally(found.total) | {
        "since": asked.since, "until": asked.until, "reported": found.reported, "met": found.met,
        "products": [
            _tally(one) | {
                "product_id": key, "code": products[key].code, "name": products[key].name,
                "failures_by_age": one.band_failures,
            }
            for key, one in sorted(found.products.items(), key=lambda one: products[one[0]].code)
        ],
        "ages": [_age(found.total, band) for band in range(BANDS)],
        "units_failed": [
            _tally(one) | {
                "unit_id": key, "serial_no": named_units[key].serial_no,
                "code": named_units[key].code, "last_on": one.last,
            }
            for key, one in worst
        ],
        "without_failure": found.without,
        "units_without": [
            {"unit_id": row.id, "serial_no": row.serial_no, "code": row.code}
            for row in queries.never_failed(asked, NEVER)
        ],
    }  # fmt: skip


def _tally(one: Tally) -> Fields:
    mean = None if one.mean is None else round(one.mean, 1)
    return {
        "units": one.units, "unit_days": one.days, "failures": one.failures, "mean_days": mean,
    }  # fmt: skip


def _age(total: Tally, band: int) -> Fields:
    known = band != UNKNOWN
    rate = total.rate(band)
    return {
        "from_years": AGES[band] if known else None,
        "to_years": AGES[band + 1] if known and band + 1 < len(AGES) else None,
        "unit_days": total.band_days[band], "failures": total.band_failures[band],
        "a_year": None if rate is None else round(rate, 2),
    }  # fmt: skip
