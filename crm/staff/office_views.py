"""The company's offices: their address and telephone stand on every paper that they send."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from crm.editing import Page, Sheet, changes, created, load, saved, sheet_of
from crm.extensions import at_most, db
from crm.rights import guard, may, the_user
from crm.staff import actions, queries
from crm.staff.models import Office
from crm.staff.schemas import OfficeSchema

bp = Blueprint("offices", __name__)
FIELDS = ("name", "postal_code", "address", "phone", "phone_note")
MOST = 500


@bp.get("/offices")
@guard("view", "office")
def listing() -> str:
    """All offices, and the form for one more."""
    return _page(Sheet({}))


@bp.post("/offices")
@guard("create", "office")
def create() -> Page:
    """Open an office; pressing twice opens one."""
    user = the_user()
    return created(
        lambda: actions.add_office(load(OfficeSchema(), request.form), user.id),
        lambda _made: url_for("offices.listing"), _page,
    )  # fmt: skip


@bp.get("/offices/<int:office_id>")
@guard("edit", "office")
def edit(office_id: int) -> str:
    """The form of an office."""
    office = queries.get_office(office_id, the_user(), "edit")
    return _page(sheet_of(office, FIELDS), office)


@bp.post("/offices/<int:office_id>")
@guard("edit", "office")
def change(office_id: int) -> Page:
    """Save an office."""
    user = the_user()
    office = queries.get_office(office_id, user, "edit")

    def effect() -> None:
        fields = changes(office, OfficeSchema(partial=True), request.form)
        if fields:
            actions.change_office(office, fields, user.id)

    return saved(
        effect, lambda sheet: _page(sheet, office), office, url_for("offices.listing"), labels()
    )


def labels() -> dict[str, str]:
    """What the fields of an office are called."""
    return {
        "name": _("Name"), "postal_code": _("Postal code"), "address": _("Address"),
        "phone": _("Telephone"), "phone_note": _("Beside the telephone"),
    }  # fmt: skip


def _page(sheet: Sheet, office: Office | None = None) -> str:
    rows = db.session.scalars(sa.select(Office).order_by(Office.id).limit(at_most(MOST))).all()
    user = the_user()
    return render_template(
        "staff/offices.html", rows=rows, sheet=sheet, one=office, labels=labels(),
        may_edit=may(user, "edit", "office"), may_create=may(user, "create", "office"),
    )  # fmt: skip
