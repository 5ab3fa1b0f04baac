"""Units and the work done on them."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.clock import start_of, today
from crm.errors import Invalid
from crm.extensions import db
from crm.installed_base import rules
from crm.installed_base.models import (
    CRITICALITIES,
    OWNERSHIPS,
    UNIT_STATUSES,
    WORK_ENDED,
    WORK_KINDS,
    WORK_STATUSES,
    Unit,
    UnitState,
    WorkOrder,
)
from crm.installed_base.states import BEGINNINGS, TRACKED, first_row, row_of
from crm.installed_base.warranties import follow_file
from crm.installed_base.warranty_models import Warranty
from crm.service.charging import Borne, bill
from crm.text.firmware import firmware_key
from crm.text.serial import serial_key
from crm.transfers.finding import Finder
from crm.transfers.kinds import Fields, Item, Kind, Told, components
from crm.transfers.kinds.moving import held_back
from crm.transfers.labels import column_word
from crm.transfers.refusals import Unreadable
from crm.transfers.tables import table_of

_UNIT = (
    "serial_no", "location", "status", "ownership", "delivered_on", "installed_on", "accepted_on",
    "warranty_ends_on", "removed_on", "is_competitor", "sold_by_us", "produced_on",
    "lease_ends_on", "re_lease_ends_on", "firmware", "lot", "lessor", "criticality",
    "end_of_support_on", "parts_supply_end_on",
)  # fmt: skip
_UNIT_DAYS = tuple(name for name in _UNIT if name.endswith("_on"))
_WORK = (
    "kind", "status", "opened_on", "done_on", "symptom", "cause", "action", "labour_amount",
    "travel_amount", "parts_amount", "chargeable", "downtime_minutes", "charge_reason",
    "labour_minutes", "travel_km", "planned_on", "returned_on", "invoice_amount",
)  # fmt: skip
_CODES = ("symptom_code", "cause_code", "action_code")
_SHARES = ("labour_share", "travel_share", "parts_share")
_WORK_DAYS = ("opened_on", "done_on", "planned_on", "returned_on")


def _unit(fields: Fields, finder: Finder) -> Fields:
    columns: Fields = {name: fields.get(name) for name in _UNIT}
    account, site = fields["account"], fields.get("site")
    site_id = finder.find_of("site", account, site) if site else None
    if site and site_id is None:
        raise Unreadable(
            _("There is no %(kind)s %(text)s of this customer.", kind="site", text=site[:80])
        )
    check_days(columns)
    return columns | {
        "account_id": account, "product_id": fields["product"], "site_id": site_id,
        "end_user_account_id": fields.get("end_user"),
        "serial_key": serial_key(columns["serial_no"])[:80],
        "firmware_key": firmware_key(columns["firmware"] or "") or None,
    }  # fmt: skip


def check_days(columns: Fields) -> None:
    """Raises Unreadable, in the words of the form, when the days of a unit contradict."""
    try:
        rules.check_unit(SimpleNamespace(**{name: columns[name] for name in _UNIT_DAYS}))
    except Invalid as error:
        said = (
            f"{column_word('units', name)}: {' '.join(why)}"
            for name, why in (error.errors or {}).items()
        )
        raise Unreadable(" ".join(said)) from error


def _first_states(
    items: list[Item], _finder: Finder, _at: datetime
) -> dict[sa.Table, list[Fields]]:
    """How every new unit stands from its first known day on."""
    usual = {"status": "in_use", "ownership": "bought", "location": ""}
    rows = [
        first_row(usual | {k: v for k, v in item.columns.items() if v is not None}, item.id)
        for item in items
    ]
    return {table_of(UnitState): rows, table_of(Warranty): _warranties(items)}


def _warranties(items: list[Item]) -> list[Fields]:
    """The maker's warranty of every new unit that has a last day of it."""
    made = [(item.id, item.columns) for item in items if item.columns.get("warranty_ends_on")]
    return [
        {
            "unit_id": key, "kind": "maker", "ends_on": said["warranty_ends_on"],
            "starts_on": min(
                day
                for name in (*BEGINNINGS, "warranty_ends_on")
                if (day := said.get(name)) is not None
            ),
        }
        for key, said in made
    ]  # fmt: skip


def _next_states(items: list[Item], _finder: Finder, _at: datetime) -> dict[sa.Table, list[Fields]]:
    """How units stand from today on of which the file says something else than before."""
    follow_file([item.id for item in items if "warranty_ends_on" in item.changed])
    keys = [item.id for item in items if set(TRACKED) & set(item.changed)]
    rows = []
    for first in range(0, len(keys), 500):
        found = sa.select(table_of(Unit)).where(Unit.id.in_(keys[first : first + 500]))
        rows += [row_of(row._mapping, row.id, today()) for row in db.session.execute(found)]
    return {table_of(UnitState): rows}


