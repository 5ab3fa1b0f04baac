"""What a contract covers: the units, products and sites that a file names for it, and the account.

A file names all of them: what it names no more is taken off. They stand in tables of their own, and
are compared, kept for an undo and put back like columns of the contract.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.accounts.models import Site
from crm.extensions import db
from crm.installed_base.models import ContractScope, ContractUnit, ServiceContract
from crm.products.models import Product
from crm.transfers.directories import among, parts
from crm.transfers.finding import Finder
from crm.transfers.kinds import Fields, Item, Lines
from crm.transfers.kinds.named_units import held as units_held
from crm.transfers.kinds.named_units import named, named_before, still_of, words
from crm.transfers.kinds.named_units import shown as names_of
from crm.transfers.refusals import Unreadable
from crm.transfers.tables import table_of

CONTRACTS, UNDER, SCOPES = map(table_of, (ServiceContract, ContractUnit, ContractScope))
NOTHING: Fields = {"units": [], "products": [], "sites": [], "whole_account": False}
_NAMED = {"units": "unit", "products": "product", "sites": "site"}
_TABLES = {"products": Product, "sites": Site}


def covered(fields: Fields, finder: Finder) -> Fields:
    """What a row says that a contract covers, as keys of records; what it does not speak of is left
    out. Raises Unreadable where one is not there."""
    return {name: _READ[name](fields, finder) for name in NOTHING if name in fields}


def covered_before(fields: Fields, finder: Finder) -> Fields:
    """The same of what a file said before; what is gone is left out."""
    account = fields["account"]
    found: Fields = {"units": named_before(account, fields.get("units"), finder)}
    for name in _TABLES:
        some = (_found(_NAMED[name], account, one, finder) for one in words(fields.get(name)))
        found[name] = sorted({key for key in some if key is not None})
    return found | {"whole_account": bool(fields.get("whole_account"))}


def _found(record: str, account_id: int, text: str, finder: Finder) -> int | None:
    try:
        if record == "product":
            return finder.find(record, text)
        return finder.find_of(record, account_id, text)
    except Unreadable:
        return None


_READ: dict[str, Any] = {
    "units": lambda said, finder: named(said["account"], said["units"], finder),
    "products": lambda said, finder: finder.many("product", said["products"]),
    "sites": lambda said, finder: finder.many_of("site", said["account"], said["sites"]),
    "whole_account": lambda said, _finder: bool(said["whole_account"]),
}


def held(contract_ids: Sequence[int]) -> dict[int, Fields]:
    """Contract → what it covers now; two statements for 500."""
    found = {key: {name: list(some) if isinstance(some, list) else some
                   for name, some in NOTHING.items()} for key in contract_ids}  # fmt: skip
    for some in parts(sorted(found)):
        within = SCOPES.c
        for key, unit in units_held(UNDER.c.contract_id, CONTRACTS, some):
            found[key]["units"].append(unit)
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
    return names_of(_NAMED[name], value, finder)


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
        added.append((item, more))
    return _rows((one.id, _still_there(one.columns["account_id"], some)) for one, some in added)


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


def _still_there(account_id: int, some: Fields) -> Fields:
    left = dict(some) | {"units": still_of(account_id, some["units"])}
    for name, model in _TABLES.items():
        if some[name]:
            key = table_of(model).c.id
            left[name] = [
                one for keys in parts(some[name])
                for one in db.session.scalars(sa.select(key).where(among(key, keys)).order_by(key))
            ]  # fmt: skip
    return left


COVERED = Lines(NOTHING, covered, covered_before, held, shown)
