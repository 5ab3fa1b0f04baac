"""What a report is asked with, and how one on its way looks from outside."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask_babel import gettext as _
from marshmallow.validate import Length, OneOf, Range

from crm.expiry.schemas import ExpiryFilters
from crm.reports.bridge import STEPS
from crm.reports.models import KINDS, STATES
from crm.typed import LARGEST_KEY, Schema, Shape, Whole

PERIOD = r"^(all|2[0-9]{3}(H[12])?)$"


def _key() -> ma.fields.Integer:
    return Whole(validate=Range(1, LARGEST_KEY), allow_none=True)


def _as_of() -> ma.fields.String:
    return ma.fields.String(
        validate=[Length(10, 40), Shape(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T.+)?$")],
        allow_none=True,
        metadata={
            "description": "A day (its end), or an instant with its offset; not in the future. "
            "Without it: today."
        },
    )


def _period() -> ma.fields.String:
    return ma.fields.String(
        validate=Shape(PERIOD),
        load_default="all",
        metadata={"description": "all, a fiscal year (2026) or half of one (2026H2)."},
    )


def _compare() -> ma.fields.Integer:
    return Whole(
        validate=Range(1, LARGEST_KEY), allow_none=True,
        metadata={
            "description": "An earlier pipeline report with the same filters; the differences and "
            "the bridge then start from its figures. Without it: from the end of the month before."
        },
    )  # fmt: skip


class FiltersSchema(Schema):
    """What part of the pipeline is asked for; left out is everybody and every date."""

    team_id = _key()
    owner_id = _key()
    period = _period()


class FiguresQuerySchema(FiltersSchema):
    """`GET /reports/figures`."""

    kind = ma.fields.String(required=True, validate=OneOf(KINDS))
    as_of = _as_of()
    compare = _compare()


class PageQuerySchema(FiltersSchema):
    """The page, its PDF and its workbook."""

    as_of = _as_of()
    compare = _compare()


class StepQuerySchema(PageQuerySchema):
    """The deals behind a step of the bridge."""

    step = ma.fields.String(required=True, validate=OneOf(STEPS))


class RequestFilters(ExpiryFilters):
    """What part is asked for: the pipeline takes team_id, owner_id and period, the list of what
    ends everything but period."""

    period = ma.fields.String(validate=Shape(PERIOD), allow_none=True)


TAKEN = {
    "pipeline": {"team_id", "owner_id", "period"},
    "expiry": set(ExpiryFilters().fields),
}
"""Kind of report → the filters it knows."""


class ReportRequestSchema(Schema):
    """`POST /reports`."""

    kind = ma.fields.String(required=True, validate=OneOf(KINDS))
    as_of = _as_of()
    compare = _compare()
    filters = ma.fields.Nested(RequestFilters, load_default=dict)

    @ma.validates_schema
    def _known(self, fields: dict[str, Any], **_more: Any) -> None:
        """Raises ValidationError for a filter of the other report, and for a past of what ends."""
        wrong = [_("This report has no such filter.")]
        foreign = sorted(set(fields["filters"]) - TAKEN[fields["kind"]])
        if foreign:
            raise ma.ValidationError({"filters": dict.fromkeys(foreign, wrong)})
        if fields["kind"] == "expiry" and fields.get("compare"):
            raise ma.ValidationError({"compare": [_("What ends is told as of now only.")]})
        if fields["kind"] == "expiry" and fields.get("as_of"):
            raise ma.ValidationError({"as_of": [_("What ends is told as of now only.")]})


class ReportSchema(Schema):
    """A report on its way; `progress` in percent, `error` a code or null."""

    id = ma.fields.Integer(dump_only=True)
    kind = ma.fields.String(dump_only=True)
    params = ma.fields.Dict(dump_only=True)
    state = ma.fields.String(dump_only=True, validate=OneOf(STATES))
    progress = ma.fields.Integer(dump_only=True)
    error = ma.fields.String(dump_only=True, allow_none=True)
    sha256 = ma.fields.String(dump_only=True, allow_none=True)
    requested_by_id = ma.fields.Integer(dump_only=True)
    created_at = ma.fields.AwareDateTime(dump_only=True)
    finished_at = ma.fields.AwareDateTime(dump_only=True, allow_none=True)
    version = ma.fields.Integer(dump_only=True)


class FiguresSchema(Schema):
    """All figures of the report in yen, ratios in tenths of a percent, and the hash of them."""

    kind = ma.fields.String()
    as_of = ma.fields.String()
    compared_with = ma.fields.String()
    compare = ma.fields.Integer()
    filters = ma.fields.Dict()
    unit = ma.fields.String()
    stages = ma.fields.List(ma.fields.Dict())
    total = ma.fields.Dict()
    before = ma.fields.Dict()
    bridge = ma.fields.Dict()
    won = ma.fields.Dict()
    lost = ma.fields.Dict()
    win_rate = ma.fields.Integer(allow_none=True)
    origins = ma.fields.List(ma.fields.Dict())
    from_support = ma.fields.Dict()
    won_from_support = ma.fields.Dict()
    moves = ma.fields.Dict()
    forecast = ma.fields.Dict()
    deals = ma.fields.List(ma.fields.Dict())
    sha256 = ma.fields.String()


class ExpiryFiguresSchema(Schema):
    """The printed list of what ends, in yen, with the hash that it prints."""

    kind = ma.fields.String()
    as_of = ma.fields.String()
    filters = ma.fields.Dict()
    unit = ma.fields.String()
    months = ma.fields.List(ma.fields.Dict())
    total = ma.fields.Dict()
    units = ma.fields.List(ma.fields.Dict())
    sha256 = ma.fields.String()
