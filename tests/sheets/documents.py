"""Workbooks as LibreOffice writes them (.ods), made on the spot."""

from __future__ import annotations

import zipfile
from pathlib import Path

_SPACE = "urn:oasis:names:tc:opendocument:xmlns"
_NAMES = " ".join(
    f'xmlns:{name}="{_SPACE}:{name}:1.0"' for name in ("office", "table", "text", "manifest")
)
MARK = "application/vnd.oasis.opendocument.spreadsheet"


def words(said: str) -> str:
    """A cell of words."""
    return (
        f'<table:table-cell office:value-type="string"><text:p>{said}</text:p></table:table-cell>'
    )


def number(said: str) -> str:
    """A cell with a number."""
    about = f'office:value-type="float" office:value="{said}"'
    return f"<table:table-cell {about}><text:p>{said}</text:p></table:table-cell>"


def day(said: str) -> str:
    """A cell with a day."""
    about = f'office:value-type="date" office:date-value="{said}"'
    return f"<table:table-cell {about}><text:p>{said}</text:p></table:table-cell>"


def row(*cells: str, times: int = 1) -> str:
    """A row that stands there some times."""
    about = f' table:number-rows-repeated="{times}"' if times > 1 else ""
    return f"<table:table-row{about}>{''.join(cells)}</table:table-row>"


def document(path: Path, rows: str, manifest: str = "") -> Path:
    """A workbook of one sheet."""
    sheet = f'<table:table table:name="一覧">{rows}</table:table>'
    body = f"<office:body><office:spreadsheet>{sheet}</office:spreadsheet></office:body>"
    content = f"<office:document-content {_NAMES}>{body}</office:document-content>"
    said = f"<manifest:manifest {_NAMES}>{manifest}</manifest:manifest>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), MARK)
        archive.writestr("META-INF/manifest.xml", said)
        archive.writestr("content.xml", content)
    return path
