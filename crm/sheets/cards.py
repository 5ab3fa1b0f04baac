"""Cards of a telephone or a mail program (vCard) as a table, and the child process that makes it.

The columns are those of business-card programs, so that their mappings read it.
`python -m crm.sheets.cards FILE BYTES write PLACE OUT` writes the table as text. It has no database
and no settings, and limits to its memory and time. It ends with 6 for a file without cards.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from crm.sheets.confining import confine
from crm.text.vcard import Person
from crm.text.vcard_reading import NotACard, read_cards

SECONDS = 30
"""Of processor time."""
MOST_WRITTEN = 64 * 1024 * 1024
HEADER = (
    "会社名", "部署名", "役職", "姓", "名", "姓(かな)", "名(かな)", "e-mail", "TEL会社",
    "TEL直通", "携帯電話", "郵便番号", "住所",
)  # fmt: skip
_BEGIN = re.compile(rb"\s*BEGIN:VCARD\s*[\r\n]", re.IGNORECASE)


def is_cards(top: bytes) -> bool:
    """Does a file that begins so hold cards?"""
    if top[:2] in (b"\xff\xfe", b"\xfe\xff"):
        top = top[: len(top) // 2 * 2].decode("utf-16", "replace").encode()
    return _BEGIN.match(top.removeprefix(b"\xef\xbb\xbf")) is not None


def table_of(content: bytes) -> Iterator[tuple[str, ...]]:
    """The header and a row for each card. Raises NotACard."""
    people = read_cards(content)
    yield HEADER
    yield from map(_row, people)


def _row(person: Person) -> tuple[str, ...]:
    fixed = [number for number, kind in person.phones if kind == "work"]
    mobile = [number for number, kind in person.phones if kind == "cell"]
    family = person.family_name or person.given_name
    return (
        person.organisation, person.department, person.title, family,
        person.given_name if family != person.given_name else "", person.family_name_kana,
        person.given_name_kana, *_first(person.emails), *_first(fixed), *_first(fixed[1:]),
        *_first(mobile), person.postal_code, person.address,
    )  # fmt: skip


def _first(some: list[str]) -> list[str]:
    return [*some[:1], ""][:1]


def main(file: str, memory: str, *words: str) -> int:
    """Do what was asked; returns the exit code."""
    confine(int(memory), SECONDS, MOST_WRITTEN)
    try:
        with Path(words[2]).open("w", encoding="utf-8", newline="") as out:
            rows = table_of(Path(file).read_bytes())
            csv.writer(out, lineterminator="\n").writerows(rows)
    except NotACard:
        return 6
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
