"""Take back what an import did, the newest first: what it made is removed, what it changed is put
back. What somebody edited or used since stays, and is listed with the reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.clock import now
from crm.doubles.models import KINDS as MERGED
from crm.doubles.models import Merge
from crm.extensions import at_most, db
from crm.references import referring
from crm.timeline.models import Event
from crm.transfers.directories import among
from crm.transfers.following import follow, follow_products, units_of
from crm.transfers.given_back import TOLD as MERGES
from crm.transfers.kinds import Kind
from crm.transfers.kinds.undoable import UNDOABLE
from crm.transfers.putting_back import put_back
from crm.transfers.removing import corrected, remove_new
from crm.transfers.run_models import ImportRun, ImportStep
from crm.transfers.running import Overtaken, end
from crm.transfers.tables import table_of
from crm.transfers.unsaying import unsay
from crm.transfers.writing import versions

CHUNK = 500
STAYS = ("events", "import_steps")
"""Tables that name a record and do not keep it from being removed."""
RUNS, STEPS = table_of(ImportRun), table_of(ImportStep)
Step = Any


def parts_back(run_id: int) -> Iterator[ImportRun]:
    """Go on taking back a run. At each turn a part is whole, and whoever asked commits it."""
    run = db.session.get_one(ImportRun, run_id, populate_existing=True)
    try:
        while run.state == "undoing":
            if run.stop:
                end(run, "stopped")
            elif not _some(run):
                end(run, "undone")
            yield run
            db.session.refresh(run)
    except Overtaken:
        db.session.rollback()


def _some(run: ImportRun) -> bool:
    """Take back the next steps; False when none is left."""
    steps = _steps(run)
    if not steps:
        return _again(run)
    undone, kept = 0, 0
    for (name, what), some in groupby(steps, key=lambda one: (one.kind, one.what)):
        reasons = _take_back(UNDOABLE[name], what, list(some), run)
        undone += sum(why is None for why in reasons.values())
        kept += sum(bool(why) for why in reasons.values())
    _move(run, steps[-1].id, undone, kept)
    return True


def _steps(run: ImportRun) -> Sequence[Step]:
    before = STEPS.c.id < run.step_done if run.step_done else sa.true()
    return db.session.execute(
        sa.select(STEPS)
        .where(STEPS.c.run_id == run.id, STEPS.c.outcome == "", before)
        .order_by(STEPS.c.id.desc())
        .limit(at_most(CHUNK))
    ).all()


def _again(run: ImportRun) -> bool:
    """Records that others referred to may be free now; when none became free they stay."""
    waiting = sa.update(STEPS).where(STEPS.c.run_id == run.id, STEPS.c.outcome == "again")
    before = run.findings.get("undone_before", -1)
    progress = run.undone_count != before
    if progress:
        found = db.session.execute(waiting.values(outcome="", why=""))
        if getattr(found, "rowcount", 0) == 0:
            return False
        _move(run, 0, 0, 0, {"undone_before": run.undone_count})
        return True
    found = db.session.execute(waiting.values(outcome="kept"))
    kept = getattr(found, "rowcount", 0)
    _move(run, run.step_done, 0, kept)
    return False


def _move(
    run: ImportRun, step: int, undone: int, kept: int, found: dict[str, Any] | None = None
) -> None:
    """Note how far it has come. Raises Overtaken when another job was there."""
    moved = db.session.execute(
        sa.update(RUNS)
        .where(RUNS.c.id == run.id, RUNS.c.state == "undoing", RUNS.c.step_done == run.step_done)
        .values(
            step_done=step, undone_count=RUNS.c.undone_count + undone, updated_at=now(),
            kept_count=RUNS.c.kept_count + kept, findings=run.findings | (found or {}),
        )
    )  # fmt: skip
    if getattr(moved, "rowcount", 0) != 1:
        raise Overtaken


def _take_back(kind: Kind, what: str, steps: list[Step], run: ImportRun) -> dict[int, str | None]:
    """Step → why it stays; None for one that was taken back, "" for one that is tried again."""
    why = _kept(kind, steps, run)
    free = [step for step in steps if step.id not in why]
    units = units_of(kind.record, [step.record_id for step in free])
    waiting: dict[int, str] = {}
    if what == "new":
        waiting = _referred(kind, free)
        free = [step for step in free if step.id not in waiting]
        unsay(kind, free, run)
        remove_new(kind, [step.record_id for step in free])
    else:
        put_back(kind, free, run)
        if kind.name == "products":
            follow_products((step.record_id for step in free), f"undo:{run.id}:{run.turn}")
    follow(units | units_of(kind.record, [step.record_id for step in free]))
    _mark([step.id for step in free], "undone")
    for step_id, words in why.items():
        _mark([step_id], "kept", words)
    for step_id, words in waiting.items():
        _mark([step_id], "again", words)
    told: dict[int, str | None] = {step.id: None for step in free}
    return told | why | dict.fromkeys(waiting, "")


def _mark(step_ids: list[int], outcome: str, why: str = "") -> None:
    if step_ids:
        marked = sa.update(STEPS).where(STEPS.c.id.in_(step_ids))
        db.session.execute(marked.values(outcome=outcome, why=why[:300]))


def _kept(kind: Kind, steps: list[Step], run: ImportRun) -> dict[int, str]:
    """Steps whose record somebody removed, edited or worked on since."""
    ids = [step.record_id for step in steps]
    there, touched, merged = versions(kind, ids), _touched(kind, ids, run), _merged(kind, ids)
    wrong = corrected(ids) if kind.name == "readings" else set()
    found: dict[int, str] = {}
    for step in steps:
        if step.record_id in merged:
            found[step.id] = _("It was merged with another record since.")
        elif step.record_id not in there:
            found[step.id] = _("It has been removed since.")
        elif there[step.record_id] != step.version or step.record_id in touched:
            found[step.id] = _("It was edited since.")
        elif step.record_id in wrong:
            found[step.id] = _("It was corrected since.")
    return found


def _touched(kind: Kind, ids: list[int], run: ImportRun) -> set[int]:
    """The records that people did something to since the import began. A merge that stands is
    asked for by itself, and one that was taken back did nothing to its records."""
    since = run.started_at or run.created_at
    return set(
        db.session.scalars(
            sa.select(Event.subject_id).where(
                Event.subject_type == kind.record, Event.subject_id.in_(ids),
                Event.by_id.is_not(None), Event.at >= since, Event.kind.not_in(MERGES),
            )
        )
    )  # fmt: skip


def _merged(kind: Kind, ids: list[int]) -> set[int]:
    """Those that people made one with another since, the lost ones and those that took them in."""
    if kind.record not in MERGED:
        return set()
    standing = sa.and_(Merge.kind == kind.record, Merge.undone_at.is_(None))
    sides = [
        sa.select(side).where(standing, among(side, ids))
        for side in (Merge.lost_id, Merge.survivor_id)
    ]
    return set(db.session.scalars(sa.union_all(*sides)))


def _referred(kind: Kind, steps: list[Step]) -> dict[int, str]:
    """Steps whose record others refer to, with the words."""
    ids = [step.record_id for step in steps]
    if kind.table.name == "events":
        return {}
    found = referring(kind.table.name, ids, (*STAYS, *kind.parts)) if ids else {}
    return {
        step.id: _("Other records refer to it (%(what)s).",
                   what=", ".join(sorted(found[step.record_id])))
        for step in steps if found.get(step.record_id)
    }  # fmt: skip
