"""Calendars as RFC 5545 has them: lines of 75 octets, escaped text, days without a time. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

OCTETS = 75
"""A longer line goes on in the next one behind a blank, which counts."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something of one day. `uid` stays what it is when the day moves, so that a calendar moves
    its entry; `alarm_days` before it the calendar says so, 0: never."""

    uid: str
    on: date
    summary: str
    description: str = ""
    url: str = ""
    alarm_days: int = 0


def calendar(name: str, events: Iterable[Event], stamp: datetime) -> bytes:
    """A calendar to publish; `stamp` is the instant at which it was written."""
    written = [*_head(name)]
    for event in events:
        written += _event(event, stamp.astimezone(UTC))
    written.append("END:VCALENDAR")
    return b"".join(fold(line) for line in written)


def _head(name: str) -> Iterator[str]:
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield "PRODID:-//Engawa//What ends//JA"
    yield "CALSCALE:GREGORIAN"
    yield "METHOD:PUBLISH"
    yield f"X-WR-CALNAME:{text(name)}"
    yield "REFRESH-INTERVAL;VALUE=DURATION:PT6H"
    yield "X-PUBLISHED-TTL:PT6H"


def _event(event: Event, stamp: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{text(event.uid)}"
    yield f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{_day(event.on)}"
    yield f"DTEND;VALUE=DATE:{_day(event.on + timedelta(days=1))}"
    yield f"SUMMARY:{text(event.summary)}"
    if event.description:
        yield f"DESCRIPTION:{text(event.description)}"
    if event.url:
        yield f"URL:{event.url}"
    yield "TRANSP:TRANSPARENT"
    if event.alarm_days:
        yield "BEGIN:VALARM"
        yield "ACTION:DISPLAY"
        yield f"DESCRIPTION:{text(event.summary)}"
        yield f"TRIGGER:-P{event.alarm_days}D"
        yield "END:VALARM"
    yield "END:VEVENT"


def _day(on: date) -> str:
    return f"{on.year:04d}{on.month:02d}{on.day:02d}"


def text(value: str) -> str:
    """Text with what separates escaped; no control character but the new line, as `\\n`."""
    lines = value.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = ["".join(c for c in line if c == "\t" or (c >= " " and c != "\x7f")) for line in lines]
    escaped = [line.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,") for line in kept]
    return "\\n".join(escaped)


def fold(line: str) -> bytes:
    """A content line with its end, cut into pieces of 75 octets between characters."""
    pieces: list[bytes] = []
    piece, room = b"", OCTETS
    for letter in line:
        octets = letter.encode("utf-8", "replace")
        if len(piece) + len(octets) > room:
            pieces.append(piece)
            piece, room = b"", OCTETS - 1
        piece += octets
    return b"\r\n ".join([*pieces, piece]) + b"\r\n"
