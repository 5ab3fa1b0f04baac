"""How units stand and stood, as parts of their page are drawn from it; nothing here changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import render_template, request
from werkzeug.datastructures import MultiDict

from crm.accounts.models import Account, Site
from crm.editing import load
from crm.extensions import db
from crm.installed_base import states, words
from crm.installed_base.models import Unit
from crm.installed_base.unit_schemas import StateQuery
from crm.staff.models import Staff

MOST_MOVES = 100


def asked_day() -> date | None:
    """The day of which the address asks. Raises Invalid."""
    text = request.args.get("on", "")
    if not text:
        return None
    day: date | None = load(StateQuery(), MultiDict({"on": text})).get("on")
    return day


def moves(unit: Unit) -> str:
    """Every state of a unit, newest first, with what changed; two statements."""
    rows = states.states_of(unit.id, MOST_MOVES + 1)
    shown = [
        {"row": row, "changed": _changed(row, before), "first": before is None}
        for row, before in zip(rows, [*rows[1:], None], strict=True)
    ][:MOST_MOVES]
    return render_template(
        "installed_base/moves.html", unit=unit, moves=shown, names=names_of(rows), words=words
    )


def stood(unit: Unit, on: date) -> dict[str, Any]:
    """How a unit stood on a day, with the names to say it; two statements."""
    row = states.state_of(unit.id, on)
    return {"on": on, "row": row, "names": names_of([row] if row else [])}


def _changed(row: sa.Row[Any], before: sa.Row[Any] | None) -> list[str]:
    return [
        name
        for name in states.TRACKED
        if before is None or row._mapping[name] != before._mapping[name]
    ]


def names_of(rows: Iterable[sa.Row[Any]]) -> Mapping[tuple[str, int], str]:
    """The names behind the keys in states, in one statement."""
    wanted: dict[Any, set[int]] = {Account: set(), Site: set(), Staff: set()}
    for row in rows:
        for table, name in ((Account, "account_id"), (Site, "site_id"), (Staff, "by_id")):
            if row._mapping[name] is not None:
                wanted[table].add(row._mapping[name])
    asked = [
        sa.select(sa.literal(table.__tablename__).label("kind"), table.id, table.name).where(
            table.id.in_(keys)
        )
        for table, keys in wanted.items()
        if keys
    ]
    if not asked:
        return {}
    return {(row.kind, row.id): row.name for row in db.session.execute(sa.union_all(*asked))}
