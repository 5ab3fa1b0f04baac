"""The part of a unit's page that says what it brings in and what it costs to serve."""

from __future__ import annotations

from flask import Blueprint, render_template

from crm.clock import today
from crm.installed_base.economy import economy_of
from crm.installed_base.queries import get_unit
from crm.products.queries import get_product
from crm.rights import guard, the_user

bp = Blueprint("economy", __name__)


@bp.get("/units/<int:unit_id>/economy")
@guard("view", "unit")
def panel(unit_id: int) -> str:
    """Revenue and cost of a unit, and paid repairs held against a contract's price."""
    user = the_user()
    unit = get_unit(unit_id, user)
    late, ever = economy_of(unit.id, today())
    yearly = get_product(unit.product_id, user).maintenance_price
    return render_template(
        "installed_base/economy.html", late=late, ever=ever,
        price=2 * yearly if yearly else None,
    )  # fmt: skip
