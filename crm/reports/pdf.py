"""The press, a process that sets PDFs; the only file that knows WeasyPrint.

`python -m crm.reports.pdf 5 600` waits 600 seconds for an order on its open socket 5, whose other
end is in crm/reports/kept.py, and parts for each one. The new process is given three files: of the
first it reads one JSON object with `css`, `lang`, `title`, `author`, `sheets`, the HTML of one page
each, and `flows`, whether a sheet may run on over more pages (a letter does, a list is cut
beforehand); into the second it writes the PDF, into the third "1/all" after every sheet. It has no
database and no settings, limits to its memory and time, and fetches nothing but `data:` addresses
and our two fonts.

Sheets are laid out one by one, as documents that share their fonts: that takes less than half the
memory of one long document, lets the progress be true, and lets two processes share the work.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import signal
import socket
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from html import escape
from pathlib import Path
from select import POLLIN, poll
from typing import Any, NoReturn

import noto_cjk_sans_jp_bold
import noto_cjk_sans_jp_regular
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from crm.reports.halves import together
from crm.reports.kept import NUMBER, SET
from crm.reports.press import FAMILY, missing

MEMORY = 768 * 1024 * 1024
"""Bytes of address space; a report of 1,000 deals takes 430 MB of it, 260 MB resident."""
SECONDS = 60
"""Of processor time."""

FONTS = {
    400: Path(noto_cjk_sans_jp_regular.__file__).with_name("NotoSansCJKjp-Regular.otf").as_uri(),
    700: Path(noto_cjk_sans_jp_bold.__file__).with_name("NotoSansCJKjp-Bold.otf").as_uri(),
}


class OnlyFonts(URLFetcher):
    """Opens our two fonts and nothing else."""

    def fetch(self, url: str, headers: Any = None) -> Any:
        if url not in FONTS.values():
            raise ValueError("only the report's own fonts are read")
        return super().fetch(url, headers)


def wait(line: socket.socket, idle: float) -> None:
    """Take orders, one after the other, until the owner goes or `idle` seconds bring none."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # our owner hears it, and then the line ends
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # which tidies the copies of the fonts
    fonts = FontConfiguration()
    faces = CSS(string=_faces(), font_config=fonts, url_fetcher=OnlyFonts())
    gc.freeze()
    work = partial(_obey, faces, fonts, os.getpid())
    with suppress(ConnectionError):
        while _first(line.fileno(), seconds=idle) is not None:
            word, given, _flags, _where = socket.recv_fds(line, 1, 3)
            if not word:
                return
            if word == SET:
                _part(line, given, work)


def _part(line: socket.socket, given: Sequence[int], work: Callable[[], None]) -> None:
    """Have a new process do the work with these files; says that it begins and how it ended.

    Whatever keeps this one from waiting for its end ends it: its owner has gone, or wants it no
    more, or this process is told to end. Raises ConnectionError when the owner has gone.
    """
    near, far = os.pipe()  # the end of this one is that of all who work on the order
    pid = os.fork()
    if pid == 0:
        line.close()
        for place, file in enumerate(given):
            os.dup2(file, place)
        _end(work)
    try:
        for file in (*given, far):
            os.close(file)
        line.sendall((0).to_bytes(NUMBER))
        if _first(near, line.fileno()) != near:
            os.kill(pid, signal.SIGKILL)
            if not line.recv(1):
                raise ConnectionError("the owner has gone")
    except BaseException:
        os.kill(pid, signal.SIGKILL)
        raise
    finally:
        os.close(near)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    line.sendall(code.to_bytes(NUMBER, signed=True))


def _first(*files: int, seconds: float | None = None) -> int | None:
    """The first of these that can be read or has ended; None when that takes too long."""
    watched = poll()
    for file in files:
        watched.register(file, POLLIN)
    ready = {file for file, _event in watched.poll(None if seconds is None else seconds * 1000)}
    return next((file for file in files if file in ready), None)


def _end(work: Callable[[], None]) -> NoReturn:
    """Work, and end without what an interpreter does at its end: the fonts are not ours alone."""
    code = 1
    try:
        work()
        sys.stdout.flush()
        code = 0
    except SystemExit as end:
        sys.stderr.write(f"{end}\n")
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def _obey(faces: CSS, fonts: FontConfiguration, press: int) -> None:
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, signal.SIG_DFL)
    _limit()
    lacking = missing()
    if lacking:
        sys.exit(lacking)
    sys.stdout.buffer.write(render(json.load(sys.stdin), faces, fonts, press))


def render(order: dict[str, Any], faces: CSS, fonts: FontConfiguration, press: int) -> bytes:
    """Set the sheets and return the PDF; unless it flows, one sheet gives exactly one page.

    Gives up after a sheet when the press that it parted from, a process, is not there any more.
    """
    # A page makes millions of small objects and drops few: looking for garbage after every
    # 700 of them, as is the default, takes a third of the time.
    gc.set_threshold(50_000, 50, 100)
    style = CSS(string=order["css"], font_config=fonts, url_fetcher=OnlyFonts())
    fetcher = URLFetcher(allowed_protocols={"data"})
    everything, ours = order["sheets"], os.getpid()  # ours is above the second half's

    def set_sheets(sheets: Sequence[str], done: Callable[[], None]) -> bytes:
        first, pages = None, []
        for sheet in sheets:
            page = HTML(string=_page(order, sheet), url_fetcher=fetcher)
            document = page.render(font_config=fonts, stylesheets=[faces, style])
            if len(document.pages) != 1 and not order.get("flows"):
                raise ValueError(f"sheet {everything.index(sheet) + 1} runs over its page")
            if os.getppid() not in (press, ours):
                sys.exit("the press is gone")
            done()
            first = first or document
            pages += document.pages
        if first is None:
            raise ValueError("there is no sheet to set")
        pdf: bytes = first.copy(pages).write_pdf()
        return pdf

    note = partial(print, f"1/{len(everything)}", file=sys.stderr, flush=True)
    return together(everything, set_sheets, note)


def _page(order: dict[str, Any], sheet: str) -> str:
    lang, title, author = (escape(order[name]) for name in ("lang", "title", "author"))
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="author" content="{author}"></head><body>{sheet}</body></html>'
    )


def _faces() -> str:
    return (
        "".join(
            f'@font-face{{font-family:"{FAMILY}";font-weight:{weight};src:url("{url}")}}'
            for weight, url in FONTS.items()
        )
        + f'html{{font-family:"{FAMILY}"}}'
    )


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    wait(socket.socket(fileno=int(sys.argv[1])), float(sys.argv[2]))
