"""What a contract covers: the units, products and sites that a file names for it, and the account.

A file names all of them: what it names no more is taken off. They stand in tables of their own, and
are compared, kept for an undo and put back like columns of the contract.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.accounts.models import Site
from crm.extensions import db
from crm.installed_base.models import ContractScope, ContractUnit, Unit
from crm.products.models import Product
from crm.text.serial import serial_key
from crm.transfers.directories import PARTED, among, parts
from crm.transfers.finding import Finder
from crm.transfers.kinds import Fields, Item, Lines
from crm.transfers.refusals import Unreadable
from crm.transfers.tables import table_of

UNDER, SCOPES = table_of(ContractUnit), table_of(ContractScope)
U = table_of(Unit).c
NOTHING: Fields = {"units": [], "products": [], "sites": [], "whole_account": False}
_NAMED = {"units": "unit", "products": "product", "sites": "site"}
_TABLES = {"units": Unit, "products": Product, "sites": Site}


def covered(fields: Fields, finder: Finder) -> Fields:
    """What a row says that a contract covers, as keys of records; what it does not speak of is left
    out. Raises Unreadable where one is not there."""
    return {name: _READ[name](fields, finder) for name in NOTHING if name in fields}


def covered_before(fields: Fields, finder: Finder) -> Fields:
    """The same of what a file said before: what is another customer's by now counts as well, and
    what is gone is left out."""
    found: Fields = dict(NOTHING)
    for name, record in _NAMED.items():
        some = (_found(record, fields["account"], one, finder) for one in _words(fields.get(name)))
        found[name] = sorted({key for key in some if key is not None})
    return found | {"whole_account": bool(fields.get("whole_account"))}


def _units(fields: Fields, finder: Finder) -> list[int]:
    account, keys = fields["account"], set()
    for text in _words(fields["units"]):
        key = _by_model(account, text, finder)
        keys |= {key} if key is not None else set(finder.many_of("unit", account, text))
    return sorted(keys)


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


def _found(record: str, account_id: int, text: str, finder: Finder) -> int | None:
    """A record that a file named before: this account's, or whosever it is by now."""
    own = _by_model(account_id, text, finder) if record == "unit" else None
    for of_account in (True, False):
        try:
            if own is None and of_account and record != "product":
                own = finder.find_of(record, account_id, text)
            elif own is None:
                own = finder.find(record, text)
        except Unreadable:
            continue
    return own


def _words(text: str | None) -> Iterator[str]:
    return filter(None, map(str.strip, PARTED.split(text or "")))


_READ: dict[str, Any] = {
    "units": _units,
    "products": lambda said, finder: finder.many("product", said["products"]),
    "sites": lambda said, finder: finder.many_of("site", said["account"], said["sites"]),
    "whole_account": lambda said, _finder: bool(said["whole_account"]),
}


def held(contract_ids: Sequence[int]) -> dict[int, Fields]:
    """Contract → what it covers now; two statements for 500."""
    found = {key: {name: list(some) if isinstance(some, list) else some
                   for name, some in NOTHING.items()} for key in contract_ids}  # fmt: skip
    for some in parts(sorted(found)):
        under, within = UNDER.c, SCOPES.c
        for row in db.session.execute(sa.select(UNDER).where(among(under.contract_id, some))):
            found[row.contract_id]["units"].append(row.unit_id)
        for row in db.session.execute(sa.select(SCOPES).where(among(within.contract_id, some))):
            one = found[row.contract_id]
            if row.product_id:
                one["products"].append(row.product_id)
            elif row.site_id:
                one["sites"].append(row.site_id)
            else:
                one["whole_account"] = True
    for one in found.values():
        one |= {name: sorted(one[name]) for name in _NAMED}
    return found


def shown(name: str, value: Any, finder: Finder) -> Any:
    """What a contract covers, as a person reads it: the first twenty by their names."""
    if name not in _NAMED:
        return _("yes") if value else _("no")
    names = [finder.label(_NAMED[name], key) for key in value[:MOST]]
    rest = len(value) - len(names)
    return ", ".join([*names, _("and %(n)s more", n=rest)] if rest else names)


MOST = 20


def write_new(items: list[Item], _finder: Finder, _at: datetime) -> dict[sa.Table, list[Fields]]:
    """The lines of new contracts."""
    return _rows((item.id, NOTHING | _lines(item)) for item in items)


def write_changed(items: list[Item], _f: Finder, _at: datetime) -> dict[sa.Table, list[Fields]]:
    """Take off what a contract does not name any more; returns what comes on. What is to come back
    and is gone meanwhile stays away."""
    touched = [item for item in items if set(NOTHING) & set(item.changed)]
    there, added = held([item.id for item in touched]), []
    for item in touched:
        before, after = there[item.id], NOTHING | _lines(item)
        more: Fields = {name: sorted(set(after[name]) - set(before[name])) for name in _NAMED}
        more["whole_account"] = after["whole_account"] and not before["whole_account"]
        _take_off(item.id, before, after)
        added.append((item.id, more))
    return _rows((key, _still_there(some)) for key, some in added)


def _lines(item: Item) -> Fields:
    return {name: item.columns[name] for name in NOTHING if name in item.columns}


def _rows(some: Iterable[tuple[int, Fields]]) -> dict[sa.Table, list[Fields]]:
    under, within = [], []
    for key, one in some:
        under += [{"contract_id": key, "unit_id": unit} for unit in one["units"]]
        scopes = [(product, None) for product in one["products"]]
        scopes += [(None, site) for site in one["sites"]]
        scopes += [(None, None)] if one["whole_account"] else []
        within += [
            {"contract_id": key, "product_id": product, "site_id": site} for product, site in scopes
        ]
    return {UNDER: under, SCOPES: within}


def _take_off(contract_id: int, before: Fields, after: Fields) -> None:
    gone = {name: sorted(set(before[name]) - set(after[name])) for name in _NAMED}
    under, within = UNDER.c, SCOPES.c
    for some in parts(gone["units"]):
        own = sa.and_(under.contract_id == contract_id, among(under.unit_id, some))
        db.session.execute(sa.delete(UNDER).where(own))
    wide = [among(within.product_id, gone["products"])] if gone["products"] else []
    wide += [among(within.site_id, gone["sites"])] if gone["sites"] else []
    if before["whole_account"] and not after["whole_account"]:
        wide.append(sa.and_(within.product_id.is_(None), within.site_id.is_(None)))
    if wide:
        own = sa.and_(within.contract_id == contract_id, sa.or_(*wide))
        db.session.execute(sa.delete(SCOPES).where(own))


def _still_there(some: Fields) -> Fields:
    left = dict(some)
    for name, model in _TABLES.items():
        if some[name]:
            key = table_of(model).c.id
            left[name] = [
                one for keys in parts(some[name])
                for one in db.session.scalars(sa.select(key).where(among(key, keys)).order_by(key))
            ]  # fmt: skip
    return left


COVERED = Lines(NOTHING, covered, covered_before, held, shown)
