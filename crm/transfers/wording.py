"""An import's outcome in words, a line at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from flask_babel import gettext as _

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
