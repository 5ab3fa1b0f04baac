"""What the corporate register says of an account, written by its own door. Nothing here commits."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from crm.accounts.actions import index_account, write_account
from crm.accounts.former_names import FormerName, words_of
from crm.accounts.models import Account
from crm.extensions import db
from crm.timeline.actions import record

Fields = dict[str, Any]


def rename_account(account: Account, fields: Fields, on: date, by_id: int | None) -> None:
    """Give a company its new name from a day on; it is found under the old one as well.

    `fields` are `name`, and `name_kana` and `name_en` where they are known.
    """
    before = account.name
    _keep_name(account, on)
    _change(account, fields)
    record(
        "account.renamed", account, by_id, account_id=account.id, before=before,
        name=account.name, on=on.isoformat(),
    )  # fmt: skip


def move_account(account: Account, fields: Fields, on: date, by_id: int | None) -> None:
    """Give a company the address that its head office has from a day on."""
    before = account.address
    _change(account, {name: fields[name] for name in ("address", "postal_code")})
    record(
        "account.moved", account, by_id, account_id=account.id, before=before,
        address=account.address, on=on.isoformat(), name=account.name,
    )  # fmt: skip


def close_account(account: Account, fields: Fields, on: date, by_id: int | None) -> None:
    """The company is no more: since when, by which cause (a code of the register, which
    crm/timeline/sentences/register.py puts into words), and the number of its successor."""
    account.closed_on, account.closed_cause = on, fields["cause"]
    account.successor_number = fields.get("successor_number") or None
    record(
        "account.closed", account, by_id, account_id=account.id, name=account.name,
        on=on.isoformat(), cause=account.closed_cause, successor=account.successor_number,
        successor_name=fields.get("successor_name", ""),
    )  # fmt: skip


def restore_account(account: Account, on: date, by_id: int | None) -> None:
    """The company is in the register again."""
    account.closed_on, account.closed_cause, account.successor_number = None, "", None
    record(
        "account.restored", account, by_id, account_id=account.id, name=account.name,
        on=on.isoformat(),
    )  # fmt: skip


def number_account(account: Account, number: str, by_id: int | None) -> None:
    """Give an account the number of its company. Raises Conflict when another one has it."""
    _change(account, {"corporate_number": number})
    record(
        "account.numbered", account, by_id, account_id=account.id, name=account.name,
        number=number,
    )  # fmt: skip


def _keep_name(account: Account, on: date) -> None:
    """The same name twice is kept once, with its last day."""
    there = db.session.scalars(
        sa.select(FormerName).where(
            FormerName.account_id == account.id, FormerName.name == account.name
        )
    ).one_or_none()
    kept = there or FormerName(account_id=account.id, name=account.name)
    kept.name_kana, kept.until_on = account.name_kana, on
    db.session.add(kept)
    db.session.flush()


def _change(account: Account, fields: Fields) -> None:
    write_account(account, fields)
    index_account(account, words_of([account.id]).get(account.id, ()))
