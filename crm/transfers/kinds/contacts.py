"""Places of companies, and the people who work there."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.accounts.models import INFLUENCES, Contact, ContactPhone, Site
from crm.accounts.rules import sort_key
from crm.text.addressee import person_alone
from crm.text.kana import reading
from crm.text.normal import search_key
from crm.text.phone import e164, split_extension
from crm.transfers.finding import Finder
from crm.transfers.kinds import Fields, Item, Kind, Told
from crm.transfers.refusals import Unreadable
from crm.transfers.tables import table_of

_SITE = ("name", "postal_code", "address", "phone")
_CONTACT = ("given_name", "department", "title", "email", "influence", "met_on")
_PHONES = ("phone", "mobile", "direct")


def _site(fields: Fields, _finder: Finder) -> Fields:
    columns: Fields = {name: fields.get(name) for name in _SITE}
    return columns | {"account_id": fields["account"], "phone_e164": _e164(columns["phone"])}


def _contact(fields: Fields, finder: Finder) -> Fields:
    site = finder.facts("site").get(fields.get("site") or 0)
    if site is not None and site["account_id"] != fields["account"]:
        raise Unreadable(_("The site is another customer's."))
    columns: Fields = {name: fields.get(name) for name in _CONTACT}
    columns |= _names(fields)
    kana = (columns["family_name_kana"] or "") + (columns["given_name_kana"] or "")
    name = columns["family_name"] + (columns["given_name"] or "")
    return columns | {
        "account_id": fields["account"], "site_id": fields.get("site"),
        "kana_key": sort_key(kana, name),
        "email_key": search_key(columns["email"])[:254] if columns["email"] else None,
    }  # fmt: skip


def _names(fields: Fields) -> Fields:
    """Family and given name; where the file has one name, the blank parts them."""
    parts: Fields = {"given_name": fields.get("given_name")}
    whole = person_alone(fields["family_name"]) or fields["family_name"]
    whole = whole.removesuffix(f" {parts['given_name']}")  # a file with one name after one with two
    family, _blank, given = whole.partition(" ")
    parts["family_name"] = family if not parts["given_name"] else whole
    parts["given_name"] = person_alone(parts["given_name"] or given) or None
    kana = reading(fields.get("family_name_kana") or "")
    own_kana = reading(fields.get("given_name_kana") or "")
    kana = kana.removesuffix(f" {own_kana}")
    if not own_kana:
        kana, _blank, own_kana = kana.partition(" ")
    return parts | {"family_name_kana": kana[:60], "given_name_kana": own_kana[:60]}


def _phones(items: list[Item], _finder: Finder, _at: datetime) -> dict[sa.Table, list[Fields]]:
    rows = []
    for item in items:
        for name in _PHONES:
            if item.fields.get(name):
                number, extension = split_extension(item.fields[name])
                rows.append(
                    {"contact_id": item.id, "number": number, "e164": _e164(number),
                     "extension": extension or ""}
                )  # fmt: skip
    return {table_of(ContactPhone): rows}


def _called(said: Fields) -> str:
    return " ".join(filter(None, (said["family_name"], said["given_name"])))


def _e164(number: str | None) -> str | None:
    return e164(split_extension(number)[0]) if number else None


SITES = Kind(
    name="sites",
    record="site",
    table=table_of(Site),
    fields=frozenset((*_SITE, "account")),
    required=("account", "name"),
    references={"account": "account"},
    derive=_site,
    tell=lambda item, _finder: [Told("site.imported", None, {"name": item.columns["name"]})],
)
CONTACTS = Kind(
    name="contacts",
    record="contact",
    table=table_of(Contact),
    fields=frozenset(
        (*_CONTACT, *_PHONES, "family_name", "family_name_kana", "given_name_kana", "account",
         "site")
    ),
    required=("account", "family_name"),
    references={"account": "account", "site": "site"},
    derive=_contact,
    tell=lambda item, _finder: [Told("contact.imported", None, {"name": _called(item.columns)})],
    days=("met_on",),
    choices={"influence": INFLUENCES},
    beside=_phones,
    fixed=frozenset(_PHONES),
    parts=frozenset(("contact_phones",)),
)  # fmt: skip
