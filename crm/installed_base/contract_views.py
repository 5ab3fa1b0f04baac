"""Pages of service contracts."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from werkzeug.datastructures import MultiDict

from crm.accounts.queries import get_account
from crm.accounts.screens import say
from crm.attributes import forms
from crm.attributes.asking import asked_of
from crm.editing import Page, Sheet, created, load, saved, sheet_of
from crm.installed_base import contract_actions, contract_screens, queries, renewals, screens
from crm.installed_base.contract_schemas import ContractNoticeSchema
from crm.installed_base.models import ServiceContract
from crm.installed_base.queries import account_named
from crm.installed_base.schemas import ContractSchema
from crm.rights import Person, guard, the_user
from crm.staff.queries import last_editor

bp = Blueprint("contracts", __name__)

CONFIRMED = "even_if_overlapping"
UNDER = ("unit_ids", *contract_actions.SCOPES)


@bp.get("/contracts")
@guard("view", "contract")
def page() -> str:
    """The contracts of all accounts, or of one."""
    return contract_screens.list_page(the_user())


@bp.get("/contracts/new")
@guard("create", "contract")
def new() -> str:
    """An empty form; the account is given."""
    account = account_named(request.args)
    values = {"notice_days": "90"} | request.args.to_dict()
    return contract_screens.contract_form(Sheet(values), account, None)


@bp.post("/contracts")
@guard("create", "contract")
def create() -> Page:
    """Make a contract."""
    user, account = the_user(), account_named(request.form)

    def effect() -> ServiceContract:
        fields = forms.new_fields(ContractSchema(), request.form, asked_of("contract"))
        return contract_actions.add_contract(queries.check_links(fields, user), user.id)

    return created(
        effect,
        lambda made: url_for("contracts.show", contract_id=made.id),
        lambda sheet: contract_screens.contract_form(sheet, account, None),
    )


@bp.get("/contracts/<int:contract_id>")
@guard("view", "contract")
def show(contract_id: int) -> str:
    """One contract."""
    user = the_user()
    return contract_screens.contract_page(queries.get_contract(contract_id, user), user)


@bp.get("/contracts/<int:contract_id>/place")
@guard("view", "contract")
def place(contract_id: int) -> str:
    """Where a contract stands in the list that the address describes."""
    user = the_user()
    return contract_screens.place_part(queries.get_contract(contract_id, user), user)


@bp.get("/contracts/<int:contract_id>/edit")
@guard("edit", "contract")
def edit(contract_id: int) -> str:
    """The form of a contract."""
    found = queries.get_contract(contract_id, the_user(), "edit")
    account = get_account(found.account_id, the_user())
    return contract_screens.contract_form(sheet_of(found, screens.CONTRACT), account, found)


@bp.post("/contracts/<int:contract_id>/edit")
@guard("edit", "contract")
def change(contract_id: int) -> Page:
    """Save a contract; the ticked units are those under it."""
    user = the_user()
    found = queries.get_contract(contract_id, user, "edit")
    account = get_account(found.account_id, user)
    return saved(
        lambda: _change(found, user),
        lambda sheet: contract_screens.contract_form(sheet, account, found), found,
        url_for("contracts.show", contract_id=contract_id),
        {**screens.labels_of(screens.CONTRACT), **forms.labels_of(found)},
        forms.sayer(found, say),
    )  # fmt: skip


def _change(found: ServiceContract, user: Person) -> None:
    form = request.form.copy()
    ticked = MultiDict([(name, one) for name in UNDER for one in form.poplist(name)])
    sure = form.pop(CONFIRMED, "") == "1"
    by = last_editor("contract", found.id)
    schema = ContractSchema(partial=True, exclude=(*UNDER, CONFIRMED))
    fields = forms.changed_fields(found, schema, form, by)
    if ticked:
        held = contract_actions.under(found.id)
        chosen = load(ContractSchema(partial=True, only=UNDER), ticked)
        fields |= {name: one for name, one in chosen.items() if one != held[name]}
    if fields:
        fields = queries.check_links(fields, user) | {CONFIRMED: sure}
        contract_actions.change_contract(found, fields, user.id)


@bp.post("/contracts/<int:contract_id>/notice")
@guard("edit", "contract")
def notice(contract_id: int) -> Page:
    """Note that a contract is not to be renewed."""
    user = the_user()
    found = queries.get_contract(contract_id, user, "edit")
    return saved(
        lambda: renewals.give_notice(found, load(ContractNoticeSchema(), request.form), user.id),
        lambda sheet: contract_screens.contract_page(found, user, sheet), found,
        url_for("contracts.show", contract_id=contract_id), {},
    )  # fmt: skip


@bp.post("/contracts/<int:contract_id>/notice-back")
@guard("edit", "contract")
def notice_back(contract_id: int) -> Page:
    """Take a notice back."""
    user = the_user()
    found = queries.get_contract(contract_id, user, "edit")
    return saved(
        lambda: renewals.take_back_notice(found, user.id),
        lambda sheet: contract_screens.contract_page(found, user, sheet), found,
        url_for("contracts.show", contract_id=contract_id), {},
    )  # fmt: skip
