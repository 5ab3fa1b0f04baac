"""Deals with their line and the trace from which the pipeline of any day is read."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.clock import start_of, today
from crm.deals.models import (
    LOST_REASONS,
    OPEN_STAGES,
    ORIGINS,
    RANKS,
    STAGES,
    Deal,
    DealChange,
    DealLine,
)
from crm.deals.trace import TRACED
from crm.transfers.finding import Finder
from crm.transfers.kinds import Fields, Item, Kind, Told
from crm.transfers.refusals import Unreadable
from crm.transfers.tables import table_of

_PLAIN = ("title", "stage", "next_step", "competitor", "won_reason", "gross_profit")
_BESIDE = ("ordered_by", "joint_with")
"""Kept in the history: who placed the order, and who signed it together with the customer."""
_RANK_OF = {"won": "A", "negotiation": "A", "quotation": "B", "proposal": "C", "discovery": "C"}
"""The rank of a deal whose file knows none; D for the other stages."""


def derive(fields: Fields, finder: Finder) -> Fields:
    """The columns of a deal. A closed one needs its day; one without an amount may be estimated."""
    stage, opened, closed = fields["stage"], fields.get("opened_on"), fields.get("closed_on")
    if stage not in OPEN_STAGES and closed is None:
        raise Unreadable(_("A deal that is won or lost needs the day."))
    if opened and closed and closed < opened:
        raise Unreadable(_("It cannot be closed before it was opened."))
    if closed and closed > today():
        raise Unreadable(_("It cannot be closed on a day that has not come: %(day)s.", day=closed))
    closed = None if stage in OPEN_STAGES else closed
    owner = finder.facts("staff").get(fields.get("owner") or 0)
    since = closed or opened
    return {name: fields.get(name) for name in _PLAIN} | {
        "account_id": fields["account"], "rank": fields.get("rank") or _RANK_OF.get(stage, "D"),
        "owner_id": fields.get("owner"), "team_id": owner["team_id"] if owner else None,
        "origin": fields.get("origin"), "amount": _amount(fields, finder),
        "stage_since": start_of(since) if since else finder.at,
        "created_at": start_of(opened) if opened else finder.at, "closed_on": closed,
        "expected_close_on": fields.get("expected_close_on") or closed,
        "revenue_on": fields.get("revenue_on") or (closed if stage == "won" else None),
        "lost_reason": (fields.get("lost_reason") or "other") if stage == "lost" else None,
    }  # fmt: skip


def _amount(fields: Fields, finder: Finder) -> int:
    amount = fields.get("amount")
    return _estimate(fields, finder) if amount is None else int(amount)


def _estimate(fields: Fields, finder: Finder) -> int:
    """What the deal is thought to be worth before anybody knows: the list price, if so mapped."""
    product = finder.facts("product").get(fields.get("product") or 0)
    if fields.get("estimate") != "list_price" or product is None:
        return 0
    return int(product["list_price"] or 0)


def beside(items: list[Item], finder: Finder, _at: datetime) -> dict[sa.Table, list[Fields]]:
    """Lines, and the trace: opened, and closed where it is."""
    lines, changes = [], []
    for item in items:
        fields, columns = item.fields, item.columns
        if fields.get("product"):
            lines.append(
                {"deal_id": item.id, "position": 0, "product_id": fields["product"],
                 "description": "", "quantity": 1, "unit_price": columns["amount"]}
            )  # fmt: skip
        opened: date | None = fields.get("opened_on")
        if columns["closed_on"] is not None and opened is not None:
            stage = fields.get("opening_stage") or "discovery"
            changes.append(
                _trace(item) | {
                    "at": start_of(opened), "stage_since": start_of(opened), "stage": stage,
                    "rank": _RANK_OF.get(stage, "D"), "expected_close_on": None,
                    "amount": _estimate(fields, finder) or columns["amount"],
                }
            )  # fmt: skip
        changes.append(_trace(item) | {"at": columns["stage_since"]})
    return {table_of(DealLine): lines, table_of(DealChange): changes}


def beside_changed(items: list[Item], _f: Finder, at: datetime) -> dict[sa.Table, list[Fields]]:
    """A trace for every deal of which the reports read something else now."""
    changes = []
    for item in items:
        if {"stage", "closed_on"} & set(item.changed):
            changes.append(_trace(item) | {"at": item.columns["stage_since"]})
        elif set(TRACED) & set(item.changed):
            changes.append(_trace(item) | {"at": at})
    return {table_of(DealChange): changes}


def _trace(item: Item) -> Fields:
    return {"deal_id": item.id, "by_id": None, "stage_since": item.columns["stage_since"]} | {
        name: item.columns[name] for name in TRACED
    }


def tell(item: Item, _finder: Finder) -> list[Told]:
    """Opened on its day, and closed on its day."""
    columns = item.columns
    facts = {"title": columns["title"]} | {
        name: item.fields[name] for name in _BESIDE if item.fields.get(name)
    }
    told = [Told("deal.imported", columns["created_at"], facts | {"stage": columns["stage"]})]
    if columns["closed_on"] is not None and not item.changed:
        told.append(
            Told(f"deal.{columns['stage']}", columns["stage_since"], facts | {
                "closed_on": columns["closed_on"].isoformat(), "reason": columns["lost_reason"],
            })
        )  # fmt: skip
    return told


DEALS = Kind(
    name="deals",
    record="deal",
    table=table_of(Deal),
    fields=frozenset(
        (*_PLAIN, *_BESIDE, "account", "owner", "product", "rank", "amount", "opened_on",
         "closed_on", "opening_stage", "expected_close_on", "revenue_on", "lost_reason", "origin",
         "estimate")
    ),
    required=("title", "account", "stage"),
    references={"account": "account", "owner": "staff", "product": "product"},
    derive=derive,
    tell=tell,
    days=("opened_on", "closed_on", "expected_close_on", "revenue_on"),
    beside=beside,
    fixed=frozenset(("product",)),
    parts=frozenset(("deal_lines", "deal_changes")),
    beside_changed=beside_changed,
    choices={
        "stage": STAGES, "opening_stage": OPEN_STAGES, "rank": RANKS, "origin": ORIGINS,
        "lost_reason": LOST_REASONS, "estimate": ("list_price",),
    },
)  # fmt: skip
