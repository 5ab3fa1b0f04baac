"""Who works here and how they are reached inside the house."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import pgettext
from sqlalchemy.orm import aliased

from crm.editing import Page, Sheet, changes, saved, sheet_of
from crm.extensions import at_most, db
from crm.rights import guard, may, the_user
from crm.staff import actions, queries
from crm.staff.models import Office, Staff, Team
from crm.staff.schemas import StaffSchema

bp = Blueprint("colleagues", __name__)
FIELDS = ("name", "name_kana", "email", "team_id", "office_id", "extension")
MOST = 1000


@bp.get("/staff")
@guard("view", "staff")
def listing() -> str:
    """Everybody who works here, with team, office and extension."""
    own, teams = aliased(Office), aliased(Office)
    rows = db.session.execute(
        sa.select(
            Staff.id, Staff.name, Staff.name_kana, Staff.email, Staff.extension,
            Team.name.label("team"), sa.func.coalesce(own.name, teams.name).label("office"),
            sa.case((Staff.office_id.is_(None), teams.phone), else_=own.phone).label("phone"),
        )
        .outerjoin(Team, Team.id == Staff.team_id)
        .outerjoin(own, own.id == Staff.office_id)
        .outerjoin(teams, teams.id == Team.office_id)
        .where(Staff.active.is_(True))
        .order_by(Team.position.nulls_last(), Staff.id)
        .limit(at_most(MOST))
    ).all()  # fmt: skip
    return render_template(
        "staff/colleagues.html", rows=rows, labels=labels(),
        may_edit=may(the_user(), "edit", "staff"),
    )  # fmt: skip


@bp.get("/staff/<int:staff_id>")
@guard("edit", "staff")
def edit(staff_id: int) -> str:
    """The form of a colleague."""
    person = queries.get_staff(staff_id, the_user(), "edit")
    return _page(sheet_of(person, FIELDS), person)


@bp.post("/staff/<int:staff_id>")
@guard("edit", "staff")
def change(staff_id: int) -> Page:
    """Save what a colleague is called and where she is reached."""
    user = the_user()
    person = queries.get_staff(staff_id, user, "edit")

    def effect() -> None:
        fields = changes(person, StaffSchema(only=FIELDS, partial=True), request.form)
        queries.check_places(fields, user)
        if fields:
            actions.change_staff(person, fields, user.id)

    return saved(
        effect, lambda sheet: _page(sheet, person), person, url_for("colleagues.listing"), labels()
    )


def labels() -> dict[str, str]:
    """What the fields of a colleague are called."""
    return {
        "name": pgettext("staff", "Name"), "name_kana": pgettext("staff", "Reading"),
        "email": pgettext("staff", "Mail"), "team_id": pgettext("staff", "Team"),
        "office_id": pgettext("staff", "Office"), "extension": _("Extension"),
    }  # fmt: skip


def _page(sheet: Sheet, person: Staff) -> str:
    teams = db.session.execute(
        sa.select(Team.id, Team.name).order_by(Team.position, Team.id).limit(at_most(MOST))
    )
    offices = db.session.execute(
        sa.select(Office.id, Office.name).order_by(Office.id).limit(at_most(MOST))
    )
    return render_template(
        "staff/colleague.html", sheet=sheet, one=person, labels=labels(),
        teams=[tuple(row) for row in teams], offices=[tuple(row) for row in offices],
    )  # fmt: skip
