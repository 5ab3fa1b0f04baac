"""Workbooks: what may come in, and writing one sheet out as text in a child process with limits."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from flask_babel import gettext as _

from crm.sheets.archive import Extent, check_archive, extent
from crm.sheets.opendocument import check_document, is_open_document
from crm.sheets.refusals import Refusal, TooMuch

ROOT = Path(__file__).parents[2]
KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "SYSTEMROOT", "LD_LIBRARY_PATH")
"""All that the child sees of our environment: no secret, no database."""
MOST_CELLS = 6_000_000
SPARSE = 20
"""A sheet may have so many places for each cell that is filled, beyond the first million."""
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PACKED = (b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ", b"(\xb5/\xfd")
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*")
_MARKUP = re.compile(rb"\s*(?:<!doctype html|<html|<\?xml)", re.IGNORECASE)
MEGABYTE = 1024 * 1024
KEPT_SECONDS = 86_400


def is_workbook(path: Path) -> bool:
    """Is it a ZIP archive, as workbooks are? What it is called does not matter."""
    return _beginning(path).startswith(_ZIP)


def check_kind(path: Path) -> None:
    """Raises Refusal for what is no table, whatever it is called."""
    top = _beginning(path)
    if not top.removeprefix(b"\xef\xbb\xbf").strip():
        raise Refusal(_("%(file)s is empty.", file=path.name))
    if b"%PDF-" in top[:1024]:
        raise Refusal(_("%(file)s is a PDF, not a table of text.", file=path.name))
    if top.startswith(_OLE):
        raise Refusal(_old_or_locked(path))
    if top.startswith(_PACKED):
        raise Refusal(_("%(file)s is packed. Unpack it first.", file=path.name))
    if top.startswith(_PICTURES):
        raise Refusal(_("%(file)s is a picture, not a table.", file=path.name))
    if _MARKUP.match(top):
        raise Refusal(
            _("%(file)s is a page or XML, not a table. Save the table as CSV or .xlsx first.",
              file=path.name)
        )  # fmt: skip


def _beginning(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(4096)
    except OSError as error:
        why = error.strerror or str(error)
        raise Refusal(_("%(file)s cannot be read: %(why)s.", file=path.name, why=why)) from error


def _old_or_locked(path: Path) -> str:
    with path.open("rb") as file:
        held = file.read(8 * MEGABYTE)
    if "EncryptedPackage".encode("utf-16-le") in held:
        return _("%(file)s is protected by a password. Take it off in the spreadsheet first.",
                 file=path.name)  # fmt: skip
    return _("%(file)s is a workbook of the old format (.xls). Save it as .xlsx first.",
             file=path.name)  # fmt: skip


def sheets_of(path: Path) -> tuple[str, ...]:
    """What the sheets of a workbook are called, hidden ones left out. Raises Refusal."""
    memory, seconds = 120 * MEGABYTE, 5
    if is_open_document(path):
        size = check_document(path)
        _check_extent(path.name, size)
        memory, seconds = _limits(size)
    else:
        check_archive(path)
    return tuple(json.loads(_ask(path, ["names"], memory, seconds)))


def _limits(size: Extent) -> tuple[int, int]:
    """Bytes of memory and seconds that reading so much may take."""
    return 100 * MEGABYTE + 200 * size.cells + 3 * size.shared_bytes, 4 + size.cells // 50_000


def unpack(path: Path, sheet: int) -> Path:
    """One sheet of a workbook as text (UTF-8, commas), written once. Raises Refusal.

    A row of the text is a row of the sheet. Formulas give the value that was saved with them. The
    text lies in a folder of this user for temporary files, and goes after a day.
    """
    out = _place(path, sheet)
    if not out.exists():
        size = check_document(path) if is_open_document(path) else extent(path, sheet)
        _check_extent(path.name, size)
        fresh = out.with_suffix(f".{os.getpid()}.new")
        try:
            fresh.write_text(json.dumps(size.errors), encoding="utf-8")
            _ask(path, ["write", str(sheet), str(fresh)], *_limits(size))
            fresh.replace(out)
        finally:
            fresh.unlink(missing_ok=True)
    return out


def _place(path: Path, sheet: int) -> Path:
    """Where the text of a sheet lies; another content of the file lies elsewhere."""
    folder = Path(tempfile.gettempdir()) / f"engawa-tables-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.getuid():
        folder = Path(tempfile.mkdtemp(prefix="engawa-tables-"))
    for one in folder.iterdir():
        if one.stat().st_mtime < time.time() - KEPT_SECONDS:
            one.unlink(missing_ok=True)
    seen = path.stat()
    named = f"{path.resolve()} {seen.st_mtime_ns} {seen.st_size} {sheet}"
    return folder / f"{hashlib.sha256(named.encode()).hexdigest()}.csv"


def _check_extent(name: str, size: Extent) -> None:
    places = size.rows * size.columns
    if places > MEGABYTE + SPARSE * size.cells:
        raise TooMuch(
            _("%(file)s has a lone cell far from its table (%(cell)s). Delete it first.",
              file=name, cell=size.farthest)
        )  # fmt: skip
    if max(size.cells, places) > MOST_CELLS:
        raise TooMuch(
            _("%(file)s has %(n)s cells; a workbook may have %(most)s. Save the sheet as CSV: "
              "there is no such limit.", file=name, n=f"{max(size.cells, places):,}",
              most=f"{MOST_CELLS:,}")
        )  # fmt: skip


def _ask(path: Path, words: list[str], memory: int, seconds: int) -> str:
    """What the child answers within its limits. Raises Refusal when it ends in any other way."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    command = [sys.executable, "-m", "crm.sheets.unpacking", str(path), str(memory), *words]
    try:
        # our own interpreter and module; the file is an argument and is only read
        done = subprocess.run(  # noqa: S603
            command, cwd=ROOT, env=kept | {"PYTHONUTF8": "1"}, capture_output=True, text=True,
            timeout=seconds, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise TooMuch(_too_much(path.name)) from error
    if done.returncode == 0:
        return done.stdout
    if done.returncode == 3:
        raise Refusal(
            _("%(file)s is protected by a password. Take it off in the spreadsheet first.",
              file=path.name)
        )  # fmt: skip
    if done.returncode == 4:
        raise Refusal(_("%(file)s is damaged or no workbook of Excel.", file=path.name))
    raise TooMuch(_too_much(path.name))


def _too_much(name: str) -> str:
    return _(
        "%(file)s takes more memory or time to read than a table should. Save the sheet as CSV.",
        file=name,
    )
