"""When the demo company is closed: the summer, the day of its founding; and a Saturday it works."""

from __future__ import annotations

from datetime import date, timedelta

from crm.closed_days.models import ClosedDay
from crm.demo.book import Book


def close(book: Book) -> None:
    """The company's own days of last year, this year and the next."""
    for year in range(book.today.year - 1, book.today.year + 2):
        for number in (12, 13, 14):
            _say(book, date(year, 8, number), "夏季休業", "Summer closing")
        _say(book, date(year, 6, 10), "創立記念日", "Founding day")
    third = date(book.today.year, 9, 15)
    saturday = third + timedelta(days=(5 - third.weekday()) % 7)
    _say(book, saturday, "棚卸し出勤", "Stocktaking", worked=True)


def _say(book: Book, day: date, name: str, name_en: str, worked: bool = False) -> None:
    book.add(
        ClosedDay, day=day, name=name, name_en=name_en, worked=worked,
        created_at=book.now, updated_at=book.now,
    )  # fmt: skip


def write(book: Book) -> None:
    """Write them."""
    book.write(ClosedDay)
