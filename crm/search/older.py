"""Whether some entries are of an older make, which a running rebuild has not reached yet."""

from __future__ import annotations

import sqlalchemy as sa
from flask import current_app

from crm.extensions import at_most, db
from crm.search.rebuild_models import MAKE, Rebuild

WHOLE = "search_is_whole"


def some_are_older() -> bool:
    """May an entry lack the grams of this make? Once all have them, a process asks no more."""
    if not current_app.extensions.get(WHOLE):
        told = sa.or_(Rebuild.finished_at.is_not(None), Rebuild.make != MAKE)
        newest = sa.select(Rebuild.make).where(told).order_by(Rebuild.id.desc()).limit(at_most(1))
        current_app.extensions[WHOLE] = db.session.scalar(newest) in (None, MAKE)
    return not current_app.extensions[WHOLE]
