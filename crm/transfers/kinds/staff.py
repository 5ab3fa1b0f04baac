"""People who work here, with their teams and offices. Nobody gets a password by an import."""

from __future__ import annotations

from flask_babel import gettext as _

from crm.staff.models import DEPARTMENTS, ROLES, Office, Staff, Team
from crm.text.phone import extension
from crm.transfers.finding import Finder
from crm.transfers.kinds import Fields, Item, Kind, Told
from crm.transfers.refusals import Unreadable
from crm.transfers.tables import table_of


def _person(fields: Fields, _finder: Finder) -> Fields:
    return {
        "email": fields["email"], "name": fields["name"],
        "name_kana": fields.get("name_kana"), "role": fields["role"],
        "active": fields.get("active"), "language": fields.get("language"),
        "team_id": fields.get("team"), "office_id": fields.get("office"),
        "extension": _inside(fields.get("extension")),
    }  # fmt: skip


def _inside(text: str | None) -> str | None:
    """Also what a mapping takes from a column as it stands has to be one."""
    try:
        return extension(text) if text else text
    except ValueError as error:
        raise Unreadable(f"extension: {_('This is not an extension.')}") from error


def _team(fields: Fields, _finder: Finder) -> Fields:
    return {
        "name": fields["name"], "division": fields.get("division"),
        "department": fields.get("department"), "position": fields.get("position"),
        "office_id": fields.get("office"),
    }  # fmt: skip


def _office(fields: Fields, _finder: Finder) -> Fields:
    return {"name": fields["name"]}


def _tell(item: Item, record: str) -> list[Told]:
    return [Told(f"{record}.imported", None, {"name": item.columns["name"]})]


STAFF = Kind(
    name="staff",
    record="staff",
    table=table_of(Staff),
    fields=frozenset(
        ("email", "name", "name_kana", "role", "team", "office", "extension", "active", "language")
    ),
    required=("email", "name", "role"),
    references={"team": "team", "office": "office"},
    derive=_person,
    tell=lambda item, _finder: _tell(item, "staff"),
    identity=("email",),
    choices={"role": ROLES, "language": ("ja", "en")},
)
TEAMS = Kind(
    name="teams",
    record="team",
    table=table_of(Team),
    fields=frozenset(("name", "division", "department", "position", "office")),
    required=("name",),
    references={"office": "office"},
    derive=_team,
    tell=lambda item, _finder: _tell(item, "team"),
    identity=("name",),
    choices={"department": DEPARTMENTS},
)
OFFICES = Kind(
    name="offices",
    record="office",
    table=table_of(Office),
    fields=frozenset(("name",)),
    required=("name",),
    derive=_office,
    tell=lambda item, _finder: _tell(item, "office"),
    identity=("name",),
)
