"""Ask service to arrange work on a unit: whoever may not arrange it hands over a ticket."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.accounts.models import Account
from crm.clock import today
from crm.errors import Invalid
from crm.extensions import at_most, db
from crm.installed_base.models import Unit
from crm.installed_base.words import kinds
from crm.look import day
from crm.products.models import Product
from crm.rights import Person
from crm.support.actions import open_ticket
from crm.support.models import Ticket
from crm.support.progress import add_note

Fields = dict[str, Any]
CATEGORIES = {"repair": "failure", "inspection": "inspection", "calibration": "inspection"}


def request_work(unit: Unit, fields: Fields, user: Person) -> Ticket:
    """Open a ticket at the engineer of the account, else at the service team, with what is wanted
    as its first note. Raises Invalid.

    The subject does not say which work it is, so that no rule hears buying words of ours.
    """
    wanted_on = fields.get("wanted_on")
    if wanted_on is not None and wanted_on < today():
        raise Invalid({"wanted_on": [_("This day is past.")]})
    who, team = service_of(unit.account_id)
    code = db.session.get_one(Product, unit.product_id).code
    ticket = open_ticket(
        {
            "account_id": unit.account_id, "site_id": unit.site_id, "unit_id": unit.id,
            "subject": _("Work to arrange: %(unit)s", unit=f"{code} {unit.serial_no}")[:200],
            "channel": "visit", "category": CATEGORIES.get(fields["kind"], "other"),
            "assignee_id": who,
        },
        user,
    )  # fmt: skip
    ticket.team_id = ticket.team_id if who else team
    db.session.flush()
    add_note(ticket, "internal", _note(fields), user)
    return ticket


def _note(fields: Fields) -> str:
    said = [_("Work: %(kind)s", kind=kinds()[fields["kind"]])]
    if fields.get("wanted_on") is not None:
        said.append(_("Preferred date: %(day)s", day=day(fields["wanted_on"])))
    return "\n".join([*said, fields["words"]])


def service_of(account_id: int) -> tuple[int | None, int | None]:
    """Who in service looks after an account: its engineer, and the service team."""
    staff, teams = db.metadata.tables["staff"].c, db.metadata.tables["teams"].c
    who = db.session.scalar(
        sa.select(staff.id)
        .join(Account, Account.service_owner_id == staff.id)
        .where(Account.id == account_id, staff.active)
    )
    team = db.session.scalar(
        sa.select(teams.id)
        .where(teams.department == "service")
        .order_by(teams.position, teams.id)
        .limit(at_most(1))
    )
    return who, team
