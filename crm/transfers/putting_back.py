"""Put back what an import has changed: the columns, what its key said, the history, the search."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import sqlalchemy as sa

from crm.clock import now
from crm.extensions import db
from crm.search.sources import refresh, sources
from crm.timeline.models import Event
from crm.transfers.bulk import insert_many
from crm.transfers.custom import COLUMN, Customs
from crm.transfers.evaluating import digest, thaw
from crm.transfers.finding import Finder
from crm.transfers.kinds import Item, Kind
from crm.transfers.mapping import CUSTOM
from crm.transfers.models import ImportKey
from crm.transfers.packing import unpacked
from crm.transfers.run_models import ImportRun, ImportStep
from crm.transfers.sorting import current
from crm.transfers.tables import table_of
from crm.transfers.writing import account_of, update_many, versions

Step = Any


def put_back(kind: Kind, steps: list[Step], run: ImportRun) -> None:
    """Records that nobody has touched since stand again as they stood before the import."""
    if not steps:
        return
    finder = Finder(run.source, now())
    there = current(kind, [step.record_id for step in steps])
    pairs = [(step, _item(kind, step, there[step.record_id])) for step in steps]
    groups: dict[tuple[str, ...], list[Item]] = defaultdict(list)
    for _step, item in pairs:
        groups[item.changed].append(item)
    for changed, some in groups.items():
        if changed:
            update_many(kind, changed, some, {}, finder)
    touched = [item for _step, item in pairs if item.changed]
    for table, rows in kind.beside_changed(touched, finder, finder.at).items():
        insert_many(table, rows)
    back = [item for item in touched if COLUMN in item.changed]
    Customs(kind, [CUSTOM] if back else [], finder).keep(back)
    _relink(kind, touched)
    _restore_keys(kind, [step for step, _item in pairs], run.source)
    _tell(kind, touched, finder, run.id)
    _follow_steps(kind, [step for step, item in pairs if item.changed], run.id)
    if kind.record in sources():
        refresh(kind.record, [item.id for item in touched])


def _item(kind: Kind, step: Step, there: dict[str, Any]) -> Item:
    before = unpacked(kind.table, step.before["columns"])
    said = step.before["said"] or {}
    changed = tuple(name for name, value in before.items() if there[name] != value)
    return Item(
        step.line, step.before["key"], digest(said), said, thaw(kind, said), there | before,
        id=step.record_id, changed=changed, before={name: there[name] for name in changed},
    )  # fmt: skip


def _relink(kind: Kind, items: list[Item]) -> None:
    column = f"{kind.later}_id"
    links = [(item.id, item.columns[column]) for item in items if column in item.changed]
    if links:
        kind.linked(links)


def _restore_keys(kind: Kind, steps: list[Step], source: str) -> None:
    for step in steps:
        said = step.before["said"]
        own = sa.and_(
            ImportKey.source == source, ImportKey.kind == kind.record,
            ImportKey.key == step.before["key"],
        )  # fmt: skip
        if said is None:
            db.session.execute(sa.delete(ImportKey).where(own))
        else:
            back = sa.update(ImportKey).where(own)
            db.session.execute(back.values(said=said, digest=digest(said)))


def _tell(kind: Kind, items: list[Item], finder: Finder, run_id: int) -> None:
    rows = []
    for item in items:
        for told in kind.tell(item, finder)[:1]:
            rows.append(
                {"kind": told.kind, "at": finder.at, "account_id": account_of(kind, item),
                 "subject_type": kind.record, "subject_id": item.id, "by_id": None,
                 "restricted": False,
                 "facts": told.facts | {"source": finder.source, "line": item.line,
                                        "run": run_id, "undone": True,
                                        "fields": list(item.changed)}}
            )  # fmt: skip
    insert_many(table_of(Event), rows)


def _follow_steps(kind: Kind, steps: list[Step], run_id: int) -> None:
    """An earlier import's record is as that import left it, though its version went on."""
    if "version" not in kind.table.c:
        return
    after = versions(kind, [step.record_id for step in steps])
    for step in steps:
        db.session.execute(
            sa.update(ImportStep)
            .where(
                ImportStep.kind == kind.name, ImportStep.record_id == step.record_id,
                ImportStep.run_id != run_id, ImportStep.outcome == "",
                ImportStep.version == step.version - 1,
            )
            .values(version=after[step.record_id])
        )  # fmt: skip
