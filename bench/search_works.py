"""What is asked of a very large index: words of one to nine characters, common, rare and wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from bench import names
from bench.company import Size
from bench.desk_works import middles
from bench.names import pick
from bench.search_fill import END
from crm.search.question import Only

ASKED = 60
COMMON = ("水", "東京", "電源", "ー", "漏れ", "装置", "エラーE05", "測定が止", "精密", "製作所")
NOWHERE = ("彅彅", "鑾龘", "ヴヮヱヵ", "zqxjk", "山彅田", "彅")
CUSTOMERS = Only(kinds=["account"])
TICKETS = Only(kinds=["ticket"])
MONTH = Only(since=END - timedelta(days=30), until=END)


@dataclass(frozen=True, slots=True)
class Asked:
    """One line of the table: questions, what narrows them, whether one letter may be wrong."""

    name: str
    questions: Sequence[str]
    only: Only = field(default_factory=Only)
    near: bool = False


def works(size: Size) -> list[Asked]:
    """Every line."""
    lengths = [Asked(f"{n} characters", middles(size, n)[:ASKED]) for n in range(1, 10)]
    return [
        *lengths,
        Asked("common words", COMMON),
        Asked("common words, customers", COMMON, CUSTOMERS),
        Asked("common words, tickets, newest", COMMON, TICKETS),
        Asked("common words, of one person", COMMON, Only(owner_id=1 + size.reps)),
        Asked("common words, of one month", COMMON, MONTH),
        Asked("whole names", [_name(size, n) for n in range(ASKED)]),
        Asked("telephone numbers", [_phone(size, n) for n in range(ASKED)]),
        Asked("two words", [_two(size, n) for n in range(ASKED)]),
        Asked("no hit", NOWHERE),
        Asked("one letter wrong", [_mistyped(size, n) for n in range(ASKED)], near=True),
    ]


def _key(size: Size, number: int, salt: int) -> int:
    return 1 + pick(number, salt, size.accounts)


def _name(size: Size, number: int) -> str:
    return names.company(_key(size, number, 401))[0]


def _phone(size: Size, number: int) -> str:
    return names.phone(_key(size, number, 402), 0)


def _two(size: Size, number: int) -> str:
    return f"{_name(size, number)[4:6]} {names.symptom(number)[:3]}"


def _mistyped(size: Size, number: int) -> str:
    """The reading of a name with one syllable that is not in it."""
    reading = names.company(_key(size, number, 403))[1][:9]
    place = 2 + pick(number, 404, len(reading) - 3)
    return f"{reading[:place]}ヱ{reading[place + 1 :]}"
