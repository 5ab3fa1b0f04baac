"""Who works here."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import sqlalchemy as sa

from crm.clock import now
from crm.errors import NotFound, named
from crm.extensions import db
from crm.rights import Person, may
from crm.staff.models import ApiToken, Office, SignIn, Staff, Team
from crm.timeline.models import Event


def token_hash(token: str) -> str:
    """What is stored of a secret of 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()


_WHOSE = sa.select(SignIn.staff_id).where(
    SignIn.token_hash == sa.bindparam("token"), SignIn.expires_at > sa.bindparam("now")
)
_SIGNED_IN = sa.select(Staff).where(Staff.id == _WHOSE.scalar_subquery(), Staff.active.is_(True))
"""One person by her key. Joined, PostgreSQL would read all staff while few are signed in."""


def signed_in(token: str) -> Staff | None:
    """Whose cookie this is, when it has not run out and the person is active."""
    return db.session.scalar(_SIGNED_IN, {"token": token_hash(token), "now": now()})


_BEARER = (
    sa.select(Staff, ApiToken.scope)
    .join(ApiToken, ApiToken.staff_id == Staff.id)
    .where(
        ApiToken.token_hash == sa.bindparam("token"),
        ApiToken.revoked_at.is_(None),
        Staff.active.is_(True),
    )
)


def bearer(token: str) -> tuple[Staff, str] | None:
    """Whose token this is, with its scope (read, write)."""
    row = db.session.execute(_BEARER, {"token": token_hash(token)}).first()
    return (row[0], row[1]) if row else None


def by_email(email: str) -> Staff | None:
    """One person by mail address, upper and lower case alike."""
    return db.session.scalar(sa.select(Staff).where(Staff.email == email.strip().lower()))


def get_staff(staff_id: int, user: Person, action: str = "view") -> Staff:
    """The door: raises NotFound when missing or not for this person."""
    found = db.session.get(Staff, staff_id)
    if found is None or not may(user, action, "staff", found):
        raise NotFound
    return found


def extension_of(user: Person) -> str:
    """A person's own extension; empty when none is on record."""
    return get_staff(user.id, user).extension


def get_team(team_id: int, user: Person, action: str = "view") -> Team:
    """The door to a team."""
    found = db.session.get(Team, team_id)
    if found is None or not may(user, action, "team", found):
        raise NotFound
    return found


def get_office(office_id: int, user: Person, action: str = "view") -> Office:
    """The door to an office."""
    found = db.session.get(Office, office_id)
    if found is None or not may(user, action, "office", found):
        raise NotFound
    return found


_EVERYBODY = (
    sa.select(Staff.id, Staff.name)
    .outerjoin(Team)
    .where(Staff.active.is_(True))
    .order_by(Team.position, Staff.id)
)


def everybody() -> list[tuple[int, str]]:
    """Key and name of all active staff in the organisation's order."""
    return [(row.id, row.name) for row in db.session.execute(_EVERYBODY)]


def manager_of(team_id: int | None) -> Staff | None:
    """The active manager of a team; else any active manager, else an administrator."""
    managers = sa.select(Staff).where(Staff.active.is_(True)).limit(1)
    order = sa.case((Staff.role == "manager", 0), else_=1)
    if team_id is not None:
        same_division = sa.select(Team.division).where(Team.id == team_id).scalar_subquery()
        found = db.session.scalar(
            managers.join(Team, Staff.team_id == Team.id)
            .where(
                Staff.role == "manager",
                sa.or_(Staff.team_id == team_id, Team.division == same_division),
            )
            .order_by(sa.case((Staff.team_id == team_id, 0), else_=1), Staff.id)
        )
        if found is not None:
            return found
    return db.session.scalar(
        managers.where(Staff.role.in_(("manager", "admin"))).order_by(order, Staff.id)
    )


def names(ids: set[int]) -> dict[int, str]:
    """Key → name, in one statement."""
    if not ids:
        return {}
    rows = db.session.execute(sa.select(Staff.id, Staff.name).where(Staff.id.in_(ids)))
    return {row.id: row.name for row in rows}


def check_places(fields: dict[str, object], user: Person) -> None:
    """Every team and office named in a body must exist. Raises Invalid with the field."""
    doors = {"team_id": get_team, "office_id": get_office}
    for name, door in doors.items():
        key = fields.get(name)
        if isinstance(key, int):
            with named(name):
                door(key, user)


def last_editor(kind: str, record_id: int) -> Callable[[], str]:
    """Says who saved a record last, once that is asked: two people rarely change the same field."""

    def ask() -> str:
        found = db.session.scalar(
            sa.select(Staff.name)
            .join(Event, Event.by_id == Staff.id)
            .where(Event.subject_type == kind, Event.subject_id == record_id)
            .order_by(Event.id.desc())
            .limit(1)
        )
        return found or ""

    return ask
