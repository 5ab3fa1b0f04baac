"""The rules of docs/house.md, held by machine."""

from __future__ import annotations

import ast
import re

import pytest

from crm.rooms import CLOCK, HANDLERS, LISTENERS
from crm.timeline.lines import GROUPS
from crm.timeline.sentences import LINES
from tests.house.source import (
    CRM,
    calls,
    functions,
    name_of,
    python_files,
    templates,
    tree,
)

pytestmark = pytest.mark.once
LONGEST_FILE, LONGEST_FUNCTION = 300, 40
EDGES = re.compile(r"(.*_)?(views|api)\.py|jobs\.py|cli\.py|drain\.py|rest\.py|editing\.py")
"""views and api speak, jobs wait; rest.py and editing.py are what api and views are made of."""
SERVICE_ENGINEERS = (CRM / "service", CRM / "templates" / "service")
NO_NAMES = ("core", "common", "utils", "util", "helpers", "base", "misc", "service", "services")


def test_only_edges_commit() -> None:
    wrong = [
        name_of(path, node.lineno)
        for path in python_files()
        if not EDGES.fullmatch(path.name)
        for node, called in calls(path)
        if called.endswith(("session.commit", "session().commit"))
    ]
    assert wrong == []


def _texts(node: ast.expr) -> list[str]:
    """The strings an expression may come to."""
    return [
        one.value
        for one in ast.walk(node)
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    ]


def recorded() -> dict[str, str]:
    """Event kind → where it is recorded: every dotted word that names a kind of event."""
    word = re.compile(r"(account|site|contact|product|unit|contract|work_order|ticket|deal|activity"
                      r"|alert|staff|team|office|report|import|plan|visit|warranty|campaign"
                      r"|closed_day|advice|saved_view)\.[a-z_]+")  # fmt: skip
    found: dict[str, str] = {}
    for path in python_files():
        if "timeline" in path.parts:
            continue
        for node, called in calls(path):
            if called.split(".")[-1] in ("record", "_tell", "_record", "tell") and node.args:
                for text in _texts(node.args[0]):
                    if word.fullmatch(text):
                        found[text] = name_of(path, node.lineno)
    return found


def test_every_event_that_is_recorded_has_its_sentence() -> None:
    missing = {kind: place for kind, place in recorded().items() if kind not in LINES}
    assert missing == {}


def test_the_search_for_events_finds_those_that_everybody_knows() -> None:
    known = {"ticket.opened", "deal.opened", "alert.raised", "account.added", "work_order.done"}
    assert known & recorded().keys() >= {"ticket.opened", "deal.opened", "alert.raised"}


def test_every_sentence_stands_in_a_group_of_the_history() -> None:
    assert {line.group for line in LINES.values()} <= set(GROUPS)


def test_every_message_that_is_written_has_a_job_that_does_it() -> None:
    listened = {job for jobs in LISTENERS.values() for job in jobs}
    sent = {
        text
        for path in python_files()
        for node, called in calls(path)
        if called in ("send", "outbox.send", "actions.send") and node.args
        for text in _texts(node.args[0])
    }
    assert (listened | set(CLOCK) | sent) <= HANDLERS.keys()


def test_listeners_hear_events_that_exist() -> None:
    assert LISTENERS.keys() <= LINES.keys()


def test_every_job_is_asked_for_by_somebody() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in python_files())
    unasked = [kind for kind in HANDLERS if sources.count(f'"{kind}"') < 2]
    assert unasked == []


def test_rooms_are_small() -> None:
    wide = [
        f"{name_of(path)} {lines}"
        for path in python_files()
        if (lines := path.read_text(encoding="utf-8").count("\n")) > LONGEST_FILE
    ]
    assert wide == []


def test_functions_are_short() -> None:
    long = [
        f"{name_of(path, node.lineno)} {node.name} {lines}"
        for path in python_files()
        for node in functions(path)
        if (lines := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
    ]
    assert long == []


def test_nothing_is_imported_inside_a_function() -> None:
    wrong = [
        name_of(path, inner.lineno)
        for path in python_files()
        for node in functions(path)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert wrong == []


def test_nothing_is_called_common_or_helpers() -> None:
    names = {
        path.stem
        for path in CRM.rglob("*")
        if path.suffix in ("", ".py") and path not in SERVICE_ENGINEERS
    }
    assert names & set(NO_NAMES) == set()


def test_schemas_are_made_of_ours_which_is_not_copied_over_and_over() -> None:
    made = [
        path.name for path in python_files() if "(ma.Schema)" in path.read_text(encoding="utf-8")
    ]
    assert made == ["typed.py"]


def test_the_package_face_is_empty() -> None:
    assert (CRM / "__init__.py").read_text(encoding="utf-8").strip() == ""


def test_no_sql_is_built_of_strings() -> None:
    wrong = [
        name_of(path, node.lineno)
        for path in python_files()
        for node, called in calls(path)
        if called.split(".")[-1] in ("text", "literal_column", "exec_driver_sql")
        and called.split(".")[0] in ("sa", "sqlalchemy", "connection", "db")
        and node.args
        and not isinstance(node.args[0], ast.Constant | ast.Name)
        and _interpolated(node.args[0])
    ]
    assert wrong == []


def _interpolated(node: ast.expr) -> bool:
    """A constant of the program, written in capitals, is no value from outside."""
    return any(
        isinstance(one, ast.Mod)
        or (isinstance(one, ast.FormattedValue) and not ast.unparse(one.value).isupper())
        for one in ast.walk(node)
    )


def test_a_page_runs_and_styles_nothing_inline() -> None:
    for path in templates():
        text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        if "paper" in path.parts:
            assert "<script" not in text, path
            continue
        assert not re.search(r"<[^>]*\sstyle=", text), path
        assert "<style" not in text, path
        assert not re.search(r"<[a-z][^>]*\son[a-z]+=", text), path
        for tag in re.findall(r"<script[^>]*>", text):
            assert "src=" in tag or 'type="application/json"' in tag, path
        assert "|safe" not in text.replace(" ", ""), path
        assert "javascript:" not in text, path


def test_every_form_that_posts_holds_its_token() -> None:
    for path in templates():
        text = path.read_text(encoding="utf-8")
        for form in re.findall(r"<form\b.*?(?:</form>|\Z)", text, flags=re.DOTALL):
            if re.search(r"""method=["']?post""", form, flags=re.IGNORECASE):
                held = re.search(r"csrf|sheet_hidden|sheet\.hidden|hidden\(", form)
                assert held, (path, form[:300])


def test_no_file_is_read_twice_as_two_modules() -> None:
    assert all(tree(path).body or path.name == "__init__.py" for path in python_files())
