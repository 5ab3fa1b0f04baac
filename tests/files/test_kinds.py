"""What may come in is told by the content, not by the name."""

from __future__ import annotations

import io
import zipfile

import pytest

from crm.errors import Invalid
from crm.files.kinds import kind_of, name_for


def office(part: str, *more: str) -> bytes:
    """A file of an office program, as small as can be."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name in ("[Content_Types].xml", part, *more):
            archive.writestr(name, "x")
    return written.getvalue()


@pytest.mark.parametrize(
    ("content", "ending"),
    [
        (b"%PDF-1.7\n", "pdf"), ("試験結果\r\n合格".encode("cp932"), "txt"),
        ("型番,数量\nLX-310,1".encode(), "txt"), (office("word/document.xml"), "docx"),
        (office("xl/workbook.xml"), "xlsx"), (office("ppt/presentation.xml"), "pptx"),
        (b"\x89PNG\r\n\x1a\n....", "png"), (b"\xff\xd8\xff....", "jpg"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "webp"),
    ],
)  # fmt: skip
def test_what_offices_and_engineers_send_comes_in(content, ending):
    assert kind_of(content).ending == ending


@pytest.mark.parametrize(
    "content",
    [
        b"", b"MZ\x90\x00", b"\x7fELF\x02", b"#!/bin/sh\nrm", b"<html><script>alert(1)</script>",
        b"\xef\xbb\xbf \n<!DOCTYPE html>", b"<svg xmlns='x' onload='alert(1)'/>",
        b"<?xml version='1.0'?><svg/>", b"hello <script>alert(1)</script>", b"GIF89a\x01\x00",
        office("index.html"), office("word/document.xml", "word/vbaProject.bin"),
        b"PK\x03\x04broken", b"\x00\x01\x02", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"RIFF\x00\x00\x00\x00WAVE",
    ],
)  # fmt: skip
def test_what_could_do_harm_is_refused_in_words(app, content):
    with app.test_request_context(), pytest.raises(Invalid) as refused:
        kind_of(content)
    assert refused.value.errors["file"][0]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("報告書.PDF", "報告書.PDF"), ("a.html", "a.html.pdf"), ("../../etc/passwd", "passwd.pdf"),
        ("C:\\temp\\x.pdf", "x.pdf"), ("", "file.pdf"), ("a\r\nb\x00.pdf", "a b .pdf"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"), ("\u202efdp.exe", "fdp.exe.pdf"),
    ],
)  # fmt: skip
def test_a_name_loses_its_folders_and_gets_the_ending_of_its_content(app, typed, kept):
    with app.test_request_context(headers={"Accept-Language": "en"}):
        said = name_for(typed, kind_of(b"%PDF-1.7"))
    assert said == kept or (typed == "" and said.endswith(".pdf"))
