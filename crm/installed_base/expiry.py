"""The calendar of terms: where each bar, tick and word stands; the template only draws.

One row per term; solid is in force, hatched a lease, a tick an end, a ring planned, filled done.
The customer's budget months are the only tinted bands. Pure: no database.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import pgettext

from crm.installed_base.approvals import approved_by, until
from crm.installed_base.calendar_terms import Terms
from crm.installed_base.leases import lease_end, year_end
from crm.installed_base.terms import budgets, fiscal_year, months_after, months_between
from crm.language import dot
from crm.look import day, day_short, language, months

MONTHS, LEFT, PITCH, HEAD, ROW = 42, 128.0, 28.1, 50, 37
WIDTH = LEFT + MONTHS * PITCH
SOON = 180


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing in a row: kind full | hatch | wire | end | due | done | ring | text."""

    kind: str
    x: float
    width: float = 0.0
    words: str = ""
    tone: str = ""
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class Row:
    """One term."""

    name: str
    marks: list[Mark] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Calendar:
    """All of it, in user units of an SVG of `width` by `height`."""

    rows: list[Row]
    bands: list[tuple[float, float]]
    years: list[tuple[float, str]]
    quarters: list[tuple[float, str, bool]]
    today_x: float
    today: str
    first: date
    last: date
    width: float = WIDTH

    @property
    def span(self) -> str:
        """2025年4月 – 2028年9月 · Apr 2025 – Sep 2028"""
        return f"{_whole_month(self.first)} – {_whole_month(self.last)}"

    @property
    def height(self) -> float:
        """Down to the last rule."""
        return HEAD + ROW * len(self.rows) + 10.0


def calendar(terms: Terms, today: date, first_month: int = 4) -> Calendar:
    """Lay out 42 months from the beginning of last fiscal year on."""
    first = date(fiscal_year(today, first_month) - 1, first_month, 1)
    scale = _Scale(first)
    rows = [
        _warranty(terms, scale), _contracts(terms, scale, today),
        *([_lease(terms, scale, today)] if terms.lease_ends_on else []), _checks(terms, scale),
        _supply(_("Parts supply"), terms, "parts", scale, today),
        _supply(pgettext("terms", "Support"), terms, "support", scale, today),
    ]  # fmt: skip
    bands = [scale.span(*band) for band in budgets(terms.fiscal_year_end_month, first, MONTHS)]
    if bands:
        rows.append(_budgets(terms, scale, first, today))
    starts = [months_after(first, n) for n in range(0, MONTHS, 3)]
    return Calendar(
        rows, bands,
        [(scale.x(d), _year(d)) for d in starts if d.month == first_month],
        [(scale.x(d), _month(d), d.month == first_month) for d in starts],
        scale.x(today), _("Today %(day)s", day=_short(today)),
        first, months_after(first, MONTHS - 1),
    )  # fmt: skip


class _Scale:
    """Days to coordinates, cut at the edges."""

    def __init__(self, first: date) -> None:
        self.first = first

    def x(self, on: date) -> float:
        whole = (on.year - self.first.year) * 12 + on.month - self.first.month
        place = LEFT + PITCH * (whole + (on.day - 1) / 31)
        return round(min(max(place, LEFT), WIDTH), 1)

    def span(self, start: date, end: date) -> tuple[float, float]:
        left = self.x(start)
        return left, round(self.x(end + timedelta(days=1)) - left, 1)

    def holds(self, on: date | None) -> bool:
        return on is not None and self.first <= on < months_after(self.first, MONTHS)


def plain_day(on: date) -> str:
    """2027/03/31 · 31 Mar 2027"""
    return f"{on:%Y/%m/%d}" if language() == "ja" else day(on)


def _room(words: str) -> float:
    """How wide words of 12 px are: Japanese letters are square, Latin ones about half."""
    return sum(12.2 if ord(letter) > 0x2E7F else 6.8 for letter in words)


def _beside(x: float, words: str, tone: str = "") -> Mark:
    """Words right of an end, or left of it where there is no room."""
    if x + 10 + _room(words) > WIDTH:
        return Mark("text", x - 10, words=words, tone=tone, anchor="end")
    return Mark("text", x + 10, words=words, tone=tone)


def _warranty(terms: Terms, scale: _Scale) -> Row:
    end, row = terms.warranty_ends_on, Row(_("Warranty"))
    if end is None:
        return row
    if end < scale.first:
        said = _("ended %(day)s", day=plain_day(end))
        if terms.begins_on is not None and terms.begins_on < end:
            term = months_between(terms.begins_on, end + timedelta(days=1))
            said += _(" (%(term)s)", term=months(term)) if term else ""
        row.marks.append(Mark("text", LEFT + 10, words=said, tone="m3"))
        return row
    left, width = scale.span(terms.begins_on or scale.first, end)
    row.marks.append(Mark("full", left, width))
    row.marks.append(_beside(left + width, _("until %(day)s", day=plain_day(end))))
    return row


