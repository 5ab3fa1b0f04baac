"""A file of readings: told apart by meter and instant, so that no keys need be kept of them.

A meter that is not there yet is made when the mapping says of which kind it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from crm.extensions import DECIMALS, db
from crm.installed_base.models import Unit
from crm.readings.actions import add_meter, take
from crm.readings.intake import meters_named
from crm.readings.judging import Line, Verdict
from crm.sheets.rows import Row
from crm.text.normal import search_key
from crm.transfers.earlier import Earlier
from crm.transfers.evaluating import Evaluator
from crm.transfers.finding import Finder
from crm.transfers.kinds import Fields
from crm.transfers.labels import column_word, record_word
from crm.transfers.mapping import Mapping, Source
from crm.transfers.readings_journal import newest_readings, note_meter, note_readings
from crm.transfers.refusals import Unreadable
from crm.transfers.tally import Tally
from crm.typed import FIRST_DAY, LAST_DAY

ABOUT = ("measure", "kind", "decimals", "rated_limit")
"""What a mapping may say of the meter itself."""


class Metering:
    """The readings of one file, some hundred rows at a time."""

    earlier: Earlier | None = None
    """No reading speaks of another one: a dry run has nothing to remember."""

    def __init__(
        self, mapping: Mapping, header: Sequence[str], finder: Finder, fresh_by: int | None
    ) -> None:
        self.mapping, self.finder, self.fresh_by = mapping, finder, fresh_by
        self.evaluator = Evaluator(header, self._blank, mapping.nulls)
        self.tally = Tally()
        self.meters: dict[tuple[int, str], int] = {}
        self._named: dict[str, str] = {}
        self._made: set[tuple[int, str]] = set()

    def skip(self, _row: Row) -> None:
        """Readings are told apart by what they are: nothing of earlier rows need be remembered."""

    def take(self, rows: Sequence[Row]) -> Tally:
        """Read the rows, take what they say, count what became of them."""
        self.tally = Tally(rows=len(rows))
        self.finder.forget()
        said = self._read(rows)
        self.meters = meters_named((one["unit"], one["meter"]) for _row, one in said)
        named: list[tuple[Row, str]] = []
        without: list[tuple[Row, str]] = []
        lines: list[Line] = []
        for row, one in said:
            meter_id = self._meter(row, one)
            if meter_id is None:
                without.append((row, one["meter"]))
            else:
                named.append((row, one["meter"]))
                lines.append(
                    Line(row.line, meter_id, one["at"], one["value"], bool(one.get("reset")))
                )
        before = newest_readings({line.meter_id for line in lines})
        verdicts = take(lines, "csv", self.fresh_by, quiet=self.fresh_by is None)
        note_readings(self.finder.run_id, before, lines)
        why = _("The unit has no such meter. With the kind of the meter in a column it is made.")
        no_meter = Verdict("refused", errors={"meter": [why]})
        self._count([*named, *without], [*verdicts, *[no_meter] * len(without)])
        return self.tally

    def _read(self, rows: Sequence[Row]) -> list[tuple[Row, Fields]]:
        for source in self.mapping.fields:
            if source.find:
                texts = {self.evaluator.named(source, row.cells) for row in rows if not row.junk}
                self.finder.prepare(source.find, texts)
        found: list[tuple[Row, Fields]] = []
        for row in rows:
            try:
                if row.junk:
                    raise Unreadable(row.junk)
                found += [(row, said) for said in self._said(row)]
            except Unreadable as error:
                self.tally.refuse(row, str(error))
        return found

    def _said(self, row: Row) -> list[Fields]:
        """The readings of one row; a blank value is none. Raises Unreadable."""
        self._check_kept(row)
        shared = self.evaluator.fields(self.mapping.fields, row.cells, self._look)
        found = [
            shared | self.evaluator.fields(each, row.cells, self._look)
            for each in self.mapping.each or ((),)
        ]
        read = [said for said in found if said.get("value") is not None]
        if not read:
            word = column_word("readings", "value")
            raise Unreadable(_("%(field)s is missing.", field=word))
        for said in read:
            _check(said)
        return read

    def _check_kept(self, row: Row) -> None:
        for column, kept in self.mapping.keep.items():
            text = self.evaluator.cell(column, row.cells)
            if text not in kept:
                raise Unreadable(
                    _("Left out by the mapping: %(column)s is %(text)s.", column=column,
                      text=text or "―")
                )  # fmt: skip

    def _look(self, source: Source, text: str) -> int:
        found = self.finder.find(source.find, text)
        if found is None:
            raise Unreadable(
                _("%(column)s: there is no %(kind)s %(text)s.", column=source.column or source.name,
                  kind=record_word(source.find), text=text[:80])
            )  # fmt: skip
        return found

    def _meter(self, row: Row, said: Fields) -> int | None:
        """The meter of a reading; made when the mapping says what it is."""
        name = said["meter"]
        key = self._named.get(name)
        if key is None:
            key = self._named[name] = search_key(name)[:120]
        place = (said["unit"], key)
        if place not in self.meters and said.get("kind"):
            about = {one: said[one] for one in ABOUT if said.get(one) is not None}
            unit = db.session.get_one(Unit, said["unit"])
            meter = add_meter(unit, {"name": name} | about, self.fresh_by)
            db.session.flush()
            self.meters[place] = meter.id
            note_meter(self.finder.run_id, row.line, meter.id)
            if place not in self._made:
                self._made.add(place)
                self.tally.along["meters"] += 1
        return self.meters.get(place)

    def _count(self, rows: Sequence[tuple[Row, str]], verdicts: Sequence[Verdict]) -> None:
        """A row is new when anything of it was taken; refused when nothing could be."""
        of_row: dict[int, list[tuple[str, Verdict]]] = defaultdict(list)
        by_line: dict[int, Row] = {}
        for (row, name), verdict in zip(rows, verdicts, strict=True):
            of_row[row.line].append((name, verdict))
            by_line[row.line] = row
        for line, told in of_row.items():
            words = {verdict.word for _name, verdict in told}
            why = " ".join(_why(name, one) for name, one in told if one.word == "refused")
            if words == {"refused"}:
                self.tally.refuse(by_line[line], why)
                continue
            became = "new" if "taken" in words else "same"
            self.tally.counts[became] += 1
            if why:
                self.tally.remark(line, became, why)

    def _blank(self, column: str, instead: str) -> None:
        self.tally.blanks[(column, instead)] += 1


def _why(name: str, verdict: Verdict) -> str:
    return f"{name}: {' '.join(why for some in verdict.errors.values() for why in some)}"


def _check(said: Fields) -> None:
    """What a reading must have, and of which type. Raises Unreadable."""
    wanted: dict[str, Any] = {
        "unit": int, "meter": str, "at": datetime, "value": Decimal, "reset": bool, "measure": str,
        "kind": str, "decimals": int, "rated_limit": Decimal,
    }  # fmt: skip
    for name, kind in wanted.items():
        value = said.get(name)
        if value is None and name in ("unit", "meter", "at"):
            raise Unreadable(_("%(field)s is missing.", field=column_word("readings", name)))
        if value is not None and not isinstance(value, kind):
            raise Unreadable(_("%(field)s cannot be %(text)s.", field=name, text=str(value)[:60]))
    if len(said["meter"]) > 60:
        raise Unreadable(_("%(field)s is longer than %(n)s.", field="meter", n=60))
    if not 0 <= (said.get("decimals") or 0) <= DECIMALS:
        raise Unreadable(_("%(field)s must be from 0 to %(n)s, not %(text)s.", field="decimals",
                           n=DECIMALS, text=said["decimals"]))  # fmt: skip
    if not FIRST_DAY.year <= said["at"].year <= LAST_DAY.year:
        raise Unreadable(_("A day between 1900 and 2199."))
