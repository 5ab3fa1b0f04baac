"""References of a kind to itself, filled when every row of the file is in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.extensions import at_most, db
from crm.transfers.directories import looked_up
from crm.transfers.finding import Finder
from crm.transfers.kinds import Kind
from crm.transfers.labels import column_word
from crm.transfers.models import ImportKey
from crm.transfers.refusals import Unreadable
from crm.transfers.run_models import ImportStep
from crm.transfers.tables import table_of
from crm.transfers.tally import Note
from crm.transfers.writing import fill_later

_KEYS = table_of(ImportKey)
Step = Any


def link_some(
    kind: Kind, finder: Finder, run_id: int, after: int, most: int
) -> tuple[int | None, list[Note]]:
    """Fill the references of the next steps of a run; the last of them, None at the end."""
    steps = _steps(kind, run_id, after, most)
    if not steps:
        return None, []
    finder.forget(everything=not after)
    said = _said(kind, finder, steps)
    named = [
        (step, text) for step in steps if (text := _text(kind, step, said.get(step.record_id, {})))
    ]
    finder.prepare(kind.record, [text for _step, text in named])
    finder.facts(kind.record).read([step.record_id for step, _text in named])
    links, notes = _found(kind, finder, named)
    wrong = kind.judge_links(list(links), finder)
    lines = {step.record_id: step for step in steps}
    notes += [_without(kind, lines[one], why) for one, why in wrong.items() if one in lines]
    good = [one for one in links if one[0] not in wrong]
    fill_later(kind, good)
    kind.linked(good)
    return int(steps[-1].id), notes


def _steps(kind: Kind, run_id: int, after: int, most: int) -> Sequence[Step]:
    return db.session.execute(
        sa.select(
            ImportStep.id, ImportStep.line, ImportStep.record_id, ImportStep.what,
            ImportStep.before,
        )
        .where(ImportStep.run_id == run_id, ImportStep.kind == kind.name, ImportStep.id > after)
        .order_by(ImportStep.id)
        .limit(at_most(most))
    ).all()  # fmt: skip


def _said(kind: Kind, finder: Finder, steps: Sequence[Step]) -> dict[int, dict[str, Any]]:
    """Record → what the file said of it."""
    own = (_KEYS.c.kind == kind.record, _KEYS.c.source == finder.source)
    ids = sorted({step.record_id for step in steps})
    rows = looked_up((_KEYS.c.record_id, _KEYS.c.said), own, _KEYS.c.record_id, ids)
    return {row.record_id: row.said for row in rows}


def _text(kind: Kind, step: Step, said: dict[str, Any]) -> str:
    """What the file says of the reference; blank where it says nothing new of it."""
    told = step.before or {}
    again = step.what == "changed" and told.get("said") is not None
    if again and f"{kind.later}_id" not in told.get("changed", ()):
        return ""
    return str(said.get(kind.later) or "")


def _found(
    kind: Kind, finder: Finder, named: Sequence[tuple[Step, str]]
) -> tuple[list[tuple[int, int]], list[Note]]:
    links, notes = [], []
    for step, text in named:
        try:
            other = finder.find(kind.record, text)
            why = _("There is no %(name)s.", name=text)
            if other == step.record_id:
                why = _("A record does not belong to itself.")
        except Unreadable as error:
            other, why = None, str(error)
        if other is None or other == step.record_id:
            notes.append(_without(kind, step, why))
        else:
            links.append((step.record_id, other))
    return links, notes


def _without(kind: Kind, step: Step, why: str) -> Note:
    words = _("Taken without %(what)s: %(why)s", what=column_word(kind.name, kind.later), why=why)
    return Note(step.line, str(step.what), words)
