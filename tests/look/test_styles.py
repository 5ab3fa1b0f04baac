"""Every class has one stylesheet that says what it is."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

STYLES = Path(__file__).parents[2] / "crm" / "static" / "css"
ADAPTING = {"phone.css", "narrow.css", "print.css"}
"""What these say is true of a size or of paper, so they speak of everybody's classes."""


def bare_classes(css: str) -> set[str]:
    """Classes that a rule outside of any media query names alone, as in `.card { … }`."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    css = re.sub(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", css)
    selectors = ",".join(re.findall(r"([^{}]+)\{", css)).split(",")
    return {one.strip()[1:] for one in selectors if re.fullmatch(r"\s*\.[\w-]+\s*", one)}


def test_no_two_stylesheets_mean_different_things_by_a_class() -> None:
    meant = defaultdict(set)
    for path in STYLES.glob("*.css"):
        if path.name not in ADAPTING:
            for name in bare_classes(path.read_text()):
                meant[name].add(path.name)
    assert len(meant) > 200
    assert {name: sheets for name, sheets in meant.items() if len(sheets) > 1} == {}
