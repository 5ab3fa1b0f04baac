"""What is fetched is named with its checksum, and the pages on running say what the code reads."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.parametrize("path", sorted(ROOT.glob("requirements*.txt")), ids=lambda path: path.name)
def test_nobody_installs_a_python_package_that_we_have_not_seen(path: Path) -> None:
    text = path.read_text()
    for package in re.split(r"\n(?=[a-z0-9])", re.sub(r"(?m)^ *#.*\n", "", text)):
        assert re.match(r"[\w.\[\]-]+==[\w.]+", package), package
        assert "--hash=sha256:" in package, package
    assert "://" not in text


def test_nobody_installs_a_front_end_file_that_we_have_not_seen() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    for name, package in lock["packages"].items():
        if name:
            assert package["integrity"].startswith("sha512-"), name
            assert "resolved" not in package, name


def test_the_one_who_runs_it_finds_every_setting_in_the_table() -> None:
    names = r"\b(?:CRM_[A-Z_]+|PORT)\b"
    read = set(re.findall(names, (ROOT / "config.py").read_text()))
    table = (ROOT / "docs" / "operations.md").read_text().split("## Settings")[1].split("\n## ")[0]
    told = set(re.findall(rf"(?m)^\| `({names})`", table))
    assert told == read
    for place in ("Dockerfile", "compose.yaml"):
        assert set(re.findall(names, (ROOT / place).read_text())) <= read, place


def test_the_image_installs_the_packages_that_the_set_up_asks_for() -> None:
    asked = set(re.findall(r"\|\| echo ([\w.-]+)$", (ROOT / "bin/setup").read_text(), re.M))
    asked |= {"ca-certificates"}
    asked -= {"redis-server", "poppler-utils", "chromium-headless-shell", "fonts-noto-cjk"}
    for place in ("Dockerfile", "docs/operations.md"):
        text = (ROOT / place).read_text()
        assert all(name in text for name in asked), place
