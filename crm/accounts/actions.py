"""Enter, change and remove accounts, sites and contacts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.accounts import queries, rules
from crm.accounts.cards import account_card, contact_cards, site_cards
from crm.accounts.former_names import words_of
from crm.accounts.models import Account, Contact, ContactPhone, Site
from crm.attributes import values
from crm.clock import now
from crm.errors import Conflict, Invalid
from crm.extensions import db
from crm.references import refuse_if_referred_to
from crm.search.actions import forget, index_many
from crm.staff.models import Staff
from crm.staff.queries import names
from crm.text.kana import reading
from crm.text.normal import search_key
from crm.timeline.actions import record
from crm.timeline.models import Event

Fields = dict[str, Any]
TOLD = ("rank", "industry", "owner_id", "service_owner_id")
"""Fields of which the history says what they were and what they are."""
PEOPLE = ("owner_id", "service_owner_id")


def add_account(fields: Fields, by_id: int | None) -> Account:
    """Enter a company. Raises Invalid, and Conflict when the corporate number is taken."""
    account = Account()
    write_account(account, fields)
    custom = values.settle(account, fields.get("attributes"), True)
    db.session.add(account)
    if custom:
        values.keep(account)
    index_account(account, fresh=True)
    record("account.added", account, by_id, account_id=account.id, name=account.name)
    return account


def change_account(account: Account, fields: Fields, by_id: int | None) -> None:
    """Change a company; what follows from its name and phone follows."""
    before, told = account.owner_id, {name: getattr(account, name) for name in TOLD}
    custom = values.settle(account, fields.get("attributes"), False)
    changed = write_account(account, fields)
    if custom:
        values.keep(account)
    index_account(account, words_of([account.id]).get(account.id, ()))
    facts: Fields = {"name": account.name, "fields": changed, **values.facts(custom)}
    if account.owner_id != before:
        facts["owner_id"], facts["owner_before_id"] = account.owner_id, before
    if changes := _changes(account, told):
        facts["changes"] = changes
    record("account.changed", account, by_id, account_id=account.id, **facts)


def _changes(account: Account, before: Fields) -> dict[str, list[Any]]:
    """Field → before and after, of what the history tells in full; people by their names."""
    found = {
        name: [was, getattr(account, name)]
        for name, was in before.items()
        if was != getattr(account, name)
    }
    keys = {key for name, pair in found.items() if name in PEOPLE for key in pair if key}
    called = names(keys) if keys else {}
    return {
        name: [called.get(key) for key in pair] if name in PEOPLE else pair
        for name, pair in found.items()
    }


def remove_account(account: Account, by_id: int | None) -> None:
    """Delete a company that nothing refers to; its audit stays. Raises Conflict."""
    refuse_if_referred_to(account, ("events", "account_former_names", "register_proposals"))
    db.session.execute(
        sa.update(Event).where(Event.account_id == account.id).values(account_id=None)
    )
    forget("account", account.id)
    db.session.delete(account)
    record("account.removed", account, by_id, account_id=None, name=account.name)


def write_account(account: Account, fields: Fields) -> list[str]:
    """Put checked fields into a company with what follows from them; returns their names.

    Nothing is recorded and the search is not told. Raises Invalid, and Conflict.
    """
    done = rules.checked(without_custom(fields))
    _check_number_free(account, done)
    if done.get("parent_id"):
        queries.check_parent(account.id, done["parent_id"])
    if "name" in done:
        done |= rules.name_parts(done["name"])
    if "name_kana" in done:
        done["name_kana"] = rules.account_reading(done["name_kana"])
    if "owner_id" in done:
        owner = db.session.get(Staff, done["owner_id"]) if done["owner_id"] else None
        done["team_id"] = owner.team_id if owner else None
    for name, value in done.items():
        setattr(account, name, value)
    account.kana_key = rules.sort_key(account.name_kana or "", account.name_core)
    return [name for name in fields if name in done]


def without_custom(fields: Fields) -> Fields:
    """The fields that are columns."""
    return {name: value for name, value in fields.items() if name != "attributes"}


def _check_number_free(account: Account, fields: Fields) -> None:
    number = fields.get("corporate_number")
    if not number:
        return
    with db.session.no_autoflush:
        other = db.session.scalar(sa.select(Account).where(Account.corporate_number == number))
    if other is not None and other.id != account.id:
        why = _("%(name)s already has this corporate number.", name=other.name)
        raise Conflict(why, {"corporate_number": [why]})


def add_site(fields: Fields, by_id: int | None) -> Site:
    """Enter a place of an account."""
    site = Site(**rules.checked(without_custom(fields)))
    custom = values.settle(site, fields.get("attributes"), True)
    db.session.add(site)
    if custom:
        values.keep(site)
    record("site.added", site, by_id, account_id=site.account_id, name=site.name)
    index_site(site, fresh=True)
    return site


def change_site(site: Site, fields: Fields, by_id: int | None) -> None:
    """Change a place; it stays with its account."""
    if fields.get("account_id", site.account_id) != site.account_id:
        raise Invalid({"account_id": [_("A site stays with its account.")]})
    custom = values.settle(site, fields.get("attributes"), False)
    for name, value in rules.checked(without_custom(fields)).items():
        setattr(site, name, value)
    if custom:
        values.keep(site)
    index_site(site)
    record(
        "site.changed", site, by_id, account_id=site.account_id, name=site.name,
        **values.facts(custom),
    )  # fmt: skip


def remove_site(site: Site, by_id: int | None) -> None:
    """Delete a place that nothing refers to. Raises Conflict."""
    refuse_if_referred_to(site)
    forget("site", site.id)
    db.session.delete(site)
    record("site.removed", site, by_id, account_id=site.account_id, name=site.name)


def add_contact(fields: Fields, by_id: int | None) -> Contact:
    """Enter a person. Raises Invalid when the site is another company's."""
    contact = Contact()
    _write_contact(contact, fields)
    custom = values.settle(contact, fields.get("attributes"), True)
    db.session.add(contact)
    if custom:
        values.keep(contact)
    record("contact.added", contact, by_id, account_id=contact.account_id, name=contact.name)
    index_contact(contact, fresh=True)
    return contact


