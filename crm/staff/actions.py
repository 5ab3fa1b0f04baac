"""Hire, sign in, issue tokens."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

import marshmallow as ma
import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from flask_babel import gettext as _

from crm.clock import now
from crm.errors import Invalid
from crm.extensions import db
from crm.staff.models import ApiToken, Office, SignIn, Staff, Team
from crm.staff.queries import by_email, token_hash
from crm.staff.schemas import StaffSchema
from crm.timeline.actions import record

DAY = timedelta(days=1)
_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
"""argon2id with OWASP's second choice of parameters (19 MiB, 2 passes)."""
_nobody = _hasher.hash("nobody has this password")

STAFF_FIELDS = (
    "email", "name", "name_kana", "role", "team_id", "office_id", "extension", "active", "language",
)  # fmt: skip


def add_staff(fields: dict[str, Any], by_id: int | None, password: str | None = None) -> Staff:
    """Enter a person. The mail address must be free; the password may come later."""
    _check_email_free(fields["email"], None)
    person = Staff(**fields, password_hash=_hasher.hash(password) if password else None)
    db.session.add(person)
    record("staff.added", person, by_id, account_id=None, name=person.name)
    return person


def change_staff(person: Staff, fields: dict[str, Any], by_id: int) -> None:
    """Change a person; one who becomes inactive is signed out everywhere."""
    if "email" in fields:
        _check_email_free(fields["email"], person.id)
    for name, value in fields.items():
        setattr(person, name, value)
    if not person.active:
        end_sign_ins(person)
    record("staff.changed", person, by_id, account_id=None, name=person.name, fields=list(fields))


def leave_staff(person: Staff, by_id: int) -> None:
    """A person leaves: inactive, signed out, never deleted, as the history names them."""
    change_staff(person, {"active": False}, by_id)


def _check_email_free(email: str, own_id: int | None) -> None:
    other = by_email(email)
    if other is not None and other.id != own_id:
        raise Invalid({"email": [_("Somebody else already has this mail address.")]})


def set_password(person: Staff, password: str) -> None:
    """A new password ends every open sign-in."""
    if len(password) < 10:
        raise Invalid({"password": [_("A password needs at least 10 characters.")]})
    person.password_hash = _hasher.hash(password)
    end_sign_ins(person)


def hashed(password: str) -> str:
    """argon2id of a password."""
    return _hasher.hash(password)


def check_password(person: Staff | None, password: str) -> bool:
    """Takes the same time for unknown people and for people without a password."""
    stored = person.password_hash if person and person.password_hash else _nobody
    try:
        _hasher.verify(stored, password)
    except VerificationError:
        return False
    return person is not None and person.password_hash is not None and person.active


def sign_in(person: Staff, days: int) -> str:
    """Open a sign-in for a number of days; returns the token for the cookie."""
    token = secrets.token_urlsafe(32)
    db.session.add(
        SignIn(
            token_hash=token_hash(token),
            staff_id=person.id,
            created_at=now(),
            expires_at=now() + days * DAY,
        )
    )
    return token


def sign_out(token: str) -> None:
    """End one sign-in."""
    db.session.execute(sa.delete(SignIn).where(SignIn.token_hash == token_hash(token)))


def end_sign_ins(person: Staff) -> None:
    """End every sign-in of a person."""
    db.session.execute(sa.delete(SignIn).where(SignIn.staff_id == person.id))


def issue_token(person: Staff, scope: str) -> str:
    """A new API token: returned once, stored as its hash."""
    token = "eng_" + secrets.token_urlsafe(32)
    db.session.add(
        ApiToken(token_hash=token_hash(token), staff_id=person.id, scope=scope, created_at=now())
    )
    return token


def add_team(fields: dict[str, Any], by_id: int | None) -> Team:
    """Found a team."""
    team = Team(**fields)
    db.session.add(team)
    record("team.added", team, by_id, account_id=None, name=team.name)
    return team


def change_team(team: Team, fields: dict[str, Any], by_id: int) -> None:
    """Rename or move a team."""
    for name, value in fields.items():
        setattr(team, name, value)
    record("team.changed", team, by_id, account_id=None, name=team.name, fields=list(fields))


def add_office(fields: dict[str, Any], by_id: int | None) -> Office:
    """Open an office."""
    office = Office(**fields)
    db.session.add(office)
    record("office.added", office, by_id, account_id=None, name=office.name)
    return office


def change_office(office: Office, fields: dict[str, Any], by_id: int) -> None:
    """Rename an office, or say where it is."""
    for name, value in fields.items():
        setattr(office, name, value)
    record("office.changed", office, by_id, account_id=None, name=office.name)


def save_profile(person: Staff, form: dict[str, str]) -> dict[str, list[str]]:
    """Language, theme, keys, the extension, and a new password when one is given; returns what is
    wrong."""
    errors: dict[str, list[str]] = {}
    for name, allowed in (("language", ("ja", "en")), ("theme", ("light", "dark", "auto"))):
        if form.get(name) not in allowed:
            errors[name] = [_("Please choose one of the values.")]
    try:
        said = StaffSchema(only=("extension",), partial=True).load(
            {"extension": form["extension"]} if "extension" in form else {}
        )
    except ma.ValidationError as error:
        errors["extension"] = list(error.messages_dict["extension"])
    if not errors:
        person.extension = said.get("extension", person.extension)
        person.language, person.theme = form["language"], form["theme"]
        person.single_keys = form.get("single_keys") == "1"
    if form.get("password"):
        if not check_password(person, form.get("current_password", "")):
            errors["current_password"] = [_("This is not your password.")]
        elif len(form["password"]) < 10:
            errors["password"] = [_("A password needs at least 10 characters.")]
        elif not errors:
            set_password(person, form["password"])
    return errors
