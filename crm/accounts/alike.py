"""Who is there already: companies and people that share a key with one being entered.

Cheap and exact, for the form while somebody types and for programs: every key has an index, a
question is two statements at most. What takes judgement is the nightly comparison's business.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.accounts import rules
from crm.accounts.models import Account, Contact, ContactPhone
from crm.connections import PLANNED_ANEW
from crm.extensions import at_most, db
from crm.text import place
from crm.text.houjin import corporate_number
from crm.text.normal import clean, search_key
from crm.text.phone import e164, split_extension
from crm.text.postal import postal_code

Fields = dict[str, Any]
READ, SHOWN = 40, 5
"""Rows looked at for each key, and candidates shown."""
COLLEAGUES = 300
"""People of one account whose names are compared."""


@dataclass(frozen=True, slots=True)
class Alike:
    """A record that may be the same one, and which keys say so."""

    id: int
    name: str
    about: str
    reasons: tuple[str, ...]


def reason_words() -> dict[str, str]:
    """What two records share, in words."""
    return {
        "corporate_number": _("Same corporate number"), "phone": _("Same phone"),
        "name_place": _("Same name and place"), "name": _("Same name"),
        "email": _("Same mail address"), "name_account": _("Same name at this account"),
    }  # fmt: skip


def accounts_like(typed: Fields, own_id: int | None = None) -> list[Alike]:
    """Accounts that share a number, the telephone, or name and place with what was typed."""
    said = _said(typed)
    asked = list(_account_keys(said))
    if not asked:
        return []
    columns = (
        Account.id, Account.name, Account.address, Account.postal_code, Account.phone_e164,
        Account.corporate_number, Account.name_key, Account.legal_form,
        Account.legal_form_position,
    )  # fmt: skip
    rows = db.session.execute(
        sa.select(*columns)
        .where(Account.id.in_(sa.union_all(*(sa.select(one.c.id) for one in asked))))
        .limit(at_most(READ * 3))
        .execution_options(**PLANNED_ANEW)
    )
    found = [
        Alike(row.id, row.name, row.address or "", reasons)
        for row in rows
        if row.id != own_id and (reasons := tuple(_account_reasons(said, row)))
    ]
    return _best(found)


def _said(typed: Fields) -> Fields:
    """The keys of what was typed so far; a field that is not whole yet has none."""
    said: Fields = {
        name: _whole(read, typed.get(name))
        for name, read in (
            ("corporate_number", corporate_number), ("phone", e164), ("postal_code", postal_code),
        )
    }  # fmt: skip
    name = clean(str(typed.get("name") or ""))
    said |= rules.name_parts(name) if len(name) > 1 else {"name_key": ""}
    said["address"] = clean(str(typed.get("address") or ""))
    said["town"] = place.town(said["address"])
    return said


def _whole(read: Callable[[str], str], text: Any) -> str | None:
    try:
        return read(str(text)) if text else None
    except ValueError:
        return None


def _account_keys(said: Fields) -> list[sa.Subquery]:
    conditions: list[sa.ColumnElement[bool]] = []
    if said["corporate_number"]:
        conditions.append(Account.corporate_number == said["corporate_number"])
    if said["phone"]:
        conditions.append(Account.phone_e164 == said["phone"])
    if said["name_key"]:
        near = [Account.postal_code == said["postal_code"]] if said["postal_code"] else []
        if said["town"]:
            near.append(Account.address.startswith(said["town"], autoescape=True))
        same = Account.name_key == said["name_key"]
        conditions.append(sa.and_(same, sa.or_(*near)) if near else same)
    return [sa.select(Account.id).where(one).limit(at_most(READ)).subquery() for one in conditions]


def _account_reasons(said: Fields, row: Any) -> list[str]:
    reasons = []
    if said["corporate_number"] and row.corporate_number == said["corporate_number"]:
        reasons.append("corporate_number")
    if said["phone"] and row.phone_e164 == said["phone"]:
        reasons.append("phone")
    if said["name_key"] and row.name_key == said["name_key"]:
        near = _near(said, row)
        if near and (_one_form(said, row) or near == "street" or reasons):
            reasons.append("name_place")
        elif reasons or (near is None and _one_form(said, row)):
            reasons.append("name")
    return reasons


def _near(said: Fields, row: Any) -> str | None:
    """How near two addresses are: street, town, or "" when they differ; None: nothing typed."""
    street = place.street_key(said["address"])
    if street and street == place.street_key(row.address or ""):
        return "street"
    if said["postal_code"] and row.postal_code == said["postal_code"]:
        return "town"
    if said["town"]:
        return "town" if (row.address or "").startswith(said["town"]) else ""
    return "" if said["postal_code"] else None


def _one_form(said: Fields, row: Any) -> bool:
    """株式会社アシスト and アシスト株式会社 are two companies; アシスト may be either."""
    if not said["legal_form"] or not row.legal_form:
        return True
    ours = (said["legal_form"], said["legal_form_position"])
    return ours == (row.legal_form, row.legal_form_position)


def contacts_like(typed: Fields, own_id: int | None = None) -> list[Alike]:
    """People who share the mail address or a telephone, or the name within their account."""
    mail = search_key(str(typed.get("email") or ""))[:254]
    name = search_key(f"{typed.get('family_name') or ''}{typed.get('given_name') or ''}")
    numbers = _numbers(typed.get("phones"))
    keys = _contact_keys(mail, numbers, name, typed.get("account_id"))
    if not keys:
        return []
    rows = db.session.execute(
        sa.select(
            Contact.id, Contact.account_id, Contact.family_name, Contact.given_name,
            Contact.email_key, Contact.department, Account.name.label("company"),
        )
        .join(Account, Account.id == Contact.account_id)
        .where(Contact.id.in_(sa.union_all(*(sa.select(one.c.id) for one in keys))))
        .limit(at_most(COLLEAGUES + READ))
        .execution_options(**PLANNED_ANEW)
    ).all()  # fmt: skip
    calling = _calling([row.id for row in rows], numbers)
    found = []
    for row in rows:
        reasons = ["email"] if mail and row.email_key == mail else []
        reasons += ["phone"] if row.id in calling else []
        here = str(row.account_id) == str(typed.get("account_id"))
        same = name and search_key(row.family_name + (row.given_name or "")) == name
        reasons += ["name_account"] if same and here else ["name"] if same and reasons else []
        if reasons and row.id != own_id:
            about = " ".join(filter(None, (row.company, row.department)))
            label = f"{row.family_name} {row.given_name}".strip()
            found.append(Alike(row.id, label, about, tuple(reasons)))
    return _best(found)


def _contact_keys(
    mail: str, numbers: Sequence[str], name: str, account_id: Any
) -> list[sa.Subquery]:
    asked: list[sa.Select[Any]] = []
    if "@" in mail:
        asked.append(sa.select(Contact.id).where(Contact.email_key == mail))
    if numbers:
        calling = ContactPhone.e164.in_(numbers)
        asked.append(sa.select(ContactPhone.contact_id.label("id")).where(calling))
    cut = [one.limit(at_most(READ)).subquery() for one in asked]
    if len(name) > 1 and str(account_id).isascii() and str(account_id).isdigit():
        mates = sa.select(Contact.id).where(Contact.account_id == int(str(account_id)[:16]))
        cut.append(mates.limit(at_most(COLLEAGUES)).subquery())
    return cut


def _numbers(phones: Any) -> list[str]:
    """E.164 of telephone numbers: lines of a form, or the list of a program."""
    lines = (
        str(phones).splitlines()
        if isinstance(phones, str)
        else [str(one.get("number", "")) for one in phones or () if isinstance(one, dict)]
    )
    found = (_whole(e164, split_extension(one)[0]) for one in lines[:20])
    return [one for one in found if one]


def _calling(ids: Sequence[int], numbers: Sequence[str]) -> set[int]:
    """Which of these people have one of these numbers."""
    if not ids or not numbers:
        return set()
    here = ContactPhone.contact_id.in_(ids), ContactPhone.e164.in_(numbers)
    return set(db.session.scalars(sa.select(ContactPhone.contact_id).where(*here)))


def _best(found: list[Alike]) -> list[Alike]:
    """Those with the most in common first; a name alone comes last."""
    weight = {"corporate_number": 8, "email": 4, "name_account": 4, "name_place": 4, "phone": 2}
    order = sorted(found, key=lambda one: (-sum(weight.get(r, 1) for r in one.reasons), one.id))
    return order[:SHOWN]
