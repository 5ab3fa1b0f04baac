"""What the search knows of work orders."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from crm.clock import start_of
from crm.extensions import db
from crm.installed_base.models import Unit, WorkOrder
from crm.products.models import Product
from crm.search.actions import Card, headline
from crm.service.models import WorkPart

_W, _P = WorkOrder.__table__.c, WorkPart.__table__.c


def work_cards(keys: Sequence[int]) -> list[Card]:
    """Work orders, by number, by their words and by the serials of their parts."""
    serials: dict[int, list[str]] = defaultdict(list)
    parts = sa.select(_P.work_order_id, _P.fitted_serial, _P.removed_serial)
    for key, *both in db.session.execute(
        parts.where(_P.work_order_id.in_(keys)).order_by(_P.position, _P.id)
    ):
        serials[key] += filter(None, both)
    rows = db.session.execute(
        sa.select(
            _W.id, _W.account_id, _W.symptom, _W.cause, _W.action, _W.opened_on, _W.assignee_id,
            Product.code, Unit.serial_no,
        )
        .where(_W.id.in_(keys))
        .join(Unit, Unit.id == _W.unit_id)
        .join(Product, Product.id == Unit.product_id)
    )  # fmt: skip
    return [_card(row, serials[row.id]) for row in rows]


def _card(row: Any, serials: Sequence[str]) -> Card:
    number = f"WO-{row.id}"
    return Card(
        "work_order", row.id, f"{number} {headline(row.symptom or row.action)}".strip(),
        f"{row.code} {row.serial_no}".strip(), row.account_id,
        identifiers=[number, *dict.fromkeys(serials)],
        body="\n".join(filter(None, (row.symptom, row.cause, row.action))),
        at=start_of(row.opened_on), owner_id=row.assignee_id,
    )  # fmt: skip
