"""What the board and the list read: rows of columns, never entities; sums in one statement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from crm.accounts.models import Account
from crm.attributes.ordering import choose
from crm.clock import today, zone
from crm.deals.filters import Filters
from crm.deals.models import OPEN_STAGES, RANK_WEIGHTS, STAGES, Deal, DealSum
from crm.extensions import at_most, db
from crm.neighbours import Place, place
from crm.paging import COUNTED, Page, Sort, cursor_at, page
from crm.rights import Person, Reader, branches, reader, scope
from crm.staff.models import Staff

CARDS = 10
"""Cards a column begins with: more than a window shows."""

FURTHER = 20
"""Cards that come by themselves as the end of a column comes into sight, then at each press."""

ROWS = 50
STALE_TIMES = 2
"""A deal stands still when it stays longer than so many medians of its stage."""

D, A, S, K = (table.__table__.c for table in (Deal, Account, Staff, DealSum))
COLUMNS = (
    D.id, D.title, D.stage, D.stage_since, D.rank, D.amount,
    D.expected_close_on, D.next_step, D.next_step_on, D.next_step_time,
    D.next_step_kind, D.origin, D.from_alert_id, D.owner_id, D.team_id,
    D.account_id, D.version, D.closed_on, D.last_activity_on,
    A.name.label("account"), A.name_core.label("account_short"),
    S.name.label("owner"),
)  # fmt: skip
JOINED = sa.join(Deal.__table__, Account.__table__, D.account_id == A.id).outerjoin(
    Staff.__table__, D.owner_id == S.id
)
SORTS = {name: D[name] for name in ("id", "expected_close_on", "amount", "updated_at")}
NEAREST = Sort("expected_close_on", D.expected_close_on)
KEY = D.id
WEIGHT = sa.case(RANK_WEIGHTS, value=D.rank, else_=0)
WEIGHTED = D.amount * WEIGHT // 100
"""Of each deal, rounded down to the yen, as everywhere."""


@dataclass(frozen=True, slots=True)
class Sums:
    """Of a set of deals, in yen."""

    count: int = 0
    amount: int = 0
    weighted: int = 0

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            self.count + other.count,
            self.amount + other.amount,
            self.weighted + other.weighted,
        )


@dataclass(frozen=True, slots=True)
class Card:
    """One deal on the board or in the list."""

    row: Any
    day: date
    """Today, on the company's clock."""
    days: int
    median: int | None

    @property
    def open(self) -> bool:
        """Neither won nor lost."""
        return self.row.stage in OPEN_STAGES

    @property
    def stale(self) -> bool:
        """Longer in its stage than twice the stage's own median."""
        return self.open and self.median is not None and self.days > STALE_TIMES * self.median

    @property
    def overdue(self) -> int:
        """Days since the next step was due."""
        due: date | None = self.row.next_step_on
        return max((self.day - due).days, 0) if due is not None else 0

    @property
    def company(self) -> str:
        """The customer's name without its legal form, where there is one."""
        return str(self.row.account_short or self.row.account)

    @property
    def from_support(self) -> bool:
        """Came from an alert, or was said to come from support."""
        return self.row.from_alert_id is not None or self.row.origin == "support"


@dataclass(frozen=True, slots=True)
class Column:
    """One stage of the board: its first cards, and whether there are more."""

    stage: str
    sums: Sums
    cards: Sequence[Card]
    more: bool

    @property
    def cursor(self) -> str:
        """Where the further cards begin."""
        last = self.cards[-1].row
        return cursor_at(NEAREST, last.expected_close_on, last.id)


def sums(filters: Filters, user: Person) -> dict[str, Sums]:
    """Count, sum and weighted sum of each stage shown, in one statement.

    What is asked by stage, team and rank alone is read from the sums that are kept: those of all
    deals of a large company would take as long as the rest of the board.
    """
    kept = _are_kept(filters, user)
    rows = db.session.execute(_kept(filters) if kept else _added_up(filters, user))
    found = {row[0]: Sums(int(row[1]), int(row[2] or 0), int(row[3] or 0)) for row in rows}
    return {stage: found.get(stage, Sums()) for stage in filters.stages}


def total(filters: Filters, user: Person) -> Sums:
    """The same of all stages shown; of more than 1,000 deals the amounts may be those of some."""
    if _are_kept(filters, user):
        return sum(sums(filters, user).values(), Sums())
    some = (
        sa.select(D.amount, WEIGHTED.label("weighted"))
        .where(D.stage.in_(filters.stages), *_scope(user), *filters.where())
        .limit(at_most(COUNTED + 1))
        .subquery()
    )
    found = db.session.execute(
        sa.select(sa.func.count(), sa.func.sum(some.c.amount), sa.func.sum(some.c.weighted))
    ).one()
    return Sums(found[0], int(found[1] or 0), int(found[2] or 0))


