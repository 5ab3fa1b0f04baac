"""What the search knows of companies, places and people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from crm.accounts.former_names import words_of
from crm.accounts.models import Account, Contact, ContactPhone, Site
from crm.extensions import db
from crm.search.actions import Card

_A, _S, _C = Account.__table__.c, Site.__table__.c, Contact.__table__.c
COMPANY = (
    _A.name.label("company"), _A.name_kana.label("company_kana"), _A.owner_id.label("company_of"),
)  # fmt: skip
"""What the entries of all that belongs to a company say of it."""


def account_cards(keys: Sequence[int]) -> list[Card]:
    """Companies, under the names that they had before as well."""
    rows = db.session.execute(sa.select(*_A).where(_A.id.in_(keys))).all()
    former = words_of(keys)
    return [account_card(row, former.get(row.id, ())) for row in rows]


def account_card(account: Any, former: Sequence[str] = ()) -> Card:
    """One company; what is noted about handling it is found as well."""
    numbers = [account.corporate_number, account.phone]
    return Card(
        "account", account.id, account.name, account.address or "", account.id,
        names=[account.name_kana or "", account.name_en or "", *former],
        identifiers=[one for one in numbers if one], body=account.handling_note or "",
        owner_id=account.owner_id,
    )  # fmt: skip


def site_cards(keys: Sequence[int]) -> list[Card]:
    """Places, with the names of their companies."""
    rows = db.session.execute(
        sa.select(*_S, *COMPANY).where(_S.id.in_(keys)).join(Account, _A.id == _S.account_id)
    )
    return [
        Card(
            "site", row.id, row.name, row.company, row.account_id,
            names=[row.address or "", row.company_kana],
            identifiers=[row.phone] if row.phone else [], owner_id=row.company_of,
        )
        for row in rows
    ]  # fmt: skip


def contact_cards(keys: Sequence[int]) -> list[Card]:
    """People, with what their companies are called and where they work there."""
    phones: dict[int, list[str]] = defaultdict(list)
    numbers = sa.select(ContactPhone.contact_id, ContactPhone.number)
    for key, number in db.session.execute(
        numbers.where(ContactPhone.contact_id.in_(keys)).order_by(ContactPhone.id)
    ):
        phones[key].append(number)
    rows = db.session.execute(
        sa.select(*_C, *COMPANY).where(_C.id.in_(keys)).join(Account, _A.id == _C.account_id)
    )
    return [_contact_card(row, phones[row.id]) for row in rows]


def _contact_card(row: Any, phones: Sequence[str]) -> Card:
    return Card(
        "contact", row.id, f"{row.family_name} {row.given_name}".strip(),
        " ".join(filter(None, (row.company, row.department, row.title))), row.account_id,
        names=[row.family_name_kana + row.given_name_kana, row.company_kana],
        identifiers=[*phones, *([row.email] if row.email else [])], owner_id=row.company_of,
    )  # fmt: skip
