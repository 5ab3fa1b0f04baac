"""What is typed about the company's own days."""

from __future__ import annotations

from crm.typed import Recorded, Schema, day, flag, line, number


class ClosedDaySchema(Recorded):
    """A day the company is closed; `worked` true: it works on it although others do not."""

    day = day(required=True)
    name = line(60, required=True)
    name_en = line(60)
    worked = flag()


class ClosedDaysSchema(Schema):
    """Days from `starts_on` to `ends_on`, both included; the one day when `ends_on` is left out."""

    starts_on = day(required=True)
    ends_on = day(allow_none=True)
    name = line(60, required=True)
    name_en = line(60)
    worked = flag()


class YearSchema(Schema):
    """Into which year the days of the year before are copied."""

    year = number(1901, 2199, required=True)
