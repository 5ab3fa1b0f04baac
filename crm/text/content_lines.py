"""Lines of calendars and of cards (RFC 5545, RFC 6350): escaped text, cut at 75 octets. Pure."""

from __future__ import annotations

OCTETS = 75
"""A longer line goes on in the next one behind a blank, which counts."""


def text(value: str) -> str:
    """Text with what separates escaped; no control character but the new line, as `\\n`."""
    lines = value.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = ["".join(c for c in line if c == "\t" or (c >= " " and c != "\x7f")) for line in lines]
    escaped = [line.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,") for line in kept]
    return "\\n".join(escaped)


def fold(line: str) -> bytes:
    """A content line with its end, cut into pieces of 75 octets between characters."""
    pieces: list[bytes] = []
    piece, room = b"", OCTETS
    for letter in line:
        octets = letter.encode("utf-8", "replace")
        if len(piece) + len(octets) > room:
            pieces.append(piece)
            piece, room = b"", OCTETS - 1
        piece += octets
    return b"\r\n ".join([*pieces, piece]) + b"\r\n"
