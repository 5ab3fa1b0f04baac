"""What a report says of what it is compared with: the end of last month, or an earlier version."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import pgettext

from crm import clock
from crm.reports.figures import PipelineFigures
from crm.reports.lines import Moment, Version
from crm.reports.notation import Notation


@dataclass(frozen=True, slots=True)
class Said:
    """`differences` stands over the stage table, `bridge` over the bridge and `opening` under its
    first balance; the others head what happened since."""

    differences: str
    bridge: str
    bridge_on_paper: str
    opening: str
    opening_on_paper: str
    since: str
    moves: str
    won: str
    won_from_support: str


def said(figures: PipelineFigures, n: Notation) -> Said:
    """The words in the language that is in force."""
    if figures.version is not None:
        return _of_version(figures.version, figures, n)
    last = n.near_day(figures.moment.before)
    return Said(
        differences=_("with the difference to the end of last month (%(day)s)", day=last),
        bridge=bridge(figures.moment, None, n),
        bridge_on_paper=_("From the end of last month to now"),
        opening=_("%(day)s balance", day=last),
        opening_on_paper=pgettext("balance", "End of last month"),
        since=_("Since last month"),
        moves=_("Moves this month"),
        won=pgettext("report", "Won this month"),
        won_from_support=_("Won this month, from support"),
    )


def _of_version(version: Version, figures: PipelineFigures, n: Notation) -> Said:
    then = as_of(version, n)
    return Said(
        differences=_("with the difference to the version of %(at)s", at=then),
        bridge=bridge(figures.moment, version, n),
        bridge_on_paper=_("From the version of %(at)s to now", at=then),
        opening=_("%(day)s version", day=n.near_day(version.moment.day)),
        opening_on_paper=_("%(day)s version", day=n.near_day(version.moment.day)),
        since=_("Since the version"),
        moves=_("Moves since that version"),
        won=_("Won since that version"),
        won_from_support=_("Won since that version, from support"),
    )


def bridge(moment: Moment, version: Version | None, n: Notation) -> str:
    """From what to what the bridge leads."""
    now = at(moment, n)
    if version is None:
        return _("From the end of last month to %(day)s", day=now)
    return _("From the version of %(at)s to %(day)s", at=as_of(version, n), day=now)


def at(moment: Moment, n: Notation) -> str:
    """A day, or an instant of it: 2026/11/20(金) · 2026/11/20(金) 09:00."""
    if moment.whole_day:
        return n.long_day(moment.day)
    return f"{n.long_day(moment.day)} {clock.local(moment.until):%H:%M}"


def as_of(version: Version, n: Notation) -> str:
    """The moment whose figures a version holds: a day, or an instant of it."""
    moment = version.moment
    return n.day(moment.day) if moment.whole_day else n.stamp(clock.local(moment.until))


def source(version: Version, n: Notation) -> str:
    """Which version, by whom: 2026/11/19 18:05, 田中 浩一, RP-P1-20261119-12."""
    return _(
        "version of %(at)s, made by %(name)s (%(number)s)",
        at=as_of(version, n), name=version.by, number=version.number,
    )  # fmt: skip
