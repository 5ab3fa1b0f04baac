"""Values of meters and readings in words, and the fields of their forms."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import pgettext

from crm.language import per_language
from crm.look import day, number, percent
from crm.readings.judging import shown
from crm.readings.trends import Forecast, Growth


def kinds() -> dict[str, str]:
    """What a meter does."""
    return {
        "counter": _("Counter: runs forward"), "gauge": _("Gauge: goes both ways"),
    }  # fmt: skip


def sources() -> dict[str, str]:
    """Where a reading came from."""
    return {
        "person": pgettext("reading", "read"), "csv": pgettext("reading", "file"),
        "api": pgettext("reading", "device"), "service": pgettext("reading", "service"),
    }  # fmt: skip


@per_language
def labels() -> dict[str, str]:
    """The fields of meters and readings."""
    return {
        "name": pgettext("meter", "Name"), "measure": _("Unit of measure"),
        "kind": pgettext("meter", "Kind"), "rated_limit": _("Rated limit"),
        "decimals": _("Decimals"), "meter_id": _("Meter"), "value": pgettext("meter", "Reading"),
        "at": pgettext("reading", "Read at"), "reset": _("The counter was reset or exchanged"),
        "reason": pgettext("reading", "Reason"), "total": pgettext("reading", "In all"),
        "source": pgettext("reading", "From"), "by": pgettext("reading", "Noted by"),
    }  # fmt: skip


def growth(found: Growth | None, meter: Any) -> str:
    """What ran in 90 days, against the same days a year before."""
    if found is None:
        return _("Not enough readings to compare with last year")
    recent = shown(found.recent, meter)
    told = _("90 days to %(day)s: %(value)s", day=day(found.until), value=recent)
    if found.ratio is None:
        return told
    change = percent(abs(found.ratio), 0)
    if round(found.ratio * 100) == 0:
        return _("%(told)s, as in the same days last year", told=told)
    if found.ratio > 0:
        return _("%(told)s, %(change)s more than last year", told=told, change=change)
    return _("%(told)s, %(change)s less than last year", told=told, change=change)


def forecast(found: Forecast | None, meter: Any) -> str:
    """When the rated limit is reached."""
    if found is None:
        return ""
    limit = shown(meter.rated_limit, meter)
    if found.word == "reached":
        return _("The rated limit of %(limit)s is reached", limit=limit)
    if found.word == "few":
        return _("Not enough readings to say when %(limit)s is reached", limit=limit)
    if found.word == "later" or found.on is None:
        return _("As it runs now, %(limit)s is not reached in ten years", limit=limit)
    return _("As it runs now, %(limit)s is reached on %(day)s", limit=limit, day=day(found.on))


def used(total: Any, meter: Any) -> str:
    """How much of the rated limit is used."""
    if meter.rated_limit is None or total is None:
        return ""
    share = number(int(total / meter.rated_limit * 100))
    return _("%(share)s%% of %(limit)s", share=share, limit=shown(meter.rated_limit, meter))
