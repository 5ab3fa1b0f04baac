"""The list of what ends as sheets of HTML for the press: month, rep, unit, with their sums."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext, pgettext

from crm.expiry import words
from crm.expiry.asking import Asked
from crm.expiry.book import Book, Group, Month, Sums
from crm.expiry.dates import ON_PAPER
from crm.expiry.lines import Line, years_in_tenths
from crm.reports.fitting import fit, plain, tight
from crm.reports.notation import NONE, Notation
from crm.reports.paper import GAP, Stamp
from crm.reports.press import Printing
from crm.reports.sheets import place
from crm.text.legal_form import short

COLUMNS = (6.5, 35, 36, 14, 21, 13, 10, 14, 17, 14, 14, 14, 15, 15, 20, 12.5)
"""Millimetres, 271 in all; one for each column of the list."""
DAY = 22
"""Millimetres of one more column, where the list is asked for what has no column of its own, or for
leases alone: then it names the lessor. What it takes is taken from the customer, the place and the
serial number."""
ROWS = 34
"""Rows of one sheet, below a head of two lines."""
SIZE = 6.5
"""Points of a cell's text."""


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a month, again where it goes on behind a cut."""

    month: Month
    continued: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One unit."""

    number: int
    line: Line
    rep: str


@dataclass(frozen=True, slots=True)
class Total:
    """`level` is rep, month or all."""

    level: str
    name: str
    sums: Sums


Row = Head | Entry | Total


def build(asked: Asked, found: Book, stamp: Stamp, about: Sequence[str], n: Notation) -> Printing:
    """All sheets in the language that is in force; one that says so when nothing ends."""
    sheets, widths = cut(found) or [[]], columns(asked)
    shared = {
        "month": _span(asked), "conditions": _conditions(asked, stamp, about, n),
        "stamp": stamp, "printed_at": n.stamp(stamp.printed_at), "tight": tight, "n": n,
        "pages": len(sheets), "columns": widths, "further": _further(asked),
    }  # fmt: skip
    pages = [
        _set(
            "reports/paper/expiry.html", page=number, last=number == len(sheets),
            rows=[_row(row, stamp.printed_at.date(), n, widths) for row in sheet],
            rules=ruled(sheet),
            **shared,
        )
        for number, sheet in enumerate(sheets, 1)
    ]  # fmt: skip
    css = _set("reports/paper/paper.css") + _set("reports/paper/expiry.css")
    return Printing(_("Units and maintenance: what ends"), stamp.company, n.language, css, pages)


def columns(asked: Asked) -> tuple[float, ...]:
    """The widths of the columns, in millimetres."""
    if not _further(asked):
        return COLUMNS
    narrow = {1: COLUMNS[1] - 7, 2: COLUMNS[2] - 12, 4: COLUMNS[4] - 3}
    return (*(narrow.get(n, width) for n, width in enumerate(COLUMNS[:12])), DAY,
            *(narrow.get(n, width) for n, width in enumerate(COLUMNS[12:], 12)))  # fmt: skip


def _further(asked: Asked) -> str:
    """What the further column holds: other days, the lessor, or nothing."""
    kinds = set(asked.kinds)
    return "lessor" if kinds == {"lease"} else "days" if not kinds <= set(ON_PAPER) else ""


def cut(found: Book, rows: int = ROWS) -> list[list[Row]]:
    """The rows of every sheet in order; none at all when nothing ends."""
    sheets: list[list[Row]] = [[]]
    for start, again, entries, sums in _blocks(found):
        place(start, again, entries, sums, sheets, rows)
    return [sheet for sheet in sheets if sheet]


Block = tuple[list[Row], Row, list[Row], list[Row]]


def _blocks(found: Book) -> Iterator[Block]:
    months, number = found.months(found.every), 0
    for month in months:
        for group in month.groups:
            start: list[Row] = [Head(month)] if group is month.groups[0] else []
            name = plain(group.seat.rep)
            entries: list[Row] = [
                Entry(number + i, line, name) for i, line in enumerate(group.lines, 1)
            ]
            number += len(entries)
            yield start, Head(month, continued=True), entries, _sums(found, month, group, months)


def _sums(found: Book, month: Month, group: Group, months: Sequence[Month]) -> list[Row]:
    """What follows the last unit of a rep. A rep with one unit in a month has no total."""
    sums: list[Row] = []
    if len(group.lines) > 1:
        sums.append(Total("rep", plain(group.seat.rep), group.sums))
    if group is month.groups[-1]:
        sums.append(Total("month", words.year_month(month.first), month.sums))
        if month is months[-1]:
            assert found.total is not None
            sums.append(Total("all", "", found.total))
    return sums


def ruled(rows: Sequence[Row]) -> list[str]:
    """For every row what is drawn behind it: its fill, and the line that is the next sum's."""
    following = [*rows[1:], None][: len(rows)]
    return [
        f"{_fill(row)} {_below(row, after)}".strip()
        for row, after in zip(rows, following, strict=True)
    ]


