"""By what new accounts and contacts are compared with those that are here: the keys they may share,
the statement that reads who shares one, the judgement of the nightly comparison."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from crm.accounts.models import Account, Contact, ContactPhone
from crm.connections import PLANNED_ANEW
from crm.doubles.comparing import (
    COMPANY,
    HUMAN,
    Found,
    company,
    doubles_of_accounts,
    doubles_of_contacts,
    human,
)
from crm.doubles.likeness import without_brackets
from crm.doubles.people import mobiles, own_mail
from crm.extensions import db
from crm.transfers.directories import among, one_by_one

Compared = tuple[Any, ...]
"""The key of a record first, then what it is compared by."""
NEAR = 20
"""So many records that share one key are looked at."""


class Way(Protocol):
    """How the records of a kind are compared."""

    columns: tuple[str, ...]
    owner: int | None
    """The place of the account's key, where such a record belongs to one."""

    def own(self, rows: Sequence[Compared]) -> list[Compared]:
        """New rows, written already, with what is kept beside them."""
        ...

    def near(self, own: Sequence[Compared], low: int) -> list[Compared]:
        """Records whose key is lower that share something with one of these rows."""
        ...

    def keys(self, row: Compared) -> Iterator[str]:
        """What a double would share with it."""
        ...

    def judged(self, rows: Sequence[Compared]) -> Iterable[Found]:
        """The pairs among them that are worth a person's look."""
        ...

    def called(self, row: Compared) -> str:
        """The name."""
        ...


class Companies:
    """Accounts: by the name without its spelling, the reading, the telephone."""

    columns: tuple[str, ...] = (*(one.key for one in COMPANY), "kana_key")
    owner: int | None = None

    def own(self, rows: Sequence[Compared]) -> list[Compared]:
        """All of it is in the account itself."""
        return list(rows)

    def near(self, own: Sequence[Compared], low: int) -> list[Compared]:
        """One statement; each of the keys has an index."""
        names = {name for row in own for name in (row[2], without_brackets(row[2])) if name}
        asked = [
            _first(Account.name_key, names, low),
            _first(Account.kana_key, {row[11] for row in own if row[5]}, low),
            _first(Account.phone_e164, {row[8] for row in own if row[8]}, low),
        ]
        found = sa.select(*COMPANY, Account.kana_key).where(Account.id.in_(sa.union_all(*asked)))
        return [tuple(row) for row in db.session.execute(found, execution_options=PLANNED_ANEW)]

    def keys(self, row: Compared) -> Iterator[str]:
        """Of a name in brackets what stands outside them counts."""
        name, kana, phone, sounds = row[2], row[5], row[8], row[11]
        if name:
            yield f"name {without_brackets(name)}"
        if kana:
            yield f"kana {sounds}"
        if phone:
            yield f"phone {phone}"

    def judged(self, rows: Sequence[Compared]) -> Iterable[Found]:
        """As every night."""
        return doubles_of_accounts([company(*row[:11]) for row in rows])

    def called(self, row: Compared) -> str:
        """The official name."""
        return str(row[1])


class People:
    """Contacts: by name or reading within an account, by mail address, by mobile telephone."""

    columns: tuple[str, ...] = (*(one.key for one in HUMAN), "kana_key")
    owner: int | None = 1

    def own(self, rows: Sequence[Compared]) -> list[Compared]:
        """The telephones stand beside the contact."""
        return _with_mobiles(rows)

    def near(self, own: Sequence[Compared], low: int) -> list[Compared]:
        """Two statements: who shares a key, and their telephones."""
        mates = among(Contact.account_id, {row[1] for row in own})
        families, sounds = {row[2] for row in own}, {row[8] for row in own}
        alike = sa.or_(among(Contact.family_name, families), among(Contact.kana_key, sounds))
        calling = among(ContactPhone.e164, {one for row in own for one in row[9]})
        asked = [
            sa.select(Contact.id).where(mates, alike),
            _first(Contact.email_key, {one for row in own if (one := own_mail(row[6]))}, low),
            sa.select(ContactPhone.contact_id).where(calling),
        ]
        found = sa.select(*HUMAN, Contact.kana_key).where(
            Contact.id.in_(sa.union_all(*asked)), Contact.id < low
        )
        rows = db.session.execute(found, execution_options=PLANNED_ANEW)
        return _with_mobiles([tuple(row) for row in rows])

    def keys(self, row: Compared) -> Iterator[str]:
        """A name alone says nothing of people."""
        account, family, mail, sounds, numbers = row[1], row[2], row[6], row[8], row[9]
        yield f"family {account} {family}"
        yield f"kana {account} {sounds}"
        if own := own_mail(mail):
            yield f"mail {own}"
        for number in numbers:
            yield f"mobile {number}"

    def judged(self, rows: Sequence[Compared]) -> Iterable[Found]:
        """As every night."""
        return doubles_of_contacts([human(*row[:8], phones=row[9]) for row in rows])

    def called(self, row: Compared) -> str:
        """Family name first."""
        return f"{row[2]} {row[3] or ''}".strip()


WAYS: dict[str, Way] = {"account": Companies(), "contact": People()}


def _first(column: InstrumentedAttribute[Any], values: set[Any], low: int) -> sa.Select[tuple[int]]:
    """The first of those that share a value: of a name that thousands bear some are enough.

    Each value is looked for by itself: without statistics PostgreSQL takes "lower" for the rarer
    trait, and reads every record there is.
    """
    key = column.class_.id
    some = one_by_one(sa.select(key.label("id"), column.label("value")), column, values).subquery()
    place = sa.func.row_number().over(partition_by=some.c.value, order_by=some.c.id).label("place")
    lower = sa.select(some.c.id, place).where(some.c.id < low).subquery()
    return sa.select(lower.c.id).where(lower.c.place <= NEAR)


def _with_mobiles(rows: Sequence[Compared]) -> list[Compared]:
    phones: dict[int, set[str]] = defaultdict(set)
    asked = sa.select(ContactPhone.contact_id, ContactPhone.e164).where(
        among(ContactPhone.contact_id, {row[0] for row in rows}), ContactPhone.e164.is_not(None)
    )
    for contact_id, number in db.session.execute(asked) if rows else ():
        phones[contact_id].add(str(number))
    return [(*row, sorted(mobiles(frozenset(phones[row[0]])))) for row in rows]
