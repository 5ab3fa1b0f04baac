"""Who can be asked over a case: colleagues who may see it, found by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.advice import reach
from crm.errors import Invalid
from crm.extensions import at_most, db
from crm.rights import Person
from crm.staff.models import Staff, Team
from crm.support.words import departments
from crm.text.normal import clean, search_key

MOST = 8
PEOPLE = 5000
"""So many colleagues are looked through at most."""
EXPERTS = ("engineering", "service")
"""Departments that are offered before anything is typed."""


@dataclass(slots=True)
class Colleague:
    """What rights depend on, and what the picker shows."""

    id: int
    role: str
    team_id: int | None
    name: str
    name_kana: str
    email: str
    department: str | None


def called(q: str, name: str, case: Any, user: Person) -> list[tuple[int, str, str]]:
    """Colleagues by a part of their name, its reading or their address: (key, name, department).

    With nothing typed those who know the technique come first. Whoever may not see the case, and
    the one who asks, is not among them.
    """
    wanted, found = search_key(clean(q)), []
    for one in _everybody():
        known = any(wanted in search_key(text) for text in (one.name, one.name_kana, one.email))
        if known and one.id != user.id and reach.sees(one, name, case):
            found.append((one.id, one.name, departments().get(one.department or "", "")))
    return found[:MOST]


def _everybody() -> list[Colleague]:
    first = sa.case(
        *((Team.department == one, place) for place, one in enumerate(EXPERTS)), else_=len(EXPERTS)
    )
    rows = db.session.execute(
        sa.select(
            Staff.id, Staff.role, Staff.team_id, Staff.name, Staff.name_kana, Staff.email,
            Team.department,
        )
        .outerjoin(Team, Team.id == Staff.team_id)
        .where(Staff.active.is_(True))
        .order_by(first, Team.position, Staff.name_kana, Staff.id)
        .limit(at_most(PEOPLE))
    )  # fmt: skip
    return [Colleague(*row) for row in rows]


def to_ask(asked_id: int, name: str, case: Any, asker_id: int) -> Staff:
    """The colleague with this key. Raises Invalid when she cannot be asked over this case."""
    person = db.session.get(Staff, asked_id)
    if person is None:
        raise Invalid({"asked_id": [_("There is no such record, or it is not for you.")]})
    if not person.active:
        raise Invalid({"asked_id": [_("This person has left.")]})
    if person.id == asker_id:
        raise Invalid({"asked_id": [_("This is the person who is asking. Choose someone else.")]})
    if not reach.sees(person, name, case):
        raise Invalid({"asked_id": [_("This is confidential, and %(name)s may not see it.",
                                      name=person.name)]})  # fmt: skip
    return person


def chosen(key: int | None) -> tuple[int, str, str] | None:
    """The colleague who was chosen in a form, as the picker shows one."""
    person = db.session.get(Staff, key) if key else None
    if person is None:
        return None
    department = person.team.department if person.team else ""
    return person.id, person.name, departments().get(department, "")
