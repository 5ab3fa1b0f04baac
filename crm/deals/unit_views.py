"""The deals about a unit, as a part of its page."""

from __future__ import annotations

from flask import render_template, request

from crm.deals import queries
from crm.deals.blueprint import bp
from crm.deals.models import OPEN_STAGES
from crm.installed_base.queries import unit_named
from crm.rights import guard, sees_amounts, the_user
from crm.timeline.sentences.deals import stage_name


@bp.get("/deals/of-unit")
@guard("view", "deal")
def of_unit() -> str:
    """The deals that are and were about a unit; two statements."""
    unit = unit_named(request.args)
    return render_template(
        "deals/of_unit.html", rows=queries.of_unit(unit.id), amounts=sees_amounts(the_user()),
        stage_name=stage_name, open_stages=OPEN_STAGES,
    )  # fmt: skip
