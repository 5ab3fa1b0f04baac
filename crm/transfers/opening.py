"""The file of a run, opened with its mapping."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from crm.sheets.tables import Choice, Table
from crm.transfers.adapting import adapted, finding_last
from crm.transfers.choosing import named_mapping, plain, read_by
from crm.transfers.custom import with_columns
from crm.transfers.kinds.table import KINDS
from crm.transfers.mapping import SHIPPED, Mapping, mapping_of
from crm.transfers.refusals import Refusal
from crm.transfers.run_models import ImportRun
from crm.transfers.storing import path_of

Fields = dict[str, Any]


def opened(run: ImportRun) -> tuple[Mapping, Table]:
    """The file of a run and the mapping it is read with. Raises Refusal."""
    path = path_of(run.stored, run.file_name)
    if not path.is_file():
        raise Refusal(_("%(file)s is no longer here.", file=run.file_name))
    choice = choice_of(run)
    mapping = mapping_in(run, path, choice)
    table = read_by(mapping, path, choice)
    if set(run.mapping) == {"name"} and not mapping.columns:
        mapping = with_columns(mapping, table.header)
    if set(run.mapping) == {"name"}:
        mapping = adapted(mapping, table)
    return finding_last(mapping), table


def choice_of(run: ImportRun) -> Choice:
    """What was said of the file."""
    return Choice(
        encoding=run.encoding or None, delimiter=run.delimiter or None, sheet=run.sheet or None
    )


def mapping_in(run: ImportRun, path: Path, choice: Choice) -> Mapping:
    """The mapping that a run holds: shipped, made of our own field names, or written out."""
    kept = run.mapping
    if set(kept) == {"name"}:
        return (
            plain(KINDS[run.kind], path, choice)
            if kept["name"] == "plain"
            else (named_mapping(kept["name"]))
        )
    return mapping_of(kept.get("called", run.file_name), with_days(kept))


def as_kept(mapping: str, found: Mapping) -> Fields:
    """How a run keeps a mapping that was found by name, or that lies in a file. Raises Refusal."""
    if (SHIPPED / f"{mapping}.toml").exists():
        return {"name": found.name}
    raw = tomllib.loads(Path(mapping).read_text(encoding="utf-8"))
    return {**_without_days(raw), "called": found.name}


def _without_days(raw: Any) -> Any:
    if isinstance(raw, dict):
        return {key: _without_days(value) for key, value in raw.items()}
    if isinstance(raw, list):
        return [_without_days(value) for value in raw]
    return raw.isoformat() if isinstance(raw, date) else raw


def with_days(raw: Any) -> Any:
    """The one day in a mapping, `years_before`, is a day again."""
    if isinstance(raw, dict):
        return {
            key: date.fromisoformat(value) if key == "years_before" else with_days(value)
            for key, value in raw.items() if key != "called"
        }  # fmt: skip
    return [with_days(value) for value in raw] if isinstance(raw, list) else raw