def _unit_told(item: Item, finder: Finder) -> list[Told]:
    """What it is called stands in the row: reading each new unit back took half of an import."""
    return [Told("unit.imported", None, _facts(item.columns, finder))]


def unit_facts(unit_id: int | None, finder: Finder) -> Fields:
    """How a unit is called in the history and in the search."""
    unit = finder.facts("unit").get(unit_id or 0)
    return {} if unit is None else _facts(unit, finder)


def _facts(unit: Fields, finder: Finder) -> Fields:
    product = finder.facts("product")[unit["product_id"]]
    return {
        "serial_no": unit["serial_no"], "product_code": product["code"],
        "product": product["name"],
    }  # fmt: skip


def _work(fields: Fields, finder: Finder) -> Fields:
    columns = {name: fields.get(name) for name in _WORK}
    if columns["done_on"] and columns["done_on"] < columns["opened_on"]:
        raise Unreadable(_("It cannot be done before it was opened."))
    if columns["done_on"] and columns["status"] not in WORK_ENDED:
        columns["status"] = "returned"
    columns |= _codes(fields, finder) | _charge(fields)
    return columns | {
        "unit_id": fields["unit"], "ticket_id": fields.get("ticket"),
        "account_id": finder.facts("unit")[fields["unit"]]["account_id"],
        "assignee_id": fields.get("assignee"),
    }  # fmt: skip


def _codes(fields: Fields, finder: Finder) -> Fields:
    """Codes as the list of this company knows them. Raises Unreadable."""
    said = {name: str(fields[name]).upper() for name in _CODES if fields.get(name)}
    known = {(one["kind"], one["code"]) for one in finder.facts("fault_code").values()}
    for name, code in said.items():
        if (name.removesuffix("_code"), code) not in known:
            word = column_word("work-orders", name)
            raise Unreadable(_("%(column)s: there is no code %(text)s.", column=word, text=code))
    return dict.fromkeys(_CODES) | said


def _charge(fields: Fields) -> Fields:
    """What the customer bears: percent of each kind of cost, all three or none; and what it makes.

    Raises Unreadable.
    """
    shares = {name: fields.get(name) for name in _SHARES}
    given = [share for share in shares.values() if share is not None]
    if not given:
        return shares
    if len(given) < len(_SHARES) or any(not 0 <= share <= 100 for share in given):
        raise Unreadable(_("Give all three shares, each from 0 to 100."))
    borne = Borne(*given)
    if fields.get("chargeable") not in (None, borne.any):
        raise Unreadable(_("chargeable says otherwise than the shares."))
    said: Fields = shares | {"chargeable": borne.any}
    if fields.get("invoice_amount") is None:
        labour, travel, parts = (
            int(fields.get(f"{name}_amount") or 0) for name in ("labour", "travel", "parts")
        )
        said["invoice_amount"] = bill(labour, travel, parts, borne).total
    return said


def _work_told(item: Item, finder: Finder) -> list[Told]:
    said = item.columns
    facts = unit_facts(said["unit_id"], finder) | {
        "work_kind": said["kind"] or "repair", "symptom": said["symptom"] or "",
        "action": said["action"] or "", "number": f"WO-{item.id}", "unit_id": said["unit_id"],
    }  # fmt: skip
    return [Told("work_order.imported", start_of(said["done_on"] or said["opened_on"]), facts)]


UNITS = Kind(
    name="units",
    record="unit",
    table=table_of(Unit),
    fields=frozenset((*_UNIT, "account", "product", "site", "end_user", "parent")),
    required=("account", "product", "serial_no"),
    references={
        "account": "account",
        "product": "product",
        "end_user": "account",
        "parent": "unit",
    },
    derive=_unit,
    tell=_unit_told,
    beside=_first_states,
    beside_changed=_next_states,
    parts=frozenset(("unit_states", "warranties")),
    identity=("product_id", "serial_key"),
    of_one_customer=True,
    days=_UNIT_DAYS,
    later="parent",
    held_back=held_back,
    judge_links=components.judge,
    linked=components.write_states,
    choices={
        "status": UNIT_STATUSES,
        "ownership": OWNERSHIPS,
        "criticality": CRITICALITIES[1:],
    },
)
WORK_ORDERS = Kind(
    name="work-orders",
    record="work_order",
    table=table_of(WorkOrder),
    fields=frozenset((*_WORK, *_CODES, *_SHARES, "unit", "ticket", "assignee")),
    required=("unit", "kind", "opened_on"),
    references={"unit": "unit", "ticket": "ticket", "assignee": "staff"},
    derive=_work,
    tell=_work_told,
    days=_WORK_DAYS,
    choices={"kind": WORK_KINDS, "status": WORK_STATUSES},
)
