"""A workbook written as XML (the format of Excel 2002 and 2003), as some systems still do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.parsers.expat import ExpatError, ParserCreate

from crm.sheets.marked_cells import Grid

_SPACE = "urn:schemas-microsoft-com:office:spreadsheet "
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
_MIDNIGHT = re.compile(r"T00:00:00(?:\.0+)?$")


class Unsaved(ValueError):
    """A formula whose value was not saved."""

    def __init__(self, row: int, column: int) -> None:
        super().__init__(row, column)
        self.row, self.column = row, column


def sheets_in(held: bytes) -> list[Grid]:
    """The sheets with a name and rows, hidden ones left out. Raises ExpatError, Unsaved."""
    reading, parser = _Reading(), ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = _no_entities
    parser.StartElementHandler = reading.begin
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.words
    parser.Parse(held, True)
    return [grid for grid in reading.found if grid.rows and grid.name not in reading.hidden]


def _no_entities(*_said: object) -> None:
    raise ExpatError("entities")


class _Reading:
    """The workbook, element by element."""

    def __init__(self) -> None:
        self.found: list[Grid] = []
        self.hidden: set[str] = set()
        self._row: list[str] = []
        self._data: list[str] | None = None
        self._visible: list[str] | None = None
        self._kind, self._more, self._formula, self._said = "", 0, False, False

    def begin(self, name: str, said: Mapping[str, str]) -> None:
        """An element opens."""
        plain = name.rpartition(" ")[2]
        if name == f"{_SPACE}Worksheet":
            self.found.append(Grid(said.get(f"{_SPACE}Name", "")))
        elif name == f"{_SPACE}Row" and self.found:
            at = min(_number(said, "Index", len(self.found[-1].rows) + 1), MOST_ROWS)
            self.found[-1].rows += [[] for _n in range(at - 1 - len(self.found[-1].rows))]
            self._row = []
        elif name == f"{_SPACE}Cell":
            self._begin_cell(said)
        elif name == f"{_SPACE}Data":
            self._data, self._kind = [], said.get(f"{_SPACE}Type", "")
        elif plain == "Visible" and self.found:
            self._visible = []

    def _begin_cell(self, said: Mapping[str, str]) -> None:
        at = min(_number(said, "Index", len(self._row) + 1), MOST_COLUMNS)
        self._row += [""] * (at - 1 - len(self._row))
        self._more = min(_number(said, "MergeAcross", 0), MOST_COLUMNS)
        self._formula, self._said = f"{_SPACE}Formula" in said, False
        self._row.append("")

    def words(self, said: str) -> None:
        """What stands in an element."""
        if self._data is not None:
            self._data.append(said)
        elif self._visible is not None:
            self._visible.append(said)

    def end(self, name: str) -> None:
        """An element closes."""
        if name == f"{_SPACE}Data" and self._data is not None and self._row:
            self._row[-1], self._said = self._value("".join(self._data)), True
            self._data = None
        elif name == f"{_SPACE}Cell" and self.found:
            if self._formula and not self._said:
                raise Unsaved(len(self.found[-1].rows), len(self._row) - 1)
            self._row += [""] * self._more
        elif name == f"{_SPACE}Row" and self.found:
            self.found[-1].rows.append(self._row)
        elif self._visible is not None and name.endswith(" Visible"):
            if "".join(self._visible).strip() in ("SheetHidden", "SheetVeryHidden"):
                self.hidden.add(self.found[-1].name)
            self._visible = None

    def _value(self, said: str) -> str:
        if self._kind == "DateTime":
            return _MIDNIGHT.sub("", said).replace("T", " ").removesuffix(".000")
        if self._kind == "Boolean":
            return "TRUE" if said.strip() == "1" else "FALSE"
        return said


def _number(said: Mapping[str, str], name: str, otherwise: int) -> int:
    found = said.get(f"{_SPACE}{name}", "")
    return int(found) if found.isascii() and found.isdigit() and len(found) < 9 else otherwise
