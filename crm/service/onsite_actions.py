"""Take over what an engineer wrote at the customer's."""

from __future__ import annotations

from typing import Any

from crm.clock import now
from crm.installed_base.models import WorkOrder
from crm.service import onsite_rows
from crm.service.actions import change_work
from crm.service.onsite_reading import MINUTES, ROWS
from crm.service.onsite_schemas import instant_of

Fields = dict[str, Any]


def write_onsite(work: WorkOrder, fields: Fields, by_id: int) -> None:
    """Change a work order by the fields of the form. Raises Invalid naming the field.

    The version is raised even when only rows changed, so that nobody overwrites them unseen.
    """
    read = fields | {name: instant_of(fields[name]) for name in MINUTES if name in fields}
    read |= {name: onsite_rows.read(fields[name]) for name in ROWS if name in fields}
    work.updated_at = now()
    change_work(work, read, by_id)
