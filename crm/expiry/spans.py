"""What the walks over the days have in common: the span, the filters, the order, the limit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from crm.accounts.models import Account
from crm.deals.models import OPEN_STAGES, Deal, DealUnit
from crm.expiry.asking import Asked
from crm.extensions import at_most, db
from crm.installed_base.leases import year_end
from crm.installed_base.models import ContractScope, Unit
from crm.installed_base.terms import months_after
from crm.products.models import Product

ACTIVE = ("in_use", "spare")
U, S = Unit.__table__.c, ContractScope.__table__.c
ONE = timedelta(days=1)
Branches = Iterator[sa.Select[Any]]
Place = tuple[date, int]
"""A day and the key of a unit: where a page ended."""

PRODUCT_ENDS = {"support": "end_of_support_on", "parts": "parts_supply_end_on"}
_NO_ENDS: dict[str, list[tuple[int, date]]] = {kind: [] for kind in PRODUCT_ENDS}
FEW = 5000
"""Lines of wide contracts that are soon looked through."""


def _few_wide() -> sa.Select[Any]:
    some = sa.select(S.id).limit(at_most(FEW + 1)).subquery()
    number = sa.select(sa.func.count()).select_from(some).scalar_subquery()
    return sa.select(
        sa.literal("wide").label("kind"), number.label("key"), sa.cast(sa.null(), sa.Date)
    )


class Reading:
    """What the branches have in common: the span, the filters, the limit."""

    def __init__(self, asked: Asked, after: Place | None, limit: int) -> None:
        self.asked, self.after, self.limit, self.number = asked, after, limit, 0
        self.ends = (asked.month, asked.last)
        self.few_wide, self.ends_of_products = True, _NO_ENDS
        self.first_lease: date | None = None

    def look_ahead(self) -> None:
        """Read which products end, whether few contracts are wide, and the first end of a lease,
        in one statement."""
        some = [_few_wide()]
        if "lease" in self.asked.kinds:
            key = sa.cast(sa.null(), sa.Integer)
            some.append(sa.select(sa.literal("lease"), key, sa.func.min(U.lease_ends_on)))
        first = self.after[0] if self.after else self.asked.month
        for kind, column in PRODUCT_ENDS.items():
            if kind in self.asked.kinds:
                on = Product.__table__.c[column]
                found = sa.select(sa.literal(kind), Product.id, on).where(
                    on.between(first, self.asked.last)
                )
                product = self.asked.product_id
                some.append(found.where(Product.id == product) if product else found)
        rows = db.session.execute(sa.union_all(*some)).all()
        self.first_lease = next((on for told, _key, on in rows if told == "lease"), None)
        self.few_wide = next(number for kind, number, _on in rows if kind == "wide") <= FEW
        self.ends_of_products = {
            kind: sorted((key, on) for told, key, on in rows if told == kind)
            for kind in PRODUCT_ENDS
        }

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

    def units(self, read: Any, on: Any, kind: str, *, shift: int = 0, record: Any = None,
              name: Any = None) -> sa.Select[Any]:  # fmt: skip
        """A branch from a join that holds units, with the filters, ordered and cut."""
        found = self.branch(read, on, U.id, kind, shift=shift, record=record, name=name)
        return found.where(*self.accounts(U.account_id), *self.wanted())

    def branch(self, read: Any, on: Any, unit: Any, kind: str, *, shift: int = 0,
               record: Any = None, name: Any = None) -> sa.Select[Any]:  # fmt: skip
        """A branch with its order and its limit; what it leaves out is said by who asks."""
        self.number += 1
        empty = sa.literal("", sa.String)
        return (
            sa.select(
                sa.literal(self.number).label("branch"), sa.literal(shift).label("shift"),
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
