"""A mapping that is kept, shown again as the lines of a draft."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crm.sheets.layout import names
from crm.transfers.drafting import CREATED, IMPLIED, Draft, Line
from crm.transfers.kinds import Kind
from crm.transfers.mapping import PART, Also, Mapping, Source
from crm.transfers.profiles import Profile

_IMPLIED = {name for name, _ways in IMPLIED.values()}


def draft_of(kind: Kind, mapping: Mapping, columns: Sequence[Profile]) -> Draft | None:
    """The draft of a mapping; None when it says more than the page can show."""
    if mapping.each or mapping.keep or mapping.report or any(map(_beyond, mapping.fields)):
        return None
    if mapping.columns and names(mapping.columns) != names([one.name for one in columns]):
        return None
    keys = tuple(hit[1] for hit in PART.finditer(mapping.key) if not hit[2])
    if PART.sub("", mapping.key).strip() or not keys or not all(map(_made_of_a_name, mapping.also)):
        return None
    place = dict(zip(names([one.name for one in columns]), columns, strict=True))
    named: dict[str, Source] = {}
    for one in mapping.fields:
        if one.column:
            named.setdefault(names([one.column])[0], one)
    made = {also.kind.name for also in mapping.also}
    lines = tuple(_line(kind, profile, named.get(key), made) for key, profile in place.items())
    fixed = {
        one.name: str(one.value)
        for one in mapping.fields
        if one.value is not None and one.name not in _IMPLIED
    }
    for one in mapping.fields:
        shown = next((line for line in lines if line.field == one.name), None)
        if one.column and shown is None:
            fixed[one.name] = f"={one.column}"
    return Draft(lines, keys, fixed, mapping.nulls)


def _made_of_a_name(also: Also) -> bool:
    """Is it a record that is made, on demand, of the one column that names it?"""
    if not PART.search(also.key):
        return not also.always and all(one.value == also.key for one in also.fields)
    held = {one.column for one in also.fields if not one.text}
    plain = not also.always and also.kind.name in CREATED.values()
    return plain and len(held) == 1 and also.key == f"{{{held.pop()}}}"


def _beyond(source: Source) -> bool:
    said: tuple[Any, ...] = (source.text, source.if_found, source.alias, source.years_before)
    fixed = source.value is None or isinstance(source.value, str) or source.name in _IMPLIED
    return any(said) or not fixed


def _line(kind: Kind, profile: Profile, source: Source | None, made: set[str]) -> Line:
    if source is None:
        return Line(profile.name, examples=tuple(profile.examples))
    missing = "blank" if source.optional else "refuse"
    if CREATED.get(source.find) in made:
        missing = "create"
    words = dict.fromkeys(profile.distinct, "") if source.name in kind.choices else {}
    return Line(
        profile.name, source.name, source.read, source.blank, missing,
        words | {value: str(choice) for value, choice in source.words.items()},
        examples=tuple(profile.examples), time=source.time,
    )  # fmt: skip
