"""What ends at the demo company's customers: leases, re-leases, support; the deals about it."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from crm.deals.models import OPEN_STAGES, Deal, DealUnit
from crm.demo.book import Book
from crm.extensions import db
from crm.installed_base.models import ContractUnit, ServiceContract, Unit, UnitState
from crm.installed_base.terms import last_day, months_after

LEASE_MONTHS = 60
LESSORS = ("あさぎ総合リース", "ひので機器リース", "うみかぜキャピタル")
SOON_MONTHS = 6


def lease(book: Book) -> None:
    """Leases run five years; what is older was taken again, the story's analyser until spring. A few
    units have days of their own."""
    for row in book.rows[Unit]:
        if row["ownership"] != "leased" or row["delivered_on"] is None:
            continue
        row["lease_ends_on"] = last_day(row["delivered_on"], LEASE_MONTHS)
        if row["lease_ends_on"] < book.today and row["id"] % 2:
            row["re_lease_ends_on"] = _next_year_end(row["lease_ends_on"], book.today)
    _story(book)
    for row in book.rows[Unit]:
        row.setdefault("lease_ends_on", None)
        row.setdefault("re_lease_ends_on", None)
        leased = row["ownership"] == "leased"
        row["lessor"] = LESSORS[row["id"] % len(LESSORS)] if leased else ""
    _own_days(book)


def _story(book: Book) -> None:
    """The analyser of the story is in the second year of its re-lease, to the end of March."""
    key = book.keys["山田LX"]
    spring = date(book.today.year + (book.today.month > 3), 3, 31)
    ends = {"lease_ends_on": months_after(spring, -24), "re_lease_ends_on": spring}
    for row in book.rows[Unit]:
        if row["id"] == key:
            row.update(ownership="leased", **ends)
    for row in book.rows[UnitState]:
        if row["unit_id"] == key:
            row.update(ownership="leased")


def _next_year_end(lease_ends_on: date, today: date) -> date:
    ends = lease_ends_on
    while ends < today:
        ends = months_after(ends, 12)
    return ends


def _own_days(book: Book) -> None:
    """A few units have days of their own: their maker agreed to look after them for longer, or
    stopped earlier; an old oven's parts are over next year."""
    year = book.today.year
    for row in book.rows[Unit]:
        longer = row["id"] % 97 == 60
        row["end_of_support_on"] = date(year + 4, 3, 31) if longer else None
        row["parts_supply_end_on"] = date(year + 3, 9, 30) if longer else None
        if row["id"] == book.keys["三崎HT"]:
            row["parts_supply_end_on"] = date(year + 1, 12, 31)


def propose(book: Book) -> None:
    """Open deals are about units of their customer of which something ends soon."""
    last = months_after(book.today, SOON_MONTHS)
    held = {row["deal_id"] for row in book.rows[DealUnit]}
    some = _ending(book, last)
    for row in book.rows[Deal]:
        units = some.get(row["account_id"], [])
        if row["stage"] in OPEN_STAGES and row["id"] not in held and units:
            book.link(DealUnit, deal_id=row["id"], unit_id=units.pop(0))


def _ending(book: Book, last: date) -> dict[int, list[int]]:
    """Account → its units of which warranty or contract ends soon, the earliest first."""
    contract = (
        sa.select(Unit.account_id, Unit.id, ServiceContract.ends_on.label("on_day"))
        .join(ContractUnit, ContractUnit.unit_id == Unit.id)
        .join(ServiceContract, ServiceContract.id == ContractUnit.contract_id)
        .where(ServiceContract.ends_on.between(book.today, last))
    )
    warranty = sa.select(Unit.account_id, Unit.id, Unit.warranty_ends_on).where(
        Unit.warranty_ends_on.between(book.today, last)
    )
    found: dict[int, list[int]] = {}
    for account, unit, _on in db.session.execute(sa.union(contract, warranty).order_by("on_day")):
        found.setdefault(account, []).append(unit)
    return found
