"""What a report is asked with, and how one on its way looks from outside."""

from __future__ import annotations

import marshmallow as ma
from marshmallow.validate import Length, OneOf, Range, Regexp

from crm.reports.models import KINDS, STATES

LARGEST_KEY = 2**53 - 1


def _key() -> ma.fields.Integer:
    return ma.fields.Integer(strict=False, validate=Range(1, LARGEST_KEY), allow_none=True)


def _as_of() -> ma.fields.String:
    return ma.fields.String(
        validate=[Length(10, 40), Regexp(r"^\d{4}-\d{2}-\d{2}(T.+)?$")],
        allow_none=True,
        metadata={
            "description": "A day (its end), or an instant with its offset; not in the future. "
            "Without it: today."
        },
    )


def _period() -> ma.fields.String:
    return ma.fields.String(
        validate=Regexp(r"^(all|2\d{3}(H[12])?)$"),
        load_default="all",
        metadata={"description": "all, a fiscal year (2026) or half of one (2026H2)."},
    )


class FiltersSchema(ma.Schema):
    """What part of the pipeline is asked for; left out is everybody and every date."""

    team_id = _key()
    owner_id = _key()
    period = _period()


class FiguresQuerySchema(FiltersSchema):
    """`GET /reports/figures`."""

    kind = ma.fields.String(required=True, validate=OneOf(KINDS))
    as_of = _as_of()


class PageQuerySchema(FiltersSchema):
    """The page and its PDF."""

    as_of = _as_of()


class ReportRequestSchema(ma.Schema):
    """`POST /reports`."""

    kind = ma.fields.String(required=True, validate=OneOf(KINDS))
    as_of = _as_of()
    filters = ma.fields.Nested(FiltersSchema, load_default=dict)


class ReportSchema(ma.Schema):
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


class FiguresSchema(ma.Schema):
    """All figures of the report in yen, ratios in tenths of a percent, and the hash of them."""

    kind = ma.fields.String()
    as_of = ma.fields.String()
    compared_with = ma.fields.String()
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
