"""Pages of expiries: the list by month, an account's year, the panels of account and unit."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Blueprint, request

from crm.accounts.queries import get_account
from crm.clock import today
from crm.errors import Invalid
from crm.expiry import asking, screens
from crm.expiry.schemas import ExpiryQuery
from crm.installed_base.queries import account_named, unit_named
from crm.rights import guard, the_user
from crm.web import flatten

bp = Blueprint("expiry", __name__)


@bp.get("/expiries")
@guard("view", "unit")
def listing() -> str:
    """What ends in the coming months, by month and rep."""
    user = the_user()
    fields = asked_fields(ExpiryQuery(exclude=("limit",)))
    cursor = fields.pop("cursor", None)
    return screens.list_page(asking.read(fields, user, today()), cursor, user)


@bp.get("/expiries/panel")
@guard("view", "unit")
def panel() -> str:
    """The next days of an account, or of a unit, for its page."""
    if "unit_id" in request.args:
        return screens.unit_panel(unit_named(request.args))
    return screens.account_panel(account_named(request.args))


@bp.get("/accounts/<int:account_id>/expiries")
@guard("view", "account")
def of_account(account_id: int) -> str:
    """Twelve months of an account."""
    user = the_user()
    return screens.account_page(get_account(account_id, user), user)


def asked_fields(schema: ma.Schema) -> dict[str, Any]:
    """What an address asks for; an empty field is one that was not filled. Raises Invalid."""
    given = {name: value for name, value in request.args.to_dict().items() if value != ""}
    schema.unknown = ma.RAISE
    try:
        found: dict[str, Any] = schema.load(given)
    except ma.ValidationError as error:
        raise Invalid(flatten(error.messages_dict)) from error
    return found
