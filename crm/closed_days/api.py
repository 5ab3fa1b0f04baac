"""The company's own days for programs."""

from __future__ import annotations

import marshmallow as ma

from crm.closed_days import actions, queries
from crm.closed_days.models import ClosedDay
from crm.closed_days.schemas import ClosedDaySchema
from crm.rest import Collection, blueprint, collection

blp = blueprint("closed_days", "The company's own closed days and days it works on")

collection(
    blp,
    Collection(
        "closed-days", "closed_day", ClosedDay, ClosedDaySchema, queries.get_closed_day,
        create=lambda fields, user: actions.add_day(fields, user.id),
        change=lambda day, fields, user: actions.change_day(day, fields, user.id),
        remove=lambda day, user: actions.remove_days([day], user.id),
        filters={
            "day": ma.fields.Date(),
            "worked": ma.fields.Boolean(truthy={"true"}, falsy={"false"}),
        },
        sorts=("id", "day"), default_sort="day",
    ),
)  # fmt: skip
