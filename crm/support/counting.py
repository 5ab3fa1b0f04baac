"""How many tickets stand in a list: capped, branch by branch, with statements that are kept."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from crm.clock import now
from crm.extensions import at_most, db
from crm.paging import COUNTED
from crm.rights import Person, Reader, branches, reader
from crm.support.models import Ticket
from crm.support.queries import SOON, T, free, mine, running_out


def counts(user: Person) -> dict[str, int]:
    """How many are mine, near their end, and nobody's, each to 1,001, in one statement."""
    row = db.session.execute(_counting(reader(user)), {"by": now() + SOON}).one()
    return dict(row._mapping)


@lru_cache(maxsize=200)
def _counting(who: Reader) -> sa.Select[Any]:
    """The statement of `counts`, made once for a reader; by `by` a promise is near its end."""
    by = sa.bindparam("by", type_=T.due_at.type)
    tabs = {"mine": mine(who), "soon": running_out(by), "unassigned": free()}
    return sa.select(*(_capped(where, who).label(name) for name, where in tabs.items()))


def how_many(user: Person, where: Sequence[sa.ColumnElement[bool]]) -> int:
    """How many tickets of a list a person may see, to 1,001."""
    read = sa.select(_capped(where, user)) if where else _counting_all(reader(user))
    return db.session.scalar(read) or 0


@lru_cache(maxsize=200)
def _counting_all(who: Reader) -> sa.Select[tuple[int]]:
    return sa.select(_capped((), who))


def _capped(where: Sequence[sa.ColumnElement[bool]], user: Person) -> sa.ScalarSelect[int]:
    """Branch by branch: what is not confidential is counted in an index alone."""
    most = at_most(COUNTED + 1)
    reach = branches(user, "view", "ticket", Ticket)
    parts = [sa.select(T.id).where(*where, one).limit(most).subquery() for one in reach]
    some = sa.union_all(*(sa.select(one.c.id) for one in parts)).limit(most).subquery()
    return sa.select(sa.func.count()).select_from(some).scalar_subquery()
