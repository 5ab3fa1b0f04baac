"""Accounts, sites, contacts and the history of an account for programs."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Response, jsonify
from marshmallow.validate import OneOf

from crm.accounts import actions, alike, history, queries, telling
from crm.accounts.models import ACCOUNT_RANKS, Account, Contact, Site
from crm.accounts.schemas import AccountSchema, ContactSchema, SiteSchema
from crm.attributes.narrowing import filter_field, narrowed
from crm.attributes.ordering import ordered
from crm.rest import Collection, Fields, blueprint, collection, document
from crm.rights import Person, guard, the_user
from crm.typed import key, line

blp = blueprint("accounts", "Customer companies, their sites and people")


def _change(change: Any) -> Any:
    def changing(found: Any, fields: Fields, user: Person) -> None:
        change(found, queries.check_links(fields, user), user.id)

    return changing


def _add_account(fields: Fields, user: Person) -> Account:
    like = telling.found(alike.accounts_like(fields) if telling.wanted() else [])
    return telling.tell(actions.add_account(queries.for_new_account(fields, user), user.id), like)


def _add_site(fields: Fields, user: Person) -> Site:
    return actions.add_site(queries.check_links(fields, user), user.id)


def _add_contact(fields: Fields, user: Person) -> Contact:
    fields = queries.check_links(fields, user)
    like = telling.found(alike.contacts_like(fields) if telling.wanted() else [])
    return telling.tell(actions.add_contact(fields, user.id), like)


def _complete_contacts(rows: list[Fields], user: Person) -> None:
    queries.fill_phones(rows, user)
    telling.fill(rows, user)


collection(
    blp,
    Collection(
        "accounts", "account", Account, AccountSchema, queries.get_account,
        create=_add_account, change=_change(actions.change_account),
        remove=lambda account, user: actions.remove_account(account, user.id),
        filters={
            "owner_id": key(), "parent_id": key(), "industry": line(60), "name": line(200),
            "rank": ma.fields.String(validate=OneOf(ACCOUNT_RANKS)), "corporate_number": line(13),
            "phone_e164": line(20), "attribute": filter_field(),
        },
        narrow=narrowed("account"), further=ordered("account"),
        sorts=("id", "kana_key", "updated_at"), complete=telling.fill, bulk=True,
    ),
)  # fmt: skip
collection(
    blp,
    Collection(
        "sites", "site", Site, SiteSchema, queries.get_site,
        create=_add_site, change=_change(actions.change_site),
        remove=lambda site, user: actions.remove_site(site, user.id),
        filters={"account_id": key(), "name": line(100), "attribute": filter_field()},
        narrow=narrowed("site"), further=ordered("site"), bulk=True,
    ),
)  # fmt: skip
collection(
    blp,
    Collection(
        "contacts", "contact", Contact, ContactSchema, queries.get_contact,
        create=_add_contact, change=_change(actions.change_contact),
        remove=lambda contact, user: actions.remove_contact(contact, user.id),
        filters={
            "account_id": key(), "site_id": key(), "email": line(254), "attribute": filter_field(),
        },
        narrow=narrowed("contact"), further=ordered("contact"),
        sorts=("id", "kana_key"), complete=_complete_contacts, bulk=True,
    ),
)  # fmt: skip


@blp.route("/accounts/<int:account_id>/timeline", methods=["GET"])
@guard("view", "account")
@blp.arguments(history.TimelineQuery, location="query", unknown=ma.RAISE)
@document(blp, 400, 401, 403, 404)
@blp.response(200, history.TimelinePage)
def timeline(asked: Fields, account_id: int) -> Response:
    """The history of an account, newest first."""
    account = queries.get_account(account_id, the_user())
    return jsonify(history.as_json(account, the_user(), asked))
