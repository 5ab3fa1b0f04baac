"""What the history says about maintenance plans and visits."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _

from crm.language import dot
from crm.look import day
from crm.timeline.lines import Facts, Line
from crm.timeline.sentences.installed_base import kind_words


def _unit(facts: Facts) -> str:
    return f"{facts.get('product_code', '')} {facts.get('serial_no', '')}".strip()


def _day(facts: Facts, name: str) -> str:
    return day(date.fromisoformat(str(facts[name])))


def _kind(facts: Facts) -> str:
    return kind_words().get(str(facts.get("work_kind")), "")


def _skipped(facts: Facts) -> str:
    return _("Visit of %(day)s left out: %(unit)s", day=_day(facts, "visit_on"), unit=_unit(facts))


def _moved(facts: Facts) -> str:
    return _(
        "Visit moved from %(before)s to %(day)s: %(unit)s",
        before=_day(facts, "before"), day=_day(facts, "visit_on"), unit=_unit(facts),
    )  # fmt: skip


def _why(facts: Facts) -> str:
    return dot().join(filter(None, (str(facts.get("name", "")), str(facts.get("reason", "")))))


KINDS: dict[str, Line] = {
    "plan.added": Line(
        "refresh", "work", lambda f: _("Maintenance plan made: %(n)s", n=f["name"]), _kind
    ),
    "plan.changed": Line(
        "refresh", "work", lambda f: _("Maintenance plan changed: %(n)s", n=f["name"]),
        _kind,
    ),
    "plan.removed": Line(
        "trash", "work", lambda f: _("Maintenance plan removed: %(n)s", n=f["name"])
    ),
    "visit.skipped": Line("ban", "work", _skipped, _why),
    "visit.moved": Line("calendar-due", "work", _moved, _why),
}  # fmt: skip
