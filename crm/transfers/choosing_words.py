"""What the values of a column mean where a field has a few choices."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from crm.transfers.guessing import name_key
from crm.transfers.kinds import Kind

CHOICES = Path(__file__).parent / "choices.toml"
_NUMBERED = re.compile(r"^\s*(\d+)\s*[-.:：．]\s*(.+)$")


def meant(kind: Kind, field: str, values: Iterable[str]) -> dict[str, str]:
    """Value of the file → choice of ours, as far as it can be told."""
    known = _keys(kind.name, field, kind.choices[field])
    found = {}
    for value in values:
        parted = _NUMBERED.match(value)
        for said in (value, parted[2] if parted else "", parted[1] if parted else ""):
            if said and name_key(said) in known:
                found[value] = known[name_key(said)]
                break
    return found


@cache
def _keys(kind: str, field: str, choices: tuple[str, ...]) -> dict[str, str]:
    every = tomllib.loads(CHOICES.read_text(encoding="utf-8"))
    called: dict[str, list[str]] = {}
    for group in (every["any"], every.get(kind, {})):
        called |= group.get(field, {})
    known = {name_key(word): name for name in choices for word in called.get(name, [])}
    return known | {name_key(name): name for name in choices}
