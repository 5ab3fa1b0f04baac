"""All that stands at a customer: its places, the units at each, and what they consist of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from crm.accounts.models import Site
from crm.extensions import at_most, db
from crm.installed_base.components import FAR, MOST_PARTS
from crm.installed_base.models import Unit, WorkOrder
from crm.installed_base.terms import months_after
from crm.paging import Page, Sort, page
from crm.products.models import Product

MONTHS = 24
"""So far back the repairs of a unit are counted."""

NOWHERE = 0
"""The place of units without a site."""

U = Unit.__table__.c
BY_PLACE = Sort("place", U.location)
_COLUMNS = [*U, Product.code, Product.name.label("product")]
_JOINED = sa.join(Unit, Product, Product.id == Unit.product_id)


@dataclass(frozen=True, slots=True)
class Place:
    """A site of an account, or 0 for no site, and how many units stand there."""

    site_id: int
    name: str | None
    units: int


@dataclass(slots=True)
class Node:
    """A unit and what it consists of."""

    row: Any
    parts: list[Node] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Repairs:
    """Repairs of one unit in the last 24 months; yen without tax, whoever paid them."""

    number: int = 0
    amount: int = 0


def places(account_id: int, removed: bool = False) -> list[Place]:
    """Where the units of an account stand, by name; those without a site last. One statement."""
    number = sa.func.count()
    rows = db.session.execute(
        sa.select(U.site_id, Site.name, number.label("number"))
        .select_from(sa.outerjoin(Unit, Site, Site.id == Unit.site_id))
        .where(U.account_id == account_id, *_in_use(removed))
        .group_by(U.site_id, Site.name)
    ).all()
    found = [Place(row.site_id or NOWHERE, row.name, row.number) for row in rows]
    return sorted(found, key=lambda one: (one.site_id == NOWHERE, one.name or "", one.site_id))


def units_at(
    account_id: int, site_id: int, cursor: str | None, limit: int, removed: bool = False
) -> Page:
    """One page of the units that stand at a site by themselves, in the order of their rooms."""
    at = U.site_id.is_(None) if site_id == NOWHERE else U.site_id == site_id
    where = [at, U.parent_id.is_(None), *_in_use(removed)]
    return page(
        _COLUMNS, U.id, [U.account_id == account_id], where, BY_PLACE, cursor, limit, _JOINED
    )


def with_parts(rows: Sequence[Any], removed: bool = False) -> list[Node]:
    """The units with their components under them, however deep; one statement for all."""
    nodes = {row.id: Node(row) for row in rows}
    for part in _parts_of(list(nodes), removed):
        nodes[part.id] = Node(part)
        nodes[part.parent_id].parts.append(nodes[part.id])
    return [nodes[row.id] for row in rows]


def _parts_of(keys: list[int], removed: bool) -> Sequence[Any]:
    if not keys:
        return []
    down = sa.select(U.id, sa.literal(1).label("level")).where(
        U.parent_id.in_(keys), *_in_use(removed)
    )
    tree = down.cte("down", recursive=True)
    one = Unit.__table__.alias("one")
    tree = tree.union_all(
        sa.select(one.c.id, tree.c.level + 1)
        .join(tree, one.c.parent_id == tree.c.id)
        .where(tree.c.level < FAR, *([] if removed else [one.c.status != "removed"]))
    )
    return db.session.execute(
        sa.select(*_COLUMNS)
        .select_from(_JOINED.join(tree, tree.c.id == U.id))
        .order_by(tree.c.level, U.id)
        .limit(at_most(MOST_PARTS))
    ).all()


def by_room(nodes: Sequence[Node]) -> list[tuple[str, list[Node]]]:
    """Units one after the other in the same room, under the room's name."""
    return [(room, list(some)) for room, some in groupby(nodes, lambda one: one.row.location)]


def every(nodes: Sequence[Node]) -> list[Any]:
    """The rows of a tree, the tops and all that is under them."""
    return [row for node in nodes for row in (node.row, *every(node.parts))]


def repairs(unit_ids: Sequence[int], on: date) -> dict[int, Repairs]:
    """Unit → its repairs of the 24 months to a day, in one statement."""
    work = WorkOrder.__table__.c
    if not unit_ids:
        return {}
    rows = db.session.execute(
        sa.select(
            work.unit_id, sa.func.count().label("number"),
            sa.func.sum(work.labour_amount + work.travel_amount + work.parts_amount).label("yen"),
        )
        .where(
            work.unit_id.in_(unit_ids), work.kind == "repair",
            work.opened_on > months_after(on, -MONTHS), work.opened_on <= on,
        )
        .group_by(work.unit_id)
    )  # fmt: skip
    return {row.unit_id: Repairs(row.number, int(row.yen or 0)) for row in rows}


def _in_use(removed: bool) -> list[sa.ColumnElement[bool]]:
    return [] if removed else [U.status != "removed"]
