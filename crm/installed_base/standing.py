"""How units stand and stood, as parts of their page are drawn from it; nothing here changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import render_template, request
from werkzeug.datastructures import MultiDict

from crm.accounts.models import Account, Site
from crm.accounts.queries import get_account
from crm.clock import today
from crm.editing import Sheet, load
from crm.errors import NotFound
from crm.extensions import db
from crm.installed_base import components, picking, places, states, words
from crm.installed_base.models import Unit
from crm.installed_base.unit_schemas import StateQuery
from crm.rights import Person
from crm.staff.models import Staff
from crm.typed import key_of

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
        for row, before in zip(rows, [*rows[1:], None], strict=False)
    ][:MOST_MOVES]
    return render_template(
        "installed_base/moves.html", unit=unit, moves=shown, names=names_of(rows), words=words
    )


def parts(unit: Unit) -> str:
    """The whole tree of components in which a unit stands."""
    return render_template(
        "installed_base/parts.html", unit=unit, tree=components.tree_of(unit.id), words=words
    )


def move_form(unit: Unit, user: Person, sheet: Sheet | None = None) -> str:
    """What moving a unit asks: in a dialog for htmx, else as a page; another account is asked for
    its sites."""
    typed = sheet or Sheet(
        {"account_id": unit.account_id, "site_id": unit.site_id or "", "location": unit.location}
        | {"location_id": unit.location_id or ""}
        | {"on": today().isoformat()} | request.args.to_dict()
    )  # fmt: skip
    wanted = typed["account_id"]
    if wanted != str(unit.account_id) and typed["location"] == unit.location:
        typed.values["location"] = ""
    known = key_of(wanted) or unit.account_id
    account = find_account(known, user) or get_account(unit.account_id, user)
    sites = db.session.execute(
        sa.select(Site.id, Site.name).where(Site.account_id == account.id).order_by(Site.id)
    ).all()
    inside = request.headers.get("HX-Request") is not None
    return render_template(
        "installed_base/move_dialog.html" if inside else "installed_base/move_page.html",
        unit=unit, account=account, sites=[tuple(one) for one in sites], sheet=typed,
        labels=words.labels(), pickers=picking.pickers(typed, account.id, user),
        place_groups=places.choices(account.id),
    )  # fmt: skip


def find_account(account_id: int, user: Person) -> Account | None:
    """An account that may be typed half; None when this person knows of none."""
    try:
        return get_account(account_id, user)
    except NotFound:
        return None


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
