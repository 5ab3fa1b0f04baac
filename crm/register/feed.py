"""The change feed of the National Tax Agency as it is published: bytes in, changes out.

Columns: "Resource definition of the corporate number publication site", CSV, 30 columns, no header;
other publishers put a header above and words for codes. Nothing is held but the row at hand.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from flask_babel import gettext as _

from crm.sheets.encodings import MOST_BYTES, find_encoding
from crm.sheets.refusals import Refusal
from crm.sheets.rows import Row, read_rows
from crm.sheets.workbooks import check_kind, is_archive
from crm.text.houjin import check_digit

COLUMNS = (
    "sequenceNumber", "corporateNumber", "process", "correct", "updateDate", "changeDate", "name",
    "nameImageId", "kind", "prefectureName", "cityName", "streetNumber", "addressImageId",
    "prefectureCode", "cityCode", "postCode", "addressOutside", "addressOutsideImageId",
    "closeDate", "closeCause", "successorCorporateNumber", "changeCause", "assignmentDate",
    "latest", "enName", "enPrefectureName", "enCityName", "enAddressOutside", "furigana",
    "hihyoji",
)  # fmt: skip
WIDTH = len(COLUMNS)
MOST_RATIO = 200
_NUMBER, _PROCESS, _CORRECT = 1, 2, 3
_CAUSE = COLUMNS.index("closeCause")
_WORDS = {
    "新規": "01", "商号又は名称の変更": "11", "国内所在地の変更": "12", "国外所在地の変更": "13",
    "登記記録の閉鎖等": "21", "登記記録の復活等": "22", "吸収合併": "71", "吸収合併無効": "72",
    "商号の登記の抹消": "81", "削除": "99",
    "清算の結了等": "01", "合併による解散等": "11", "登記官による閉鎖": "21",
    "その他の清算の結了等": "31",
}  # fmt: skip
PROCESSES = ("01", "11", "12", "13", "21", "22", "71", "72", "81", "99")


class Wrong(ValueError):
    """A row that cannot be one of the register; the message says why."""


@dataclass(frozen=True, slots=True)
class Change:
    """One row of the feed; the days are those of the register."""

    line: int
    number: str
    process: str
    correct: bool
    updated_on: date
    changed_on: date
    name: str
    kana: str
    english: str
    prefecture: str
    city: str
    street: str
    abroad: str
    prefecture_code: str
    city_code: str
    postal_code: str
    closed_on: date | None
    cause: str
    successor: str
    said: str
    latest: bool

    @property
    def rank(self) -> str:
        """What makes one word of the register later than another: 20210701 20210714 1."""
        return f"{self.changed_on:%Y%m%d}{self.updated_on:%Y%m%d}{int(self.latest)}"

    @property
    def address(self) -> str:
        """Where the head office is."""
        return self.abroad or f"{self.prefecture}{self.city}{self.street}"


@dataclass(slots=True)
class Feed:
    """A file of the register, opened."""

    name: str
    path: Path
    encoding: str
    sha256: str

    def rows(self) -> Iterator[Row]:
        """Its rows without blank ones and the header. Raises Refusal where it is no table, or
        has another number of columns at its top."""
        first = True
        for row in read_rows(self.path, self.encoding, ",", numbered=True):
            if row.blank:
                continue
            if first and len(row.cells) != WIDTH:
                raise Refusal(
                    _("%(file)s has %(n)s columns; a file of the register has %(wanted)s.",
                      file=self.name, n=len(row.cells), wanted=WIDTH)
                )  # fmt: skip
            if not (first and _is_header(row.cells)):
                yield row
            first = False


def open_feed(path: Path, folder: Path) -> Feed:
    """A file as the agency ships it: CSV, or the ZIP archive around one. Raises Refusal."""
    name, inside = path.name, path
    if path.exists() and is_archive(path):
        inside = _unpacked(path, folder)
    check_kind(inside)
    encoding = find_encoding(inside, among=("cp932",))
    with inside.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Feed(name, inside, encoding, digest)


def _unpacked(path: Path, folder: Path) -> Path:
    try:
        with zipfile.ZipFile(path) as archive:
            tables = [one for one in archive.infolist()[:50] if one.filename.endswith(".csv")]
            if len(tables) != 1:
                raise Refusal(
                    _("%(file)s holds %(n)s CSV files; the register's archive holds one.",
                      file=path.name, n=len(tables))
                )  # fmt: skip
            if tables[0].file_size > min(MOST_BYTES, MOST_RATIO * path.stat().st_size + 1024):
                raise Refusal(_("%(file)s is an archive that holds too much.", file=path.name))
            return _written(archive, tables[0], folder / "register.csv", path.name)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise Refusal(_("%(file)s is a damaged archive.", file=path.name)) from error


def _written(
    archive: zipfile.ZipFile, table: zipfile.ZipInfo, out: Path, name: str
) -> Path:  # fmt: skip
    left = table.file_size
    with archive.open(table) as source, out.open("wb") as target:
        while piece := source.read(1024 * 1024):
            left -= len(piece)
            if left < 0:
                raise Refusal(_("%(file)s is an archive that holds too much.", file=name))
            target.write(piece)
    return out


def _is_header(cells: list[str]) -> bool:
    """Whatever it is called, a header has no corporate number."""
    return cells[0].strip() in (COLUMNS[0], "一連番号") or not any(map(str.isdigit, cells[:6]))


def glance(row: Row) -> tuple[str, str, bool]:
    """Number, kind of change, and whether it corrects an earlier row. Raises Wrong.

    Nearly all rows are about companies that nobody here knows: of them this is all that is read.
    """
    cells = row.cells
    if row.junk:
        raise Wrong(row.junk)
    if len(cells) != WIDTH:
        raise Wrong(_("%(n)s cells where the register has %(m)s.", n=len(cells), m=WIDTH))
    process = _WORDS.get(cells[_PROCESS], cells[_PROCESS])
    if process not in PROCESSES:
        raise Wrong(_("There is no kind of change %(text)s.", text=process[:20] or "―"))
    return _checked(cells[_NUMBER]), process, cells[_CORRECT] == "1"


def cause_of(row: Row) -> str:
    """The register's code for why a record was closed; empty for one that was not."""
    cause = row.cells[_CAUSE]
    return _WORDS.get(cause, cause)[:2]


