"""What imported activities say of their deals: the last activity, and what comes next.

As when a person writes one. Of several the latest counts, and only a word that is not older than
the deal's last activity says what comes next; a deal that is closed has no next step. The journal
of the run notes each deal once, as it was before, so that the undo puts it back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from crm.clock import local
from crm.deals.models import OPEN_STAGES
from crm.extensions import db
from crm.transfers.bulk import insert_many
from crm.transfers.directories import among
from crm.transfers.finding import Finder
from crm.transfers.kinds import Fields, Item
from crm.transfers.kinds.deals import DEALS
from crm.transfers.packing import packed
from crm.transfers.run_models import ImportStep
from crm.transfers.tables import table_of
from crm.transfers.writing import insert_events, update_many, versions

STEPS = table_of(ImportStep)
STEP = ("next_step", "next_step_on", "next_step_kind", "next_step_time", "next_step_promised")


def pass_on(items: Iterable[Item], finder: Finder) -> None:
    """Bring the deals of some activities up to date. Does not commit."""
    latest: dict[int, Item] = {}
    for one in sorted(items, key=lambda item: item.columns["at"]):
        if one.columns["deal_id"] and not one.columns["planned"]:
            latest[one.columns["deal_id"]] = one
    if not latest:
        return
    table = DEALS.table
    rows = db.session.execute(sa.select(table).where(among(table.c.id, sorted(latest))))
    there = {row.id: dict(row._mapping) for row in rows}
    deals = [_deal(there[key], latest[key]) for key in sorted(latest)]
    groups: dict[tuple[str, ...], list[Item]] = defaultdict(list)
    for one in deals:
        groups[one.changed].append(one)
    for changed, some in groups.items():
        if changed:
            update_many(DEALS, changed, some, {}, finder)
    touched = [one for one in deals if one.changed]
    _tell([one for one in touched if set(STEP) & set(one.changed)], finder)
    _note(touched, finder)


def _deal(there: Fields, said: Item) -> Item:
    day = local(said.columns["at"]).date()
    last = there["last_activity_on"]
    after: Fields = {"last_activity_on": max(last or day, day)}
    step = said.columns["next_step"]
    if step and there["stage"] in OPEN_STAGES and (last is None or day >= last):
        promised = bool(said.columns["promised"])
        after |= dict.fromkeys(STEP) | {"next_step": step, "next_step_promised": promised}
    changed = tuple(name for name, value in after.items() if there[name] != value)
    return Item(
        said.line, "", "", {}, {}, there | after, id=there["id"], changed=changed,
        before={name: there[name] for name in changed},
    )  # fmt: skip


def _tell(items: Sequence[Item], finder: Finder) -> None:
    """The history of a deal says what comes next, as when a person says so."""
    rows = []
    for one in items:
        pair = [one.before.get("next_step", one.columns["next_step"]), one.columns["next_step"]]
        facts = {"title": one.columns["title"], "changes": {"next_step": pair}}
        more = {"source": finder.source, "line": one.line, "run": finder.run_id}
        rows.append(("deal.changed", finder.at, one.columns["account_id"], one.id, facts | more))
    insert_events(rows, DEALS.record)


def _note(items: Sequence[Item], finder: Finder) -> None:
    """The journal: a deal that the run has changed or made before is noted there already."""
    if finder.run_id is None or not items:
        return
    ids = [one.id for one in items]
    now = versions(DEALS, ids)
    known = {
        row.record_id: row
        for row in db.session.execute(
            sa.select(STEPS).where(
                STEPS.c.run_id == finder.run_id, STEPS.c.kind == DEALS.name,
                among(STEPS.c.record_id, ids), STEPS.c.outcome == "",
            )
        )
    }  # fmt: skip
    every = {
        "run_id": finder.run_id, "kind": DEALS.name, "what": "changed", "outcome": "", "why": "",
    }  # fmt: skip
    new = []
    for one in items:
        before = {
            "columns": packed(DEALS.table, one.before), "changed": list(one.changed), "key": "",
            "said": None,
        }  # fmt: skip
        if one.id in known:
            _note_again(known[one.id], before, now[one.id])
        else:
            said = {"line": one.line, "record_id": one.id, "version": now[one.id]}
            new.append(every | said | {"before": before})
    insert_many(STEPS, new)


def _note_again(step: Any, before: Fields, version: int) -> None:
    values: Fields = {"version": version}
    if step.what == "changed":
        columns = before["columns"] | step.before["columns"]
        changed = list(dict.fromkeys([*step.before["changed"], *before["changed"]]))
        values["before"] = step.before | {"columns": columns, "changed": changed}
    db.session.execute(sa.update(STEPS).where(STEPS.c.id == step.id).values(values))
