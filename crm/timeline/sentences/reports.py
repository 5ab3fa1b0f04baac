"""What the history says about reports."""

from __future__ import annotations

from flask_babel import gettext as _

from crm.timeline.lines import Facts, Line


def _requested(_facts: Facts) -> str:
    return _("Pipeline report asked for")


KINDS: dict[str, Line] = {
    "report.requested": Line("report-analytics", "record", _requested),
}
