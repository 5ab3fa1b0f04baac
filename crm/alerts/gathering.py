"""Gather the facts of many units at once, as of a day, in a fixed number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from crm.alerts.facts import (
    ContractFacts,
    Facts,
    FailureFacts,
    MeterFacts,
    ProductFacts,
    RepairFacts,
    TicketFacts,
    UnitFacts,
)
from crm.clock import local, start_of
from crm.extensions import db, keys_given, takes_arrays
from crm.installed_base.covering import covered
from crm.installed_base.models import ServiceContract, Unit, WorkOrder
from crm.products.models import Product
from crm.readings.outlook import standings
from crm.readings.queries import meters_of
from crm.support.models import Ticket
from crm.text import buying_words

FAILURE_MEMORY = timedelta(days=400)


def unit_facts(unit_ids: Iterable[int], as_of: date) -> dict[int, UnitFacts]:
    """Key → facts of a unit as they stood on the evening of `as_of`; five statements."""
    ids = sorted(set(unit_ids))
    if not ids:
        return {}
    repairs, failures = _repairs(ids, as_of)
    for unit_id, found in _failure_tickets(ids, as_of).items():
        days = {one.on for one in found}
        failures[unit_id] = found + [one for one in failures[unit_id] if one.on not in days]
    contracts = _contracts(ids)
    units = db.session.execute(_units(takes_arrays()), {"units": ids}).all()
    products = _products(row.product_id for row in units)
    return {
        row.id: UnitFacts(
            id=row.id, account_id=row.account_id, serial_no=row.serial_no,
            product=products[row.product_id][0], successor=products[row.product_id][1],
            installed_on=row.installed_on or row.accepted_on or row.delivered_on,
            warranty_ends_on=row.warranty_ends_on,
            in_use=row.status in ("in_use", "spare")
            and (row.removed_on is None or row.removed_on > as_of),
            is_competitor=row.is_competitor, contracts=tuple(contracts[row.id]),
            repairs=tuple(repairs[row.id]), failures=tuple(failures[row.id]),
            own_support_end_on=row.end_of_support_on,
        )
        for row in units
    }  # fmt: skip


@cache
def _units(arrays: bool) -> sa.Select[Any]:
    return sa.select(Unit.__table__).where(keys_given("units", arrays)(Unit.id))


_PRODUCT = (
    "id", "code", "name", "list_price", "maintenance_price", "expected_life_months",
    "end_of_support_on",
)  # fmt: skip


@cache
def _with_successors(arrays: bool) -> sa.Select[Any]:
    before, after = Product.__table__, Product.__table__.alias()
    return (
        sa.select(*(table.c[name] for table in (before, after) for name in _PRODUCT))
        .outerjoin_from(before, after, after.c.id == before.c.successor_id)
        .where(keys_given("products", arrays)(before.c.id))
    )


def _products(ids: Iterable[int]) -> dict[int, tuple[ProductFacts, ProductFacts | None]]:
    rows = db.session.execute(_with_successors(takes_arrays()), {"products": list(set(ids))})
    width = len(_PRODUCT)
    return {
        row[0]: (
            ProductFacts(*row[:width]), ProductFacts(*row[width:]) if row[width] else None,
        )
        for row in rows
    }  # fmt: skip


_CONTRACT = (
    "id", "number", "starts_on", "ends_on", "annual_amount", "notice_days", "auto_renew",
    "cancelled_on", "notice_given_on",
)  # fmt: skip


@cache
def _over_units(arrays: bool) -> sa.Select[Any]:
    table, of_units = ServiceContract.__table__, keys_given("units", arrays)(covered.c.unit_id)
    pairs = sa.select(covered.c.unit_id, covered.c.contract_id).where(of_units).distinct()
    under = pairs.subquery()
    return (
        sa.select(under.c.unit_id, *(table.c[name] for name in _CONTRACT))
        .join_from(under, table, table.c.id == under.c.contract_id)
        .order_by(table.c.id)
    )


def _contracts(ids: list[int]) -> dict[int, list[ContractFacts]]:
    found: dict[int, list[ContractFacts]] = defaultdict(list)
    for unit_id, *terms in db.session.execute(_over_units(takes_arrays()), {"units": ids}):
        found[unit_id].append(ContractFacts(*terms))
    return found


@cache
def _repaired(arrays: bool) -> sa.Select[Any]:
    work = WorkOrder.__table__.c
    return (
        sa.select(
            work.id, work.unit_id, work.ticket_id, work.opened_on, work.done_on, work.chargeable,
            work.symptom, work.action, work.invoice_amount, work.status, work.estimate_amount,
            work.declined_reason,
            (work.labour_amount + work.travel_amount + work.parts_amount).label("amount"),
        )
        .where(
            keys_given("units", arrays)(work.unit_id),
            work.kind == "repair",
            work.opened_on <= sa.bindparam("as_of"),
        )
        .order_by(work.id)
    )  # fmt: skip


def _repairs(
    ids: list[int], as_of: date
) -> tuple[dict[int, list[RepairFacts]], dict[int, list[FailureFacts]]]:
    repairs: dict[int, list[RepairFacts]] = defaultdict(list)
    failures: dict[int, list[FailureFacts]] = defaultdict(list)
    asked = {"units": ids, "as_of": as_of}
    for row in db.session.execute(_repaired(takes_arrays()), asked):
        text = _first_line(row.symptom or row.action)
        if row.done_on is not None and row.done_on <= as_of:
            repairs[row.unit_id].append(
                RepairFacts(
                    row.id, row.done_on, row.amount, row.chargeable, text, row.invoice_amount,
                    row.status, row.estimate_amount, row.declined_reason,
                )
            )  # fmt: skip
        if row.ticket_id is None:
            failures[row.unit_id].append(FailureFacts("work_order", row.id, row.opened_on, text))
    return repairs, failures


def _first_line(text: str) -> str:
    """What an alert quotes of a longer text."""
    return next(iter(text.splitlines()), "")[:60]


@cache
def _failed(arrays: bool) -> sa.Select[Any]:
    ticket = Ticket.__table__.c
    return (
        sa.select(ticket.id, ticket.unit_id, ticket.opened_at, ticket.subject)
        .where(
            keys_given("units", arrays)(ticket.unit_id),
            ticket.category == "failure",
            ticket.confidential.is_(False),
            ticket.opened_at < sa.bindparam("before"),
            ticket.opened_at >= sa.bindparam("since"),
        )
        .order_by(ticket.id)
    )


def _failure_tickets(ids: list[int], as_of: date) -> dict[int, list[FailureFacts]]:
    found: dict[int, list[FailureFacts]] = defaultdict(list)
    asked = {
        "units": ids, "before": start_of(as_of + timedelta(days=1)),
        "since": start_of(as_of - FAILURE_MEMORY),
    }  # fmt: skip
    for row in db.session.execute(_failed(takes_arrays()), asked):
        found[row.unit_id].append(
            FailureFacts("ticket", row.id, local(row.opened_at).date(), row.subject)
        )
    return found


def about_ticket(ticket: Ticket) -> Facts:
    """What is known when a customer has called, as of the day of the call."""
    day = local(ticket.opened_at).date()
    units = unit_facts([ticket.unit_id], day) if ticket.unit_id is not None else {}
    hits = buying_words.find(f"{ticket.subject}\n{ticket.voice}", ticket.withdrawn_words)
    told = TicketFacts(
        ticket.id, ticket.subject, ticket.voice,
        tuple(dict.fromkeys(hit.word for hit in hits)), _said(ticket, hits),
    )  # fmt: skip
    return Facts(day, ticket.account_id, units.get(ticket.unit_id or 0), told)


def _said(ticket: Ticket, hits: list[buying_words.Hit]) -> str:
    """The sentence to quote: the customer's own before a subject somebody wrote about it."""
    own = (hit for hit in hits if hit.start > len(ticket.subject))
    hit = next(own, hits[0] if hits else None)
    return hit.sentence if hit else ""


def about_repair(order: WorkOrder, day: date) -> Facts | None:
    """What is known when a repair is done; None when its unit is gone."""
    unit = unit_facts([order.unit_id], day).get(order.unit_id)
    if unit is None:
        return None
    done = next((one for one in unit.repairs if one.id == order.id), None)
    return Facts(day, unit.account_id, unit, repair=done)


def about_metered(unit_id: int, day: date) -> Facts | None:
    """What is known of a unit whose meters were read; None when it is gone."""
    unit = unit_facts([unit_id], day).get(unit_id)
    if unit is None:
        return None
    meters = tuple(
        MeterFacts(
            one.meter.id, one.meter.name, one.total, one.read_on, one.meter.measure,
            one.meter.decimals, one.meter.rated_limit, one.growth.recent if one.growth else None,
            one.growth.before if one.growth else None,
        )
        for one in standings(meters_of(unit_id), day)
    )  # fmt: skip
    return Facts(day, unit.account_id, replace(unit, meters=meters))


def about_units(unit_ids: Iterable[int], day: date) -> list[Facts]:
    """What is known of many units on a day, for the rules that follow the calendar."""
    found = unit_facts(unit_ids, day)
    return [Facts(day, unit.account_id, unit) for _, unit in sorted(found.items())]
