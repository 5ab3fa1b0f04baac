"""Every event kind and its line; a test holds that none is missing."""

from __future__ import annotations

from crm.timeline.lines import Line
from crm.timeline.sentences import (
    accounts,
    alerts,
    campaigns,
    closed_days,
    deals,
    exports,
    files,
    handover,
    installed_base,
    maintenance,
    products,
    readings,
    register,
    reports,
    staff,
    support,
    transfers,
    workshop,
)

LINES: dict[str, Line] = {
    **accounts.KINDS,
    **alerts.KINDS,
    **closed_days.KINDS,
    **campaigns.KINDS,
    **deals.KINDS,
    **files.KINDS,
    **exports.KINDS,
    **handover.KINDS,
    **installed_base.KINDS,
    **maintenance.KINDS,
    **products.KINDS,
    **readings.KINDS,
    **register.KINDS,
    **reports.KINDS,
    **staff.KINDS,
    **support.KINDS,
    **transfers.KINDS,
    **workshop.KINDS,
}
