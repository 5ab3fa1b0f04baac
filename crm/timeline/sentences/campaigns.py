"""What the history says about recalls and field campaigns."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext, pgettext

from crm.timeline.lines import Facts, Line


def outcome_words() -> dict[str, str]:
    """What became of a unit's part of a campaign."""
    return {
        "open": pgettext("campaign", "Open"), "informed": pgettext("campaign", "Informed"),
        "appointed": pgettext("campaign", "Appointed"), "done": pgettext("campaign", "Done"),
        "refused": pgettext("campaign", "Refused"),
        "not_found": pgettext("campaign", "Not found"),
    }  # fmt: skip


def _name(facts: Facts) -> str:
    if facts.get("campaign_kind") == "field":
        return _("Campaign %(number)s", number=facts["number"])
    return _("Recall %(number)s", number=facts["number"])


def _unit(facts: Facts) -> str:
    return f"{facts.get('product_code', '')} {facts.get('serial_no', '')}".strip()


def _title(facts: Facts) -> str:
    return str(facts.get("title") or "")


def _logged(facts: Facts) -> str:
    said = outcome_words().get(str(facts.get("status")), "")
    return _(
        "%(campaign)s: %(unit)s – %(outcome)s",
        campaign=_name(facts), unit=_unit(facts), outcome=said,
    )  # fmt: skip


def _reached(facts: Facts) -> str:
    number = int(facts.get("units") or 0)
    units = ngettext("%(num)s unit", "%(num)s units", number)
    return _("%(campaign)s names %(units)s", campaign=_name(facts), units=units)


KINDS: dict[str, Line] = {
    "campaign.added": Line(
        "flag", "record", lambda f: _("%(campaign)s planned", campaign=_name(f)), _title
    ),
    "campaign.changed": Line(
        "flag", "record", lambda f: _("%(campaign)s changed", campaign=_name(f)), _title
    ),
    "campaign.removed": Line(
        "trash", "record", lambda f: _("%(campaign)s removed", campaign=_name(f)), _title
    ),
    "campaign.started": Line(
        "player-play", "record", lambda f: _("%(campaign)s started", campaign=_name(f)), _title
    ),
    "campaign.ended": Line(
        "circle-check", "record", lambda f: _("%(campaign)s ended", campaign=_name(f)), _title
    ),
    "campaign.listed": Line(
        "alert-triangle",
        "work",
        lambda f: _("%(campaign)s is about %(unit)s", campaign=_name(f), unit=_unit(f)),
        _title,
    ),
    "campaign.reached": Line("alert-triangle", "work", _reached, _title),
    "campaign.logged": Line("flag", "work", _logged, lambda f: str(f.get("note") or "")),
}
