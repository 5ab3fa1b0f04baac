"""The page that asks service for work on a unit, for who may not arrange it."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for

from crm.clock import today
from crm.editing import Page, Sheet, created, load
from crm.installed_base.judging import verdicts
from crm.installed_base.models import Unit
from crm.installed_base.queries import get_unit, named_units
from crm.installed_base.verdict_words import reason
from crm.installed_base.words import kinds
from crm.rights import guard, the_user
from crm.staff.queries import names
from crm.support import work_requests
from crm.support.schemas import REQUESTED, WorkRequestSchema

bp = Blueprint("work_requests", __name__)


@bp.get("/units/<int:unit_id>/work-request")
@guard("create", "ticket")
def new(unit_id: int) -> str:
    """What is to be done, and by when."""
    unit = get_unit(unit_id, the_user())
    return _form(unit, Sheet({"kind": "inspection"} | request.args.to_dict()))


@bp.post("/units/<int:unit_id>/work-request")
@guard("create", "ticket")
def create(unit_id: int) -> Page:
    """Hand it to service; pressing twice hands it over once."""
    user = the_user()
    unit = get_unit(unit_id, user)
    return created(
        lambda: work_requests.request_work(unit, load(WorkRequestSchema(), request.form), user),
        lambda ticket: url_for("support.show", ticket_id=ticket.id),
        lambda sheet: _form(unit, sheet),
    )


def _form(unit: Unit, sheet: Sheet) -> str:
    who, _team = work_requests.service_of(unit.account_id)
    verdict = verdicts([unit], today())[unit.id]
    return render_template(
        "support/work_request.html", unit=unit, sheet=sheet, verdict=verdict, reason=reason,
        row=named_units(Unit.id == unit.id, 1)[0], who=names({who})[who] if who else "",
        kinds=[(key, said) for key, said in kinds().items() if key in REQUESTED],
    )  # fmt: skip