def _fill(row: Row) -> str:
    if isinstance(row, Head):
        return "f1"
    if isinstance(row, Total):
        return {"rep": "", "month": "f2", "all": "f1"}[row.level]
    return ""


def _below(row: Row, after: Row | None) -> str:
    if isinstance(after, Total):
        return {"rep": "to-rep", "month": "to-team", "all": "to-all"}[after.level]
    return "to-end" if isinstance(row, Total) and row.level == "all" else ""


def _set(template: str, **said: Any) -> str:
    return current_app.jinja_env.get_or_select_template(template).render(said)


def _span(asked: Asked) -> str:
    first, last = words.year_month(asked.month), words.year_month(asked.last)
    return first if asked.months == 1 else f"{first}–{last}"


def _conditions(
    asked: Asked, stamp: Stamp, about: Sequence[str], n: Notation
) -> list[tuple[str, str]]:
    """The line under the head of every sheet."""
    team = "　".join(plain(part) for part in (stamp.team or _("All teams"), stamp.owner) if part)
    some = [_("Units in use or in reserve, other makers' too"), *(plain(one) for one in about)]
    if asked.deal:
        some.append(words.deals()[asked.deal])
    basis = words.choices()[asked.kind] if asked.kind else _(
        "The earliest of warranty, contract, lease and support"
    )  # fmt: skip
    return [
        (pgettext("report", "Period"),
         _("ends %(first)s–%(last)s", first=n.day(asked.month), last=n.day(asked.last))),
        (pgettext("report", "Basis"), basis),
        (pgettext("report", "Team"), fit(team, 40, 6.2)),
        (pgettext("report", "Selection"), fit(pgettext("list", ", ").join(some), 72, 6.2)),
        (pgettext("report", "As of"), n.stamp(stamp.printed_at)),
    ]  # fmt: skip


def _row(row: Row, on: date, n: Notation, widths: Sequence[float]) -> dict[str, Any]:
    if isinstance(row, Head):
        return {"kind": "head", "name": words.year_month(row.month.first),
                "continued": row.continued} | _figures(row.month.sums, n)  # fmt: skip
    if isinstance(row, Total):
        return {"kind": "sum", "level": row.level, "name": row.name} | _figures(row.sums, n)
    return _entry(row, on, n, widths)


def _figures(sums: Sums, n: Notation) -> dict[str, Any]:
    share = (sums.with_deal * 2000 + sums.count) // (2 * sums.count) if sums.count else None
    return {
        "count": ngettext(
            "%(count)s unit", "%(count)s units", sums.count, count=n.count(sums.count)
        ),
        "with_deal": _("%(count)s with a deal", count=sums.with_deal),
        "with_share": _(
            "%(count)s with a deal (%(share)s%%)", count=sums.with_deal, share=n.tenths(share)
        ),
        "repairs": n.thousands(sums.repairs),
        "fee": n.thousands(sums.fees),
    }  # fmt: skip


def _entry(row: Entry, on: date, n: Notation, widths: Sequence[float]) -> dict[str, Any]:
    line, unit = row.line, row.line.unit
    other = line.expiry.kind not in ON_PAPER
    place_of = " ".join(one for one in (unit.site, unit.location) if one)
    return {
        "kind": "unit", "no": row.number, "account": tight(_cell(short(unit.account), widths[1])),
        "place": tight(_cell(place_of, widths[2])) or NONE, "code": _cell(unit.code, widths[3]),
        "serial": _cell(unit.serial_no, widths[4]), "delivered": n.short_day(line.delivered_on),
        "years": _years(line, on, n), "warranty": _day(line, "warranty", unit.warranty_ends_on, n),
        "number": _cell(line.contract.number, widths[8]) if line.contract else NONE,
        "contract": _day(line, "contract", line.contract.ends_on if line.contract else None, n),
        "lease": _day(line, "lease", line.lease_ends_on, n),
        "support": _day(line, "support", unit.end_of_support_on, n),
        "lessor": _cell(unit.lessor, DAY) or NONE,
        "repairs": n.thousands(line.repairs), "fee": n.thousands(line.fee),
        "deal": line.deal_number, "competitor": unit.is_competitor,
        "due": (words.briefly(line.expiry), n.short_day(line.expiry.on)) if other else (NONE, ""),
        "rep": _cell(row.rep.split()[0] if row.rep.split() else NONE, widths[-1]),
    }  # fmt: skip


def _day(line: Line, kind: str, on: date | None, n: Notation) -> tuple[str, bool]:
    """A day, and whether it is what put the unit into its month."""
    return n.short_day(on), line.expiry.kind == kind and line.expiry.on == on


def _years(line: Line, on: date, n: Notation) -> str:
    tenths = years_in_tenths(line.delivered_on, on)
    return NONE if tenths is None else n.tenths(tenths)


def _cell(text: str, width: float) -> str:
    return fit(plain(text), width - GAP, SIZE)
