"""What waits in the outbox for expiries. Each job may run twice and leaves the same database."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from crm.expiry import keeping
from crm.expiry.dates import CHECKS
from crm.installed_base.models import Unit
from crm.outbox.actions import send
from crm.outbox.models import HEAVY
from crm.timeline.models import Event
from crm.timeline.queries import event

U = Unit.__table__.c
OF = {"product": U.product_id, "account": U.account_id}
"""What many units are looked up by: the model that changed, the account whose plan did."""
INTERVALS = frozenset(("inspection_interval_months", "consumable_cycle_days"))
"""The fields of a model that say how often something is due."""


def follow(payload: dict[str, Any]) -> None:
    """A unit, what was done on it, its model or a plan over it changed."""
    heard = event(payload["event_id"])
    if heard is None or not _matters(heard):
        return
    unit = _unit_of(heard)
    if unit is not None:
        keeping.refresh(U.id == unit)
    elif heard.subject_type == "product":
        of_product(heard.subject_id, f"event:{heard.id}")
    elif heard.account_id is not None:
        _go_on(f"event:{heard.id}", {"of": "account", "key": heard.account_id}, 0)


def _matters(heard: Event) -> bool:
    if heard.kind == "product.changed":
        return not INTERVALS.isdisjoint(heard.facts["fields"])
    return heard.kind != "work_order.done" or heard.facts.get("work_kind") in CHECKS


def _unit_of(heard: Event) -> int | None:
    if heard.subject_type == "unit":
        return heard.subject_id
    named: int | None = heard.facts.get("unit_id")
    return named


def follow_units(payload: dict[str, Any]) -> None:
    """Visits of some units were arranged or are over."""
    keeping.refresh_units(payload["units"])


def of_product(product_id: int, why: str) -> None:
    """A model is inspected or supplied at other intervals than before; `why` names the change."""
    _go_on(why, {"of": "product", "key": product_id}, 0)


def nightly(payload: dict[str, Any]) -> None:
    """Once a day: every unit, whatever happened to it."""
    _go_on(payload["day"], {}, 0)


def keep(payload: dict[str, Any]) -> None:
    """Bring the next units up to date; those behind them are another message."""
    said: dict[str, Any] = {name: payload[name] for name in ("of", "key") if name in payload}
    which = OF[said["of"]] == said["key"] if said else sa.true()
    keys = keeping.units_behind(which, payload["after"])
    if keys:
        keeping.refresh(sa.and_(which, U.id > payload["after"], U.id <= keys[-1]))
    if len(keys) == keeping.WINDOW:
        _go_on(payload["why"], said, keys[-1])


def _go_on(why: str, said: dict[str, Any], after: int) -> None:
    """The next step; `why` and the place it begins at make it one of its kind."""
    payload = said | {"why": why, "after": after}
    send("expiry.keep", f"expiry.keep:{why}:{after}", payload, HEAVY)
