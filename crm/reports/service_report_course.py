"""The unit and the course of a work order, in words for the printed report."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext, pgettext

from crm import clock
from crm.installed_base.verdict_words import reason
from crm.reports.fitting import plain
from crm.reports.notation import NONE, WEEKDAYS, Notation
from crm.support.words import channels

Content = Mapping[str, Any]
Pairs = list[tuple[str, str]]
WEEKDAY = re.compile(r"\([月火水木金土日]\) ?")


def letter_day(day: date, n: Notation) -> str:
    """2026年11月27日（金） · 27 Nov 2026."""
    if not n.japanese:
        return n.day(day)
    return f"{day.year}年{day.month}月{day.day}日（{WEEKDAYS[day.weekday()]}）"


def long_day(day: date, n: Notation) -> str:
    """The same without the day of the week."""
    return letter_day(day, n).partition("（")[0]


def _local(text: str | None) -> datetime | None:
    return clock.local(datetime.fromisoformat(text)) if text else None


def _stamp(at: datetime, n: Notation) -> str:
    return f"{n.long_day(at.date())} {at:%H:%M}"


def unit(content: Content, n: Notation) -> Pairs:
    """What was worked on."""
    it = content["unit"]
    named = it["product"] if it["code"] in it["product"] else f"{it['product']} {it['code']}"
    place = " ".join(filter(None, (content["site"], it["location"])))
    cover = content["cover"]
    return [
        (pgettext("report", "Model"), plain(named) or NONE),
        (pgettext("report", "Serial No."), it["serial_no"] or NONE),
        (pgettext("report", "Place"), place or NONE),
        (pgettext("report", "Delivered, accepted"), _age(content, n)),
        (pgettext("report", "Cover"), _without_weekdays(reason(cover["code"], cover["params"]))),
        *_meters(content, n),
    ]


def _without_weekdays(text: str) -> str:
    """A sentence as a cell has it: on one line, without the days of the week and its full stop."""
    return WEEKDAY.sub("", text).rstrip("。.")


def _meters(content: Content, n: Notation) -> Pairs:
    """What the meters said at the visit; no row when nobody read them."""
    told = [plain(f"{m['name']} {m['value']}{m['measure']}") for m in content.get("meters", ())]
    gap = "　" if n.japanese else ", "
    return [(pgettext("report", "Meters"), gap.join(told))] if told else []


def _age(content: Content, n: Notation) -> str:
    """The day it was delivered or accepted, and the years since, to the tenth."""
    it = content["unit"]
    begins = it["delivered_on"] or it["accepted_on"] or it["installed_on"]
    if begins is None:
        return NONE
    first = date.fromisoformat(begins)
    said = [long_day(first, n)]
    if content["performed_on"]:
        tenths = (date.fromisoformat(content["performed_on"]) - first).days * 100 // 3652
        said.append(_("%(years)s years", years=f"{tenths // 10}.{tenths % 10}"))
    return "　／　".join(said) if n.japanese else ", ".join(said)


def course(content: Content, n: Notation) -> Pairs:
    """How it came, when somebody was there, and how long the unit stood."""
    came, earlier = content["reception"], content["earlier"]
    return [
        (pgettext("report", "Received"), _received(came, n)),
        (pgettext("report", "Reported"), plain(came.get("said") or "") or NONE),
        (pgettext("report", "Visit"), _visit(content, n)),
        (pgettext("report", "Downtime"), _downtime(content, n)),
        (pgettext("report", "Instead"), plain(content["substitute"]) or NONE),
        (pgettext("report", "Before"), _earlier(earlier, n)),
    ]


def _received(came: Content, n: Notation) -> str:
    at = _local(came.get("opened_at"))
    told = [_stamp(at, n) if at else n.long_day(date.fromisoformat(came["opened_on"]))]
    if "ticket_id" in came:
        way = dict(channels()).get(came.get("channel", ""), "")
        bracket = (f"（{way}）" if n.japanese else f" ({way})") if way else ""
        told.append(f"#{came['ticket_id']}{bracket}")
    return "　".join(told)


def _visit(content: Content, n: Notation) -> str:
    first, last = _local(content["arrived_at"]), _local(content["finished_at"])
    if first is None:
        return _stamp(last, n) if last else NONE
    if last is None:
        return f"{_stamp(first, n)}–"
    same = first.date() == last.date()
    return f"{_stamp(first, n)}–{f'{last:%H:%M}' if same else _stamp(last, n)}"


def _downtime(content: Content, n: Notation) -> str:
    minutes, came = content["downtime_minutes"], content["reception"]
    told = NONE if minutes is None else _hours(minutes)
    due = _local(came.get("due_at"))
    if came.get("in_time") is None or due is None:
        return told
    kept = _("reached") if came["in_time"] else _("not reached")
    return told + _(
        " (SLA until %(due)s: %(kept)s)", due=f"{n.near_day(due.date())} {due:%H:%M}", kept=kept
    )


def _hours(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if hours == 0:
        return _("%(m)s min", m=rest)
    return _("%(h)s h %(m)s min", h=f"{hours:,}", m=rest)


def _earlier(earlier: Content, n: Notation) -> str:
    if not earlier["count"]:
        return _("none within 180 days")
    last = n.day(date.fromisoformat(earlier["last_on"]))
    if earlier["same"]:
        return ngettext(
            "the same symptom %(num)s time within 180 days (%(last)s)",
            "the same symptom %(num)s times within 180 days (%(last)s)",
            earlier["count"], last=last,
        )  # fmt: skip
    return ngettext(
        "%(num)s repair within 180 days (%(last)s)", "%(num)s repairs within 180 days (%(last)s)",
        earlier["count"], last=last,
    )  # fmt: skip
