"""The commands that enter people and issue their tokens."""

from __future__ import annotations

from typing import Any

import click
from flask.cli import with_appcontext
from flask_babel import force_locale
from marshmallow import ValidationError

from crm.errors import Invalid
from crm.extensions import db
from crm.refusals import why
from crm.staff import actions, queries
from crm.staff.models import ROLES, Staff, Team
from crm.staff.schemas import StaffSchema


@click.group("staff")
def staff_group() -> None:
    """People who may sign in."""


@staff_group.command("add")
@click.argument("email")
@click.option("--name", required=True)
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--team", default=None)
@click.option("--password", default=None, help="Asked for when it is left out.")
@with_appcontext
def add_staff(email: str, name: str, role: str, team: str | None, password: str | None) -> None:
    """Enter a person."""
    if password is None:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    if len(password) < 10:
        raise click.ClickException("A password needs at least 10 characters.")
    with force_locale("en"):
        try:
            fields: dict[str, Any] = StaffSchema().load(
                {"email": email.strip().lower(), "name": name, "role": role}
            )
            fields["team_id"] = _team(team) if team else None
            actions.add_staff(fields, None, password)
        except ValidationError as error:
            raise _refused(error.messages_dict) from error
        except Invalid as error:
            raise _refused(error.errors) from error
    db.session.commit()
    click.echo(f"{email} may sign in as {role}.")


def _refused(errors: dict[str, list[str]]) -> click.ClickException:
    """Each option with what is wrong with it, a line each."""
    lines = (f"{name}: {' '.join(map(why, said))}" for name, said in errors.items())
    return click.ClickException("\n".join(lines))


def _team(name: str) -> int:
    team = db.session.scalar(db.select(Team).where(Team.name == name))
    if team is None:
        team = actions.add_team({"name": name}, None)
        db.session.flush()
    return team.id


@click.group("token")
def token_group() -> None:
    """Tokens of the REST API."""


@token_group.command("issue")
@click.argument("email")
@click.option("--scope", type=click.Choice(("read", "write")), default="write")
@with_appcontext
def issue_token(email: str, scope: str) -> None:
    """Print a new token; it is shown this once."""
    person = _person(email)
    token = actions.issue_token(person, scope)
    db.session.commit()
    click.echo(token)


def _person(email: str) -> Staff:
    person = queries.by_email(email)
    if person is None or not person.active:
        raise click.ClickException(f"Nobody active has the mail address {email}.")
    return person
