"""Every kind that can be imported, and those that only come along with others."""

from __future__ import annotations

from crm.transfers.kinds import Kind
from crm.transfers.kinds.accounts import ACCOUNTS
from crm.transfers.kinds.activities import ACTIVITIES
from crm.transfers.kinds.calendar import CLOSED_DAYS, PLANS
from crm.transfers.kinds.campaigns import CAMPAIGNS
from crm.transfers.kinds.contacts import CONTACTS, SITES
from crm.transfers.kinds.contracts import CONTRACTS, WARRANTIES
from crm.transfers.kinds.deals import DEALS
from crm.transfers.kinds.installed_base import UNITS, WORK_ORDERS
from crm.transfers.kinds.products import PRODUCTS
from crm.transfers.kinds.readings import ERRORS, READINGS
from crm.transfers.kinds.staff import OFFICES, STAFF, TEAMS
from crm.transfers.kinds.tickets import TICKETS

_EVERY = (
    STAFF, PRODUCTS, ACCOUNTS, SITES, CONTACTS, DEALS, UNITS, TICKETS, WORK_ORDERS, READINGS,
    ERRORS, CONTRACTS, WARRANTIES, PLANS, CLOSED_DAYS, ACTIVITIES,
    CAMPAIGNS,
)  # fmt: skip
KINDS: dict[str, Kind] = {kind.name: kind for kind in _EVERY}
ALONG: dict[str, Kind] = {kind.name: kind for kind in (TEAMS, OFFICES)}
