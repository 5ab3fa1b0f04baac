"""What a file is, by its content and not by its name; what may not come in, in words."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

from flask_babel import gettext as _

from crm.errors import Invalid

OFFICE = "application/vnd.openxmlformats-officedocument."
PARTS = {
    "word/document.xml": (OFFICE + "wordprocessingml.document", "docx"),
    "xl/workbook.xml": (OFFICE + "spreadsheetml.sheet", "xlsx"),
    "ppt/presentation.xml": (OFFICE + "presentationml.presentation", "pptx"),
}
MOST_PARTS = 5000
MARKUP = ("<!doctype", "<html", "<svg", "<script", "<?xml", "<body", "<head", "<iframe", "<!--")
PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")
LOOKED_AT = 4096
LONGEST_NAME = 150


@dataclass(frozen=True, slots=True)
class Kind:
    """A media type, the ending of its names, and whether it is a picture."""

    media_type: str
    ending: str
    photo: bool = False


def kind_of(content: bytes) -> Kind:
    """What a content is. Raises Invalid in words for all that is not kept."""
    if not content:
        raise Invalid({"file": [_("This file is empty.")]})
    if content.startswith(PROGRAMS):
        raise Invalid({"file": [_("Programs are not kept here.")]})
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind("image/png", "png", True)
    if content.startswith(b"\xff\xd8\xff"):
        return Kind("image/jpeg", "jpg", True)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return Kind("image/webp", "webp", True)
    if content.startswith(b"%PDF-"):
        return Kind("application/pdf", "pdf")
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    return _text(content)


def _office(content: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()[:MOST_PARTS]
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise Invalid({"file": [_("This file is damaged.")]}) from error
    if any(name.lower().endswith(("vbaproject.bin", ".bin")) for name in names):
        raise Invalid({"file": [_("Documents with macros are not kept here.")]})
    for part, (media_type, ending) in PARTS.items():
        if part in names and "[Content_Types].xml" in names:
            return Kind(media_type, ending)
    raise Invalid({"file": [_accepted()]})


def _text(content: bytes) -> Kind:
    text = _decoded(content)
    if text is None or any(ord(char) < 32 and char not in "\t\r\n\f" for char in text):
        raise Invalid({"file": [_accepted()]})
    head = text.lstrip("\ufeff \t\r\n")[:LOOKED_AT].lower()
    if any(word in head for word in MARKUP):
        raise Invalid({"file": [_("Web pages and SVG drawings are not kept here.")]})
    return Kind("text/plain", "txt")


def _decoded(content: bytes) -> str | None:
    for encoding in ("utf-8", "cp932"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _accepted() -> str:
    return _(
        "Kept are photos (PNG, JPEG, WebP), PDF, plain text, and Word, Excel and PowerPoint files "
        "without macros."
    )


def name_for(typed: str, kind: Kind) -> str:
    """The name of a file without its folders, with the ending that fits its content."""
    plain = "".join(char if char.isprintable() else " " for char in typed)
    last = " ".join(plain.replace("\\", "/").rsplit("/", 1)[-1].split()).strip(". ")
    stem, dot, ending = last.rpartition(".")
    fits = {"jpg": ("jpg", "jpeg"), "txt": ("txt", "csv", "log", "md")}
    if not dot or ending.lower() not in fits.get(kind.ending, (kind.ending,)):
        stem, ending = last, kind.ending
    return f"{(stem or _('file'))[: LONGEST_NAME - len(ending) - 1]}.{ending}"
