"""Staff, teams and offices for programs."""

from __future__ import annotations

import marshmallow as ma
from marshmallow.validate import OneOf

from crm.rest import Collection, Fields, blueprint, collection
from crm.rights import Person
from crm.staff import actions, queries
from crm.staff.models import ROLES, Office, Staff, Team
from crm.staff.schemas import OfficeSchema, StaffSchema, TeamSchema

blp = blueprint("staff", "Staff, teams and offices")


def _add_staff(fields: Fields, user: Person) -> Staff:
    queries.check_places(fields, user)
    return actions.add_staff(fields, user.id)


def _change_staff(person: Staff, fields: Fields, user: Person) -> None:
    queries.check_places(fields, user)
    actions.change_staff(person, fields, user.id)


def _change_team(team: Team, fields: Fields, user: Person) -> None:
    queries.check_places(fields, user)
    actions.change_team(team, fields, user.id)


def _add_team(fields: Fields, user: Person) -> Team:
    queries.check_places(fields, user)
    return actions.add_team(fields, user.id)


collection(
    blp,
    Collection(
        "staff", "staff", Staff, StaffSchema, queries.get_staff,
        create=_add_staff,
        change=_change_staff,
        remove=lambda person, user: actions.leave_staff(person, user.id),
        filters={
            "role": ma.fields.String(validate=OneOf(ROLES)),
            "team_id": ma.fields.Integer(),
            "active": ma.fields.Boolean(truthy={"true"}, falsy={"false"}),
            "email": ma.fields.String(),
        },
        sorts=("id", "email", "name"),
    ),
)  # fmt: skip
collection(
    blp,
    Collection(
        "teams", "team", Team, TeamSchema, queries.get_team,
        create=_add_team, change=_change_team, sorts=("id", "position"),
    ),
)  # fmt: skip
collection(
    blp,
    Collection(
        "offices", "office", Office, OfficeSchema, queries.get_office,
        create=lambda fields, user: actions.add_office(fields, user.id),
        change=lambda office, fields, user: actions.change_office(office, fields, user.id),
    ),
)  # fmt: skip
