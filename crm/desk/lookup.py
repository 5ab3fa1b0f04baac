"""Who is calling: candidates for what a clerk typed, the surest first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from crm.accounts.models import Account, Contact, ContactPhone, Site
from crm.desk import keys
from crm.extensions import db
from crm.installed_base.models import ServiceContract, Unit, WorkOrder
from crm.rights import Person
from crm.search.queries import find
from crm.support.listing import viewer
from crm.support.models import Ticket
from crm.support.queries import seen

SURE = {"phone": 100, "mail": 100, "serial": 98, "ticket": 97, "work": 96, "contract": 96}
"""How sure a match by each kind of key is; a match by words is always less."""

WORDS = 80
NAMED = ("contact", "site", "unit", "ticket")
KINDS = ("account", "contact", "unit", "contract", "site")
PEOPLE = ("account", "contact")
"""Names are mostly asked for: a machine or contract with the word comes after its owner."""
_HONORIFIC = re.compile(r"\s*(?:様|さま|さん|御中)\s*$")
_none = sa.null()


@dataclass(frozen=True, slots=True)
class Candidate:
    """One who may be calling: an account, a contact or site of it, and what led there."""

    account_id: int
    contact_id: int | None = None
    site_id: int | None = None
    unit_id: int | None = None
    ticket_id: int | None = None
    matched: str = "name"
    score: int = 0


def candidates(q: str, user: Person, limit: int = 8) -> list[Candidate]:
    """Rank who may be meant by a text. Words are looked for when no key fits."""
    if not q.strip():
        return []
    sure = _by_keys(keys.read(q), user)
    found = sure or _by_words(q, user, limit)
    if not found and (name := _HONORIFIC.sub("", q)) != q:
        found = _by_words(name, user, limit)
    merged: dict[tuple[int, int | None], Candidate] = {}
    for one in sorted(found, key=lambda one: (-one.score, one.contact_id is None)):
        known = merged.get((one.account_id, one.contact_id))
        if known is None and not _covered(one, merged):
            merged[one.account_id, one.contact_id] = one
    return list(merged.values())[:limit]


def clear(found: Sequence[Candidate]) -> Candidate | None:
    """The candidate that needs no choosing: the only one, or the only sure one."""
    sure = [one for one in found if one.score > WORDS]
    if len(sure) == 1:
        return sure[0]
    return found[0] if len(found) == 1 else None


def _covered(one: Candidate, merged: dict[tuple[int, int | None], Candidate]) -> bool:
    """An account alone says nothing more when somebody of it is found already."""
    return one.contact_id is None and any(key[0] == one.account_id for key in merged)


def _row(kind: str, account: Any, contact: Any, site: Any, unit: Any, ticket: Any) -> Any:
    """One branch of the union; keys that a kind does not have are empty integers."""
    columns = {
        "account_id": account, "contact_id": contact, "site_id": site, "unit_id": unit,
        "ticket_id": ticket,
    }  # fmt: skip
    empty = sa.cast(_none, sa.BigInteger)
    return sa.select(
        sa.literal(kind).label("matched"),
        *((empty if one is None else one).label(name) for name, one in columns.items()),
    )


def _by_keys(asked: keys.Keys, user: Person) -> list[Candidate]:
    branches: list[Any] = []
    if asked.phone:
        branches += _phones(asked.phone)
    if asked.mail:
        branches.append(
            _row("mail", Contact.account_id, Contact.id, Contact.site_id, None, None).where(
                Contact.email_key == asked.mail
            )
        )
    if asked.ticket:
        branches.append(
            _row("ticket", Ticket.account_id, Ticket.contact_id, Ticket.site_id, Ticket.unit_id,
                 Ticket.id).where(Ticket.id == asked.ticket, seen(user))
        )  # fmt: skip
    if asked.work:
        branches.append(
            _row("work", WorkOrder.account_id, None, None, WorkOrder.unit_id, None).where(
                WorkOrder.id == asked.work
            )
        )
    if asked.serial:
        branches += _serials(asked.serial)
    if not branches:
        return []
    rows = db.session.execute(sa.union_all(*branches))
    return [
        Candidate(row.account_id, row.contact_id, row.site_id, row.unit_id, row.ticket_id,
                  row.matched, SURE[row.matched])
        for row in rows
        if row.account_id is not None
    ]  # fmt: skip


def _phones(number: str) -> list[Any]:
    return [
        _row("phone", Contact.account_id, Contact.id, Contact.site_id, None, None)
        .join(ContactPhone, ContactPhone.contact_id == Contact.id)
        .where(ContactPhone.e164 == number),
        _row("phone", Site.account_id, None, Site.id, None, None).where(Site.phone_e164 == number),
        _row("phone", Account.id, None, None, None, None).where(Account.phone_e164 == number),
    ]


def _serials(serial: str) -> list[Any]:
    return [
        _row("serial", Unit.account_id, None, Unit.site_id, Unit.id, None).where(
            Unit.serial_key == serial
        ),
        _row("contract", ServiceContract.account_id, None, None, None, None).where(
            ServiceContract.number == serial
        ),
    ]


def _by_words(q: str, user: Person, limit: int) -> list[Candidate]:
    found = []
    for place, one in enumerate(find(viewer(user), q, KINDS, limit * 2)):
        account = one.record_id if one.kind == "account" else one.account_id
        if account is None:
            continue
        contact, site, unit, ticket = (
            one.record_id if one.kind == kind else None for kind in NAMED
        )
        score = max(1, WORDS - place - (0 if one.kind in PEOPLE else 10))
        found.append(Candidate(account, contact, site, unit, ticket, one.kind, score))
    return found
