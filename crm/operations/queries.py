"""Is this installation well?"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from crm.extensions import db
from crm.outbox.queries import waiting
from crm.queue import Doorbell, status


@dataclass(frozen=True, slots=True)
class Health:
    """What a load balancer and an administrator want to know."""

    database: bool
    migrated: bool
    redis: bool | None
    waiting: int

    @property
    def ready(self) -> bool:
        """Redis is a doorbell: without it the work goes on, so it is no condition."""
        return self.database and self.migrated


def health() -> Health:
    """Ask the database and Redis, each with its own short time limit."""
    bell: Doorbell = current_app.extensions["doorbell"]
    redis = status(bell.client) if bell.client is not None else None
    try:
        db.session.execute(sa.text("SELECT 1"))
        return Health(True, _migrated(), redis, waiting())
    except SQLAlchemyError:
        db.session.rollback()
        return Health(False, False, redis, 0)


def _migrated() -> bool:
    return sa.inspect(db.session.connection()).has_table("outbox")
