"""What stands in a sheet before it is read, whatever kind of workbook it is of, and when that is
too much, or would be read wrongly."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask_babel import gettext as _

from crm.sheets.hidden_rows import HiddenRows
from crm.sheets.refusals import Refusal, TooMuch
from crm.sheets.rows import MOST_COLUMNS

MOST_ERRORS = 50_000


@dataclass(slots=True)
class Extent:
    """What stands in a sheet: filled cells, the last row, the widest column, shared texts."""

    cells: int = 0
    rows: int = 0
    columns: int = 0
    farthest: str = ""
    shared_bytes: int = 0
    errors: list[tuple[int, int, str]] = field(default_factory=list)
    """Row, column (from 0) and text of the cells that show an error: #REF!"""
    unsaved: str = ""
    """The first cell with a formula whose value was not saved: it would be read as blank."""
    reserved: int = 0
    """Places for which the library sets room aside before it reads any."""
    widest: int = 0
    """Of several sheets the places of the largest."""
    macros: bool = False
    zeros: dict[int, int] = field(default_factory=dict)
    """Columns (from 0) of numbers that are shown with zeros before them, to so many digits."""
    hidden: HiddenRows = field(default_factory=HiddenRows)


def check_errors(file: str, found: Extent) -> None:
    """Raises TooMuch for more errors than are put beside the sheet."""
    if len(found.errors) > MOST_ERRORS:
        found.errors.clear()
        raise TooMuch(
            _("%(file)s has more than %(n)s cells with errors of formulas.", file=file,
              n=f"{MOST_ERRORS:,}")
        )  # fmt: skip


def check_sheet(file: str, found: Extent) -> None:
    """Raises Refusal for a sheet that would be read wrongly or is too wide."""
    if found.unsaved:
        raise Refusal(unsaved(file, found.unsaved))
    if found.columns > MOST_COLUMNS:
        raise Refusal(
            _("%(file)s has %(n)s columns (cell %(cell)s); %(most)s at most.", file=file,
              n=found.columns, cell=found.farthest, most=MOST_COLUMNS)
        )  # fmt: skip


def unsaved(file: str, cell: str) -> str:
    """Why a workbook is refused whose formulas nobody has worked out."""
    return _(
        "%(file)s: cell %(cell)s holds a formula whose value was not saved. Open the file in "
        "the spreadsheet, save it and bring it again.", file=file, cell=cell,
    )  # fmt: skip
