"""Contracts with what they cover, and warranties of units."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.errors import Invalid
from crm.extensions import db
from crm.installed_base.contract_rules import CYCLES, annual
from crm.installed_base.covering import covered
from crm.installed_base.models import ServiceContract, Unit
from crm.installed_base.overlaps import LOOKED_AT, Both, overlapping, told
from crm.installed_base.warranties import settle_file
from crm.installed_base.warranty_models import EXCHANGES, Warranty
from crm.installed_base.warranty_models import KINDS as WARRANTY_KINDS
from crm.timeline.actions import record_many
from crm.transfers.finding import Finder
from crm.transfers.kinds import Fields, Item, Kind, Told
from crm.transfers.kinds.contract_lines import COVERED, NOTHING, write_changed, write_new
from crm.transfers.kinds.installed_base import unit_facts
from crm.transfers.labels import column_word
from crm.transfers.refusals import Unreadable
from crm.transfers.tables import table_of

_SHARES = ("labour_percent", "travel_percent", "parts_percent")
_CONTRACT = (
    "number", "plan", "starts_on", "ends_on", "notice_days", "auto_renew", "response_hours",
    "repair_hours", "around_the_clock", "cancelled_on", "cycle_months", *_SHARES,
)  # fmt: skip
C, U = table_of(ServiceContract).c, table_of(Unit).c
Term = tuple[str, date, date]
"""Number, first and last day of a contract."""
_WARRANTY = (
    "kind", "starts_on", "ends_on", "meter_name", "meter_limit", "transferable", "exchange",
    "exclusions", *_SHARES,
)  # fmt: skip


def _contract(fields: Fields, _finder: Finder) -> Fields:
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


@dataclass(slots=True)
class _Told:
    """What the rows of a file have told so far: unit → the contracts over it, number of a contract
    → the units that are under it from now on."""

    over: dict[int, list[Term]] = field(default_factory=lambda: defaultdict(list))
    under: dict[str, frozenset[int]] = field(default_factory=dict)


_FROM_FILES: WeakKeyDictionary[Finder, _Told] = WeakKeyDictionary()


def _check_overlaps(fields: Fields, columns: Fields, finder: Finder) -> None:
    """Raises Unreadable, in the words of the form, while another contract covers units of this one
    on its days; of one that stands here with these days only the units that come on are asked."""
    if fields.get("even_if_overlapping") or not COVERED.of(columns):
        return
    cancelled: date | None = columns.get("cancelled_on")
    starts_on, ends_on = columns["starts_on"], columns["ends_on"]
    last_on: date = min(ends_on, cancelled - date.resolution) if cancelled else ends_on
    own, said = (columns["number"], starts_on, last_on), _FROM_FILES.setdefault(finder, _Told())
    units = _units_under(columns)
    there = _covered_now(own[0], starts_on, ends_on)
    asked = [unit for unit in units if unit.id not in there]
    both = overlapping(asked, *own, said.under)
    if both := both or _in_this_file(asked, own, said):
        column = column_word("contracts", "even_if_overlapping")
        how = _("It is taken where the column “%(column)s” says yes.", column=column)
        raise Unreadable(f"{told(both)} {how}")
    if own[0] not in said.under:
        said.under[own[0]] = frozenset(unit.id for unit in units)
        for unit in units:
            said.over[unit.id].append(own)


def _covered_now(number: str, starts_on: date, ends_on: date) -> set[int]:
    """The units under a contract as it stands here; none while its days are to be others."""
    same = (C.number == number, C.starts_on == starts_on, C.ends_on == ends_on)
    own = db.session.scalar(sa.select(C.id).where(*same))
    if own is None:
        return set()
    return set(db.session.scalars(sa.select(covered.c.unit_id).where(covered.c.contract_id == own)))


def _units_under(columns: Fields) -> Sequence[sa.Row[Any]]:
    """The units that a contract is to cover, of very many the first ones."""
    said = NOTHING | COVERED.of(columns)
    wide: list[sa.ColumnElement[bool]] = [
        U.product_id.in_(said["products"]),
        U.site_id.in_(said["sites"]),
    ]
    wide += [sa.true()] if said["whole_account"] else []
    within = sa.and_(U.account_id == columns["account_id"], sa.or_(*wide))
    some = sa.select(*U).where(sa.or_(U.id.in_(said["units"]), within)).order_by(U.id)
    return db.session.execute(some.limit(LOOKED_AT)).all()


def _in_this_file(units: Sequence[sa.Row[Any]], own: Term, said: _Told) -> list[Both]:
    return [
        (unit.serial_no, number, last)
        for unit in units
        for number, starts, last in said.over.get(unit.id, ())
        if number != own[0] and starts <= own[2] and own[1] <= last
    ]


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
        (*_CONTRACT, *NOTHING, "annual_amount", "cycle_amount", "account", "even_if_overlapping")
    ),
    required=("account", "number", "starts_on", "ends_on"),
    references={"account": "account"},
    derive=_contract,
    tell=_contract_told,
    identity=("number",),
    of_one_customer=True,
    days=("starts_on", "ends_on", "cancelled_on"),
    beside=write_new,
    beside_changed=write_changed,
    lines=COVERED,
    question=_check_overlaps,
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
    choices={"kind": WARRANTY_KINDS, "exchange": tuple(filter(None, EXCHANGES))},
)
