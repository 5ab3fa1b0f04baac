"""What the forms of a new account and a new contact show while somebody types."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from crm.accounts import alike, parents
from crm.rights import guard, the_user
from crm.typed import key_of

bp = Blueprint("alike", __name__)


@bp.get("/accounts/alike")
@guard("create", "account")
def accounts() -> str:
    """Accounts that share a key with what is typed so far."""
    found = alike.accounts_like(request.args.to_dict())
    return _part(found, "/accounts/{}")


@bp.get("/contacts/alike")
@guard("create", "contact")
def contacts() -> str:
    """People who share a key with what is typed so far."""
    found = alike.contacts_like(request.args.to_dict())
    return _part(found, "/contacts/{}")


@bp.get("/accounts/parents")
@guard("view", "account")
def parent_companies() -> str:
    """Accounts that may be meant by what is typed as the parent company."""
    of = key_of(request.args.get("of", "0")) or 0
    found = parents.candidates(request.args.get(parents.FIND, ""), the_user(), of)
    return render_template("parts/choices.html", name="parent_id", found=found)


def _part(found: list[alike.Alike], page: str) -> str:
    return render_template(
        "accounts/_alike.html", found=found, page=page, reasons=alike.reason_words()
    )
