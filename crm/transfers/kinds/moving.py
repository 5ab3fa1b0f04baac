"""A file that says of a unit that it is another customer's by now: what keeps it where it is.

Moving is an act of its own, which takes components along and asks about tickets; a file does it
only where there is nothing to take along and nothing to ask.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.extensions import db
from crm.installed_base.models import Unit
from crm.installed_base.queries import unfinished_tickets_of
from crm.transfers.directories import among, parts
from crm.transfers.kinds import Item
from crm.transfers.tables import table_of

U = table_of(Unit).c


def held_back(items: Sequence[Item]) -> dict[int, str]:
    """Units that do not go to another customer by a file, and why."""
    moved = sorted(item.id for item in items if "account_id" in item.changed)
    found: dict[int, str] = {}
    for some in parts(moved):
        for key in _in_trees(some):
            found[key] = _(
                "It goes to another customer and is part of a whole, or has parts: move it on its "
                "own page, so that nothing is torn apart."
            )
        for key, number in unfinished_tickets_of(some).items():
            found[key] = _(
                "It goes to another customer while tickets about it are not finished (%(n)s): move "
                "it on its own page, where this is asked.",
                n=number,
            )
    return found


def _in_trees(unit_ids: list[int]) -> set[int]:
    whole = sa.select(U.id).where(among(U.id, unit_ids), U.parent_id.is_not(None))
    part = sa.select(U.parent_id).where(among(U.parent_id, unit_ids))
    return set(db.session.scalars(sa.union(whole, part)))
