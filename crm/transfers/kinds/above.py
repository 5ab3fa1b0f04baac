"""Companies that belong to others, as a file says it."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.accounts.models import Account
from crm.extensions import db
from crm.transfers.directories import among, parts
from crm.transfers.finding import Finder
from crm.transfers.tables import table_of

MOST_LEVELS = 20
A = table_of(Account).c
Links = list[tuple[int, int]]


def judge(links: Links, _finder: Finder) -> dict[int, str]:
    """Which companies cannot belong to what the file names: those that would be above
    themselves."""
    named = dict(links)
    above = named | {
        key: parent for key, parent in _chains(named.values(), named) if key not in named
    }
    why = _("This company is the account itself or below it.")
    return {key: why for key in named if _comes_back(key, above)}


def _chains(begin: Iterable[int], named: dict[int, int]) -> Iterable[tuple[int, int]]:
    """What stands here above these companies, some levels up; what the file says goes first."""
    seen: set[int] = set()
    wanted = set(begin) - set(named)
    for _level in range(MOST_LEVELS):
        seen |= wanted
        found: Links = []
        for some in parts(sorted(wanted)):
            rows = sa.select(A.id, A.parent_id).where(among(A.id, some), A.parent_id.is_not(None))
            found += [(row.id, row.parent_id) for row in db.session.execute(rows)]
        yield from found
        wanted = {parent for _key, parent in found} - seen - set(named)
        if not wanted:
            return


def _comes_back(key: int, above: dict[int, int]) -> bool:
    seen: set[int] = set()
    one = above.get(key)
    while one is not None and one != key and one not in seen:
        seen.add(one)
        one = above.get(one)
    return one == key
