"""Pages of accounts, their sites and their people."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from crm.accounts import actions, parents, queries, screens
from crm.accounts.models import Account, Contact, Site
from crm.accounts.schemas import AccountSchema, ContactSchema, SiteSchema
from crm.attributes import forms
from crm.attributes.asking import asked_of
from crm.attributes.values import PREFIX
from crm.editing import Fields, Form, Page, Sheet, created, saved, sheet_of
from crm.errors import BadRequest, NotFound
from crm.rights import guard, the_user
from crm.staff.queries import last_editor
from crm.typed import key_of
from crm.typed import words as several_lines

bp = Blueprint("accounts", __name__)


ContactForm = ContactSchema.from_dict({"phones": several_lines(600)}, name="ContactForm")
"""A contact as a page types it: the telephone numbers one a line."""


@bp.get("/accounts")
@guard("view", "account")
def listing() -> str:
    """The list of accounts."""
    return screens.list_page(the_user())


@bp.get("/accounts/new")
@guard("create", "account")
def new() -> str:
    """An empty form."""
    user = the_user()
    values: Fields = {"owner_id": user.id if user.role == "rep" else ""}
    return screens.account_form(Sheet(values | request.args.to_dict()), None)


@bp.post("/accounts")
@guard("create", "account")
def create() -> Page:
    """Enter an account; pressing twice enters one. `call`, the draft of one's call, goes on."""
    user = the_user()

    def effect() -> Account:
        form = parents.chosen(request.form, user)
        fields = forms.new_fields(AccountSchema(), form, asked_of("account"))
        return actions.add_account(queries.for_new_account(fields, user), user.id)

    def after(made: Account) -> str:
        call = request.args.get("call", "")
        if call.isascii() and call.isdigit():
            return url_for("desk.page", draft=call, account_id=made.id, q="")
        return url_for("accounts.show", account_id=made.id)

    return created(effect, after, lambda sheet: screens.account_form(sheet, None))


@bp.get("/accounts/<int:account_id>")
@guard("view", "account")
def show(account_id: int) -> str:
    """One account."""
    user = the_user()
    return screens.record_page(queries.get_account(account_id, user), user)


@bp.get("/accounts/<int:account_id>/place")
@guard("view", "account")
def place(account_id: int) -> str:
    """Where an account stands in the list that the address describes, with the ones beside it."""
    user = the_user()
    return screens.place_part(queries.get_account(account_id, user), user)


@bp.get("/accounts/<int:account_id>/history")
@guard("view", "account")
def older(account_id: int) -> str:
    """Older lines of its history."""
    user = the_user()
    return screens.history_part(queries.get_account(account_id, user), user)


@bp.get("/accounts/<int:account_id>/edit")
@guard("edit", "account")
def edit(account_id: int) -> str:
    """The form, or with `only` its one field."""
    account = queries.get_account(account_id, the_user(), "edit")
    sheet = sheet_of(account, screens.EDITABLE)
    only = request.args.get("only")
    if only is None:
        return screens.account_form(sheet, account)
    if only.startswith(PREFIX):
        return forms.inline(account, only, sheet, request.path)
    if only not in screens.INLINE:
        raise BadRequest(_("This field is not edited in place."), {"only": [only]})
    return screens.inline_field(account, only, sheet, request.path)


@bp.post("/accounts/<int:account_id>/edit")
@guard("edit", "account")
def change(account_id: int) -> Page:
    """Save what was changed; what somebody else changed meanwhile is put together."""
    user = the_user()
    account = queries.get_account(account_id, user, "edit")
    only = request.form.get("only", "")
    custom = only.startswith(PREFIX)
    inline = (custom or only in screens.INLINE) and "HX-Request" in request.headers

    def again(sheet: Sheet) -> str:
        if inline and custom:
            return forms.inline(account, only, sheet, request.path)
        if inline:
            return screens.inline_field(account, only, sheet, request.path)
        return screens.account_form(sheet, account)

    answer = saved(
        lambda: _change_account(account), again, account,
        url_for("accounts.show", account_id=account_id),
        {**screens.labels_of(screens.EDITABLE), **forms.labels_of(account)},
        forms.sayer(account, screens.say),
    )  # fmt: skip
    done = isinstance(answer, Response) and answer.status_code < 400
    if not inline or not done:
        return answer
    if custom:
        return forms.inline_value(account, only, request.path)
    return screens.inline_value(account, only, request.path)


def _change_account(account: Account) -> bool:
    user = the_user()
    fields = forms.changed_fields(
        account, AccountSchema(partial=True), parents.chosen(request.form, user, account.id),
        last_editor("account", account.id),
    )  # fmt: skip
    if fields:
        actions.change_account(account, queries.check_links(fields, user), user.id)
    return True


