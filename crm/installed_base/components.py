"""What a unit consists of: the tree of components, and which unit took whose place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.accounts.models import Account
from crm.errors import Invalid
from crm.extensions import at_most, db
from crm.installed_base.models import Unit
from crm.products.models import Product

MOST_LEVELS = 8
MOST_PARTS = 1000
FAR = 50
U = Unit.__table__.c


def above(unit_id: int, link: str = "parent_id") -> list[int]:
    """A unit and those that it is part of, the nearest first, in one statement."""
    up = (
        sa.select(U.id, U[link].label("next"), sa.literal(1).label("level"))
        .where(U.id == unit_id)
        .cte("up", recursive=True)
    )
    one = Unit.__table__.alias("one")
    up = up.union_all(
        sa.select(one.c.id, one.c[link], up.c.level + 1)
        .join(up, one.c.id == up.c.next)
        .where(up.c.level < FAR)
    )
    with db.session.no_autoflush:
        return list(db.session.scalars(sa.select(up.c.id).order_by(up.c.level)))


def below(unit_id: int) -> Sequence[sa.Row[Any]]:
    """The components of a unit, theirs and so on: key and level, the nearest first."""
    down = sa.select(U.id, sa.literal(1).label("level")).where(U.parent_id == unit_id)
    tree = down.cte("down", recursive=True)
    one = Unit.__table__.alias("one")
    tree = tree.union_all(
        sa.select(one.c.id, tree.c.level + 1)
        .join(tree, one.c.parent_id == tree.c.id)
        .where(tree.c.level < FAR)
    )
    found = sa.select(tree).order_by(tree.c.level, tree.c.id).limit(at_most(MOST_PARTS))
    with db.session.no_autoflush:
        return db.session.execute(found).all()


def check_parent(unit: Unit) -> None:
    """Raises Invalid when a unit cannot be part of what it is said to be part of.

    The account's row is locked, so that two people do not put two units into one another.
    """
    if unit.parent_id is None:
        return
    with db.session.no_autoflush:
        locked = sa.select(Account.id).where(Account.id == unit.account_id).with_for_update()
        db.session.execute(locked)
        owner = db.session.scalar(sa.select(U.account_id).where(U.id == unit.parent_id))
    why, chain = "", above(unit.parent_id)
    parts = below(unit.id) if unit.id else []
    if unit.parent_id == unit.id:
        why = _("A unit is not a part of itself.")
    elif unit.id in chain:
        why = _("A unit is not a part of its own part.")
    elif owner != unit.account_id:
        why = _("A component belongs to the account of the unit that it is part of.")
    elif len(chain) + 1 + max((one.level for one in parts), default=0) > MOST_LEVELS:
        why = _("Components are at most %(n)s levels deep.", n=MOST_LEVELS)
    if why:
        raise Invalid({"parent_id": [why]})


def check_replaced(unit: Unit) -> None:
    """Raises Invalid when a unit cannot have taken the place of another one."""
    if unit.replaces_id is None:
        return
    with db.session.no_autoflush:
        by = db.session.scalar(sa.select(U.id).where(U.replaces_id == unit.replaces_id))
    if unit.replaces_id == unit.id or unit.id in above(unit.replaces_id, "replaces_id"):
        raise Invalid({"replaces_id": [_("A unit does not replace itself.")]})
    if by is not None and by != unit.id:
        why = _("Unit %(id)s has replaced it already.", id=by)
        raise Invalid({"replaces_id": [why]})


def related(unit: Unit) -> Sequence[sa.Row[Any]]:
    """What a unit is part of, what it replaces and what replaced it, in one statement."""
    keys = [key for key in (unit.parent_id, unit.replaces_id) if key is not None]
    return db.session.execute(
        sa.select(U.id, U.replaces_id, U.serial_no, Product.code)
        .join(Product, Product.id == U.product_id)
        .where(sa.or_(U.id.in_(keys), U.replaces_id == unit.id))
        .order_by(U.id)
        .limit(at_most(10))
    ).all()


def tree_of(unit_id: int) -> list[dict[str, Any]]:
    """The whole tree in which a unit stands, from the top, as nested rows; three statements."""
    top = above(unit_id)[-1]
    keys = [top, *(row.id for row in below(top))]
    rows = db.session.execute(
        sa.select(U.id, U.parent_id, U.serial_no, U.status, Product.code, Product.name)
        .join(Product, Product.id == U.product_id)
        .where(U.id.in_(keys))
        .order_by(U.id)
    ).all()
    nodes: dict[int, dict[str, Any]] = {row.id: {"row": row, "parts": []} for row in rows}
    for row in rows:
        if row.id != top and row.parent_id in nodes:
            nodes[row.parent_id]["parts"].append(nodes[row.id])
    return [nodes[top]]
