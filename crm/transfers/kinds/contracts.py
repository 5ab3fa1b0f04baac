"""Contracts with what they cover, and warranties of units."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.errors import Invalid
from crm.extensions import db
from crm.installed_base.contract_rules import CYCLES, annual
from crm.installed_base.models import ContractScope, ContractUnit, ServiceContract, Unit
from crm.installed_base.overlaps import LOOKED_AT, Both, overlapping, told
from crm.installed_base.warranties import settle_file
from crm.installed_base.warranty_models import KINDS as WARRANTY_KINDS
from crm.installed_base.warranty_models import Warranty
from crm.timeline.actions import record_many
from crm.transfers.finding import Finder
from crm.transfers.kinds import Fields, Item, Kind, Told
from crm.transfers.kinds.installed_base import unit_facts
from crm.transfers.labels import column_word
from crm.transfers.refusals import Unreadable
from crm.transfers.tables import table_of

_SHARES = ("labour_percent", "travel_percent", "parts_percent")
_CONTRACT = (
    "number", "plan", "starts_on", "ends_on", "notice_days", "auto_renew", "response_hours",
    "repair_hours", "around_the_clock", "cancelled_on", "cycle_months", *_SHARES,
)  # fmt: skip
U = table_of(Unit).c
Term = tuple[str, date, date]
"""Number, first and last day of a contract."""
_COVERS = ("units", "products", "sites", "whole_account")
_WARRANTY = (
    "kind", "starts_on", "ends_on", "meter_name", "meter_limit", "transferable", "exclusions",
    *_SHARES,
)  # fmt: skip


def _contract(fields: Fields, finder: Finder) -> Fields:
    columns: Fields = {name: fields.get(name) for name in _CONTRACT}
    _check_term(columns)
    cycle = 12 if columns["cycle_months"] is None else columns["cycle_months"]
    if cycle not in CYCLES:
        raise Unreadable(_("cycle_months: one of %(all)s.", all=", ".join(map(str, CYCLES))))
    money = {name: fields[name] for name in ("annual_amount", "cycle_amount") if fields.get(name)}
    try:
        year = annual(money, cycle, 0)
    except Invalid as error:
        raise Unreadable(" ".join(why for some in error.errors.values() for why in some)) from error
    if not fields.get("even_if_overlapping"):
        _check_overlaps(fields, columns, finder)
    return columns | {"account_id": fields["account"], "annual_amount": year}


def _check_term(columns: Fields) -> None:
    """Raises Unreadable when days or shares of a contract or a warranty cannot be."""
    if columns["ends_on"] < columns["starts_on"]:
        raise Unreadable(_("It cannot end before it starts."))
    cancelled: date | None = columns.get("cancelled_on")
    if cancelled is not None and cancelled < columns["starts_on"]:
        raise Unreadable(_("It cannot be cancelled before it starts."))
    for name in _SHARES:
        if not 0 <= (columns[name] or 0) <= 100:
            raise Unreadable(_("%(field)s must be from 0 to %(n)s, not %(text)s.", n=100,
                               field=column_word("contracts", name),
                               text=columns[name]))  # fmt: skip


def _covered(fields: Fields, finder: Finder) -> tuple[list[int], list[Fields]]:
    """The units under a contract, and its scopes. Raises Unreadable where one is not there."""
    account = fields["account"]
    units = finder.many_of("unit", account, fields.get("units"))
    sites = finder.many_of("site", account, fields.get("sites"))
    products = finder.many("product", fields.get("products"))
    scopes: list[Fields] = [{"product_id": one, "site_id": None} for one in products]
    scopes += [{"product_id": None, "site_id": one} for one in sites]
    if fields.get("whole_account"):
        scopes.append({"product_id": None, "site_id": None})
    return units, scopes


_FROM_FILES: WeakKeyDictionary[Finder, dict[int, list[Term]]] = WeakKeyDictionary()
"""Unit → the contracts over it that rows of a file have told so far."""


def _check_overlaps(fields: Fields, columns: Fields, finder: Finder) -> None:
    """Raises Unreadable, in the words of the form, while another contract covers units of this one
    on its days; one that stands here with these days already is not asked again."""
    number, starts_on, ends_on = columns["number"], columns["starts_on"], columns["ends_on"]
    cancelled: date | None = columns.get("cancelled_on")
    last_on: date = min(ends_on, cancelled - date.resolution) if cancelled else ends_on
    here = sa.select(ServiceContract.starts_on, ServiceContract.ends_on)
    known = db.session.execute(here.where(ServiceContract.number == number)).first()
    units = _units_under(fields, finder)
    if known is None or tuple(known) != (starts_on, ends_on):
        both = overlapping(units, number, starts_on, last_on)
        if both := both or _in_this_file(units, (number, starts_on, last_on), finder):
            raise Unreadable(told(both))
    for unit in units:
        _FROM_FILES.setdefault(finder, {}).setdefault(unit.id, []).append(
            (number, starts_on, last_on)
        )


def _units_under(fields: Fields, finder: Finder) -> Sequence[sa.Row[Any]]:
    """The units that a contract is to cover, of very many the first ones."""
    named, scopes = _covered(fields, finder)
    wide: list[sa.ColumnElement[bool]] = [
        sa.true() if key is None else U[name] == key
        for scope in scopes
        for name, key in scope.items()
        if key is not None or not any(scope.values())
    ]
    within = sa.and_(U.account_id == fields["account"], sa.or_(sa.false(), *wide))
    some = sa.select(*U).where(sa.or_(U.id.in_(named), within)).order_by(U.id)
    return db.session.execute(some.limit(LOOKED_AT)).all()


def _in_this_file(units: Sequence[sa.Row[Any]], own: Term, finder: Finder) -> list[Both]:
    before = _FROM_FILES.get(finder, {})
    return [
        (unit.serial_no, number, last)
        for unit in units
        for number, starts, last in before.get(unit.id, ())
        if number != own[0] and starts <= own[2] and own[1] <= last
    ]


def _lines(items: list[Item], finder: Finder, _at: datetime) -> dict[sa.Table, list[Fields]]:
    under, within = [], []
    for item in items:
        units, scopes = _covered(item.fields, finder)
        under += [{"contract_id": item.id, "unit_id": one} for one in units]
        within += [one | {"contract_id": item.id} for one in scopes]
    return {table_of(ContractUnit): under, table_of(ContractScope): within}


def _contract_told(item: Item, _finder: Finder) -> list[Told]:
    return [Told("contract.imported", None, {"name": item.columns["number"]})]


def _warranty(fields: Fields, _finder: Finder) -> Fields:
    columns: Fields = {name: fields.get(name) for name in _WARRANTY}
    _check_term(columns)
    if (columns["meter_limit"] is None) != (columns["meter_name"] is None):
        raise Unreadable(_("meter_name and meter_limit belong together."))
    return columns | {"unit_id": fields["unit"], "kind": columns["kind"] or "maker"}


def _settle(items: list[Item], finder: Finder, _at: datetime) -> dict[sa.Table, list[Fields]]:
    """The history of each unit tells it, and the unit keeps its last day."""
    settle_file(sorted({item.columns["unit_id"] for item in items}))
    record_many("warranty.imported", "units", [_told(one, finder) for one in items], quiet=True)
    return {}


def _told(item: Item, finder: Finder) -> tuple[int, int | None, Fields]:
    unit = finder.facts("unit")[item.columns["unit_id"]]
    told = unit_facts(unit["id"], finder) | {
        "unit_id": unit["id"], "source": finder.source, "line": item.line,
    }  # fmt: skip
    changed = {"fields": list(item.changed)} if item.changed else {}
    return unit["id"], unit["account_id"], told | changed


CONTRACTS = Kind(
    name="contracts",
    record="contract",
    table=table_of(ServiceContract),
    fields=frozenset(
        (*_CONTRACT, *_COVERS, "annual_amount", "cycle_amount", "account", "even_if_overlapping")
    ),
    required=("account", "number", "starts_on", "ends_on"),
    references={"account": "account"},
    derive=_contract,
    tell=_contract_told,
    identity=("number",),
    days=("starts_on", "ends_on", "cancelled_on"),
    beside=_lines,
    fixed=frozenset(_COVERS),
    parts=frozenset(("contract_units", "contract_scopes")),
)
WARRANTIES = Kind(
    name="warranties",
    record="warranty",
    table=table_of(Warranty),
    fields=frozenset((*_WARRANTY, "unit")),
    required=("unit", "starts_on", "ends_on"),
    references={"unit": "unit"},
    derive=_warranty,
    tell=lambda _item, _finder: [],
    identity=("unit_id", "kind", "starts_on"),
    days=("starts_on", "ends_on"),
    beside=_settle,
    beside_changed=_settle,
    choices={"kind": WARRANTY_KINDS},
)
