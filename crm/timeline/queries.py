"""Read the shared history: newest first, one page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.connections import PLANNED_ANEW
from crm.errors import BadRequest
from crm.extensions import at_most, db
from crm.paging import COUNTED
from crm.timeline.lines import GROUPS, detail_of, hidden
from crm.timeline.models import Event
from crm.timeline.sentences import LINES

_staff = sa.table("staff", sa.column("id"), sa.column("name"), sa.column("team_id"))
_teams = sa.table("teams", sa.column("id"), sa.column("department"))


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the history, ready to be shown or sent."""

    id: int
    kind: str
    group: str
    icon: str
    at: datetime
    by: str | None
    department: str | None
    subject_type: str
    subject_id: int
    title: str
    detail: str
    voice: str
    facts: dict[str, Any]
    hidden: bool


def kinds_of(groups: Sequence[str]) -> list[str]:
    """The event kinds behind the filters of the history; calls are activities. Raises BadRequest
    for an unknown one."""
    groups = ["activity" if one == "call" else one for one in groups]
    unknown = set(groups) - set(GROUPS)
    if unknown:
        raise BadRequest(
            _("There is no such filter."), {"kind": [_("One of: %(all)s.", all=", ".join(GROUPS))]}
        )
    return [kind for kind, line in LINES.items() if line.group in groups]


def history(
    *,
    account_id: int | None = None,
    subject: tuple[str, int] | None = None,
    kinds: Sequence[str] | None = None,
    before: tuple[datetime, int] | None = None,
    limit: int = 30,
    sees_restricted: bool = False,
    own_id: int | None = None,
) -> list[Item]:
    """Events of an account or of one record, newest first, in one statement.

    A restricted event is shown as a hidden line unless `sees_restricted`, or `own_id` wrote it.
    """
    read = _lines(account_id is not None, subject is not None, limit)
    values: dict[str, Any] = {}
    if account_id is not None:
        values["account_id"] = account_id
    if subject is not None:
        values |= {"subject_type": subject[0], "subject_id": subject[1]}
    if kinds is not None:
        read = read.where(Event.kind.in_(kinds))
    if before is not None:
        read = read.where(
            sa.tuple_(Event.at, Event.id)
            < sa.tuple_(sa.literal(before[0], Event.at.type), sa.literal(before[1]))
        )
    rows = db.session.execute(read, values)
    return [_item(row, sees_restricted or row.by_id == own_id) for row in rows]


@lru_cache(maxsize=100)
def _lines(of_account: bool, of_subject: bool, limit: int) -> sa.Select[Any]:
    """The statement of `history` without filters: every page of a record asks it."""
    where: list[sa.ColumnElement[bool]] = []
    if of_account:
        where.append(Event.account_id == sa.bindparam("account_id"))
    if of_subject:
        where.append(Event.subject_type == sa.bindparam("subject_type"))
        where.append(Event.subject_id == sa.bindparam("subject_id"))
    return (
        sa.select(
            Event.id, Event.kind, Event.at, Event.subject_type, Event.subject_id, Event.facts,
            Event.restricted, Event.by_id, _staff.c.name, _teams.c.department,
        )
        .outerjoin_from(Event, _staff, _staff.c.id == Event.by_id)
        .outerjoin(_teams, _teams.c.id == _staff.c.team_id)
        .where(*where)
        .order_by(Event.at.desc(), Event.id.desc())
        .limit(at_most(limit))
        .execution_options(**PLANNED_ANEW)
    )  # fmt: skip


def _item(row: sa.Row[Any], sees: bool) -> Item:
    line = LINES[row.kind]
    secret = bool(row.restricted) and not sees
    facts: dict[str, Any] = {} if secret else dict(row.facts)
    return Item(
        row.id, row.kind, line.group, "lock" if secret else line.icon, row.at,
        None if secret else row.name, row.department, row.subject_type, row.subject_id,
        hidden() if secret else line.title(facts), "" if secret else detail_of(line, facts),
        str(facts.get(line.voice, "")) if line.voice else "", facts, secret,
    )  # fmt: skip


_NEWEST = (
    sa.select(Event.kind)
    .where(Event.account_id == sa.bindparam("account_id"))
    .order_by(Event.at.desc(), Event.id.desc())
    .limit(at_most(COUNTED + 1))
    .subquery()
)
_EACH_KIND = (
    sa.select(_NEWEST.c.kind, sa.func.count())
    .group_by(_NEWEST.c.kind)
    .execution_options(**PLANNED_ANEW)
)


def group_counts(account_id: int) -> dict[str, int]:
    """How many events each filter of an account's history holds, in one statement.

    The newest 1,001 are counted: a sum of more than 1,000 says that there are more.
    """
    rows = db.session.execute(_EACH_KIND, {"account_id": account_id})
    counts = dict.fromkeys(GROUPS, 0)
    for kind, number in rows:
        counts[LINES[kind].group] += number
    return counts


def event(event_id: int) -> Event | None:
    """One event, for a listener."""
    return db.session.get(Event, event_id)
