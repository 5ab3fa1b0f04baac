"""A file that somebody brings without a mapping, and nobody is there to be asked: it is read as
such columns were read before, by a mapping that is shipped, or by what its columns say themselves.

A guess is taken only where nothing is left to ask: two orders of day and month that both fit, or a
field that is needed and stands nowhere, are said instead.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.extensions import at_most, db
from crm.sheets.layout import names
from crm.sheets.refusals import TooMuch
from crm.sheets.tables import Choice, Table, open_table
from crm.transfers.choosing import ANY, choose
from crm.transfers.column_forms import wrong
from crm.transfers.custom import asked
from crm.transfers.drafting import Draft, as_mapping, fingerprint, first_draft
from crm.transfers.kinds import Kind
from crm.transfers.looking import first_look
from crm.transfers.mapping import DEFAULT_ENCODINGS, Mapping, mapping_of
from crm.transfers.opening import with_days
from crm.transfers.refusals import Refusal
from crm.transfers.run_models import ImportRun
from crm.transfers.saved import mappings_of

LEAST = 60
"""A column that is taken for a field with less certainty (in percent) is left, and told."""
OURS = frozenset(names(["レコードID", "Record ID"]))
"""A list that Engawa wrote and that lacks columns: its rows are here, and must not come anew."""
LONGEST = 200
"""Characters of the names of columns in a refusal."""
_NUMBERED = re.compile(r" \(\d+\)$")
"""What tells two columns of one name apart: TEL (1), TEL (2)."""
Raw = dict[str, Any]


def understood(kind: Kind, path: Path, choice: Choice = ANY) -> tuple[Mapping, Raw]:
    """The mapping of a file for which none was named, and how its run keeps it. Raises Refusal."""
    kept = _kept(kind, path, choice)
    if kept is not None:
        return kept
    try:
        found, _table = choose(kind, path, None, choice)
    except TooMuch:
        raise
    except Refusal as error:
        return _guessed(kind, path, choice, error)
    return found, {"name": found.name}


def _kept(kind: Kind, path: Path, choice: Choice) -> tuple[Mapping, Raw] | None:
    """The mapping that somebody kept for just these columns."""
    every = mappings_of(kind)
    if not every:
        return None
    try:
        mark = fingerprint(kind, _opened(path, choice).header)
        one = next((one for one in every if one.fingerprint == mark), None)
        if one is None:
            return None
        return mapping_of(one.name, with_days(one.mapping)), _as_kept(one.mapping, one.name)
    except TooMuch:
        raise
    except Refusal:
        return None


def _as_kept(raw: Raw, called: str) -> Raw:
    return raw | {"called": called}


def _opened(path: Path, choice: Choice) -> Table:
    return open_table(path, replace(choice, among=DEFAULT_ENCODINGS))


def _guessed(kind: Kind, path: Path, choice: Choice, none: Refusal) -> tuple[Mapping, Raw]:
    """The mapping that the columns themselves say. Raises Refusal telling what is to be asked."""
    called = _("found by its columns")
    table = _opened(path, choice)
    if not table.header_line or not OURS.isdisjoint(names(table.header)):
        raise none
    wide = asked(kind)
    draft = _drafted(wide, table)
    errors = wrong(wide, draft)
    if twice := _twice(wide, draft):
        raise Refusal(
            _("%(file)s has the column %(name)s more than once.", file=path.name, name=twice)
        ) from none
    if errors and not any(line.field for line in draft.lines):
        named = ", ".join(table.header)
        raise Refusal(
            _("%(file)s: none of its columns is known (%(names)s). Name a mapping that says what "
              "they are, or bring the file on the page of imports.", file=path.name,
              names=named if len(named) < LONGEST else named[:LONGEST] + "…")
        ) from none  # fmt: skip
    if errors:
        why = " ".join(dict.fromkeys(_where(draft, name) + one[0] for name, one in errors.items()))
        raise Refusal(
            _("%(file)s: %(why)s Name a mapping that says it, or bring the file on the page of "
              "imports.", file=path.name, why=why)
        ) from none  # fmt: skip
    raw = as_mapping(wide, draft, table.header, headless=False)
    raw |= _told_apart_before(kind, str(raw["source"]))
    return mapping_of(called, raw), _as_kept(raw, called)


def _told_apart_before(kind: Kind, source: str) -> Raw:
    """What told the rows of the last such file apart tells those of the next: their records are
    known by it."""
    before = sa.select(ImportRun.mapping).where(
        ImportRun.kind == kind.name, ImportRun.source == source, ImportRun.state == "done"
    )
    found = db.session.scalar(before.order_by(ImportRun.id.desc()).limit(at_most(1))) or {}
    return {"key": found["key"]} if "key" in found else {}


def _drafted(kind: Kind, table: Table) -> Draft:
    first, columns = first_look(kind, table)
    good = [row for row in first if not row.junk and not row.blank]
    draft = first_draft(kind, columns, table.delimiter == ";", good)
    lines = (
        replace(line, field="", read="", ask=()) if line.confidence < LEAST else line
        for line in draft.lines
    )
    return replace(draft, lines=tuple(lines))


def _twice(kind: Kind, draft: Draft) -> str:
    """The name of a column that stands there twice and that a record cannot be without."""
    called = [_NUMBERED.sub("", line.column) for line in draft.lines]
    needed = (
        name for name, line in zip(called, draft.lines, strict=True) if line.field in kind.required
    )
    return next((name for name in needed if called.count(name) > 1), "")


def _where(draft: Draft, name: str) -> str:
    """The column of which an error speaks, where it names none itself."""
    said, _dash, place = name.partition("-")
    return f"{draft.lines[int(place)].column}: " if said == "read" and place.isdigit() else ""
