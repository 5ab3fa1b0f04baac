"""Files that were brought go some time after anybody last did something with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

import sqlalchemy as sa

from crm.clock import now
from crm.extensions import at_most, db
from crm.transfers.run_actions import forget_run, has_steps
from crm.transfers.run_models import BUSY, ImportRun
from crm.transfers.storing import folders, throw_away

KEPT_DAYS = 30
"""How long the file of a run lies here after the last that was done with it."""
NEVER_BEGUN = ("uploaded", "mapped", "checked")
SOME = 100


def tidy_some(after: int) -> int | None:
    """Tidy the next runs behind a key; the last key, None at the end. Does not commit.

    A file that nobody went on with is forgotten. Of an import only the file goes: what it did
    stays, and can be taken back.
    """
    found = _old(after)
    for run in found:
        if run.state in NEVER_BEGUN and not has_steps(run):
            forget_run(run)
        else:
            throw_away(run.stored)
            run.stored = ""
    return found[-1].id if found else None


def throw_away_strays() -> None:
    """Folders that no run knows: of somebody who died before the run was written."""
    old = (now() - timedelta(days=1)).timestamp()
    for some in _parts(sorted(folders(old))):
        known = sa.select(ImportRun.stored).where(ImportRun.stored.in_(some))
        for folder in set(some) - set(db.session.scalars(known)):
            throw_away(folder)


def _old(after: int) -> Sequence[ImportRun]:
    before = now() - timedelta(days=KEPT_DAYS)
    return db.session.scalars(
        sa.select(ImportRun)
        .where(
            ImportRun.id > after, ImportRun.updated_at < before, ImportRun.stored != "",
            ImportRun.state.not_in(BUSY),
        )
        .order_by(ImportRun.id)
        .limit(at_most(SOME))
    ).all()  # fmt: skip


def _parts(names: list[str]) -> Iterator[list[str]]:
    for first in range(0, len(names), SOME):
        yield names[first : first + SOME]
