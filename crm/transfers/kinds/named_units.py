"""The units that a cell names for a contract or a plan: those of its customer.

What has moved to another customer since is still linked, but nothing there rests on it: it is not
spoken of, and no file takes it off.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.extensions import db
from crm.installed_base.models import Unit
from crm.text.serial import serial_key
from crm.transfers.directories import PARTED, among, parts
from crm.transfers.finding import Finder
from crm.transfers.refusals import Unreadable
from crm.transfers.tables import table_of

U = table_of(Unit).c
MOST = 20
"""So many are shown by their names."""


def named(account_id: int, text: str, finder: Finder) -> list[int]:
    """The units of a customer that a cell names. Raises Unreadable where one is not there."""
    keys: set[int] = set()
    for one in words(text):
        key = _by_model(account_id, one, finder)
        keys |= {key} if key is not None else set(finder.many_of("unit", account_id, one))
    return sorted(keys)


def named_before(account_id: int, text: str | None, finder: Finder) -> list[int]:
    """The same of what a file said before; what is gone or another customer's is left out."""
    found = (_or_none(account_id, one, finder) for one in words(text))
    return sorted({key for key in found if key is not None})


def held(owner: sa.Column[Any], owners: sa.Table, keys: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Contract or plan and each of its customer's units that it names; `owner` is the column of
    the links that says whose they are. In the order of the units."""
    links = owner.table.c
    for some in parts(sorted(keys)):
        yield from db.session.execute(
            sa.select(owner, links.unit_id)
            .join(Unit, U.id == links.unit_id)
            .join(owners, owners.c.id == owner)
            .where(among(owner, some), U.account_id == owners.c.account_id)
            .order_by(links.unit_id)
        ).tuples()


def still_of(account_id: int, keys: Iterable[int]) -> list[int]:
    """Of some units those that are there and the customer's."""
    found: list[int] = []
    for some in parts(sorted(set(keys))):
        own = sa.select(U.id).where(among(U.id, some), U.account_id == account_id)
        found += db.session.scalars(own.order_by(U.id))
    return found


def words(text: str | None) -> Iterator[str]:
    """The names in a cell."""
    return filter(None, map(str.strip, PARTED.split(text or "")))


def shown(record: str, keys: Sequence[int], finder: Finder) -> str:
    """Records as a person reads them: the first twenty by their names."""
    names = [finder.label(record, key) for key in keys[:MOST]]
    rest = len(keys) - len(names)
    return ", ".join([*names, _("and %(n)s more", n=rest)] if rest else names)


def _by_model(account_id: int, text: str, finder: Finder) -> int | None:
    """A unit that is named with its model, because the account has another of that serial number:
    LX-210 A93-20417."""
    if " " not in text or finder.known("unit", text) is not None:
        return None
    for gap in (at for at, letter in enumerate(text) if letter == " "):
        product, key = _model(text[:gap], finder), serial_key(text[gap:])[:80]
        if product and key:
            own = (U.account_id == account_id, U.product_id == product, U.serial_key == key)
            found = db.session.scalar(sa.select(U.id).where(*own))
            if found is not None:
                return found
    return None


def _model(text: str, finder: Finder) -> int | None:
    try:
        return finder.find("product", text)
    except Unreadable:
        return None


def _or_none(account_id: int, text: str, finder: Finder) -> int | None:
    key = _by_model(account_id, text, finder)
    try:
        return finder.find_of("unit", account_id, text) if key is None else key
    except Unreadable:
        return None
