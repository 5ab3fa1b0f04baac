"""The words of the pipeline report, in the language that is in force."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext, pgettext

from crm.reports.bridge import Step
from crm.reports.figures import PipelineFigures
from crm.reports.lines import Period
from crm.reports.notation import Notation
from crm.timeline.sentences.deals import stage_name


def stage(name: str) -> str:
    return pgettext("report", "Total") if name == "total" else stage_name(name)


def origin(name: str) -> str:
    return {
        "support": lambda: pgettext("report origin", "Support"),
        "sales": lambda: pgettext("report origin", "Sales"),
        "referral": lambda: pgettext("report origin", "Referral"),
        "web": lambda: pgettext("report origin", "Web, events"),
    }[name]()


def step(kind: str) -> str:
    return {
        "new": lambda: pgettext("bridge", "New"),
        "reopened": lambda: pgettext("bridge", "Reopened"),
        "slipped_in": lambda: pgettext("bridge", "Slipped in"),
        "handed_in": lambda: pgettext("bridge", "Taken over"),
        "increased": lambda: pgettext("bridge", "Raised"),
        "decreased": lambda: pgettext("bridge", "Lowered"),
        "slipped_out": lambda: pgettext("bridge", "Slipped out"),
        "handed_out": lambda: pgettext("bridge", "Handed over"),
        "removed": lambda: pgettext("bridge", "Removed"),
        "lost": lambda: pgettext("bridge", "Lost"),
        "won": lambda: pgettext("bridge", "Won"),
    }[kind]()


def move(name: str) -> str:
    return {
        "advanced": lambda: _("Moved forward"),
        "fell_back": lambda: _("Moved back"),
        "postponed": lambda: _("Expected order moved to a later month"),
        "still": lambda: _("No activity for 31 days or more"),
        "no_next_step": lambda: pgettext("report", "No next step"),
    }[name]()


def deals(number: int) -> str:
    return ngettext("%(num)d deal", "%(num)d deals", number)


def step_count(one: Step) -> str:
    """What stands under a step of the bridge."""
    return deals(one.count) if one.count else "–"


def period(one: Period) -> str:
    """2026年度下期 · FY2026, second half."""
    if one.first is None:
        return _("All dates")
    if not one.half:
        return _("FY%(year)d", year=one.year)
    if one.half == 1:
        return _("FY%(year)d, first half", year=one.year)
    return _("FY%(year)d, second half", year=one.year)


def half(one: Period) -> str:
    return (
        pgettext("half-year", "First half")
        if one.half == 1
        else pgettext("half-year", "Second half")
    )


def span(one: Period, n: Notation) -> str:
    """The period as the head of the report says it."""
    if one.last is None:
        return _("All dates")
    return _(
        "Until %(day)s (%(period)s), late ones included", day=n.day(one.last), period=period(one)
    )


def as_of(figures: PipelineFigures, local_stamp: str, n: Notation) -> str:
    """When the figures were true, and what they are compared with."""
    moment = figures.moment
    day = n.day(moment.day) if moment.whole_day else local_stamp
    if figures.version is not None:
        return _("%(day)s (before: %(last)s)", day=day, last=figures.version.number)
    return _("%(day)s (before: end of %(last)s)", day=day, last=n.day(moment.before))


def remarks(figures: PipelineFigures, n: Notation) -> list[str]:
    """What the figures say, in sentences; nothing that is not a figure."""
    said = [_balance(figures, n) if figures.version is None else _since_version(figures, n)]
    if figures.won.count:
        said.append(_won(figures, n))
    still = figures.moves["no_next_step"]
    if still.count:
        said.append(
            ngettext(
                "%(num)d deal (%(amount)s thousand yen) has no next step.",
                "%(num)d deals (%(amount)s thousand yen) have no next step.",
                still.count,
                amount=n.thousands(still.amount),
            )
        )
    if figures.forecast.target:
        said.append(_landing(figures, n))
    return said


def _balance(figures: PipelineFigures, n: Notation) -> str:
    change = figures.total.amount_change
    facts = {"amount": n.thousands(abs(change)), "count": figures.bridge.step("new").count}
    if change > 0:
        return _(
            "The balance is %(amount)s thousand yen above the end of last month; "
            "%(count)d deals are new.",
            **facts,
        )
    if change < 0:
        return _(
            "The balance is %(amount)s thousand yen below the end of last month; "
            "%(count)d deals are new.",
            **facts,
        )
    return _("The balance is what it was at the end of last month.")


def _since_version(figures: PipelineFigures, n: Notation) -> str:
    change = figures.total.amount_change
    facts = {"amount": n.thousands(abs(change)), "count": figures.bridge.step("new").count}
    if change > 0:
        return _(
            "The balance is %(amount)s thousand yen above that version; %(count)d deals are new.",
            **facts,
        )
    if change < 0:
        return _(
            "The balance is %(amount)s thousand yen below that version; %(count)d deals are new.",
            **facts,
        )
    return _("The balance is what it was in that version.")


def _won(figures: PipelineFigures, n: Notation) -> str:
    facts = {
        "won": figures.won.count,
        "support": figures.won_from_support.count,
        "share": n.tenths(figures.won_from_support.share),
    }
    if figures.version is not None:
        return _(
            "Of %(won)d deals won since that version %(support)d came from support, "
            "%(share)s%% of the amount.",
            **facts,
        )
    return _(
        "Of %(won)d deals won this month %(support)d came from support, %(share)s%% of the amount.",
        **facts,
    )


def _landing(figures: PipelineFigures, n: Notation) -> str:
    gap = figures.forecast.landing - (figures.forecast.target or 0)
    amount = n.thousands(abs(gap))
    if gap >= 0:
        return _("The half-year forecast is %(amount)s thousand yen above target.", amount=amount)
    return _("The half-year forecast is %(amount)s thousand yen below target.", amount=amount)
