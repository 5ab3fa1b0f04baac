"""At night: contents that no record has any more are deleted."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from crm.extensions import db
from crm.files import store
from crm.files.models import Attachment

OLD = 24 * 3600.0
"""Seconds; what is younger may belong to a change that is not committed yet, or to a backup."""


def tidy(_payload: dict[str, Any]) -> None:
    """Delete contents without a record, a day after they came or were taken off."""
    for folder, names in store.folders():
        wanted = sa.select(Attachment.sha256).where(Attachment.sha256.in_(names))
        for name in names - set(db.session.scalars(wanted)):
            store.forget(folder, name, OLD)
