"""The program's own files, as text and as trees."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
CRM = ROOT / "crm"
TEMPLATES = CRM / "templates"


@cache
def python_files() -> list[Path]:
    """Every Python file of the program."""
    return sorted(CRM.rglob("*.py"))


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def templates() -> list[Path]:
    """Every template."""
    return sorted(path for path in TEMPLATES.rglob("*") if path.suffix in (".html", ".svg"))


def name_of(path: Path, line: int = 0) -> str:
    """A place as people write it."""
    return f"{path.relative_to(ROOT)}" + (f":{line}" if line else "")


@cache
def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a file, those inside others too."""
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    return [node for node in ast.walk(tree(path)) if isinstance(node, kinds)]


@cache
def calls(path: Path) -> list[tuple[ast.Call, str]]:
    """Every call of a file with the dotted name of what is called."""
    return [
        (node, ast.unparse(node.func))
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
    ]
