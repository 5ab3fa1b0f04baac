"""Every event kind and its line; a test holds that none is missing."""

from __future__ import annotations

from crm.timeline.lines import Line
from crm.timeline.sentences import (
    accounts,
    advice,
    alerts,
    attributes,
    campaigns,
    closed_days,
    deals,
    doubles,
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
    webhooks,
    workshop,
)

LINES: dict[str, Line] = {
    **accounts.KINDS,
    **advice.KINDS,
    **alerts.KINDS,
    **attributes.KINDS,
    **closed_days.KINDS,
    **campaigns.KINDS,
    **deals.KINDS,
    **doubles.KINDS,
    **exports.KINDS,
    **files.KINDS,
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
    **webhooks.KINDS,
    **workshop.KINDS,
}
