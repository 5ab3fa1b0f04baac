"""The list of contacts of all accounts."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from crm.accounts import contact_listing, queries
from crm.accounts.models import Account
from crm.attributes import listing
from crm.attributes.ordering import choose
from crm.extensions import db
from crm.neighbours import along
from crm.paging import COUNTED
from crm.rights import guard, may, the_user

bp = Blueprint("contacts", __name__)
PAGE = 50


@bp.get("/contacts")
@guard("view", "contact")
def page() -> str:
    """The people at all accounts, or at one; the address is the whole state of the list."""
    user, args = the_user(), request.args
    asked = contact_listing.read(args)
    sort = choose("contact", args.get("sort"), contact_listing.SORTS, "kana_key")
    rows, total = contact_listing.contact_page(asked, user, sort, args.get("cursor"), PAGE)
    return render_template(
        "accounts/contacts.html", rows=rows.rows, next=rows.next, total=min(total, COUNTED),
        capped=total > COUNTED or bool(asked.q and total >= contact_listing.FOUND), asked=asked,
        account=db.session.get(Account, asked.account_id) if asked.account_id else None,
        may_create=may(user, "create", "contact"), along=along(args, contact_listing.IN_LIST),
        custom=listing.panel("contact", args, user, [row.id for row in rows.rows]),
    )  # fmt: skip


@bp.get("/contacts/<int:contact_id>/place")
@guard("view", "contact")
def place(contact_id: int) -> str:
    """Where a contact stands in the list that the address describes, with the ones beside it."""
    user, args = the_user(), request.args
    contact, asked = queries.get_contact(contact_id, user), contact_listing.read(args)
    sort = choose("contact", args.get("sort"), contact_listing.SORTS, "kana_key")
    found = contact_listing.place(contact, asked, user, sort)
    query = along(args, contact_listing.IN_LIST)
    return render_template("parts/place.html", place=found, base="/contacts/", along=query)
