"""Ask for the files on a record; who may see the record may see them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.accounts.queries import get_account
from crm.deals.queries import get_deal
from crm.errors import BadRequest, NotFound, named
from crm.extensions import at_most, db
from crm.files.models import SUBJECTS, Attachment
from crm.installed_base.queries import get_unit, get_work_order
from crm.rights import Person
from crm.staff.models import Staff
from crm.support.queries import get_ticket
from crm.typed import key_of

DOORS: dict[str, Any] = {
    "account_id": get_account, "unit_id": get_unit, "work_order_id": get_work_order,
    "ticket_id": get_ticket, "deal_id": get_deal,
}  # fmt: skip
CHANGING = {"ticket_id": "note"}
"""A file on a ticket is like a note; on the others it is an edit."""
PAGES = {
    "account_id": "accounts", "unit_id": "units", "work_order_id": "work-orders",
    "ticket_id": "tickets", "deal_id": "deals",
}  # fmt: skip
MOST = 200


def record_of(name: str, key: int, user: Person, changing: bool = False) -> Any:
    """The record a file hangs on, through its own door. Raises NotFound."""
    action = CHANGING.get(name, "edit") if changing else "view"
    return DOORS[name](key, user, action)


def may_change(name: str, key: int, user: Person) -> bool:
    """May this person hang files on this record, and take them off?"""
    try:
        return record_of(name, key, user, changing=True) is not None
    except NotFound:
        return False


def get_file(file_id: int, user: Person, changing: bool = False) -> Attachment:
    """The door to a file: that of its record."""
    found = db.session.get(Attachment, file_id)
    if found is None:
        raise NotFound
    record_of(found.subject, getattr(found, found.subject), user, changing)
    return found


def asked(values: Any) -> tuple[str, int]:
    """On what: the one subject that an address or a form names. Raises BadRequest, NotFound."""
    given = [(name, values.get(name)) for name in SUBJECTS if values.get(name)]
    if len(given) != 1:
        why = _("Say on which one record: %(all)s.", all=", ".join(SUBJECTS))
        raise BadRequest(why, {"unit_id": [why]})
    name, text = given[0]
    key = key_of(text)
    if key is None:
        raise NotFound
    return name, key


def asked_for_change(values: Any, user: Person) -> tuple[str, int, Any]:
    """The same with the record, which this person must be able to change."""
    name, key = asked(values)
    with named(name):
        return name, key, record_of(name, key, user, changing=True)


def files_of(name: str, key: int) -> Sequence[sa.Row[Any]]:
    """The files on a record, newest first, in one statement."""
    columns = Attachment.__table__.c
    return db.session.execute(
        sa.select(*columns, Staff.name.label("by"))
        .outerjoin(Staff, Staff.id == columns.by_id)
        .where(columns[name] == key)
        .order_by(columns.id.desc())
        .limit(at_most(MOST))
    ).all()


def number_on(name: str, key: int) -> int:
    """How many files hang on a record."""
    column = Attachment.__table__.c[name]
    return db.session.scalar(sa.select(sa.func.count()).where(column == key)) or 0
