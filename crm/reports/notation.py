"""Figures and dates as the report prints them, in thousands of yen and in two languages.

Nothing is a dash, below the unit is 0, a minus is △ in Japanese and - in English. Amounts are
cut off toward zero from yen; sums are made in yen before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from crm.money import figure, in_thousands

NONE = "–"
NO_WHOLE = "―"
WEEKDAYS = "月火水木金土日"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Notation:
    """On paper a plus is half width and zero a dash; see `for_screen`."""

    language: str = "ja"
    plus: str = "+"
    zero: str = NONE

    @classmethod
    def for_screen(cls, language: str) -> Notation:
        """A full-width plus in Japanese, and 0 for zero."""
        return cls(language, "＋" if language == "ja" else "+", "0")

    @property
    def japanese(self) -> bool:
        return self.language == "ja"

    def count(self, number: int) -> str:
        return figure(number, self.language) if number else self.zero

    def thousands(self, yen: int | None) -> str:
        """12,345,678 yen → 12,345."""
        if yen is None:
            return NONE
        return figure(in_thousands(yen), self.language) if yen else self.zero

    def change(self, yen: int) -> str:
        """A change of an amount: +1,234 or △1,234."""
        return self._signed(in_thousands(yen)) if yen else self.zero

    def count_change(self, number: int) -> str:
        return self._signed(number) if number else self.zero

    def tenths(self, value: int | None) -> str:
        """177 → 17.7; ― where there was no whole."""
        if value is None:
            return NO_WHOLE
        minus = figure(-1, self.language)[:-1] if value < 0 else ""
        return f"{minus}{abs(value) // 10:,}.{abs(value) % 10}"

    def growth(self, value: int | None) -> str:
        """The same with a plus."""
        return (self.plus if value and value > 0 else "") + self.tenths(value)

    def short_day(self, day: date | None) -> str:
        """For the narrow columns of lists: 26/12/18 · 18 Dec 26."""
        if day is None:
            return NONE
        if self.japanese:
            return f"{day:%y/%m/%d}"
        return f"{day.day} {MONTHS[day.month - 1]} {day:%y}"

    def near_day(self, day: date) -> str:
        """10/31 · 31 Oct."""
        return f"{day:%m/%d}" if self.japanese else f"{day.day} {MONTHS[day.month - 1]}"

    def day(self, day: date) -> str:
        """2026/12/18 · 18 Dec 2026."""
        if self.japanese:
            return f"{day:%Y/%m/%d}"
        return f"{day.day} {MONTHS[day.month - 1]} {day.year}"

    def long_day(self, day: date) -> str:
        """2026/12/18(金) · 18 Dec 2026."""
        return f"{self.day(day)}({WEEKDAYS[day.weekday()]})" if self.japanese else self.day(day)

    def stamp(self, local: datetime) -> str:
        """2026/11/30 18:05 · 30 Nov 2026 18:05; `local` is on the company's clock."""
        return f"{self.day(local.date())} {local:%H:%M}"

    def month(self, first: date) -> str:
        """12月 · Dec."""
        return f"{first.month}月" if self.japanese else MONTHS[first.month - 1]

    def year_month(self, first: date) -> str:
        """2026年11月度 · Nov 2026."""
        if self.japanese:
            return f"{first.year}年{first.month}月度"
        return f"{MONTHS[first.month - 1]} {first.year}"

    def _signed(self, number: int) -> str:
        return f"{self.plus}{number:,}" if number > 0 else figure(number, self.language)
