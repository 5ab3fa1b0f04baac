"""Build the index anew while people work: some records at a time, in a transaction each.

Before the records of a chunk are read their entries are locked. Whoever has changed a record and
not committed yet holds the lock of its entry, so we wait and read what was changed; whoever
changes one later waits for us, and writes the newer entry over ours. After a kill the next chunk
is the one that was lost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from crm.clock import now
from crm.crash import crashpoint
from crm.extensions import at_most, db
from crm.outbox.actions import send
from crm.outbox.models import HEAVY
from crm.search.actions import forget_many
from crm.search.models import Entry, entry_id
from crm.search.rebuild_models import MAKE, Rebuild
from crm.search.sources import refresh, sources

CHUNK = 400
SWEPT = 2000
"""Entries that are looked at at once for records that are gone."""

PATIENCE = "SET LOCAL lock_timeout = '500ms'"
"""PostgreSQL looks for deadlocks after a second: the one that gives up is never the user's."""

SWEEP = "-"


def latest() -> Rebuild | None:
    """The newest building of the index, finished or not."""
    newest = sa.select(Rebuild).order_by(Rebuild.id.desc()).limit(at_most(1))
    return db.session.scalar(newest)


def is_outdated() -> bool:
    """Is there an index of an older make, or one that is not built to its end?"""
    run = latest()
    return run is not None and (run.make != MAKE or run.finished_at is None)


def ask() -> None:
    """Have an outdated index built anew in the background; asking again asks once. What a new
    installation's index is made by is written down, for the day when there is a newer make."""
    run = latest()
    if run is None:
        db.session.add(Rebuild(make=MAKE, finished_at=now()))
    elif run.make != MAKE:
        send("search.rebuild", f"search.rebuild:{run.id}", {}, HEAVY)


def ask_on(run_id: int, where: str, at: datetime | None = None) -> None:
    """Have the next chunk done in the background."""
    said = {"run_id": run_id}
    send("search.rebuild", f"search.rebuild:{run_id}:{where}", said, HEAVY, at)


def begin(anew: bool = False) -> Rebuild:
    """The building that is under way, else a new one; `anew` gives up the one under way."""
    run = latest()
    if run is not None and run.finished_at is None and run.make == MAKE:
        if not anew:
            return run
        run.finished_at = now()
    first, whole = next(iter(sources())), sum(one.count() for one in sources().values())
    run = Rebuild(make=MAKE, kind=first, reached=0, done=0, whole=whole)
    db.session.add(run)
    db.session.flush()
    return run


def step(run_id: int) -> Rebuild:
    """Do the next chunk in the open transaction. Raises OperationalError when somebody holds an
    entry of it for long; then roll back and try again."""
    run = _mine(run_id)
    if run.finished_at is not None:
        return run
    if run.kind == SWEEP:
        _sweep(run)
        return run
    keys = sources()[run.kind].keys(run.reached, CHUNK)
    if not keys:
        _next_kind(run)
        return run
    _lock(run.kind, keys)
    refresh(run.kind, keys)
    crashpoint("search.rebuilt")
    run.reached, run.done = keys[-1], run.done + len(keys)
    return run


def _mine(run_id: int) -> Rebuild:
    """Nobody else does a chunk of this building at the same time."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(sa.text(PATIENCE))
    locked = sa.select(Rebuild).where(Rebuild.id == run_id).with_for_update()
    return db.session.execute(locked.execution_options(populate_existing=True)).scalar_one()


def _next_kind(run: Rebuild) -> None:
    kinds = [*sources(), SWEEP]
    run.kind, run.reached = kinds[kinds.index(run.kind) + 1], 0


def _lock(kind: str, keys: Sequence[int]) -> None:
    """Hold the entries of these records, those that are not there yet as well."""
    ids = sorted(entry_id(kind, key) for key in keys)
    if db.session.get_bind().dialect.name == "sqlite":
        return  # Its transactions write one after the other.
    held = sa.select(Entry.id).where(Entry.id.in_(ids)).order_by(Entry.id).with_for_update()
    there = set(db.session.scalars(held))
    of = {entry_id(kind, key): key for key in keys}
    missing = [_stub(kind, of[one], one) for one in ids if one not in there]
    if missing:
        writing = postgresql.insert(Entry)
        touched = {"updated_at": writing.excluded.updated_at}
        writing = writing.on_conflict_do_update(index_elements=["id"], set_=touched)
        db.session.connection().execute(writing, missing)


def _stub(kind: str, record_id: int, key: int) -> dict[str, object]:
    texts = dict.fromkeys(("label", "sublabel", "body", "label_key", "text"), "")
    about = {"id": key, "kind": kind, "record_id": record_id, "restricted": True}
    return {**about, **texts, "updated_at": now()}


def _sweep(run: Rebuild) -> None:
    """Take out entries whose record is gone; at the end the index is built."""
    some = sa.select(Entry.id, Entry.kind, Entry.record_id).where(Entry.id > run.reached)
    rows = db.session.execute(some.order_by(Entry.id).limit(at_most(SWEPT))).all()
    of_kind: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        of_kind[row.kind].append(row.record_id)
    for kind in of_kind.keys() & sources().keys():
        gone = set(of_kind[kind]) - sources()[kind].present(of_kind[kind])
        forget_many(kind, sorted(gone))
    if rows:
        run.reached = rows[-1].id
    else:
        run.finished_at = now()
