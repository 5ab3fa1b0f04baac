"""What refers to a record: asked of the schema, before something is deleted."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.errors import Conflict
from crm.extensions import db


def refuse_if_referred_to(record: Any, parts: Collection[str] = ("events",)) -> None:
    """Raise Conflict, in words, when rows of other tables name this record.

    `parts` are tables whose rows go with the record or stay without it, as those of derived tables
    always do.
    """
    names = sorted({_words(table) for table in _referring(record, parts)})
    if names:
        raise Conflict(
            _("It cannot be removed: other records refer to it (%(what)s).", what=", ".join(names))
        )


def referring(table: str, keys: Collection[int], parts: Collection[str]) -> dict[int, set[str]]:
    """Key → what refers to it, in words, for many records of a table in one statement."""
    found: dict[int, set[str]] = {key: set() for key in keys}
    asked: list[Any] = [
        sa.select(sa.literal(name), column).where(column.in_(found))
        for name, column in _columns(table, parts)
    ]
    asked += [
        sa.select(sa.literal(of), key).where(*named) for of, key, named in _custom(table, found)
    ]
    for name, key in db.session.execute(sa.union(*asked)) if asked and found else ():
        found[key].add(_words(name))
    return found


def _columns(target: str, parts: Collection[str]) -> list[tuple[str, Any]]:
    return [
        (table.name, column)
        for table in db.metadata.sorted_tables
        for column in table.columns
        if table.name not in parts
        and not table.info.get("derived")
        and any(one.column.table.name == target for one in column.foreign_keys)
    ]


def _referring(record: Any, parts: Collection[str]) -> list[str]:
    asked: list[Any] = [
        sa.select(sa.literal(name)).where(sa.exists().where(column == record.id))
        for name, column in _columns(record.__tablename__, parts)
    ]
    asked += [
        sa.select(sa.literal(of)).where(sa.exists().where(*named))
        for of, _key, named in _custom(record.__tablename__, [record.id])
    ]
    return list(db.session.scalars(sa.union(*asked))) if asked else []


def _custom(target: str, keys: Collection[int]) -> list[tuple[str, Any, tuple[Any, ...]]]:
    """Custom fields that refer to records (crm/attributes/models.py).

    The table of the records that have them, the key that is referred to, and the condition.
    """
    found = []
    for table in db.metadata.sorted_tables:
        kind = table.info.get("refers", {}).get(target)
        if kind is None:
            continue
        fields = db.metadata.tables["attribute_definitions"].c
        named = (
            fields.id == table.c.definition_id, fields.refers_to == kind,
            table.c.value.in_([str(key) for key in keys]),
        )  # fmt: skip
        found.append((table.info["of"], sa.cast(table.c.value, sa.BigInteger), named))
    return found


def _words(table: str) -> str:
    said = {
        "accounts": _("accounts"), "sites": _("sites"), "contacts": _("contacts"),
        "units": _("units"), "service_contracts": _("contracts"), "contract_units": _("contracts"),
        "work_orders": _("work orders"), "tickets": _("tickets"), "deals": _("deals"),
        "deal_lines": _("deals"), "deal_units": _("deals"),
        "unit_states": _("units"), "contract_scopes": _("contracts"), "warranties": _("units"),
        "campaign_items": _("campaigns"), "campaign_products": _("campaigns"),
        "activities": _("activities"),
        "activity_contacts": _("activities"), "alerts": _("alerts"), "products": _("products"),
        "maintenance_plans": _("maintenance plans"), "plan_units": _("maintenance plans"),
        "visits": _("maintenance visits"), "meters": _("meters"), "readings": _("readings"),
        "work_parts": _("work orders"), "work_companions": _("work orders"),
        "work_steps": _("work orders"), "loans": _("loans"),
        "work_signatures": _("signatures"), "service_reports": _("service reports"),
        "advice": _("advice"), "attachments": _("files"), "locations": _("places"),
        "campaigns": _("campaigns"), "handovers": _("hand-overs"),
        "handover_units": _("hand-overs"),
        "handover_plans": _("hand-overs"),
    }  # fmt: skip
    return said.get(table, table)