def _contracts(terms: Terms, scale: _Scale, today: date) -> Row:
    row = Row(pgettext("terms", "Contract"))
    some = [c for c in terms.contracts if c.ends_on >= scale.first]
    for one in some:
        left, width = scale.span(one.starts_on, one.ends_on)
        row.marks.append(Mark("full" if one.starts_on <= today else "hatch", left, width))
    if not some:
        past = max((c.ends_on for c in terms.contracts), default=None)
        said = _("ended %(day)s", day=plain_day(past)) if past else _("none")
        row.marks.append(Mark("text", LEFT + 10, words=said, tone="m3"))
        return row
    last = max(some, key=lambda c: c.ends_on)
    notice = last.ends_on - timedelta(days=last.notice_days)
    until = _("until %(day)s", day=plain_day(last.ends_on))
    if last.auto_renew:
        until += dot() + _("renews by itself")
    at = scale.x(last.ends_on)
    left_days = (notice - today).days
    if scale.holds(notice) and left_days >= 0:
        row.marks.append(Mark("due", scale.x(notice)))
    row.marks.append(_beside(at, until))
    words = _("notice by %(day)s (%(n)s days left)", day=day_short(notice), n=left_days)
    beyond = at + 24 + _room(until)
    if 0 <= left_days <= SOON and beyond + _room(words) < WIDTH:
        row.marks.append(Mark("text", beyond, words=words, tone="bad"))
    return row


def _lease(terms: Terms, scale: _Scale, today: date) -> Row:
    """The lease solid, past years of a re-lease as boxes, the year that runs hatched."""
    first_end = terms.lease_ends_on
    coming = lease_end(first_end, terms.re_lease_ends_on, today)
    assert first_end is not None and coming is not None
    row = Row(_("Lease"))
    if first_end >= scale.first:
        row.marks.append(Mark("full", *scale.span(scale.first, first_end)))
    for year in range(1, coming.year + 1):
        end = min(year_end(first_end, year), coming.on)
        if end < scale.first or end <= year_end(first_end, year - 1):
            continue
        left, width = scale.span(year_end(first_end, year - 1) + timedelta(days=1), end)
        row.marks.append(Mark("hatch" if end >= today else "box", left, width))
        said = _("re-lease, year %(n)s", n=year)
        if end < today and width > _room(said) + 16:
            row.marks.append(Mark("text", left + 8, words=said, tone="o m3 tiny"))
    told = _("until %(day)s", day=plain_day(coming.on))
    if coming.year:
        told = _("re-lease until %(day)s", day=plain_day(coming.on))
    row.marks.append(_beside(scale.x(coming.on + timedelta(days=1)), told))
    return row


def _checks(terms: Terms, scale: _Scale) -> Row:
    row = Row(terms.checks_called or _("Calibration"))
    done = sorted(on for on in terms.checks if scale.holds(on))
    planned = terms.next_check_on if scale.holds(terms.next_check_on) else None
    every = [*done, *([planned] if planned else [])]
    for place, on in enumerate(every):
        x = scale.x(on)
        row.marks.append(Mark("ring" if on == planned else "done", x))
        room = scale.x(every[place + 1]) - x if place + 1 < len(every) else WIDTH - x
        if room > 130:
            told = plain_day(on)
            said = _("%(day)s planned", day=told) if on == planned else _("%(day)s done", day=told)
            row.marks.append(Mark("text", x + 14, words=said, tone="m2"))
    return row


def _supply(name: str, terms: Terms, what: str, scale: _Scale, today: date) -> Row:
    """Until when there is support or parts; a day of the unit's own says that it is."""
    row = Row(name)
    end = terms.end_of_support_on if what == "support" else terms.parts_supply_end_on
    own = dot() + _("this unit's own day") if what in terms.own_ends else ""
    if end is None:
        return row
    if end < scale.first:
        said = _("ended %(day)s", day=plain_day(end)) + own
        row.marks.append(Mark("text", LEFT + 10, words=said, tone="m3"))
        return row
    x = scale.x(end)
    said = _("ends %(day)s", day=plain_day(end))
    left = months_between(today, end)
    if 0 <= left < 24:
        more = said + dot() + _("%(months)s left", months=months(left))
        said = more if x + 10 + _room(more + own) < WIDTH else said
    said += own
    if scale.holds(end):
        row.marks.extend((Mark("wire", LEFT, x - LEFT), Mark("end", x), _beside(x, said)))
    else:
        before = Mark("wire", LEFT, WIDTH - LEFT - _room(said) - 18)
        row.marks.extend((before, Mark("text", WIDTH - 8, words=said, anchor="end")))
    return row


def _budgets(terms: Terms, scale: _Scale, first: date, today: date) -> Row:
    """The months of a request; beside the one at hand until when its approval goes round, beside
    the first one that comes too late what it comes after."""
    row = Row(_("Customer's budget"))
    late = _("after the end of parts supply"), _("after the end of support")
    days = zip((terms.parts_supply_end_on, terms.end_of_support_on), (0, 1), late, strict=True)
    ends = min(((on, at, said) for on, at, said in days if on and on >= first), default=None)
    asked = budgets(terms.fiscal_year_end_month, first, MONTHS)
    at_hand = next((end for _start, end in asked if approved_by(end) >= today), None)
    for start, end in asked:
        x, width = scale.span(start, end)
        row.marks.append(Mark("text", x + 8, words=_("budget"), tone="o warn"))
        said = until(end) if end == at_hand else ""
        if ends is not None and start > ends[0]:
            said, ends = ends[2], None
        if said and x + width + 8 + _room(said) < WIDTH:
            row.marks.append(Mark("text", x + width + 8, words=said, tone="m2"))
    return row


def _whole_month(on: date) -> str:
    return f"{on.year}年{on.month}月" if language() == "ja" else f"{on:%b %Y}"


def _short(on: date) -> str:
    return f"{on.month}/{on.day}" if language() == "ja" else day_short(on)


def _year(on: date) -> str:
    return _("FY%(year)s", year=on.year)


def _month(on: date) -> str:
    return f"{on.month}月" if language() == "ja" else f"{on:%b}"
