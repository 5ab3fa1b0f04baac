"""The child process that sets a PDF; the only file that knows WeasyPrint.

`python -m crm.reports.pdf` reads one JSON object from standard input: `css`, `lang`, `title`,
`author`, `sheets`, the HTML of one page each, and `flows`, whether a sheet may run on over more
pages (a letter does, a list is cut beforehand). It writes the PDF to standard output and "1/all"
to standard error after every sheet. It has no database and no settings, limits to its memory and
time, and fetches nothing but `data:` addresses and its own two fonts.

Sheets are laid out one by one, as documents that share their fonts: that takes less than half the
memory of one long document, lets the progress be true, and lets two processes share the work.
"""

from __future__ import annotations

import gc
import json
import resource
import sys
from collections.abc import Callable, Sequence
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

import noto_cjk_sans_jp_bold
import noto_cjk_sans_jp_regular
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from crm.reports.halves import together
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


def main() -> None:
    _limit()
    lacking = missing()
    if lacking:
        sys.exit(lacking)
    sys.stdout.buffer.write(render(json.load(sys.stdin)))


def render(order: dict[str, Any]) -> bytes:
    """Set the sheets and return the PDF; unless it flows, one sheet gives exactly one page."""
    # A page makes millions of small objects and drops few: looking for garbage after every
    # 700 of them, as is the default, takes a third of the time.
    gc.set_threshold(50_000, 50, 100)
    fonts = FontConfiguration()
    style = CSS(string=_faces() + order["css"], font_config=fonts, url_fetcher=OnlyFonts())
    fetcher = URLFetcher(allowed_protocols={"data"})
    everything = order["sheets"]

    def set_sheets(sheets: Sequence[str], done: Callable[[], None]) -> bytes:
        first, pages = None, []
        for sheet in sheets:
            page = HTML(string=_page(order, sheet), url_fetcher=fetcher)
            document = page.render(font_config=fonts, stylesheets=[style])
            if len(document.pages) != 1 and not order.get("flows"):
                raise ValueError(f"sheet {everything.index(sheet) + 1} runs over its page")
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
    main()
