"""Kind of record → how two of it become one."""

from __future__ import annotations

from collections.abc import Mapping

from crm.doubles.customers import ACCOUNTS, CONTACTS
from crm.doubles.kinds import Way
from crm.doubles.products import PRODUCTS
from crm.doubles.units import UNITS

WAYS: Mapping[str, Way] = {
    "account": ACCOUNTS, "contact": CONTACTS, "product": PRODUCTS, "unit": UNITS,
}  # fmt: skip