def _are_kept(filters: Filters, user: Person) -> bool:
    """Nothing is asked but stages, a team, a rank, by somebody who may see every deal."""
    plain = replace(filters, stages=OPEN_STAGES, team_id=None, rank=None) == Filters()
    return plain and scope(user, "view", "deal") == "all"


def _kept(filters: Filters) -> sa.Select[Any]:
    asked = {K.team_id: filters.team_id, K.rank: filters.rank}
    return (
        sa.select(K.stage, *(sa.func.sum(one) for one in (K.number, K.amount, K.weighted)))
        .where(K.stage.in_(filters.stages))
        .where(*(column == wanted for column, wanted in asked.items() if wanted is not None))
        .group_by(K.stage)
    )


def _added_up(filters: Filters, user: Person) -> sa.Select[Any]:
    return (
        sa.select(D.stage, sa.func.count(), sa.func.sum(D.amount), sa.func.sum(WEIGHTED))
        .where(D.stage.in_(filters.stages), *_scope(user), *filters.where())
        .group_by(D.stage)
    )


def _scope(user: Person) -> list[sa.ColumnElement[bool]]:
    return [sa.or_(*branches(user, "view", "deal", Deal))]


def columns(filters: Filters, user: Person, medians: dict[str, int]) -> list[Column]:
    """All columns of the board: the nearest deals of each stage first, in one statement."""
    read = _first_cards if filters.plain else _first_cards.__wrapped__
    rows = db.session.execute(read(filters, reader(user))).all()
    counted = sums(filters, user)
    return [
        _column(stage, counted[stage], [row for row in rows if row.stage == stage], medians)
        for stage in filters.stages
    ]


@lru_cache(maxsize=200)
def _first_cards(filters: Filters, who: Reader) -> sa.Select[Any]:
    """The statement of `columns`, made once for the same filters."""
    where = [*_scope(who), *filters.where()]
    some = [_nearest(stage, dated, where) for stage in filters.stages for dated in (True, False)]
    chosen = sa.union_all(*(sa.select(one) for one in some)).subquery()
    return sa.select(*COLUMNS).select_from(JOINED).where(D.id.in_(sa.select(chosen.c.id)))


def _nearest(stage: str, dated: bool, where: list[sa.ColumnElement[bool]]) -> sa.Subquery:
    day = D.expected_close_on
    return (
        sa.select(D.id)
        .where(D.stage == stage, day.is_not(None) if dated else day.is_(None), *where)
        .order_by(*([day, D.id] if dated else [D.id]))
        .limit(at_most(CARDS + 1))
        .subquery()
    )


def _column(stage: str, counted: Sums, rows: list[Any], medians: dict[str, int]) -> Column:
    rows.sort(key=lambda row: (row.expected_close_on or date.max, row.id))
    return Column(stage, counted, cards(rows[:CARDS], medians), len(rows) > CARDS)


def cards(rows: Iterable[Any], medians: dict[str, int]) -> list[Card]:
    """Rows with what is worked out from them."""
    day, place = today(), zone()
    return [
        Card(row, day, (day - _day(row.stage_since, place)).days, medians.get(row.stage))
        for row in rows
    ]


def _day(instant: datetime, place: ZoneInfo) -> date:
    return instant.astimezone(place).date()


def further(
    filters: Filters, user: Person, sort: str | None, cursor: str | None, limit: int = ROWS
) -> Page:
    """One page of the list: a union of index-ordered branches, one per stage unless all show."""
    order: Sort = choose("deal", sort, SORTS, "expected_close_on")
    parts = branches(user, "view", "deal", Deal)
    if filters.stages != STAGES:
        parts = [sa.and_(one, D.stage == stage) for one in parts for stage in filters.stages]
    made_of = ("deals", reader(user), filters) if filters.plain else None
    return page(COLUMNS, KEY, parts, filters.where(), order, cursor, limit, JOINED, made_of)


def place_of(deal: Deal, filters: Filters, user: Person, sort: str | None) -> Place | None:
    """Where a deal stands in a list, with the ones beside it."""
    order = choose("deal", sort, SORTS, "expected_close_on")
    return place(order, KEY, [*_shown(filters), *_scope(user), *filters.where()], deal)


def _shown(filters: Filters) -> list[sa.ColumnElement[bool]]:
    return [] if filters.stages == STAGES else [D.stage.in_(filters.stages)]


def after(filters: Filters, user: Person, cursor: str) -> tuple[Sequence[Any], str | None]:
    """The next cards of one column, and where the ones after them begin."""
    found = page(
        COLUMNS, KEY, [D.stage == filters.stages[0]], [*_scope(user), *filters.where()],
        NEAREST, cursor, FURTHER, joins=JOINED,
    )  # fmt: skip
    return found.rows, found.next


def one(deal_id: int) -> Any:
    """One deal as a card shows it."""
    return db.session.execute(sa.select(*COLUMNS).select_from(JOINED).where(D.id == deal_id)).one()
