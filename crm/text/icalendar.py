"""Calendars as RFC 5545 has them: days, and hours of a day. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from crm.text.content_lines import fold, text


@dataclass(frozen=True, slots=True)
class Event:
    """Something of one day, or of some hours from `starts` on (aware instants).

    `uid` stays what it is when the day moves, so that a calendar moves its entry; `alarm_days`
    before it the calendar says so, 0: never.
    """

    uid: str
    on: date
    summary: str
    description: str = ""
    url: str = ""
    alarm_days: int = 0
    starts: datetime | None = None
    ends: datetime | None = None
    place: str = ""


def calendar(name: str, events: Iterable[Event], stamp: datetime) -> bytes:
    """A calendar to publish; `stamp` is the instant at which it was written."""
    return _written([*_head("What ends"), *_published(name)], events, stamp)


def entries(events: Iterable[Event], stamp: datetime) -> bytes:
    """Some entries to take over into one's own calendar."""
    return _written([*_head("Entries"), "METHOD:PUBLISH"], events, stamp)


def _written(head: list[str], events: Iterable[Event], stamp: datetime) -> bytes:
    for event in events:
        head += _event(event, stamp.astimezone(UTC))
    head.append("END:VCALENDAR")
    return b"".join(fold(line) for line in head)


def _head(what: str) -> Iterator[str]:
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield f"PRODID:-//Engawa//{what}//JA"
    yield "CALSCALE:GREGORIAN"


def _published(name: str) -> Iterator[str]:
    yield "METHOD:PUBLISH"
    yield f"X-WR-CALNAME:{text(name)}"
    yield "REFRESH-INTERVAL;VALUE=DURATION:PT6H"
    yield "X-PUBLISHED-TTL:PT6H"


def _event(event: Event, stamp: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{text(event.uid)}"
    yield f"DTSTAMP:{_instant(stamp)}"
    yield from _when(event)
    yield f"SUMMARY:{text(event.summary)}"
    if event.description:
        yield f"DESCRIPTION:{text(event.description)}"
    if event.place:
        yield f"LOCATION:{text(event.place)}"
    if event.url:
        yield f"URL:{event.url}"
    yield "TRANSP:TRANSPARENT" if event.starts is None else "TRANSP:OPAQUE"
    if event.alarm_days:
        yield "BEGIN:VALARM"
        yield "ACTION:DISPLAY"
        yield f"DESCRIPTION:{text(event.summary)}"
        yield f"TRIGGER:-P{event.alarm_days}D"
        yield "END:VALARM"
    yield "END:VEVENT"


def _when(event: Event) -> Iterator[str]:
    if event.starts is None:
        yield f"DTSTART;VALUE=DATE:{_day(event.on)}"
        yield f"DTEND;VALUE=DATE:{_day(event.on + timedelta(days=1))}"
        return
    yield f"DTSTART:{_instant(event.starts)}"
    yield f"DTEND:{_instant(event.ends or event.starts + timedelta(hours=1))}"


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _day(on: date) -> str:
    return f"{on.year:04d}{on.month:02d}{on.day:02d}"
