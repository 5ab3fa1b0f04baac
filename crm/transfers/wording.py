"""An import's outcome in words, a line at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from flask_babel import gettext as _

from crm.transfers.custom import asked
from crm.transfers.kinds.table import KINDS
from crm.transfers.labels import field_word
from crm.transfers.outcome import Outcome

MOST = 20
"""So many rows are listed on the screen; all of them are in the file of refused rows."""


def report(outcome: Outcome, dry_run: bool, rejected: Path | None) -> Iterator[str]:
    """What is printed. Without a file of refused rows all of them are listed here."""
    yield _("%(file)s: %(kind)s, read as %(encoding)s by the mapping %(mapping)s",
            file=outcome.file, kind=outcome.kind, encoding=outcome.encoding,
            mapping=outcome.mapping)  # fmt: skip
    if dry_run:
        yield _("Dry run: nothing was written. It would be:")
    yield "  " + _("rows %(rows)s = new %(new)s + changed %(changed)s + same %(same)s "
            "+ refused %(refused)s", rows=outcome.rows, new=outcome.new, changed=outcome.changed,
            same=outcome.same, refused=len(outcome.refused))  # fmt: skip
    if outcome.titles or outcome.blank_lines:
        said = _("lines that are no rows: above the header %(above)s, blank %(blank)s",
                 above=len(outcome.titles), blank=outcome.blank_lines)  # fmt: skip
        yield f"  {said}"
    yield from _beside(outcome)
    yield from _listed(outcome, rejected is None)
    if outcome.refused and rejected is not None:
        yield "  " + _("refused rows are in %(file)s", file=rejected)
    rate = round(outcome.rows / outcome.seconds) if outcome.seconds else 0
    yield "  " + _(
        "%(seconds)s s, %(rate)s rows a second", seconds=f"{outcome.seconds:.2f}", rate=rate
    )


def _beside(outcome: Outcome) -> Iterator[str]:
    if outcome.fields:
        wide = asked(KINDS[outcome.kind])
        some = (f"{column} → {field_word(wide, name)}" for column, name in outcome.fields.items())
        yield "  " + _("columns, as they say themselves: %(names)s", names=", ".join(some))
    if outcome.left:
        yield "  " + _("Columns that were not read: %(names)s", names=", ".join(outcome.left))
    if outcome.hidden_count:
        yield "  " + hidden_words(outcome.hidden_count, outcome.hidden)
    if outcome.beside_count:
        yield "  " + beside_words(outcome.beside_count, outcome.beside)
    if outcome.sheets:
        yield "  " + _("Sheets that were not read: %(names)s", names=", ".join(outcome.sheets))
    for kind, number in outcome.along.items():
        if number:
            yield "  " + _("came along: %(kind)s %(n)s", kind=kind, n=number)
    for (typed, name), number in outcome.likenesses.most_common():
        yield "  " + _("taken for the like name: %(typed)s → %(name)s, %(n)s rows", typed=typed,
                name=name, n=number)  # fmt: skip
    for (column, instead), number in outcome.blanks.most_common():
        yield "  " + _("%(column)s blank: put on %(instead)s, %(n)s rows", column=column,
                instead=instead, n=number)  # fmt: skip


def hidden_words(count: int, lines: Sequence[int]) -> str:
    """That rows of a workbook are hidden in it, and were read all the same."""
    named = ", ".join(map(str, lines)) + (", …" if count > len(lines) else "")
    return _("The workbook hides %(n)s rows, which were read like the others: lines %(lines)s.",
             n=count, lines=named)  # fmt: skip


def beside_words(count: int, notes: Sequence[tuple[int, str]]) -> str:
    """That something stands to the right of the table, under no heading."""
    line, text = notes[0]
    return _("Beside the table something stands in %(n)s rows that was not read, first in line "
             "%(line)s: %(text)s", n=count, line=line, text=text)  # fmt: skip


def _listed(outcome: Outcome, all_of_it: bool) -> Iterator[str]:
    lists = (
        ("  " + _("taken with a remark: %(n)s", n=len(outcome.remarks)), outcome.remarks),
        ("  " + _("refused: %(n)s", n=len(outcome.refused)),
         [(one.line, one.reason) for one in outcome.refused]),
    )  # fmt: skip
    for head, rows in lists:
        if not rows:
            continue
        yield head
        for line, reason in rows if all_of_it else rows[:MOST]:
            yield "    " + _("line %(n)s: %(why)s", n=line, why=reason)
        if len(rows) > MOST and not all_of_it:
            yield "    " + _("… and %(n)s more", n=len(rows) - MOST)
