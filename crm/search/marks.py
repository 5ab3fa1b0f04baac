"""What the index holds of an entry beside the grams of its text: kind, owner, days, its share.

Marks are asked for as grams are, and longer than a gram, so that none is taken for one. An
entry whose key lies in the first quarter of all keys also has a mark that says so, one in the
first sixteenth a second, and so on: keys are shuffled, so each level is a fair and ever smaller
sample of all entries, and the index tells from a few dozen rows how common a word is.
"""

from __future__ import annotations

from datetime import MAXYEAR, UTC, date, datetime, timedelta

LEVELS = 8
"""Levels of samples; the deepest holds one entry in 65,536."""

SAMPLED = 2
"""On PostgreSQL the entries of this level and the deeper ones have an index of their own: what a
word of many records holds there is read without going through all that it holds elsewhere."""

KEYS = 1 << 62
"""Keys of entries lie below."""

FEW_DAYS, FEW_MONTHS, MANY_YEARS = 62, 24, 100
"""A span is asked for by its first days, the next months, and the years after them."""


def below(level: int) -> int:
    """The keys of a level are smaller than this."""
    return KEYS >> 2 * level


def shares(key: int) -> list[str]:
    """The marks of the levels that a key belongs to."""
    return [share(level) for level in range(1, LEVELS + 1) if key < below(level)]


def share(level: int) -> str:
    """The mark of a level: one entry in four to the power of it."""
    return f"part:{level}"


def shares_asked(level: int) -> list[str]:
    """The mark that PostgreSQL is asked for besides: none where an index holds that level alone."""
    return [share(level)] if level not in (0, SAMPLED) else []


def of(kind: str, owner_id: int | None, at: datetime | None) -> list[str]:
    """The marks of an entry, but for its levels."""
    owner = [owned(owner_id)] if owner_id is not None else []
    return [kind, *owner, *(_dated(at.astimezone(UTC).date()) if at else ())]


def owned(owner_id: int) -> str:
    """The mark of what somebody has."""
    return f"by:{owner_id}"


def _dated(day: date) -> tuple[str, str, str]:
    return f"d:{day.toordinal()}", f"m:{_month(day)}", f"y:{day.year}"


def of_span(since: datetime | None, until: datetime | None) -> list[str]:
    """Marks of which every entry from `since` to before `until` has one; none without `since`.

    They may let others through: only its first weeks are asked for day by day. Without `until`
    the next hundred years are asked for.
    """
    if since is None:
        return []
    first = since.astimezone(UTC).date()
    last = _last(until) if until else date(min(first.year + MANY_YEARS, MAXYEAR), 12, 31)
    start, end = first.toordinal(), max(first, last).toordinal()
    marks = [f"d:{day}" for day in range(start, min(start + FEW_DAYS, end + 1))]
    if start + FEW_DAYS > end:
        return marks
    month = _month(date.fromordinal(start + FEW_DAYS))
    months = range(month, min(month + FEW_MONTHS, _month(last) + 1))
    years = range((months[-1] - 1) // 12 + 1, last.year + 1)
    return [*marks, *(f"m:{one}" for one in months), *(f"y:{year}" for year in years)]


def _last(until: datetime) -> date:
    return (until.astimezone(UTC) - timedelta(microseconds=1)).date()


def _month(day: date) -> int:
    return day.year * 12 + day.month
