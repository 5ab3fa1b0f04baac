"""Whose card it is: the account it belongs to, and whether the person is here already."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from crm.accounts.alike import Alike, accounts_like, contacts_like
from crm.accounts.models import Account, Contact
from crm.extensions import db
from crm.rights import Person as Viewing
from crm.search.queries import Viewer, find
from crm.text.houjin import corporate_number
from crm.text.vcard import Person

MOST = 100
"""So many cards are looked at on one page."""
_THIRTEEN = re.compile(r"(?<!\d)[0-9０-９]{13}(?!\d)")
EVERYBODYS = frozenset((
    "gmail.com", "googlemail.com", "yahoo.co.jp", "yahoo.com", "outlook.com", "outlook.jp",
    "hotmail.com", "hotmail.co.jp", "icloud.com", "me.com", "docomo.ne.jp", "ezweb.ne.jp",
    "au.com", "softbank.ne.jp", "i.softbank.jp", "ymobile.ne.jp", "nifty.com", "biglobe.ne.jp",
    "ocn.ne.jp", "so-net.ne.jp",
))  # fmt: skip
"""Mail domains that tell nothing of a company."""
NAMESAKES = 20


@dataclass(slots=True)
class Proposal:
    """What is proposed for one card: an account (0: a new one), and who is like the person."""

    place: int
    person: Person
    accounts: list[tuple[int, str, str]] = field(default_factory=list)
    """Key, name, and which of name, mail, number and phone says so; the likeliest first."""
    there: list[Alike] = field(default_factory=list)

    @property
    def doubtful(self) -> bool:
        """Is there nothing but a telephone that two companies may share?"""
        return bool(self.person.organisation) and {one[2] for one in self.accounts} == {"phone"}

    @property
    def account_id(self) -> int:
        """The account that is proposed."""
        return self.accounts[0][0] if self.accounts else 0


def proposals(people: Sequence[Person], user: Viewing) -> list[Proposal]:
    """What is proposed for each card."""
    found = []
    for place, person in enumerate(people[:MOST]):
        one = Proposal(place, person, _accounts(person, user))
        one.there = contacts_like(_typed(person) | {"account_id": one.account_id or None})
        if not one.accounts and one.there:
            one.accounts = _where(one.there)
        found.append(one)
    return found


def _where(there: Sequence[Alike]) -> list[tuple[int, str, str]]:
    """Where those work who are like the person."""
    rows = db.session.execute(
        sa.select(Account.id, Account.name)
        .join(Contact, Contact.account_id == Account.id)
        .where(Contact.id.in_([one.id for one in there]))
        .distinct()
    )
    return [(row.id, row.name, there[0].reasons[0]) for row in rows]


def _typed(person: Person) -> dict[str, Any]:
    return {
        "family_name": person.family_name, "given_name": person.given_name,
        "email": person.emails[0] if person.emails else "",
        "phones": [{"number": number} for number, kind in person.phones if kind != "fax"],
    }  # fmt: skip


def _accounts(person: Person, user: Viewing) -> list[tuple[int, str, str]]:
    numbers = [number for number, kind in person.phones if kind == "work"]
    like = accounts_like(
        {
            "name": person.organisation, "corporate_number": number_in(person.note),
            "postal_code": person.postal_code, "address": person.address,
            "phone": numbers[0] if numbers else "",
        }
    )  # fmt: skip
    found = [(one.id, one.name, one.reasons[0]) for one in like]
    found += _called(person) if not found else []
    known = {one[0] for one in found}
    found += [one for one in _of_mail(person, user) if one[0] not in known]
    return found


def _called(person: Person) -> list[tuple[int, str, str]]:
    """Companies of that very name, wherever they are."""
    like = accounts_like({"name": person.organisation})
    return [(one.id, one.name, "name") for one in like[:NAMESAKES]]


def _of_mail(person: Person, user: Viewing) -> list[tuple[int, str, str]]:
    """Where people of the same mail domain work."""
    domain = person.emails[0].rpartition("@")[2].lower() if person.emails else ""
    if not domain or domain in EVERYBODYS:
        return []
    hits = find(Viewer((f"staff:{user.id}",)), f"@{domain}", ("contact",), NAMESAKES)
    rows = db.session.execute(
        sa.select(Account.id, Account.name)
        .join(Contact, Contact.account_id == Account.id)
        .where(
            Contact.id.in_([one.record_id for one in hits]),
            Contact.email_key.endswith(f"@{domain}", autoescape=True),
        )
        .group_by(Account.id, Account.name)
        .order_by(sa.func.count().desc(), Account.id)
    )
    return [(row.id, row.name, "email") for row in rows]


def number_in(note: str) -> str:
    """A corporate number in a text: thirteen digits of which the first checks the others."""
    for hit in _THIRTEEN.finditer(note):
        try:
            return corporate_number(hit[0])
        except ValueError:
            continue
    return ""
