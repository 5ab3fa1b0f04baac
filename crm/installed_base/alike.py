"""Which units are there already whose serial number may be the one being typed.

Cheap and exact: what a number may be misread as is looked up in the index of serial keys. What
takes judgement is the nightly comparison's business (crm/doubles).
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.accounts.alike import Alike
from crm.accounts.models import Account
from crm.connections import PLANNED_ANEW
from crm.extensions import at_most, db
from crm.installed_base.models import Unit
from crm.products.models import Product
from crm.text.serial import serial_key
from crm.text.serial_alike import differences, variants

Fields = dict[str, Any]
READ, SHOWN, TELLING = 60, 5, 4
"""Rows looked at, units shown, and signs of a number that says something by itself."""


def reason_words() -> dict[str, str]:
    """What two units share, in words."""
    return {
        "serial": _("Same serial number, another product"), "gap": _("Differs in a hyphen"),
        "zeros": _("Differs in leading zeros"), "letters": _("Differs in O/0 or I/1"),
        "worse": _("Differs in B/8"), "product": _("Same product"), "account": _("Same account"),
    }  # fmt: skip


def units_like(typed: Fields, own_id: int | None = None) -> list[Alike]:
    """Units whose serial number may be the typed one, those of the same product first."""
    key = serial_key(str(typed.get("serial_no") or ""))[:80]
    if len(key) < 2:
        return []
    rows = db.session.execute(
        sa.select(
            Unit.id, Unit.product_id, Unit.account_id, Unit.serial_no, Unit.serial_key,
            Product.code, Account.name,
        )
        .join(Product, Product.id == Unit.product_id)
        .join(Account, Account.id == Unit.account_id)
        .where(Unit.serial_key.in_(sorted(variants(key))), Unit.id != (own_id or 0))
        .limit(at_most(READ))
        .execution_options(**PLANNED_ANEW)
    )  # fmt: skip
    found = [
        Alike(row.id, f"{row.code} {row.serial_no}", row.name, reasons)
        for row in rows if (reasons := _reasons(key, typed, row))
    ]  # fmt: skip
    return sorted(found, key=_weight)[:SHOWN]


def _reasons(key: str, typed: Fields, row: Any) -> tuple[str, ...]:
    """Of another product, only the very same number says something, or one at the same account."""
    differ = differences(key, row.serial_key)
    shared = [
        word for word, name in (("product", "product_id"), ("account", "account_id"))
        if str(typed.get(name) or "") == str(getattr(row, name))
    ]  # fmt: skip
    if differ is None:
        return ()
    if not shared and (differ or len(key) < TELLING):
        return ()
    if "worse" in differ and len(shared) < 2:
        return ()
    return (*(differ or ("serial",)), *shared)


def _weight(one: Alike) -> tuple[bool, bool, int]:
    return "product" not in one.reasons, "account" not in one.reasons, one.id
