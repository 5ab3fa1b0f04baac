"""Compare all accounts, and all contacts, without comparing each with each.

Records are laid into blocks by what a double must share with its twin: the name without its
spelling, the reading, a telephone, a street. Only records of one block are judged, so that 100,000
accounts take seconds. A block that is too large (a name that hundreds bear, an office tower) is
cut by a second trait that the judgement would need anyway.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeVar

import sqlalchemy as sa

from crm.accounts.models import Account, Contact, ContactPhone
from crm.doubles.likeness import (
    Company,
    Judged,
    companies,
    loose_key,
    placed,
    reading_key,
    without_brackets,
)
from crm.doubles.people import Human, folded, humans, mobiles, own_mail
from crm.extensions import db

LARGE = 60
"""Records of one block that are compared each with each."""
AT_ONCE = 10_000

Thing = TypeVar("Thing", Company, Human)
Trait = Callable[[Thing], Hashable]


@dataclass(frozen=True, slots=True)
class Found:
    """Two records that may be one, the older key on the left."""

    kind: str
    left_id: int
    right_id: int
    left_account_id: int
    right_account_id: int
    judged: Judged


COMPANY = (
    Account.id, Account.name, Account.name_key, Account.legal_form, Account.legal_form_position,
    Account.name_kana, Account.corporate_number, Account.parent_id, Account.phone_e164,
    Account.postal_code, Account.address,
)  # fmt: skip
"""What an account is compared by, in the order in which `company` takes it."""
HUMAN = (
    Contact.id, Contact.account_id, Contact.family_name, Contact.given_name,
    Contact.family_name_kana, Contact.given_name_kana, Contact.email_key, Contact.department,
)  # fmt: skip
"""The same of a contact, for `human`."""


def read_companies() -> list[Company]:
    """Every account, with what it is compared by."""
    rows = db.session.execute(sa.select(*COMPANY).order_by(Account.id)).yield_per(AT_ONCE)
    return [company(*row) for row in rows]


def company(
    id_: int, name: str, key: str, form: str | None, side: str | None, kana: str | None,
    number: str | None, parent: int | None, phone: str | None, postal: str | None,
    address: str | None,
) -> Company:  # fmt: skip
    """An account as it is compared."""
    return Company(
        id_, name, key, form or "", side or "", reading_key(kana) if kana else "", number,
        parent, phone, postal or "", address or "", loose_key(key), *placed(address or ""),
    )  # fmt: skip


def human(
    id_: int, account: int, family: str, given: str | None, kana: str | None,
    kana_given: str | None, mail: str | None, department: str | None, *,
    phones: Iterable[str] = (),
) -> Human:  # fmt: skip
    """A contact as it is compared; `phones` as E.164."""
    return Human(
        id_, account, folded(family), folded(given or ""), f"{family} {given or ''}",
        reading_key(f"{kana or ''}{kana_given or ''}"), mail, folded(department or ""),
        frozenset(phones),
    )  # fmt: skip


def read_humans(account_id: int | None = None) -> list[Human]:
    """Every contact (of one account), with what it is compared by."""
    mates = [] if account_id is None else [Contact.account_id == account_id]
    phones: dict[int, set[str]] = defaultdict(set)
    numbers = sa.select(ContactPhone.contact_id, ContactPhone.e164)
    if mates:
        numbers = numbers.join(Contact, Contact.id == ContactPhone.contact_id).where(*mates)
    for key, number in db.session.execute(numbers.where(ContactPhone.e164.is_not(None))):
        phones[key].add(number)
    rows = db.session.execute(sa.select(*HUMAN).where(*mates).order_by(Contact.id)).yield_per(
        AT_ONCE
    )
    return [human(*row, phones=phones.get(row.id, ())) for row in rows]


def doubles_of_accounts(every: Sequence[Company]) -> Iterator[Found]:
    """Pairs of accounts that are worth a person's look."""
    bearers: dict[str, int] = defaultdict(int)
    for one in every:
        bearers[one.loose] += 1

    def judge(a: Company, b: Company) -> Judged | None:
        return companies(a, b, max(bearers[a.loose], bearers[b.loose]))

    ends: tuple[Trait[Company], ...] = (lambda c: c.key[:2], lambda c: c.key[-2:])
    near: tuple[Trait[Company], ...] = (
        lambda c: c.town, lambda c: c.phone, lambda c: c.postal, lambda c: c.street,
    )  # fmt: skip
    blocks: tuple[tuple[Trait[Company], Sequence[Trait[Company]]], ...] = (
        (lambda c: without_brackets(c.loose), near),
        (lambda c: c.reading, near),
        (lambda c: c.phone, ends),
        (lambda c: c.street, ends),
        (lambda c: c.postal, ends),
    )
    for a, b, judged in _judged(every, blocks, judge):
        yield Found("account", a.id, b.id, a.id, b.id, judged)


def doubles_of_contacts(every: Sequence[Human]) -> Iterator[Found]:
    """Pairs of people who are worth a person's look."""
    blocks: tuple[tuple[Trait[Human], Sequence[Trait[Human]]], ...] = (
        (lambda h: (h.account_id, h.family), (lambda h: h.given,)),
        (lambda h: (h.account_id, h.reading) if h.reading else "", (lambda h: h.key,)),
        (lambda h: own_mail(h.mail), (lambda h: h.key,)),
        (lambda h: min(mobiles(h.phones), default=""), (lambda h: h.key,)),
        (lambda h: max(mobiles(h.phones), default=""), (lambda h: h.key,)),
    )
    for a, b, judged in _judged(every, blocks, humans):
        yield Found("contact", a.id, b.id, a.account_id, b.account_id, judged)


def _judged(
    every: Sequence[Thing],
    blocks: Iterable[tuple[Trait[Thing], Sequence[Trait[Thing]]]],
    judge: Callable[[Thing, Thing], Judged | None],
) -> Iterator[tuple[Thing, Thing, Judged]]:
    seen: set[tuple[int, int]] = set()
    for trait, cuts in blocks:
        for block in _blocks(every, trait, cuts):
            for one, other in combinations(block, 2):
                a, b = (one, other) if one.id < other.id else (other, one)
                judged = judge(a, b)
                if judged is not None and (a.id, b.id) not in seen:
                    seen.add((a.id, b.id))
                    yield a, b, judged


def _blocks(
    every: Iterable[Thing], trait: Trait[Thing], cuts: Sequence[Trait[Thing]]
) -> Iterator[list[Thing]]:
    laid: dict[Hashable, list[Thing]] = defaultdict(list)
    for one in every:
        if key := trait(one):
            laid[key].append(one)
    for block in laid.values():
        if len(block) <= LARGE:
            yield block
            continue
        for cut in cuts:
            yield from _cut(block, cut)


def _cut(block: Sequence[Thing], cut: Trait[Thing]) -> Iterator[list[Thing]]:
    """The parts of a large block; what is still too large is compared within its first many."""
    parts: dict[Hashable, list[Thing]] = defaultdict(list)
    for one in block:
        if key := cut(one):
            parts[key].append(one)
    for part in parts.values():
        yield part[: LARGE * 5]
