"""What the history says about meters and readings."""

from __future__ import annotations

from flask_babel import gettext as _

from crm.language import dot
from crm.look import number
from crm.timeline.lines import Facts, Line


def _unit(facts: Facts) -> str:
    return f"{facts.get('product_code', '')} {facts.get('serial_no', '')}".strip()


def _metered(facts: Facts) -> str:
    newest = f"{facts.get('meter', '')} {facts.get('value', '')}".strip()
    many = int(facts.get("readings") or 1)
    if many == 1:
        return newest
    return _("%(n)s readings, at last %(newest)s", n=number(many), newest=newest)


def _corrected(facts: Facts) -> str:
    after = facts.get("value") or _("taken back")
    said = f"{facts.get('meter', '')} {facts.get('before', '')} → {after}"
    return dot().join(filter(None, (said, str(facts.get("reason") or ""))))


def _meter(facts: Facts) -> str:
    return str(facts.get("meter", ""))


KINDS: dict[str, Line] = {
    "unit.metered": Line(
        "gauge", "work", lambda f: _("Meter read: %(unit)s", unit=_unit(f)), _metered
    ),
    "unit.reading_corrected": Line(
        "gauge", "work", lambda f: _("Reading corrected: %(unit)s", unit=_unit(f)), _corrected
    ),
    "unit.meter_added": Line(
        "gauge", "record", lambda f: _("Meter added: %(unit)s", unit=_unit(f)), _meter
    ),
    "unit.meter_changed": Line(
        "gauge", "record", lambda f: _("Meter changed: %(unit)s", unit=_unit(f)), _meter
    ),
    "unit.meter_removed": Line(
        "gauge", "record", lambda f: _("Meter removed: %(unit)s", unit=_unit(f)), _meter
    ),
    "unit.error_reported": Line(
        "alert-triangle", "work", lambda f: _("Error reported: %(unit)s", unit=_unit(f)),
        lambda f: str(f.get("code") or ""),
    ),
}  # fmt: skip
