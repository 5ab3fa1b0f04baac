"""Every kind of record that can be exported."""

from __future__ import annotations

from crm.exports.kinds.accounts import ACCOUNTS, CONTACTS, SITES
from crm.exports.kinds.campaigns import CAMPAIGNS
from crm.exports.kinds.installed_base import CONTRACTS, UNITS
from crm.exports.kinds.maintenance import PLANS
from crm.exports.kinds.people import PRODUCTS, STAFF
from crm.exports.kinds.sales import ACTIVITIES, ALERTS, DEALS
from crm.exports.kinds.work import TICKETS, WORK_ORDERS
from crm.exports.tables import Table

_EVERY = (
    ACCOUNTS, CONTACTS, SITES, DEALS, ACTIVITIES, ALERTS, UNITS, CONTRACTS, TICKETS, WORK_ORDERS,
    PRODUCTS, STAFF, CAMPAIGNS, PLANS,
)  # fmt: skip
TABLES: dict[str, Table] = {table.name: table for table in _EVERY}
