"""The comparison of everything, every night and on demand. It can run twice."""

from __future__ import annotations

import time
from typing import Any

import sqlalchemy as sa
import structlog

from crm.clock import now
from crm.connections import writing
from crm.doubles import catalogue, comparing, found_again, keeping, machines
from crm.doubles.models import Merge
from crm.doubles.unmerging import KEPT
from crm.extensions import db
from crm.outbox.actions import send
from crm.outbox.models import HEAVY

log = structlog.get_logger()


def nightly(payload: dict[str, Any]) -> None:
    """Once a day: compare everything, and forget what merges moved too long ago to go back."""
    send("doubles.compare", f"doubles.compare:{payload['day']}", {}, HEAVY)
    old = sa.select(Merge.id).where(Merge.at < now() - KEPT)
    keeping.forget_moves(old)


def compare(_payload: dict[str, Any]) -> None:
    """Find what may be one. Nothing is locked while everything is read and judged."""
    began = time.monotonic()
    db.session.rollback()
    token = writing.set(False)
    try:
        companies = comparing.read_companies()
        found = list(comparing.doubles_of_accounts(companies))
        people = comparing.read_humans()
        found += comparing.doubles_of_contacts(people)
        models = catalogue.read_products()
        alike = list(catalogue.doubles_of_products(models))
        known = machines.catalogue(models, alike)
        found += [*alike, *machines.doubles_of_units(machines.read_units(), known)]
        db.session.rollback()
    finally:
        writing.reset(token)
    proposed = keeping.keep(found)
    keeping.note_round(len(companies), len(people), proposed)
    took = round(time.monotonic() - began, 1)
    log.info("doubles.compared", accounts=len(companies), contacts=len(people), seconds=took)


def refresh(payload: dict[str, Any]) -> None:
    """The search follows a large merge some hundred rows at a time."""
    found_again.go_on(payload["merge_id"], payload["after"])
