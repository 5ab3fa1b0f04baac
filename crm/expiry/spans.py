"""What the walks over the days have in common: the span, the filters, the order, the limit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from crm.accounts.models import Account
from crm.campaigns.models import Campaign
from crm.deals.models import OPEN_STAGES, Deal, DealUnit
from crm.expiry.asking import Asked
from crm.expiry.models import UnitDue
from crm.extensions import at_most, db
from crm.installed_base.leases import year_end
from crm.installed_base.models import ContractScope, ServiceContract, Unit
from crm.installed_base.own_days import DAYS
from crm.installed_base.terms import months_after
from crm.products.models import Product

ACTIVE = ("in_use", "spare")
U, S = Unit.__table__.c, ContractScope.__table__.c
ONE = timedelta(days=1)
Branches = Iterator[sa.Select[Any]]
Place = tuple[date, int]
"""A day and the key of a unit: where a page ended."""

_DAY, _KEY = sa.cast(sa.null(), sa.Date), sa.cast(sa.null(), sa.Integer)
Told = tuple[tuple[str, int, Any], ...]
"""What was looked up first, sorted: which products and campaigns end when, how long notices and
cycles are, how many contracts are wide, the first end of a lease, how far kinds fill a page."""

KEPT = 20
"""Statements that are kept: to put a long one together takes longer than to answer it, and most
people look at the first page of the same list."""

FEW = 5000
"""Lines of wide contracts that are soon looked through."""


def _few_wide() -> sa.Select[Any]:
    some = sa.select(S.id).limit(at_most(FEW + 1)).subquery()
    number = sa.select(sa.func.count()).select_from(some).scalar_subquery()
    return sa.select(sa.literal("wide").label("kind"), number.label("key"), _DAY.label("day"))


def _lengths(kind: str, column: Any) -> sa.Select[Any]:
    """Every length above zero, hopping along its index from each to the next."""
    least = sa.select(sa.func.min(column).label("days")).where(column > 0)
    hops = least.cte(f"hops_{kind}", recursive=True)
    after = sa.select(sa.func.min(column)).where(column > hops.c.days)
    hops = hops.union_all(sa.select(after.scalar_subquery()).where(hops.c.days.is_not(None)))
    return sa.select(sa.literal(kind), hops.c.days, _DAY).where(hops.c.days.is_not(None))


def look_ahead(asked: Asked, after: Place | None, limit: int) -> Told:
    """What is to be known beforehand, in one statement."""
    return tuple(sorted(map(tuple, db.session.execute(_first_look(asked, after, limit)))))


@lru_cache(maxsize=KEPT)
def _first_look(asked: Asked, after: Place | None, limit: int) -> sa.CompoundSelect[Any]:
    return Reading(asked, after, limit).first_look()


class Reading:
    """What the branches have in common: the span, the filters, the limit."""

    def __init__(self, asked: Asked, after: Place | None, limit: int, told: Told = ()) -> None:
        self.asked, self.after, self.limit, self.number = asked, after, limit, 0
        self.told: dict[str, list[tuple[int, date]]] = defaultdict(list)
        for kind, key, on in told:
            self.told[kind].append((key, on))
        full = [on for number, on in self.told["full"] if number >= limit]
        self.ends = (asked.month, min([asked.last, *full]))

    @property
    def any_wide(self) -> bool:
        """Is a contract over more than the units it names?"""
        return self.told["wide"][0][0] > 0

    @property
    def few_wide(self) -> bool:
        """Are few contracts over more than the units they name?"""
        return self.told["wide"][0][0] <= FEW

    @property
    def first_lease(self) -> date:
        """The first end of a lease, or the last day asked for when there is none."""
        found: date | None = self.told["lease"][0][1]
        return found or self.asked.last

    def lengths(self, kind: str) -> list[int]:
        """The different numbers of days there are of a notice, or of a cycle."""
        return [key for key, _on in self.told.get(kind, ())]

    def first_look(self) -> sa.CompoundSelect[Any]:
        """What is to be told beforehand."""
        kinds, some = self.asked.kinds, [_few_wide()]
        if "lease" in kinds:
            some.append(sa.select(sa.literal("lease"), _KEY, sa.func.min(U.lease_ends_on)))
        some += [self._of_products(kind) for kind in DAYS if kind in kinds]
        if "notice" in kinds:
            some.append(_lengths("notice", ServiceContract.__table__.c.notice_days))
        if "consumable" in kinds:
            some.append(_lengths("consumable", UnitDue.__table__.c.every_days))
        if "recall" in kinds:
            some.append(self._campaigns())
        if len(kinds) > 1 and not self.asked.chosen:
            some += self._full()
        return sa.union_all(*some)

    def _full(self) -> Iterator[sa.Select[Any]]:
        """How far the first kinds fill a page by themselves: nobody need look behind that day."""
        on, due = U.warranty_ends_on, UnitDue.__table__.c.due_on
        if "warranty" in self.asked.kinds:
            yield self._filled(self.units(Unit.__table__, on, "warranty").where(*self.span(on)))
        if "consumable" in self.asked.kinds:
            dues = UnitDue.__table__
            read = self.units(dues.join(Unit.__table__, U.id == dues.c.unit_id), due, "consumable")
            yield self._filled(read.where(dues.c.kind == "consumable", *self.span(due)))

    def _filled(self, walk: sa.Select[Any]) -> sa.Select[Any]:
        seen = walk.subquery().c
        return sa.select(sa.literal("full"), sa.func.count(), sa.func.max(seen.on_day))

    def _of_products(self, kind: str) -> sa.Select[Any]:
        on = Product.__table__.c[DAYS[kind]]
        found = sa.select(sa.literal(kind), Product.id, on).where(self._ahead(on))
        return found.where(Product.id == self.asked.product_id) if self.asked.product_id else found

    def _campaigns(self) -> sa.Select[Any]:
        running, on = Campaign.status == "running", Campaign.__table__.c.ends_on
        return sa.select(sa.literal("recall"), Campaign.id, on).where(running, self._ahead(on))

    def _ahead(self, on: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
        return on.between(self.after[0] if self.after else self.asked.month, self.asked.last)

    def span(self, column: sa.ColumnElement[Any], years: int = 0, days: int = 0,
             unit: Any = U.id) -> list[Any]:  # fmt: skip
        """The days of a column that are days of the list once years or days are put to them."""
        first, last = (_before(day, years, days) for day in self.ends)
        after = self.after
        if after is None:
            return [column >= first[0], column <= last[1]]
        first = _before(after[0], years, days)
        behind = sa.or_(column > first[1], unit > after[1])
        return [column >= first[0], column <= last[1], behind]

    def units(self, read: Any, on: Any, kind: str, *, shift: Any = 0, record: Any = None,
              name: Any = None) -> sa.Select[Any]:  # fmt: skip
        """A branch from a join that holds units, with the filters, ordered and cut."""
        found = self.branch(read, on, U.id, kind, shift=shift, record=record, name=name)
        return found.where(*self.accounts(U.account_id), *self.wanted())

    def branch(self, read: Any, on: Any, unit: Any, kind: str, *, shift: Any = 0,
               record: Any = None, name: Any = None) -> sa.Select[Any]:  # fmt: skip
        """A branch with its order and its limit; what it leaves out is said by who asks."""
        self.number += 1
        empty = sa.literal("", sa.String)
        return (
            sa.select(
                sa.literal(self.number).label("branch"),
                (sa.literal(shift) if isinstance(shift, int) else shift).label("shift"),
                on.label("on_day"), unit.label("unit_id"), sa.literal(kind).label("kind"),
                (sa.literal(0) if record is None else record).label("record_id"),
                (empty if name is None else name).label("name"),
            )
            .select_from(read)
            .order_by(on, unit)
            .limit(at_most(self.limit))
        )  # fmt: skip

    def accounts(self, account: sa.ColumnElement[Any]) -> Iterator[sa.ColumnElement[bool]]:
        """Whose, said of a column that holds an account."""
        asked = self.asked
        if asked.account_id:
            yield account == asked.account_id
        for column, value in ((Account.owner_id, asked.owner_id), (Account.team_id, asked.team_id)):
            if value:
                yield account.in_(sa.select(Account.id).where(column == value))

    def wanted(self) -> Iterator[sa.ColumnElement[bool]]:
        """Units in use, of which product, with a deal or without."""
        asked = self.asked
        yield U.status.in_(ACTIVE)
        if asked.product_id:
            yield U.product_id == asked.product_id
        if asked.deal:
            about = sa.select(DealUnit.unit_id).join_from(DealUnit, Deal).correlate(Unit.__table__)
            there = about.where(DealUnit.unit_id == U.id, Deal.stage.in_(OPEN_STAGES)).exists()
            yield there if asked.deal == "with" else sa.not_(there)


def _before(day: date, years: int, days: int) -> tuple[date, date]:
    """The earliest day that comes to this day or later when years or days are put to it, and the
    latest that comes to it or earlier; with years around 29 February they differ."""
    if days:
        return day + timedelta(days=days), day + timedelta(days=days)
    if not years:
        return day, day
    near = months_after(day, -12 * years)
    some = [near + ONE * n for n in (-2, -1, 0, 1, 2)]
    return (
        min(one for one in some if year_end(one, years) >= day),
        max(one for one in some if year_end(one, years) <= day),
    )
