"""The door to advice, the requests of a case and of a person, and the list of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import aliased

from crm.accounts.models import Account
from crm.advice.models import CASES, TOLD, Advice
from crm.advice.reach import WRITING
from crm.deals.models import Deal
from crm.deals.queries import get_deal
from crm.errors import BadRequest, NotFound
from crm.extensions import among, at_most, db
from crm.paging import Page, Sort, count, page
from crm.rights import Person, branches, may
from crm.staff.models import Staff, Team
from crm.support.models import Ticket
from crm.support.queries import get_ticket
from crm.typed import LARGEST_KEY, key_of

A = Advice.__table__.c
DOORS: dict[str, Any] = {"ticket_id": get_ticket, "deal_id": get_deal}
PAGES = {"ticket_id": "/tickets/%d", "deal_id": "/deals/%d"}
SORTS = {"asked": A.asked_at, "id": A.id}
OPEN = A.state == sa.literal("open", literal_execute=True)
"""In the words of the index of what is open."""
UNSEEN = sa.and_(A.seen_at.is_(None), among(A.state, TOLD))

_asker, _asked, _handed = (aliased(Staff) for _number in range(3))
_owner = sa.func.coalesce(Ticket.account_id, Deal.account_id)
COLUMNS = [
    *A, Ticket.subject, Deal.title, Account.id.label("account_id"), Account.name.label("account"),
    _asker.name.label("asker"), _asked.name.label("asked"), _asked.active.label("asked_here"),
    sa.select(Team.department).where(Team.id == _asked.team_id).label("department"),
    sa.select(_handed.name).where(_handed.id == A.handed_by_id).label("handed_by"),
]  # fmt: skip
JOINS = (  # of more than eight tables PostgreSQL would join all rows before it looks for the keys
    sa.join(Advice, _asker, _asker.id == A.asker_id)
    .join(_asked, _asked.id == A.asked_id)
    .outerjoin(Ticket, Ticket.id == A.ticket_id)
    .outerjoin(Deal, Deal.id == A.deal_id)
    .join(Account, Account.id == _owner)
)


def get_advice(advice_id: int, user: Person, action: str = "view") -> Advice:
    """The door: raises NotFound when missing or not for this person."""
    found = db.session.get(Advice, advice_id) if advice_id <= LARGEST_KEY else None
    if found is None or not may(user, action, "advice", found):
        raise NotFound
    return found


def case_named(values: Mapping[str, Any]) -> tuple[str, int]:
    """On what: the one ticket or deal that an address or a form names. Raises BadRequest."""
    given = [(name, values[name]) for name in CASES if values.get(name)]
    if len(given) != 1:
        why = _("Say on which one record: %(all)s.", all=", ".join(CASES))
        raise BadRequest(why, {"ticket_id": [why]})
    name, text = given[0]
    key = text if isinstance(text, int) else key_of(text)
    if key is None:
        raise NotFound
    return name, key


def get_case(name: str, key: int, user: Person, writing: bool = False) -> Any:
    """The ticket or deal through its own door. Raises NotFound."""
    return DOORS[name](key, user, WRITING[name] if writing else "view")


def advice_page(
    where: Sequence[sa.ColumnElement[bool]], user: Person, sort: Sort, cursor: str | None,
    limit: int,
) -> tuple[Page, int]:  # fmt: skip
    """One page of requests, and how many match (at most 1,001)."""
    reach = branches(user, "view", "advice", Advice)
    rows = page(COLUMNS, A.id, reach, where, sort, cursor, limit, JOINS)
    return rows, count([sa.or_(*reach), *where], A.id)


def of_case(name: str, key: int, limit: int = 20) -> list[sa.Row[Any]]:
    """What was asked over a case, what waits first, then the newest; behind its door."""
    waits = sa.case((A.state == "open", 0), else_=1)
    return _rows([A[name] == key, A.state != "withdrawn"], [waits, A.id.desc()], limit)


def for_person(user: Person, limit: int = 10) -> tuple[list[sa.Row[Any]], list[sa.Row[Any]]]:
    """What a person is asked, and what came back to her as the asker and she has not taken note
    of, each oldest first; one statement."""
    seen = branches(user, "view", "advice", Advice)
    parts = (
        sa.select(A.id).where(A.asked_id == user.id, OPEN, *seen).order_by(A.asked_at, A.id),
        sa.select(A.id).where(A.asker_id == user.id, UNSEEN, *seen).order_by(A.settled_at, A.id),
    )
    some = [part.limit(at_most(limit)).subquery() for part in parts]
    keys = sa.union_all(*(sa.select(part.c.id) for part in some))
    rows = _rows([A.id.in_(keys)], [sa.func.coalesce(A.settled_at, A.asked_at), A.id], 2 * limit)
    asked = [row for row in rows if row.state == "open"]
    return asked, [row for row in rows if row.state != "open"]


def one(advice_id: int) -> sa.Row[Any]:
    """A request with the words of what it belongs to; behind the door."""
    (row,) = _rows([A.id == advice_id], [A.id], 1)
    return row


def _rows(
    where: Sequence[sa.ColumnElement[bool]], order: Sequence[Any], limit: int
) -> list[sa.Row[Any]]:
    read = sa.select(*COLUMNS).select_from(JOINS).where(*where).order_by(*order)
    return list(db.session.execute(read.limit(at_most(limit))))


def open_of_person(staff_id: int) -> Sequence[Advice]:
    """What waits for a person's answer."""
    mine = sa.select(Advice).where(A.asked_id == staff_id, OPEN).order_by(A.id)
    return db.session.scalars(mine).all()


def open_on_ticket(ticket_id: int) -> Sequence[Advice]:
    """What waits for an answer over a ticket."""
    on = sa.select(Advice).where(A.ticket_id == ticket_id, A.state == "open").order_by(A.id)
    return db.session.scalars(on).all()


def keys_on(ticket_id: int) -> list[int]:
    """Keys of all that was asked over a ticket."""
    return list(db.session.scalars(sa.select(A.id).where(A.ticket_id == ticket_id)))