def _account_named(form: Form) -> Account:
    key = form.get("account_id", type=key_of)
    if key is None:
        raise NotFound
    return queries.get_account(key, the_user())


@bp.get("/sites/new")
@guard("create", "site")
def new_site() -> str:
    """An empty form of a site."""
    account = _account_named(request.args)
    return screens.site_form(Sheet({"account_id": account.id}), account, None)


@bp.post("/sites")
@guard("create", "site")
def create_site() -> Page:
    """Enter a site."""
    user, account = the_user(), _account_named(request.form)

    def effect() -> Site:
        fields = forms.new_fields(SiteSchema(), request.form, asked_of("site"))
        return actions.add_site(fields, user.id)

    return created(
        effect,
        lambda made: url_for("accounts.show", account_id=made.account_id),
        lambda sheet: screens.site_form(sheet, account, None),
    )


@bp.get("/sites/<int:site_id>")
@guard("edit", "site")
def edit_site(site_id: int) -> str:
    """The form of a site."""
    site = queries.get_site(site_id, the_user(), "edit")
    account = queries.get_account(site.account_id, the_user())
    return screens.site_form(sheet_of(site, screens.SITE), account, site)


@bp.post("/sites/<int:site_id>")
@guard("edit", "site")
def change_site(site_id: int) -> Page:
    """Save a site."""
    user = the_user()
    site = queries.get_site(site_id, user, "edit")
    account = queries.get_account(site.account_id, user)

    def effect() -> bool:
        by = last_editor("site", site_id)
        fields = forms.changed_fields(site, SiteSchema(partial=True), request.form, by)
        if fields:
            actions.change_site(site, queries.check_links(fields, user), user.id)
        return True

    return saved(
        effect, lambda sheet: screens.site_form(sheet, account, site), site,
        url_for("accounts.show", account_id=account.id),
        {**screens.labels_of(screens.SITE), **forms.labels_of(site)},
        forms.sayer(site, screens.say),
    )  # fmt: skip


@bp.get("/contacts/new")
@guard("create", "contact")
def new_contact() -> str:
    """An empty form of a contact."""
    account = _account_named(request.args)
    return screens.contact_form(Sheet({"account_id": account.id}), account, None)


@bp.post("/contacts")
@guard("create", "contact")
def create_contact() -> Page:
    """Enter a contact."""
    user, account = the_user(), _account_named(request.form)

    def effect() -> Contact:
        fields = forms.new_fields(ContactForm(), request.form, asked_of("contact"))
        return actions.add_contact(queries.check_links(_with_phones(fields), user), user.id)

    return created(
        effect,
        lambda made: url_for("accounts.contact", contact_id=made.id),
        lambda sheet: screens.contact_form(sheet, account, None),
    )


@bp.get("/contacts/<int:contact_id>")
@guard("view", "contact")
def contact(contact_id: int) -> str:
    """One person."""
    user = the_user()
    return screens.contact_page(queries.get_contact(contact_id, user), user)


@bp.get("/contacts/<int:contact_id>/edit")
@guard("edit", "contact")
def edit_contact(contact_id: int) -> str:
    """The form of a contact."""
    found = queries.get_contact(contact_id, the_user(), "edit")
    account = queries.get_account(found.account_id, the_user())
    return screens.contact_form(sheet_of(_typed(found), screens.CONTACT), account, found)


@bp.post("/contacts/<int:contact_id>/edit")
@guard("edit", "contact")
def change_contact(contact_id: int) -> Page:
    """Save a contact."""
    user = the_user()
    found = queries.get_contact(contact_id, user, "edit")
    account = queries.get_account(found.account_id, user)
    stands = _typed(found)

    def effect() -> bool:
        by = last_editor("contact", contact_id)
        schema = ContactForm(partial=True)
        fields = forms.changed_beside(stands, found, schema, request.form, by)
        if fields:
            checked = queries.check_links(_with_phones(fields), user)
            actions.change_contact(found, checked, user.id)
        return True

    return saved(
        effect, lambda sheet: screens.contact_form(sheet, account, found), stands,
        url_for("accounts.contact", contact_id=contact_id),
        {**screens.labels_of(screens.CONTACT), **forms.labels_of(found)},
        forms.sayer(found, screens.say),
    )  # fmt: skip


def _typed(contact: Contact) -> Any:
    """A contact as its form shows it."""
    values = {name: getattr(contact, name) for name in screens.CONTACT if name != "phones"}
    return SimpleNamespace(
        **values, phones=screens.phone_lines(contact), version=contact.version,
        updated_at=contact.updated_at,
    )  # fmt: skip


def _with_phones(fields: Fields) -> Fields:
    if "phones" in fields:
        lines = fields["phones"].splitlines()
        fields["phones"] = [{"number": one.strip()} for one in lines if one.strip()]
    return fields
