"""What the documents say is true of the code."""

from __future__ import annotations

import configparser
import importlib
import os
import re
from pathlib import Path

import pytest
from flask import Flask

from crm import cli, rest
from crm.alerts.rules import RULES

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
NOT_YET = {
    "migrations/versions/0008_unit_hints.py",
    "crm/templates/installed_base/hints.html",
    "tests/installed_base/test_hints.py",
}
"""Files that the reader of docs/add-a-feature.md makes."""
PLACES = ("crm/", "tests/", "docs/", "bin/", "bench/", "migrations/")
LARGEST_PICTURE = 300_000


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def rows_of(text: str, heading: str) -> list[list[str]]:
    """The cells of the table whose head begins so."""
    lines = iter(text.splitlines())
    next(line for line in lines if line.startswith(heading))
    next(lines)
    rows = []
    for line in lines:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_reader_finds_what_a_page_links_to(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    gone = [
        link for link in links
        if not link.startswith(("http", "mailto:")) and not (page.parent / link).exists()
    ]  # fmt: skip
    assert gone == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_reader_finds_the_files_a_page_names(page: Path) -> None:
    named = set(re.findall(r"`([\w./*-]+)`", page.read_text(encoding="utf-8")))
    files = {name for name in named if name.startswith(PLACES)} - NOT_YET
    assert sorted(name for name in files if not any(ROOT.glob(name.rstrip("/")))) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_reader_finds_the_names_beside_a_file(page: Path) -> None:
    pairs = re.findall(r"`(crm/[\w/]+\.py)` `(\w+)[`.(]", page.read_text(encoding="utf-8"))
    gone = [
        f"{file} {name}" for file, name in pairs
        if not hasattr(importlib.import_module(file[:-3].replace("/", ".")), name)
    ]  # fmt: skip
    assert gone == []


def test_the_commands_of_the_readme_are_there(app: Flask) -> None:
    readme = text_of("README.md") + text_of("docs/operations.md") + text_of("docs/api.md")
    for command in set(re.findall(r"(?<![\w/.])bin/([a-z-]+)", readme)):
        assert os.access(ROOT / "bin" / command, os.X_OK), command
    said = set(re.findall(r"bin/crm ([a-z]+)", readme))
    assert said
    assert said <= {*_commands()}, said


def _commands() -> list[str]:
    bare = Flask("commands")
    cli.init_app(bare)
    return [*bare.cli.commands, "db"]


def test_the_table_of_rules_is_the_table_of_the_code() -> None:
    said = [row[:4] for row in rows_of(text_of("docs/flow.md"), "| code | version |")]
    assert said == [
        [rule.code, str(rule.version), f"{rule.en} {rule.ja}", ", ".join(rule.asked)]
        for rule in RULES
    ]


def test_every_setting_is_explained_and_no_other() -> None:
    read = set(re.findall(r'"((?:CRM_[A-Z_]+|PORT))"', text_of("config.py")))
    rows = rows_of(text_of("docs/operations.md"), "| variable |")
    assert {row[0].strip("`") for row in rows} == read


def test_the_floors_are_those_that_are_checked() -> None:
    contract = configparser.ConfigParser()
    contract.read(ROOT / ".importlinter")
    layers = contract["importlinter:contract:floors"]["layers"].split("\n")
    drawn = re.search(r"```\n(cli\n.*?)\n```", text_of("docs/house.md"), re.DOTALL)
    assert drawn is not None
    assert drawn[1].split("\n") == [layer for layer in layers if layer]


def test_the_collections_of_the_api_are_those_that_answer(app: Flask) -> None:
    paths = app.extensions["openapi"]().to_dict()["paths"]
    for names, verbs, filters, sorts in rows_of(text_of("docs/api.md"), "| collection |"):
        for name in re.findall(r"`([a-z-]+)`", names):
            listing = paths[f"{rest.PREFIX}/{name}"]
            one = paths[f"{rest.PREFIX}/{name}/{{record_id}}"]
            there = {"GET", *(verb.upper() for verb in (*listing, *one) if verb != "parameters")}
            assert there == _verbs(verbs), name
            asked = {
                field["name"]: field for field in listing["get"]["parameters"]
                if field["in"] == "query"
            }  # fmt: skip
            told = set() if filters == "–" else set(filters.split(", "))
            assert set(asked) - {"limit", "cursor", "sort", "updated_since"} == told, name
            assert "updated_since" in asked, name
            said = asked["sort"]["schema"]
            orders = {one for one in said.get("anyOf", [said])[0]["enum"] if one[0] != "-"}
            assert orders == _sorts(name, sorts) | {"updated_at"}, name


def _verbs(told: str) -> set[str]:
    every = {"GET", "POST", "PATCH", "DELETE"}
    return {
        "all": every, "not `DELETE`": every - {"DELETE"}, "read": {"GET"},
        "read, `POST`": {"GET", "POST"},
    }[told]  # fmt: skip


def _sorts(name: str, told: str) -> set[str]:
    both, _semicolon, own = told.partition("; ")
    further = own.removeprefix(f"{name}: ") if own.startswith(f"{name}: ") else ""
    return {*both.split(", "), *filter(None, further.split(", "))}


def test_every_decision_is_in_the_list() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = re.findall(r"\]\((\d{4}[\w-]+\.md)\)", text_of("docs/decisions/README.md"))
    assert listed == sorted(path.name for path in folder.glob("[0-9]*.md"))
    for path in folder.glob("[0-9]*.md"):
        parts = re.findall(r"^## (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert parts == ["Context", "Decision", "Consequences"], path.name


def test_pictures_are_light() -> None:
    heavy = [
        path.name
        for path in (ROOT / "docs" / "img").iterdir()
        if path.stat().st_size > LARGEST_PICTURE
    ]
    assert heavy == []
