"""Where files to be imported lie: CRM_DATA_DIR/imports, each in a folder with a random name."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from flask import current_app

from config import Settings

_BAD = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|]+")
PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that lies here: the name of its folder, its own, what it weighs in bytes."""

    folder: str
    name: str
    sha256: str
    size: int


def root() -> Path:
    """The folder of folders."""
    settings: Settings = current_app.extensions["settings"]
    return settings.data_dir / "imports"


def path_of(folder: str, name: str) -> Path:
    """Where a file lies."""
    return root() / folder / name


def store(content: BinaryIO, name: str) -> Stored:
    """Write a file down, whole before anybody hears of it."""
    folder, plain = secrets.token_hex(16), clean_name(name)
    path = path_of(folder, plain)
    path.parent.mkdir(parents=True)
    seen, size = hashlib.sha256(), 0
    with path.open("xb") as file:
        while piece := content.read(PIECE):
            file.write(piece)
            seen.update(piece)
            size += len(piece)
        file.flush()
        os.fsync(file.fileno())
    return Stored(folder, plain, seen.hexdigest(), size)


def throw_away(folder: str) -> None:
    """Delete a file; one that is gone already is no matter."""
    if folder:
        shutil.rmtree(root() / folder, ignore_errors=True)


def folders(before: float) -> Iterator[str]:
    """The folders that are older than an instant (seconds since 1970)."""
    for place in root().iterdir() if root().is_dir() else ():
        if place.is_dir() and place.stat().st_mtime < before:
            yield place.name


def clean_name(name: str) -> str:
    """A file's name without what no file may be called; never blank."""
    plain = _BAD.sub("_", name.rsplit("/", 1)[-1].rsplit("\\", 1)[-1]).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    short = stem[:60] + dot + ending[:8] if dot else plain[:60]
    return short or "table"
