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
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from flask_babel import gettext as _

from crm.sheets import cards, pages
from crm.sheets.archive import check_archive, extent, opened
from crm.sheets.binary_workbooks import BOOK, binary_extent, check_binary
from crm.sheets.compound import MARK as _OLE
from crm.sheets.extents import Extent, check_sheet, unsaved
from crm.sheets.hidden_rows import HiddenRows
from crm.sheets.layout import letters
from crm.sheets.old_workbooks import check_old, locked
from crm.sheets.opendocument import check_document, is_open_document
from crm.sheets.refusals import Refusal, TooMuch
from crm.text.vcard_reading import MOST_BYTES, MOST_CARDS

ROOT = Path(__file__).parents[2]
KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "SYSTEMROOT", "LD_LIBRARY_PATH")
"""All that the child sees of our environment: no secret, no database."""
MOST_CELLS = 6_000_000
SPARSE = 20
"""A sheet may have so many places for each cell that is filled, beyond the first million."""
_ZIP = b"PK\x03\x04"
_PACKED = (b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ", b"(\xb5/\xfd")
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*")
_MARKUP = re.compile(rb"\s*(?:<!doctype html|<html|<\?xml|mime-version:|\{\\rtf)", re.IGNORECASE)
MEGABYTE = 1024 * 1024
KEPT_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of workbook: how it is looked at before its sheets are named, and before one is
    written out; and the child process that does both, with what it is told of the file."""

    check: Callable[[Path], Extent]
    measure: Callable[[Path, int], Extent]
    child: str = "crm.sheets.unpacking"
    told: Callable[[Path], tuple[str, ...]] = lambda _path: ()
    names: Callable[[Path], list[str]] | None = None
    """What the sheets are called, where that is known without the child."""


def _old_extent(path: Path, sheet: int) -> Extent:
    """One sheet of the old format, which costs as much as all of them."""
    found = check_old(path)
    if sheet >= len(found.sheets):
        raise Refusal(_("%(file)s is damaged or no workbook of Excel.", file=path.name))
    check_sheet(path.name, found.sheets[sheet])
    shown = found.sheets[sheet]
    return replace(found.whole, errors=shown.errors, zeros=shown.zeros, hidden=shown.hidden)


def _markup_of(path: Path) -> tuple[str, ...]:
    return ("xml" if pages.is_spreadsheet(path) else pages.encoding_of(path),)


def _document(path: Path, _sheet: int) -> Extent:
    return check_document(path)


def _page(path: Path, _sheet: int) -> Extent:
    return pages.check_page(path)


_USUAL = Form(check_archive, extent)
_BINARY = Form(check_binary, binary_extent)
_OPEN = Form(check_document, _document)
_OLD = Form(
    lambda path: check_old(path).whole, _old_extent, names=lambda path: check_old(path).names
)
_MARKED = Form(pages.check_page, _page, "crm.sheets.markup", _markup_of)


def _cards(path: Path, _sheet: int = 0) -> Extent:
    """Room for as many cards as are read at once. Raises TooMuch for more."""
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise TooMuch(_too_much(path.name))
    return Extent(cells=MOST_CARDS * len(cards.HEADER), shared_bytes=16 * size)


_CARDS = Form(_cards, _cards, "crm.sheets.cards", names=lambda _path: ["vCard"])


def form_of(path: Path) -> Form | None:
    """Which kind of workbook it is, by what stands in it; None for a file of text. What it is
    called does not matter. Raises Refusal."""
    top = _beginning(path)
    if top.startswith(_OLE):
        return _OLD
    if cards.is_cards(top):
        return _CARDS
    if not top.startswith(_ZIP):
        return _MARKED if pages.is_page(path) else None
    if is_open_document(path):
        return _OPEN
    with opened(path) as archive:
        return _BINARY if BOOK in archive.namelist() else _USUAL


def is_archive(path: Path) -> bool:
    """Is it a ZIP archive?"""
    return _beginning(path).startswith(_ZIP)


def check_kind(path: Path) -> None:
    """Raises Refusal for what is no table, whatever it is called."""
    top = _beginning(path)
    if not top.removeprefix(b"\xef\xbb\xbf").strip():
        raise Refusal(_("%(file)s is empty.", file=path.name))
    if b"%PDF-" in top[:1024]:
        raise Refusal(_("%(file)s is a PDF, not a table of text.", file=path.name))
    if top.startswith(_OLE):
        raise Refusal(
            _("%(file)s is a document of an old Office, but no workbook (.xls).", file=path.name)
        )
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


@dataclass(frozen=True, slots=True)
class Sheets:
    """What the sheets of a workbook are called, hidden ones left out, and whether it holds macros:
    nothing here ever runs them."""

    names: tuple[str, ...]
    macros: bool


def sheets_of(path: Path, form: Form) -> Sheets:
    """The sheets of a workbook. Raises Refusal."""
    seen = path.stat()
    return _sheets_of(path, form, (seen.st_mtime_ns, seen.st_size, seen.st_ino))


@lru_cache(maxsize=32)
def _sheets_of(path: Path, form: Form, _content: tuple[int, ...]) -> Sheets:
    """A file is opened once for each mapping that may fit it."""
    size = form.check(path)
    _check_extent(path.name, size)
    if form.names is not None:
        names = form.names(path)
    else:
        names = json.loads(_ask(path, form, ["names", *form.told(path)], size))
    if not names:
        raise Refusal(_("%(file)s has no sheet with a table on it.", file=path.name))
    return Sheets(tuple(names), size.macros)


def _limits(size: Extent) -> tuple[int, int]:
    """Bytes of memory and seconds that reading so much may take."""
    room = min(size.reserved, MEGABYTE + SPARSE * size.cells)
    memory = 110 * MEGABYTE + 200 * size.cells + 3 * size.shared_bytes + 40 * room
    return memory, 4 + size.cells // 50_000


def unpack(path: Path, form: Form, sheet: int) -> Path:
    """One sheet of a workbook as text (UTF-8, commas), written once. Raises Refusal.

    A row of the text is a row of the sheet. Formulas give the value that was saved with them. The
    text lies in a folder of this user for temporary files, and goes after a day.
    """
    out = _place(path, sheet)
    _tidy(out.parent)
    if not out.exists():
        size = form.measure(path, sheet)
        _check_extent(path.name, size)
        fresh = out.with_suffix(f".{os.getpid()}.new")
        try:
            beside = {"errors": size.errors, "zeros": list(size.zeros.items())}
            fresh.write_text(json.dumps(beside), encoding="utf-8")
            _ask(path, form, ["write", *form.told(path), str(sheet), str(fresh)], size)
            out.with_suffix(".hidden").write_text(size.hidden.written(), encoding="utf-8")
            fresh.replace(out)
        finally:
            fresh.unlink(missing_ok=True)
    return out


def hidden_in(path: Path, form: Form, sheet: int) -> HiddenRows:
    """The rows of a sheet that are there and not shown. Raises Refusal."""
    beside = unpack(path, form, sheet).with_suffix(".hidden")
    return HiddenRows.read(beside.read_text(encoding="utf-8")) if beside.exists() else HiddenRows()


def _place(path: Path, sheet: int) -> Path:
    """Where the text of a sheet lies; another content of the file lies elsewhere."""
    folder = Path(tempfile.gettempdir()) / f"engawa-tables-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.getuid():
        folder = Path(tempfile.mkdtemp(prefix="engawa-tables-"))
    seen = path.stat()
    named = f"{path.resolve()} {seen.st_mtime_ns} {seen.st_size} {sheet}"
    return folder / f"{hashlib.sha256(named.encode()).hexdigest()}.csv"


def _tidy(folder: Path) -> None:
    """Take away what was kept long enough."""
    before = time.time() - KEPT_SECONDS
    with os.scandir(folder) as all_kept:
        for one in all_kept:
            with suppress(FileNotFoundError):  # another process has taken it away
                if one.stat().st_mtime < before:
                    Path(one).unlink()


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


def _ask(path: Path, form: Form, words: list[str], size: Extent) -> str:
    """What the child answers within its limits. Raises Refusal when it ends in any other way."""
    memory, seconds = _limits(size)
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    command = [sys.executable, "-m", form.child, str(path), str(memory), *words]
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
        raise Refusal(locked(path.name))
    if done.returncode == 4:
        raise Refusal(_("%(file)s is damaged or no workbook of Excel.", file=path.name))
    if done.returncode == 6:
        raise Refusal(_("%(file)s holds no cards, or more than %(n)s of them (.vcf).",
                        file=path.name, n=MOST_CARDS))  # fmt: skip
    if done.returncode == 5:
        row, column = map(int, done.stdout.split())
        raise Refusal(unsaved(path.name, f"{letters(column)}{row + 1}"))
    raise TooMuch(_too_much(path.name))


def _too_much(name: str) -> str:
    return _(
        "%(file)s takes more memory or time to read than a table should. Save the sheet as CSV.",
        file=name,
    )
