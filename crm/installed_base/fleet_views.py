"""The part of a product's page that shows its units and whose they are."""

from __future__ import annotations

from itertools import pairwise

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from flask_babel import pgettext

from crm.charts.columns import Column, columns
from crm.charts.drawing import SCREEN, svg
from crm.clock import today
from crm.installed_base import fleet
from crm.installed_base.terms import months_between
from crm.look import number
from crm.products.queries import get_product
from crm.rights import guard, the_user

bp = Blueprint("fleet", __name__)


def band_words() -> list[str]:
    """The bands of age in words, in the order of `fleet.ages`."""
    edges = (0, *fleet.BAND_YEARS)
    said = [_("%(low)s–%(high)s y", low=low, high=high) for low, high in pairwise(edges)]
    return [*said, _("%(low)s y +", low=edges[-1]), pgettext("age", "unknown")]


@bp.get("/products/<int:product_id>/units")
@guard("view", "product")
def units(product_id: int) -> str:
    """Units by age, and the customers that have them with their reps."""
    product = get_product(product_id, the_user())
    on = today()
    bands = fleet.ages(product.id, on)
    rows, counts = fleet.owners(product.id, request.args.get("cursor"))
    bars = [
        Column(name, one.units, 0, words=f"{number(one.units)} / {number(one.accounts)}")
        for name, one in zip(band_words(), bands, strict=True)
        if one.units or name != band_words()[fleet.UNKNOWN]
    ]
    title = ", ".join(f"{one.name} {one.words}" for one in bars)
    return render_template(
        "products/units.html", product=product, total=fleet.totals(product.id), rows=rows.rows,
        next=rows.next, counts=counts, first=not request.args.get("cursor"), today_on=on,
        months_between=months_between,
        chart=svg(columns(bars, 400, 150, title), SCREEN, attributes='class="charts life"'),
    )  # fmt: skip
