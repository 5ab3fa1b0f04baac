"""What a telephone system reports of its groups is written down; the last report counts."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.dialects import postgresql, sqlite

from crm.clock import now
from crm.desk.waiting import FORGOTTEN, MOST
from crm.errors import Conflict, Invalid
from crm.extensions import db
from crm.support.models import CallQueue

Fields = dict[str, Any]


def report_queue(fields: Fields) -> None:
    """Write how a group (`name`) stands now over what it said before; no line of history.

    Groups that were silent for a day go. Raises Invalid when more seats answer than there are,
    and Conflict when there are too many groups.
    """
    if fields["answering"] > fields["seats"]:
        why = _("More seats answer than there are (%(n)s).", n=fields["seats"])
        raise Invalid({"answering": [why]})
    at = now()
    db.session.execute(sa.delete(CallQueue).where(CallQueue.reported_at < at - FORGOTTEN))
    others = sa.select(sa.func.count()).where(CallQueue.name != fields["name"])
    if (db.session.scalar(others) or 0) >= MOST:
        raise Conflict(_("At most %(n)s groups can be reported.", n=MOST))
    on_sqlite = db.session.get_bind().dialect.name == "sqlite"
    writing = (sqlite.insert if on_sqlite else postgresql.insert)(CallQueue)
    said = fields | {"reported_at": at}
    db.session.execute(
        writing.values(said).on_conflict_do_update(
            index_elements=["name"],
            set_={name: said[name] for name in said if name != "name"},
        )
    )
