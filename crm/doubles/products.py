"""Two products that are one model, entered twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.alerts.models import WAITING, Alert
from crm.attributes.asking import asked_of
from crm.attributes.values import keep_many
from crm.doubles import moving
from crm.doubles.kinds import Fields, Way
from crm.doubles.models import Merge
from crm.doubles.referring import reference
from crm.errors import Conflict
from crm.extensions import at_most, db
from crm.installed_base.models import Unit
from crm.products import queries
from crm.products.actions import check_days
from crm.products.models import Product, ProductRelation

SHOWN, AT_ONCE = 50, 500


@dataclass(frozen=True, slots=True)
class Twins:
    """Two units of two products with one serial number: they must be one before the products."""

    survivor_id: int
    lost_id: int
    serial_no: str


def twins(survivor_id: int, lost_id: int) -> list[Twins]:
    """Units that would become equal, at most `SHOWN`."""
    mine, theirs = Unit.__table__.alias().c, Unit.__table__.alias().c
    rows = db.session.execute(
        sa.select(mine.id, theirs.id, mine.serial_no)
        .where(
            mine.product_id == survivor_id, theirs.product_id == lost_id,
            mine.serial_key == theirs.serial_key,
        )
        .order_by(theirs.id)
        .limit(at_most(SHOWN))
    )  # fmt: skip
    return [Twins(*row) for row in rows]


def _check(survivor: Product, lost: Product) -> None:
    for one, other in ((survivor, lost), (lost, survivor)):
        if other.id in _after(one):
            why = _("One of the two is the other's successor. Take that back first.")
            raise Conflict(why, {"lost_id": [why]})


def _after(product: Product) -> Iterator[int]:
    """The successors of a product, one after the other."""
    at = product.successor_id
    for _step in range(queries.DEEPEST):
        if at is None:
            return
        yield at
        at = db.session.scalar(sa.select(Product.successor_id).where(Product.id == at))


def _clashes(survivor: Product, lost: Product) -> Iterator[tuple[str, int]]:
    counted = {
        "twins": len(twins(survivor.id, lost.id)),
        "relations": len(_between(survivor.id, lost.id)),
        "families": int(survivor.category != lost.category),
    }
    yield from ((name, number) for name, number in counted.items() if number)


def _between(survivor_id: int, lost_id: int) -> list[int]:
    """What the two were said to be to each other: one product is nothing to itself."""
    two = (survivor_id, lost_id)
    here = ProductRelation.product_id.in_(two), ProductRelation.other_id.in_(two)
    return list(db.session.scalars(sa.select(ProductRelation.id).where(*here)))


def _before(made: Merge, survivor: Product, lost: Product, _chosen: Fields) -> dict[str, int]:
    equal = twins(survivor.id, lost.id)
    if equal:
        said = ", ".join(one.serial_no for one in equal[:5])
        why = _(
            "Units of both have the same serial number (%(serials)s). Merge these units first.",
            serials=said,
        )
        raise Conflict(why, {"lost_id": [why]})
    between = ProductRelation.id.in_(_between(survivor.id, lost.id))
    scopes = reference("product", "contract_scopes.product_id")
    _offer(made)
    return {
        "product_relations removed": moving.remove(
            made, reference("product", "product_relations.product_id"), [between]
        ),
        "contract_scopes removed": moving.remove_like(made, scopes, ("contract_id", "site_id")),
    }  # fmt: skip


def _offer(made: Merge) -> None:
    """What alerts that wait offer becomes a line of a deal: it must be a product that is there."""
    offered = Alert.offer["product_id"].as_integer() == made.lost_id
    waiting = sa.select(Alert).where(Alert.state.in_(WAITING), offered)
    for alert in db.session.scalars(waiting).all():
        before = {"offer": alert.offer}
        alert.offer = alert.offer | {"product_id": made.survivor_id}
        db.session.flush()
        moving.note_change(made, alert, before)


def _settle(made: Merge, survivor: Product) -> None:
    refiled = sa.inspect(survivor).attrs.category.history.has_changes()
    check_days(survivor)
    if survivor.successor_id is not None:
        queries.check_successor(survivor.id, survivor.successor_id)
    db.session.flush()
    if refiled or made.row["category"] != survivor.category:
        _file(survivor)


def _file(product: Product) -> None:
    """Units are found by the custom fields of their family: that of their product."""
    asked, after = asked_of("unit", product.category), 0
    held = sa.select(Unit.id, Unit.attributes).where(
        Unit.product_id == product.id, sa.cast(Unit.attributes, sa.String) != "{}"
    )
    while True:
        rows = db.session.execute(
            held.where(Unit.id > after).order_by(Unit.id).limit(at_most(AT_ONCE))
        ).all()
        keep_many("unit", [(row.id, asked, row.attributes or {}) for row in rows])
        if len(rows) < AT_ONCE:
            return
        after = rows[-1].id


def _free(row: Fields) -> None:
    other = queries.by_code(row["code"])
    if other is not None:
        why = _("Another product has this code: %(name)s.", name=other.name)
        raise Conflict(why, {"code": [why]})


def _back(merge: Merge) -> None:
    both: Any = Product.id.in_((merge.survivor_id, merge.lost_id))
    found = db.session.scalars(sa.select(Product).where(both)).all()
    if "category" in merge.parts or len({one.category for one in found}) > 1:
        for product in found:
            _file(product)


PRODUCTS = Way(_check, _clashes, before=_before, after=_settle, free=_free, back=_back)
