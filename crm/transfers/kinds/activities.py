"""Visits, calls and meetings of the past and those planned; they move their deals along."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.clock import now
from crm.deals.models import ACTIVITY_KINDS, RESULTS, Activity, Deal
from crm.extensions import at_most, db
from crm.transfers.finding import Finder
from crm.transfers.kinds import Fields, Item, Kind, Told
from crm.transfers.passing_on import pass_on
from crm.transfers.refusals import Unreadable
from crm.transfers.tables import table_of

_PLAIN = ("kind", "at", "summary", "result", "next_step", "promised")
D = table_of(Deal).c
EXCERPT = 1000
"""Characters of what was said that an event carries."""


def derive(fields: Fields, finder: Finder) -> Fields:
    """The columns of an activity; one in the future is planned unless the file says otherwise."""
    columns: Fields = {name: fields.get(name) for name in _PLAIN}
    planned = fields.get("planned")
    who = finder.facts("staff").get(fields.get("by") or 0)
    return columns | {
        "account_id": fields["account"], "by_id": fields.get("by"),
        "team_id": who["team_id"] if who else None,
        "deal_id": _deal(fields["account"], fields["deal"]) if fields.get("deal") else None,
        "planned": columns["at"] > now() if planned is None else planned,
    }  # fmt: skip


def _deal(account_id: int, title: str) -> int:
    """The one deal of an account that is called so. Raises Unreadable."""
    wanted = sa.select(D.id).where(D.account_id == account_id, D.title == title.strip())
    found: list[Any] = list(db.session.scalars(wanted.limit(at_most(2))))
    if not found:
        why = _("There is no %(kind)s %(text)s of this customer.", kind=_("Deal"), text=title[:80])
        raise Unreadable(why)
    if len(found) > 1:
        raise Unreadable(_("%(n)s records are called %(name)s.", n=2, name=title[:80]))
    return int(found[0])


def tell(item: Item, _finder: Finder) -> list[Told]:
    """What was done, on its day."""
    said = item.columns
    facts = {
        "activity": said["kind"], "summary": (said["summary"] or "")[:EXCERPT],
        "result": said["result"] or "", "deal_id": said["deal_id"],
    }  # fmt: skip
    return [Told("activity.imported", said["at"], facts)]


ACTIVITIES = Kind(
    name="activities",
    record="activity",
    table=table_of(Activity),
    fields=frozenset((*_PLAIN, "account", "deal", "by", "planned")),
    required=("kind", "account", "at"),
    references={"account": "account", "by": "staff"},
    derive=derive,
    tell=tell,
    instants=("at",),
    choices={"kind": ACTIVITY_KINDS, "result": RESULTS},
    parts=frozenset(("activity_contacts",)),
    followed=pass_on,
)
