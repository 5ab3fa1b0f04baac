"""Cards in and out: a file of a telephone is looked through before anything is taken."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from crm.accounts.alike import reason_words
from crm.accounts.queries import get_account, get_contact
from crm.deals.queries import get_activity, get_deal
from crm.editing import Page
from crm.errors import Invalid
from crm.extensions import db
from crm.idempotency import recall, remember
from crm.installed_base.queries import get_work_order
from crm.rights import guard, may, the_user
from crm.text.vcard import Person
from crm.text.vcard_reading import MOST_BYTES, NotACard, read_cards
from crm.vcards import taking, writing
from crm.vcards.finding import MOST, proposals
from crm.web import go, own_address

bp = Blueprint("vcards", __name__)
Fields = dict[str, Any]
CARD, ENTRY = "text/vcard; charset=utf-8", "text/calendar; charset=utf-8"


@bp.get("/contacts/cards")
@guard("create", "contact")
def upload() -> str:
    """Which file."""
    return render_template("vcards/upload.html", errors={}, most=MOST)


@bp.post("/contacts/cards")
@guard("create", "contact")
def look() -> Page:
    """What the cards of a file would become; nothing is taken yet."""
    given = request.files.get("file")
    content = given.read(MOST_BYTES + 1) if given is not None else b""
    try:
        people = read_cards(content)
    except NotACard:
        wrong = {"file": [_("This file holds no cards (.vcf).")]}
        return render_template("vcards/upload.html", errors=wrong, most=MOST), 422
    return _preview(people, {})


def _preview(people: list[Person], errors: dict[str, list[str]]) -> str:
    user = the_user()
    return render_template(
        "vcards/preview.html", found=proposals(people, user), reasons=reason_words(), errors=errors,
        more=max(0, len(people) - MOST), may_enter=may(user, "create", "account"),
    )  # fmt: skip


@bp.post("/contacts/cards/taken")
@guard("create", "contact")
def take() -> Page:
    """Take the cards that were chosen."""
    user = the_user()
    known = recall(user.id)
    if known is not None:
        return go(known.location)
    rows = _chosen()
    try:
        contacts = taking.take_cards(taking.load_cards(rows), user)
        db.session.flush()
    except Invalid as error:
        db.session.rollback()
        return _preview([_person(row) for row in rows], error.errors), 422
    target = url_for("accounts.show", account_id=contacts[0].account_id)
    if len({one.account_id for one in contacts}) > 1:
        target = url_for("accounts.listing")
    remember(user.id, 303, target, None)
    db.session.commit()
    flash(ngettext("%(num)s contact taken", "%(num)s contacts taken", len(contacts)), "success")
    return go(target)


def _chosen() -> list[Fields]:
    """The lines that are ticked. Raises Invalid when there is none."""
    rows: list[Fields] = []
    for place in range(MOST):
        if request.form.get(f"take-{place}") == "1":
            row = {
                name: request.form.get(f"{name}-{place}", "")[:400]
                for name in taking.TakenCard().fields
            }  # fmt: skip
            account = row["account_id"]
            plain = account.isascii() and account.isdigit() and len(account) < 16
            phones = [one for one in row["phones"].split("\n") if one.strip()]
            rows.append(row | {"account_id": (int(account) or None) if plain else None,
                               "phones": phones})  # fmt: skip
    if not rows:
        raise Invalid({"cards": [_("Choose a card at least.")]}, _("Choose a card at least."))
    return rows


def _person(row: Fields) -> Person:
    names = ("family_name", "given_name", "family_name_kana", "given_name_kana", "organisation",
             "department", "title", "postal_code", "address")  # fmt: skip
    said = {name: row[name] for name in names}
    phones = [(one.strip(), "work") for one in row["phones"]]
    return Person(**said, emails=[row["email"]] if row["email"] else [], phones=phones)


@bp.get("/contacts/<int:contact_id>.vcf")
@guard("view", "contact")
def contact_card(contact_id: int) -> Response:
    """A person for the telephone."""
    return contact_file(contact_id)


def contact_file(contact_id: int) -> Response:
    """The card of a contact, behind its door."""
    user = the_user()
    contact = get_contact(contact_id, user)
    account = get_account(contact.account_id, user)
    content = writing.card_of_contact(contact, account, _host())
    return answer(content, CARD, f"contact-{contact_id}.vcf")


@bp.get("/accounts/<int:account_id>.vcf")
@guard("view", "account")
def account_card(account_id: int) -> Response:
    """A company for the telephone."""
    return account_file(account_id)


def account_file(account_id: int) -> Response:
    """The card of an account, behind its door."""
    content = writing.card_of_account(get_account(account_id, the_user()), _host())
    return answer(content, CARD, f"account-{account_id}.vcf")


@bp.get("/activities/<int:activity_id>.ics")
@guard("view", "activity")
def activity_entry(activity_id: int) -> Response:
    """An activity for the calendar."""
    return activity_file(activity_id)


def activity_file(activity_id: int) -> Response:
    """The entry of an activity, behind its door."""
    content = writing.activity_entry(get_activity(activity_id, the_user()), own_address())
    return answer(content, ENTRY, f"activity-{activity_id}.ics")


@bp.get("/deals/<int:deal_id>/next-step.ics")
@guard("view", "deal")
def step_entry(deal_id: int) -> Response:
    """The next step of a deal for the calendar."""
    return step_file(deal_id)


def step_file(deal_id: int) -> Response:
    """The entry of a deal's next step, behind its door."""
    content = writing.step_entry(get_deal(deal_id, the_user()), own_address())
    return answer(content, ENTRY, f"deal-{deal_id}.ics")


@bp.get("/work-orders/<int:work_id>.ics")
@guard("view", "work_order")
def work_entry(work_id: int) -> Response:
    """A visit for the calendar."""
    return work_file(work_id)


def work_file(work_id: int) -> Response:
    """The entry of a work order's visit, behind its door."""
    content = writing.work_entry(get_work_order(work_id, the_user()), own_address())
    return answer(content, ENTRY, f"work-order-{work_id}.ics")


def _host() -> str:
    return urlsplit(own_address()).netloc


def answer(content: bytes, kind: str, name: str) -> Response:
    """A small file."""
    response = make_response(content)
    response.headers["Content-Type"] = kind
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
