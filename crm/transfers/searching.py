"""What an import brought is found by the search, and the days of its units follow: behind the
import, so that it does not wait."""

from __future__ import annotations

from collections import defaultdict

import sqlalchemy as sa

from crm.extensions import at_most, db
from crm.search.sources import refresh, sources
from crm.transfers.following import follow, follow_products, units_left, units_of
from crm.transfers.kinds.calendar import PLANS
from crm.transfers.kinds.undoable import UNDOABLE
from crm.transfers.run_models import ImportRun, ImportStep
from crm.transfers.tables import table_of

CHUNK = 500
RUNS = table_of(ImportRun)


def find_some(run_id: int) -> bool:
    """Bring the entries of the next records of a run up to date; False at the end."""
    after = db.session.scalar(sa.select(RUNS.c.found_step).where(RUNS.c.id == run_id))
    if after is None:
        return False
    steps = db.session.execute(
        sa.select(ImportStep.id, ImportStep.kind, ImportStep.record_id, ImportStep.what)
        .where(ImportStep.run_id == run_id, ImportStep.id > after)
        .order_by(ImportStep.id)
        .limit(at_most(CHUNK))
    ).all()
    of_kind: dict[str, list[int]] = defaultdict(list)
    for step in steps:
        of_kind[UNDOABLE[step.kind].record].append(step.record_id)
    for record, keys in of_kind.items():
        if record in sources():
            refresh(record, sorted(set(keys)))
        follow(units_of(record, keys))
    follow(units_left(one.id for one in steps if one.kind == PLANS.name))
    follow_products(
        (one.record_id for one in steps if one.kind == "products" and one.what == "changed"),
        f"import:{run_id}",
    )
    if steps:
        moved = sa.update(RUNS).where(RUNS.c.id == run_id).values(found_step=steps[-1].id)
        db.session.execute(moved)
    return len(steps) == CHUNK


def is_behind(run: ImportRun) -> bool:
    """Is there a record of an ended run that the search does not know yet?"""
    later = sa.select(ImportStep.id).where(
        ImportStep.run_id == run.id, ImportStep.id > run.found_step
    )
    ended = run.state not in ("checking", "running", "undoing", "undone")
    return ended and db.session.scalar(later.limit(1)) is not None
