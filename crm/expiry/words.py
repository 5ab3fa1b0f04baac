"""What ends, how sure its day is, and when to propose, in words."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext, pgettext

from crm.expiry import proposing
from crm.expiry.dates import CHECKS, COMPUTED, Expiry
from crm.expiry.proposing import Proposal
from crm.installed_base.approvals import in_time
from crm.installed_base.own_days import DAYS
from crm.language import per_language
from crm.look import day, language, month


@per_language
def kinds() -> dict[str, str]:
    """What ends or falls due."""
    return {
        "warranty": _("Warranty ends"), "contract": _("Contract ends"),
        "notice": _("Notice is due"), "lease": _("Lease ends"), "support": _("End of support"),
        "parts": _("End of parts supply"), "calibration": _("Calibration due"),
        "inspection": _("Inspection due"), "recall": pgettext("expiry", "Recall"),
        "consumable": _("Consumables due"), "budget": _("Budget request"),
    }  # fmt: skip


def kind(one: Expiry) -> str:
    """The same of one day; a re-lease says so."""
    return _("Re-lease ends") if one.kind == "lease" and one.year else kinds()[one.kind]


SIGNS = {
    "warranty": "shield-check", "contract": "file-check", "notice": "calendar-exclamation",
    "lease": "building-store", "support": "headset", "parts": "puzzle",
    "calibration": "calendar-check", "inspection": "calendar-check", "recall": "alert-triangle",
    "consumable": "refresh", "budget": "currency-yen",
}  # fmt: skip


def choices() -> dict[str, str]:
    """The kinds a list can be asked for, one at a time; without one it has the first four."""
    named = kinds()
    some = ("warranty", "contract", "lease", "support", "notice", "parts", "recall", "consumable")
    more = {"checks": _("Inspection, calibration"), "all": _("Everything that ends or falls due")}
    return {key: named[key] for key in some} | more


def deals() -> dict[str, str]:
    """With an open deal about the unit, or without one."""
    return {"without": _("Without a deal"), "with": _("With a deal")}


def briefly(one: Expiry) -> str:
    """What ends or falls due, in the few letters that a column on paper has for it."""
    named = {
        "notice": pgettext("expiry cell", "Notice"), "parts": pgettext("expiry cell", "Parts"),
        "calibration": pgettext("expiry cell", "Calib."),
        "inspection": pgettext("expiry cell", "Insp."),
        "recall": pgettext("expiry cell", "Recall"),
        "consumable": pgettext("expiry cell", "Supplies"),
    }  # fmt: skip
    return named.get(one.kind, "")


def certainty(one: Expiry) -> str:
    """How sure a day is; nothing is said of one that somebody wrote down."""
    return pgettext("expiry", "computed") if one.certainty == COMPUTED else ""


def title(one: Expiry) -> str:
    """What ends, with the name of its own where it has one: Contract ends M-2609-0001."""
    if one.kind in DAYS and one.record == "unit":
        return _("%(what)s (this unit's own day)", what=kind(one))
    if one.kind in CHECKS or not one.name:
        return kind(one)
    return f"{kind(one)} {one.name}"


def year_month(on: date) -> str:
    """2026年10月 · October 2026"""
    return f"{on.year}年{on.month}月" if language() == "ja" else f"{on:%B %Y}"


def numbers(count: int) -> str:
    """How many units."""
    return ngettext("%(num)s unit", "%(num)s units", count)


def when(found: Proposal, today: date) -> str:
    """From which month on to propose; now when it has come."""
    if found.now(today):
        return pgettext("proposal", "Now")
    return month(found.first)


def reason(found: Proposal, today: date) -> str:
    """Why then, in a sentence or two."""
    if found.why == proposing.ENDED:
        assert found.limit is not None
        return _("Parts or support ended on %(day)s: propose a replacement now.",
                 day=day(found.limit))  # fmt: skip
    assert found.before is not None
    facts = {
        "what": kind(found.before), "day": day(found.before.on),
        "month": year_month(found.first),
    }  # fmt: skip
    if found.why == proposing.NO_REQUEST:
        return _("%(what)s on %(day)s, and no budget request comes before it: propose it now.",
                 **facts)  # fmt: skip
    if found.why == proposing.NO_YEAR:
        return _("%(what)s on %(day)s. The end of the customer's fiscal year is not known, so "
                 "propose it six months ahead, from %(month)s.", **facts)  # fmt: skip
    if found.why == proposing.LAST_CHANCE:
        return _last_chance(found, today)
    said = _("%(what)s on %(day)s. The budget request of %(month)s is the last one before it.",
             **facts)  # fmt: skip
    return _joined(said, _in_time(found, today))


def _in_time(found: Proposal, today: date) -> str:
    return in_time(found.request_ends, today) if found.request_ends else ""


def _joined(*said: str) -> str:
    return ("" if language() == "ja" else " ").join(filter(None, said))


def _last_chance(found: Proposal, today: date) -> str:
    assert found.limit is not None and found.next_request is not None
    if found.now(today):
        lead = _("This budget is the last chance to replace it while parts and support last.")
    else:
        lead = _(
            "The budget of %(month)s is the last chance to replace it while parts and support "
            "last.",
            month=year_month(found.first),
        )
    rest = _(
        "The next request (%(month)s) comes after the end on %(day)s.",
        month=year_month(found.next_request), day=day(found.limit),
    )  # fmt: skip
    return _joined(lead, _in_time(found, today), rest)