def read_change(row: Row) -> Change:
    """All of a row that was glanced at. Raises Wrong with the reason."""
    number, process, correct = glance(row)
    said = dict(zip(COLUMNS, row.cells, strict=True))
    return Change(
        row.line, number, process, correct, _day(said, "updateDate"), _day(said, "changeDate"),
        _line(said["name"])[:200], said["furigana"].strip()[:200], _line(said["enName"])[:200],
        said["prefectureName"].strip(), said["cityName"].strip(), said["streetNumber"].strip(),
        _line(said["addressOutside"]), said["prefectureCode"], said["cityCode"],
        _postal(said["postCode"]), _day(said, "closeDate") if said["closeDate"] else None,
        cause_of(row), said["successorCorporateNumber"].strip()[:13],
        said["changeCause"].strip(), said["latest"] == "1",
    )  # fmt: skip


def _checked(number: str) -> str:
    fits = len(number) == 13 and number.isascii() and number.isdigit()
    if not fits or int(number[0]) != check_digit(number[1:]):
        raise Wrong(_("The check digit of %(number)s does not fit.", number=number[:20] or "―"))
    return number


def _day(said: dict[str, str], name: str) -> date:
    try:
        return date.fromisoformat(said[name].replace("/", "-"))
    except ValueError as error:
        raise Wrong(
            _("%(column)s is no day: %(text)s.", column=name, text=said[name][:20] or "―")
        ) from error


def _line(text: str) -> str:
    return " ".join(text.split())


def _postal(digits: str) -> str:
    plain = digits.strip()
    return f"{plain[:3]}-{plain[3:]}" if len(plain) == 7 and plain.isdigit() else ""
