"""Pages of the codes: what is seen, why, and what is done; administrators keep them."""

from __future__ import annotations

from flask import Blueprint, request, url_for

from crm.accounts.screens import say
from crm.editing import Page, Sheet, changes, created, load, saved, sheet_of
from crm.rights import guard, the_user
from crm.service import codes, queries, screens
from crm.service.schemas import FaultCodeSchema
from crm.staff.queries import last_editor

bp = Blueprint("fault_codes", __name__)
CODE = ("name", "name_en", "active")


@bp.get("/fault-codes")
@guard("view", "fault_code")
def listing() -> str:
    """All codes, and the form of a new one."""
    given = {"kind": "symptom", "active": "1"} | request.args.to_dict()
    return screens.codes_page(the_user(), Sheet(given))


@bp.post("/fault-codes")
@guard("create", "fault_code")
def create() -> Page:
    """Take a code into the list."""
    user = the_user()
    return created(
        lambda: codes.add_code(load(FaultCodeSchema(), request.form), user.id),
        lambda made: url_for("fault_codes.listing", kind=made.kind),
        lambda sheet: screens.codes_page(user, sheet),
    )


@bp.get("/fault-codes/<int:code_id>/edit")
@guard("edit", "fault_code")
def edit(code_id: int) -> str:
    """The form of a code."""
    code = queries.get_code(code_id, the_user(), "edit")
    return screens.codes_page(the_user(), sheet_of(code, CODE), code)


@bp.post("/fault-codes/<int:code_id>/edit")
@guard("edit", "fault_code")
def change(code_id: int) -> Page:
    """Rename a code or take it out of use."""
    user = the_user()
    code = queries.get_code(code_id, user, "edit")

    def effect() -> None:
        only = FaultCodeSchema(partial=True, only=CODE)
        fields = changes(code, only, request.form, last_editor("fault_code", code.id))
        if fields:
            codes.change_code(code, fields, user.id)

    return saved(
        effect, lambda sheet: screens.codes_page(user, sheet, code), code,
        url_for("fault_codes.listing", kind=code.kind), screens.labels_of(CODE), say,
    )  # fmt: skip
