"""The page of reliability: which models and units fail, how often, and at what age."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from flask_babel import pgettext

from crm.charts.columns import Column, columns
from crm.charts.drawing import SCREEN, svg
from crm.errors import Invalid
from crm.look import number
from crm.products.queries import choices
from crm.reports import reliability_shown as shown
from crm.reports.reliability_shown import ReliabilityQuerySchema
from crm.rights import guard, the_user
from crm.web import flatten

bp = Blueprint("reliability", __name__)


@bp.get("/reports/reliability")
@guard("view", "unit")
def page() -> str | tuple[str, int]:
    """Failures against the time in service; the address is the page's whole state."""
    typed = {name: text for name, text in request.args.items() if text}
    try:
        asked = shown.asked_of(ReliabilityQuerySchema().load(typed), the_user())
        figures = shown.figures(asked)
    except ma.ValidationError as error:
        return _drawn(typed, None, flatten({"query": error.messages})), 422
    except Invalid as error:
        return _drawn(typed, None, error.errors), 422
    kept = {"since": f"{asked.since}", "until": f"{asked.until}"}
    return _drawn(typed | kept, figures, {})


def _drawn(
    typed: dict[str, str], figures: dict[str, Any] | None, errors: dict[str, list[str]]
) -> str:
    ages = figures["ages"] if figures else []
    return render_template(
        "reports/reliability.html", asked=typed, found=figures, errors=errors, choices=choices(),
        chart=_chart(ages) if figures else "", bands=[age_words(one) for one in ages],
        told=[place for place, one in enumerate(ages) if one["unit_days"]],
    )  # fmt: skip


def age_words(age: dict[str, Any]) -> str:
    """A band of age in words."""
    if age["from_years"] is None:
        return pgettext("age", "unknown")
    if age["to_years"] is None:
        return _("%(low)s y +", low=age["from_years"])
    return _("%(low)s–%(high)s y", low=age["from_years"], high=age["to_years"])


def _chart(ages: list[dict[str, Any]]) -> str:
    """Failures in a year of service, by age; the bars stand for hundredths."""
    bars = [
        Column(age_words(one), round((one["a_year"] or 0) * 100), 0,
               words=_("%(n)s a year", n=number(one["a_year"] or 0)))
        for one in ages if one["unit_days"]
    ]  # fmt: skip
    title = ", ".join(f"{one.name} {one.words}" for one in bars)
    return svg(columns(bars, 520, 160, title), SCREEN, attributes='class="charts reliab"')
