"""Two accounts, or two of one account's people, that are one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.accounts import rules
from crm.accounts.models import Account, Contact, ContactPhone
from crm.doubles import alerts, moving
from crm.doubles.kinds import Fields, Way
from crm.doubles.models import Merge
from crm.doubles.referring import reference
from crm.errors import Conflict
from crm.extensions import db

DEEPEST = 50


def _check_accounts(survivor: Account, lost: Account) -> None:
    if survivor.id in _below(lost.id):
        why = _("A company between the two stands below one and above the other.")
        raise Conflict(why, {"lost_id": [why]})


def _check_contacts(survivor: Contact, lost: Contact) -> None:
    if survivor.account_id != lost.account_id:
        why = _("They belong to two accounts. Merge the accounts first, or move one of the two.")
        raise Conflict(why, {"lost_id": [why]})


def _below(account_id: int) -> set[int]:
    """The grandchildren of an account and everybody below them."""
    level = [account_id]
    found: set[int] = set()
    for depth in range(DEEPEST):
        below = sa.select(Account.id).where(Account.parent_id.in_(level))
        level = [one for one in db.session.scalars(below) if one not in found]
        if depth:
            found.update(level)
        if not level:
            break
    return found


def _clashing_accounts(survivor: Account, lost: Account) -> Iterator[tuple[str, int]]:
    raised = len(alerts.clashing("account", survivor.id, lost.id))
    if raised:
        yield "alerts", raised
    mates = Contact.__table__.alias()
    here = [Contact.account_id == survivor.id, mates.c.account_id == lost.id]
    same = sa.or_(
        mates.c.email_key == Contact.email_key,
        sa.and_(
            mates.c.family_name == Contact.family_name, mates.c.given_name == Contact.given_name
        ),
    )
    people = db.session.scalar(
        sa.select(sa.func.count()).select_from(Contact).join(mates, same).where(*here)
    )
    if people:
        yield "people", people


def _clashing_contacts(survivor: Contact, lost: Contact) -> Iterator[tuple[str, int]]:
    twins = len(_twin_phones(survivor.id, lost.id))
    if twins:
        yield "phones", twins


def _twin_phones(survivor_id: int, lost_id: int) -> list[int]:
    mine, theirs = ContactPhone.__table__.alias(), ContactPhone.__table__.alias()
    return list(db.session.scalars(
        sa.select(theirs.c.id)
        .join(mine, mine.c.e164 == theirs.c.e164)
        .where(mine.c.contact_id == survivor_id, theirs.c.contact_id == lost_id)
    ))  # fmt: skip


def _parent(survivor: Account, lost: Account, values: Fields) -> Fields:
    """No account stands above itself."""
    parent = values.get("parent_id", survivor.parent_id)
    if parent in (survivor.id, lost.id):
        parent = None if lost.parent_id in (survivor.id, lost.id) else lost.parent_id
        return values | {"parent_id": parent}
    return values


def _move_alerts(made: Merge, *_two: Any) -> dict[str, int]:
    return {"alerts expired": alerts.move(made)}


def _twins_go(made: Merge, survivor: Contact, lost: Contact, _choices: Fields) -> dict[str, int]:
    twins = ContactPhone.id.in_(_twin_phones(survivor.id, lost.id))
    phones = reference("contact", "contact_phones.contact_id")
    return {"contact_phones removed": moving.remove(made, phones, [twins])}


def sort_key(found: Account | Contact) -> str:
    """Where the name stands in a Japanese list."""
    if isinstance(found, Account):
        return rules.sort_key(found.name_kana or "", found.name_core)
    kana = f"{found.family_name_kana or ''}{found.given_name_kana or ''}"
    return rules.sort_key(kana, found.family_name + (found.given_name or ""))


def _sorted(_made: Merge, survivor: Account | Contact) -> None:
    survivor.kana_key = sort_key(survivor)


ACCOUNTS = Way(
    _check_accounts, _clashing_accounts, values=_parent, before=_move_alerts, after=_sorted,
    follows=("kana_key",),
)  # fmt: skip
CONTACTS = Way(
    _check_contacts, _clashing_contacts, before=_twins_go, after=_sorted, follows=("kana_key",)
)