def change_contact(contact: Contact, fields: Fields, by_id: int | None) -> None:
    """Change a person. New numbers count as a change of the person too."""
    custom = values.settle(contact, fields.get("attributes"), False)
    _write_contact(contact, fields)
    contact.updated_at = now()
    if custom:
        values.keep(contact)
    index_contact(contact)
    record(
        "contact.changed", contact, by_id, account_id=contact.account_id, name=contact.name,
        fields=list(without_custom(fields)), **values.facts(custom),
    )  # fmt: skip


def remove_contact(contact: Contact, by_id: int | None) -> None:
    """Delete a person whom nothing refers to. Raises Conflict."""
    refuse_if_referred_to(contact, ("events", "contact_phones"))
    forget("contact", contact.id)
    db.session.delete(contact)
    record("contact.removed", contact, by_id, account_id=contact.account_id, name=contact.name)


def _write_contact(contact: Contact, fields: Fields) -> None:
    done = without_custom(fields)
    phones = done.pop("phones", None)
    for name, value in done.items():
        setattr(contact, name, value)
    if contact.site_id is not None:
        queries.check_site_of(contact.site_id, contact.account_id)
    for name in ("family_name_kana", "given_name_kana"):
        setattr(contact, name, reading(getattr(contact, name) or "")[:60])
    contact.kana_key = rules.sort_key(
        contact.family_name_kana + contact.given_name_kana,
        contact.family_name + (contact.given_name or ""),
    )
    contact.email_key = search_key(contact.email)[:254] if contact.email else None
    if phones is not None:
        contact.phones = [ContactPhone(**one) for one in rules.checked_phones(phones)]
    contact.given_name = contact.given_name or ""


def index_account(account: Account, former: Sequence[str] = (), *, fresh: bool = False) -> None:
    """Let the search find a company, under the names that it had before as well; `fresh` for one
    that was made in this transaction."""
    db.session.flush()
    index_many([account_card(account, former)], fresh=fresh)


def index_site(site: Site, *, fresh: bool = False) -> None:
    """Bring what the search knows of a place up to date."""
    db.session.flush()
    index_many(site_cards([site.id]), fresh=fresh)


def index_contact(contact: Contact, *, fresh: bool = False) -> None:
    """Bring what the search knows of a person up to date."""
    db.session.flush()
    index_many(contact_cards([contact.id]), fresh=fresh)
