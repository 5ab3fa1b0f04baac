"""What templates are given to draw with: icons, dates, money, ages, the address of a static file.

Every function speaks the language of the request. `None` is drawn as a dash, zero as 0.
"""

from __future__ import annotations

import hashlib
import re
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask, Response, current_app, request, send_from_directory, url_for
from flask_babel import get_locale, gettext, ngettext
from flask_login import current_user
from markupsafe import Markup, escape

from crm import clock, money, rights, templating
from crm.text.legal_form import only_forms
from crm.text.phone import dialled, spoken

STATIC = Path(__file__).parent / "static"
ICONS = STATIC / "vendor" / "icons"
WEEKDAYS = "月火水木金土日"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
A_YEAR = 365 * 24 * 3600
SVG = (
    '<svg class="{}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
    'stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{}</svg>'
)


def init_app(app: Flask) -> None:
    """Give the templates of `app` everything on this page, and static files that may be kept."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        icon=icon, asset=asset, here=here, language=language, today=clock.today, can=can
    )
    templating.work_out(app, icon=icon)
    app.jinja_env.filters.update(
        day=day, day_short=day_short, day_compact=day_compact, month=month, moment=moment,
        hour=hour, when=when, ago=ago, iso=iso, yen=yen, number=number, signed=signed,
        thousands=thousands, percent=percent, months=months, dialled=dialled, initial=initial,
        serial=serial, spoken=spoken, only_forms=only_forms,
    )  # fmt: skip
    app.add_url_rule("/assets/<version>/<path:filename>", "asset", send_asset)


def can(action: str, kind: str) -> bool:
    """May the reader do this at all? A page offers nothing that would be refused."""
    return bool(current_user.is_authenticated) and rights.may(rights.the_user(), action, kind)


# Icons and files


@cache
def _drawing(name: str) -> str:
    path = ICONS / f"{name}.svg"
    if not path.is_file():
        return ""
    inner = re.sub(r"\s+", " ", path.read_text(encoding="utf-8").split(">", 1)[1])
    return re.sub(r"<path stroke=\"none\"[^>]*>|</svg>", "", inner).strip()


def icon(name: str, cls: str = "") -> Markup:
    """An outline icon as inline SVG: `ic` 18 px, with `ic-s` 15 px, with `ic-xs` 13 px."""
    # S704: the class is escaped, the drawing is a file of ours.
    return Markup(SVG.format(escape(f"ic {cls}".strip()), _drawing(name)))  # noqa: S704


@cache
def _version(stamp: str = "") -> str:
    """Changes when any file of ours or of others in static changes."""
    digest = hashlib.sha256(stamp.encode())
    for path in sorted(STATIC.rglob("*.*")):
        seen = path.stat()
        digest.update(f"{path.relative_to(STATIC)} {seen.st_size} {seen.st_mtime_ns}".encode())
    return digest.hexdigest()[:10]


def asset(filename: str) -> str:
    """The address of a static file, with the version in its path, so that the files it imports
    by relative address are fresh too."""
    return url_for("asset", version=_version(), filename=filename)


def send_asset(version: str, filename: str) -> Response:
    """A static file, to be kept for a year: another version has another address."""
    kept = None if current_app.debug or version != _version() else A_YEAR
    return send_from_directory(STATIC, filename, max_age=kept)


def here(**changes: str | int | None) -> str:
    """This page's address with parts of its query changed; None takes a part away. The cursor
    always goes, since another filter or order is another list."""
    query = {k: v for k, v in request.args.to_dict(flat=False).items() if k != "cursor"}
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None and value != "":
            query[name] = [str(value)]
    return f"{request.path}?{urlencode(query, doseq=True)}" if query else request.path


# Language


def language() -> str:
    """`ja` or `en`."""
    locale = get_locale()
    return "en" if locale is not None and locale.language == "en" else "ja"


def _ja() -> bool:
    return language() == "ja"


def _plain(value: date | datetime) -> date:
    return clock.local(value).date() if isinstance(value, datetime) else value


# Dates and times, on the company's clock


def day(value: date | datetime | None) -> str:
    """2026/11/21(土) · 21 Nov 2026"""
    if value is None:
        return dash()
    it = _plain(value)
    if _ja():
        return f"{it:%Y/%m/%d}({WEEKDAYS[it.weekday()]})"
    return f"{it.day} {MONTHS[it.month - 1]} {it.year}"


def day_short(value: date | datetime | None) -> str:
    """11/21(土) · 21 Nov; the year only where it is another one."""
    if value is None:
        return dash()
    it = _plain(value)
    if it.year != clock.today().year:
        return f"{it:%Y/%m/%d}" if _ja() else day(it)
    if _ja():
        return f"{it:%m/%d}({WEEKDAYS[it.weekday()]})"
    return f"{it.day} {MONTHS[it.month - 1]}"


def day_compact(value: date | datetime | None) -> str:
    """26/11/21 · 21 Nov 2026, for the columns of a wide table; – for nothing."""
    if value is None:
        return "–"
    return f"{_plain(value):%y/%m/%d}" if _ja() else day(value)


def month(value: date | datetime | None) -> str:
    """2026/11 · Nov 2026"""
    if value is None:
        return dash()
    it = _plain(value)
    return f"{it:%Y/%m}" if _ja() else f"{MONTHS[it.month - 1]} {it.year}"


def short(value: date | datetime) -> str:
    """11/21 · 21 Nov, for the labels of a chart"""
    it = _plain(value)
    return f"{it:%m/%d}" if _ja() else f"{it.day} {MONTHS[it.month - 1]}"


def hour(value: datetime | None) -> str:
    """9:12 · 09:12"""
    if value is None:
        return dash()
    it = clock.local(value)
    return f"{it.hour}:{it:%M}" if _ja() else f"{it:%H:%M}"


def moment(value: datetime | None) -> str:
    """2026/11/21(土) 9:12 · 21 Nov 2026, 09:12"""
    if value is None:
        return dash()
    it = clock.local(value)
    if _ja():
        return f"{it:%Y/%m/%d}({WEEKDAYS[it.weekday()]}) {it.hour}:{it:%M}"
    return f"{it.day} {MONTHS[it.month - 1]} {it.year}, {it:%H:%M}"


def when(value: datetime | None) -> str:
    """The shortest that is clear: 9:12 for today, else 11/19, else 2025/11/19."""
    if value is None:
        return dash()
    it = _plain(value)
    if it == clock.today():
        return hour(value)
    if it.year != clock.today().year:
        return f"{it:%Y/%m/%d}" if _ja() else day(it)
    return f"{it:%m/%d}" if _ja() else f"{it.day} {MONTHS[it.month - 1]}"


def ago(value: datetime | None) -> str:
    """たった今, 12分前, 1時間前, 昨日, then the date."""
    if value is None:
        return dash()
    minutes = int((clock.now() - value).total_seconds() // 60)
    days = (clock.today() - _plain(value)).days
    if minutes < 1:
        return gettext("just now")
    if minutes < 60:
        return ngettext("%(num)s min ago", "%(num)s min ago", minutes)
    if days == 0:
        return ngettext("%(num)s hour ago", "%(num)s hours ago", minutes // 60)
    return gettext("yesterday") if days == 1 else when(value)


def iso(value: date | datetime | None) -> str:
    """For the `datetime` attribute of <time>, and for machines."""
    return "" if value is None else value.isoformat()


# Figures


def dash() -> str:
    """What stands where there is nothing."""
    return "―" if _ja() else "–"


def _minus() -> str:
    return "△" if _ja() else "−"


def number(value: float | Decimal | None) -> str:
    """1,234 · △1,234 · −1,234; a decimal number with all its decimals."""
    if value is None:
        return dash()
    return f"{_minus() if value < 0 else ''}{abs(value):,}"


def yen(value: int | None) -> str:
    """¥1,234,000 · △¥1,234,000"""
    if value is None:
        return dash()
    return f"{_minus() if value < 0 else ''}¥{abs(value):,}"


def signed(value: int | None) -> str:
    """＋3 · △1 · 0: a difference."""
    if not value:
        return number(value)
    return f"{'＋' if _ja() else '+'}{value:,}" if value > 0 else number(value)


def thousands(value: int | None) -> str:
    """Yen as 千円, what is left over cut off."""
    if value is None:
        return dash()
    return number(money.in_thousands(value))


def percent(value: float | None, digits: int = 1) -> str:
    """A share (0.262) as 26.2%."""
    if value is None:
        return dash()
    return f"{_minus() if value < 0 else ''}{abs(value) * 100:.{digits}f}%"


def months(value: int | None) -> str:
    """A length in months as 7年8か月 · 7 yr 8 mo."""
    if value is None:
        return dash()
    years, left = divmod(max(value, 0), 12)
    parts = []
    if years:
        parts.append(f"{years}年" if _ja() else f"{years} yr")
    if left or not years:
        parts.append(f"{left}か月" if _ja() else f"{left} mo")
    return ("" if _ja() else " ").join(parts)


def initial(name: str | None) -> str:
    """The letter in a person's circle."""
    return (name or "?").strip()[:1].upper() or "?"


def serial(text: str | None) -> str:
    """A unit's serial number, or in words that it is not known yet."""
    return text or gettext("serial number to come")
