"""Who the deals of a list belong to, and what the list prints of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from crm.accounts.models import Account
from crm.deals.models import Deal, deal_number
from crm.deals.models import DealLine as Item
from crm.extensions import db
from crm.products.models import Product
from crm.reports.ledger import Chair
from crm.reports.lines import DealLine, Seat
from crm.staff.models import Staff, Team
from crm.text.legal_form import short

CHUNK = 500
"""Keys in one statement."""


def seats(lines: Iterable[DealLine]) -> dict[Chair, Seat]:
    """Where each deal's rep sits, in the organisation's order; nobody's deals come last."""
    teams = {team.id: team for team in db.session.scalars(sa.select(Team))}
    names: Mapping[int, str] = dict(
        db.session.execute(sa.select(Staff.id, Staff.name)).tuples().all()
    )
    return {chair: _seat(chair, teams, names) for chair in {(x.team_id, x.owner_id) for x in lines}}


def _seat(chair: Chair, teams: Mapping[int, Team], names: Mapping[int, str]) -> Seat:
    team_id, owner_id = chair
    team = teams.get(team_id) if team_id is not None else None
    rep = names.get(owner_id, "") if owner_id is not None else ""
    if team is None:
        return Seat(owner_id, team_id, "", "", rep, (1, 0, 0, owner_id or 0))
    order = (0, team.position, team.id, owner_id or 2**53)
    return Seat(owner_id, team_id, team.division, team.name, rep, order)


def detailed(lines: Sequence[DealLine]) -> list[DealLine]:
    """The same deals with what a list prints of them: names, product, profit, next step."""
    found: dict[int, Mapping[Any, Any]] = {}
    for ids in _chunks([line.id for line in lines]):
        found |= {row["id"]: row for row in _details(ids)}
    return [replace(line, **_printed(found[line.id])) for line in lines]


def _details(ids: Sequence[int]) -> list[sa.RowMapping]:
    place = sa.func.row_number().over(partition_by=Item.deal_id, order_by=(Item.position, Item.id))
    first = (
        sa.select(Item.deal_id, Item.description, Item.product_id, place.label("place"))
        .where(Item.deal_id.in_(ids))
        .subquery()
    )
    query = (
        sa.select(
            Deal.id, Deal.created_at, Deal.title, Deal.gross_profit, Deal.revenue_on,
            Deal.next_step, Deal.competitor, Account.name.label("account"),
            Product.name.label("product"), first.c.description,
        )
        .join(Account, Account.id == Deal.account_id)
        .outerjoin(first, sa.and_(first.c.deal_id == Deal.id, first.c.place == 1))
        .outerjoin(Product, Product.id == first.c.product_id)
        .where(Deal.id.in_(ids))
    )  # fmt: skip
    return [row._mapping for row in db.session.execute(query)]


def _printed(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {
        "number": deal_number(row["created_at"], row["id"]),
        "title": row["title"],
        "account": short(row["account"]),
        "product": row["product"] or row["description"] or "",
        "gross_profit": row["gross_profit"],
        "revenue_on": row["revenue_on"],
        "next_step": row["next_step"],
        "competitor": row["competitor"],
    }


def _chunks(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[i : i + CHUNK] for i in range(0, len(ids), CHUNK))


def sales_teams() -> list[tuple[int, str]]:
    """Teams that have deals, in the organisation's order."""
    rows = db.session.execute(
        sa.select(Team.id, Team.name)
        .where(sa.or_(Team.department == "sales", sa.exists().where(Deal.team_id == Team.id)))
        .order_by(Team.position, Team.id)
    )
    return [(row.id, row.name) for row in rows]


def sales_people(team_id: int | None) -> list[tuple[int, str]]:
    """Whose deals one may ask for: of a team, or of everybody."""
    query = (
        sa.select(Staff.id, Staff.name)
        .outerjoin(Team, Team.id == Staff.team_id)
        .where(sa.or_(Staff.role == "rep", sa.exists().where(Deal.owner_id == Staff.id)))
        .order_by(Team.position, Staff.id)
    )
    if team_id is not None:
        query = query.where(Staff.team_id == team_id)
    return [(row.id, row.name) for row in db.session.execute(query)]
