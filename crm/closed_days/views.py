"""The page of the company's own days; everybody reads it, administrators keep it."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from crm.clock import today
from crm.closed_days import actions, queries
from crm.closed_days.models import ClosedDay
from crm.closed_days.rules import stretches
from crm.closed_days.schemas import ClosedDaysSchema, YearSchema
from crm.editing import Page, Sheet, created, load
from crm.errors import BadRequest
from crm.extensions import db
from crm.look import day as say_day
from crm.rights import guard, may, the_user
from crm.typed import FIRST_DAY, LAST_DAY
from crm.web import go

bp = Blueprint("closed_days", __name__)


@bp.get("/closed-days")
@guard("view", "closed_day")
def listing() -> str:
    """The days of a year, and the form of new ones."""
    return _page(Sheet({}), _year(request.args.get("year", "")))


@bp.post("/closed-days")
@guard("create", "closed_day")
def create() -> Page:
    """Close a day or a range of days, or say that they are worked."""
    user = the_user()
    return created(
        lambda: actions.add_days(load(ClosedDaysSchema(), request.form), user.id),
        _address,
        lambda sheet: _page(sheet, _typed_year(sheet["starts_on"])),
    )


@bp.post("/closed-days/copies")
@guard("create", "closed_day")
def copy() -> Page:
    """Close the same days as in the year before."""
    user = the_user()

    def effect() -> ClosedDay:
        return actions.copy_year(load(YearSchema(), request.form)["year"], user.id)

    return created(effect, _address, lambda sheet: _page(sheet, _typed_year(sheet["year"])))


@bp.post("/closed-days/<int:day_id>/removal")
@guard("delete", "closed_day")
def remove(day_id: int) -> Response:
    """Take a day away with those that follow it in a row and are called the same."""
    user = the_user()
    closed = queries.get_closed_day(day_id, user, "delete")
    target = _address(closed)
    rows = queries.stretch_of(closed).rows
    number = len(rows)
    actions.remove_days(rows, user.id)
    db.session.commit()
    flash(ngettext("%(num)s day was removed.", "%(num)s days were removed.", number), "ok")
    return go(target)


def _page(sheet: Sheet, year: int) -> str:
    rows, own = queries.in_year(year), queries.workdays()
    found = stretches(rows)
    visits = queries.visits_on(rows[0].day, rows[-1].day) if rows else {}
    shut = {day: number for day, number in visits.items() if not own.is_business_day(day)}
    user = the_user()
    return render_template(
        "closed_days/list.html", found=found, year=year, sheet=sheet, number=own.in_year(year),
        visits={some.first.id: sum(shut.get(one.day, 0) for one in some.rows) for some in found},
        may_edit=may(user, "create", "closed_day"), span=_span, first=FIRST_DAY.year,
        last=LAST_DAY.year,
    )  # fmt: skip


def _span(first: ClosedDay, last: ClosedDay) -> str:
    """A stretch of days in words."""
    if first is last:
        return say_day(first.day)
    return _("%(first)s to %(last)s", first=say_day(first.day), last=say_day(last.day))


def _address(closed: ClosedDay) -> str:
    return url_for("closed_days.listing", year=closed.day.year)


def _year(text: str) -> int:
    """The year of the address. Raises BadRequest."""
    if not text:
        return today().year
    found = _typed_year(text) if len(text) == 4 else 0
    if str(found) != text:
        raise BadRequest(_("There is no such filter."), {"year": [_("A year, as 2026.")]})
    return found


def _typed_year(text: str) -> int:
    """The year that stands at the beginning of what was typed; this one when none does."""
    start = text[:4]
    known = len(start) == 4 and start.isascii() and start.isdigit()
    inside = known and FIRST_DAY.year <= int(start) <= LAST_DAY.year
    return int(start) if inside else today().year
