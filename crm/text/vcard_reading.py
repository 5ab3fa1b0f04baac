"""Cards of people as telephones and mail programs write them: vCard 2.1, 3.0 and 4.0. Pure.

What is there is taken: another encoding than a line says, the half-width readings of Japanese
telephones (SOUND;X-IRMC-N), groups, folded lines.
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from crm.text.kana import reading
from crm.text.vcard import Person

MOST_CARDS = 2_000
LONGEST_HEAD = 10
"""Folded lines in which a property's name and parameters end."""
MOST_ADDRESSES = 30
"""Telephones of one person, and as many mail addresses; who has more is a bomb."""
MOST_BYTES = 8 * 1024 * 1024
_ENDS = re.compile(rb"\r\n|\n|\r")
_PARTED = re.compile(r"((?:[^;\\]|\\.)*)(?:;|$)", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


Taking = Callable[[Person, "_Line"], None]


class NotACard(ValueError):
    """The file holds no card, or too many."""


@dataclass(frozen=True, slots=True)
class _Line:
    name: str
    values: dict[str, str]
    types: frozenset[str]
    raw: bytes

    def text(self) -> str:
        """The value, decoded."""
        raw, encoding = self.raw, self.values.get("ENCODING", "").upper()
        if encoding in ("QUOTED-PRINTABLE", "Q"):
            raw = quopri.decodestring(raw)
        elif encoding in ("BASE64", "B"):
            raw = _of_base64(raw)
        return _decoded(raw, self.values.get("CHARSET", ""))

    def parts(self) -> list[str]:
        """The parts of a structured value, unescaped; at least five."""
        return [_plain(one) for one in _PARTED.findall(self.text())] + [""] * 7

    def value(self) -> str:
        """A single value, unescaped."""
        return _plain(self.text())


def _of_base64(raw: bytes) -> bytes:
    """What base64 says; what is none says itself."""
    try:
        return base64.b64decode(b"".join(raw.split()), validate=True)
    except binascii.Error:
        return raw


def _plain(value: str) -> str:
    said = _ESCAPED.sub(lambda hit: "\n" if hit[1] in "nN" else hit[1], value)
    return " ".join(said.split())


def _decoded(raw: bytes, charset: str) -> str:
    named = {"SHIFT_JIS": "cp932", "SHIFT-JIS": "cp932", "SJIS": "cp932"}
    jis = "iso2022_jp_2" if b"\x1b$" in raw else ""
    for encoding in filter(None, (named.get(charset.upper(), charset), jis, "utf-8", "cp932")):
        try:
            return raw.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return raw.decode("utf-8", "replace")


def read_cards(content: bytes) -> list[Person]:
    """Every card of a file, in its order; one without a name and a company is left out.

    Raises NotACard.
    """
    if len(content) > MOST_BYTES:
        raise NotACard("too large")
    people: list[Person] = []
    for lines in _cards(_as_bytes(content)):
        if len(people) == MOST_CARDS:
            raise NotACard("too many")
        person = _person(lines)
        if person.name or person.organisation:
            people.append(person)
    if not people:
        raise NotACard("no card")
    return people


def _as_bytes(content: bytes) -> bytes:
    """The same in UTF-8 where it was UTF-16; else as it is, each property has its own encoding."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace").encode()
    return content.removeprefix(b"\xef\xbb\xbf")


def _cards(content: bytes) -> Iterator[list[_Line]]:
    lines: list[_Line] | None = None
    for raw in _unfolded(_ENDS.split(content)):
        line = _line(raw)
        if line is None:
            continue
        if line.name == "BEGIN" and line.raw.strip().upper() == b"VCARD":
            lines = []
        elif line.name == "END" and lines is not None:
            yield lines
            lines = None
        elif lines is not None:
            lines.append(line)


def _unfolded(rows: list[bytes]) -> Iterator[bytes]:
    """Logical lines: folded ones joined, also those that a soft line break of quoted-printable
    parts."""
    held, quoted = [b""], False
    for row in rows:
        if quoted and held[-1].endswith(b"="):
            held[-1] = held[-1][:-1]
            held.append(row.lstrip(b" \t"))
        elif row[:1] in (b" ", b"\t") and any(held[:1]):
            held.append(row[1:])
            quoted = quoted or (len(held) < LONGEST_HEAD and _is_quoted(b"".join(held)))
        else:
            yield b"".join(held)
            held, quoted = [row], _is_quoted(row)
    yield b"".join(held)


def _is_quoted(line: bytes) -> bool:
    return b"QUOTED-PRINTABLE" in line.partition(b":")[0].upper()


def _line(raw: bytes) -> _Line | None:
    head, colon, value = _headed(raw)
    if not colon:
        return None
    name, *parameters = _decoded(head, "").split(";")
    values: dict[str, str] = {}
    types: set[str] = set()
    for one in parameters:
        key, equals, said = one.partition("=")
        if equals and key.upper() != "TYPE":
            values[key.upper()] = said.strip('"')
        else:
            types.update(word.strip('"').lower() for word in (said or key).split(","))
    for encoding in ("quoted-printable", "base64"):
        if encoding in types:
            values["ENCODING"] = encoding
    return _Line(name.rpartition(".")[2].strip().upper(), values, frozenset(types), value)


def _headed(raw: bytes) -> tuple[bytes, bytes, bytes]:
    """Name with parameters, colon, value: a colon between quotation marks does not part them."""
    quoted = False
    for place, byte in enumerate(raw):
        if byte == 0x22:
            quoted = not quoted
        elif byte == 0x3A and not quoted:
            return raw[:place], b":", raw[place + 1 :]
    return raw, b"", b""


def _person(lines: list[_Line]) -> Person:
    person, full, kana = Person(), "", ""
    for line in lines:
        if line.name == "FN":
            full = full or line.value()
        elif line.name == "SOUND" and "x-irmc-n" in line.types:
            kana = " ".join(filter(None, line.parts()[:2]))
        elif line.name == "SORT-STRING":
            kana = kana or line.value()
        elif take := _TAKEN.get(line.name):
            take(person, line)
    _complete(person, full, kana)
    return person


def _take_name(person: Person, line: _Line) -> None:
    person.family_name, person.given_name = line.parts()[:2]
    sorted_as = line.values.get("SORT-AS", "")
    if sorted_as and not person.family_name_kana:
        family, _comma, given = sorted_as.partition(",")
        person.family_name_kana, person.given_name_kana = reading(family), reading(given)


def _take_company(person: Person, line: _Line) -> None:
    name, *rest = line.parts()
    person.organisation = person.organisation or name
    person.department = person.department or " ".join(filter(None, rest))


def _take_address(person: Person, line: _Line) -> None:
    if person.address and "work" not in line.types:
        return
    _box, beside, street, city, region, code = line.parts()[:6]
    person.postal_code = code
    ground = "".join((region, city, street))
    person.address = " ".join(filter(None, (ground, beside)))


def _take_phone(person: Person, line: _Line) -> None:
    number = line.value()
    if number.lower().startswith("tel:"):
        number = number[4:].replace(";ext=", " 内線 ")
    kind = "cell" if "cell" in line.types else "fax" if "fax" in line.types else "work"
    if len(person.phones) == MOST_ADDRESSES:
        return
    if number and number not in [one for one, _kind in person.phones]:
        person.phones.append((number, kind))


def _take_mail(person: Person, line: _Line) -> None:
    if len(person.emails) == MOST_ADDRESSES:
        return
    if (mail := line.value()) and mail not in person.emails:
        person.emails.append(mail)


def _take(name: str) -> Taking:
    def taking(person: Person, line: _Line) -> None:
        if not getattr(person, name):
            setattr(person, name, line.value())

    return taking


def _take_kana(name: str) -> Taking:
    def taking(person: Person, line: _Line) -> None:
        setattr(person, name, reading(line.value()))

    return taking


_TAKEN: dict[str, Taking] = {
    "N": _take_name, "ORG": _take_company, "ADR": _take_address, "TEL": _take_phone,
    "EMAIL": _take_mail, "TITLE": _take("title"), "URL": _take("url"), "NOTE": _take("note"),
    "X-PHONETIC-LAST-NAME": _take_kana("family_name_kana"),
    "X-PHONETIC-FIRST-NAME": _take_kana("given_name_kana"),
}  # fmt: skip


def _complete(person: Person, full: str, kana: str) -> None:
    """Names that stand in one field are parted at the blank; the title may stand alone."""
    if not person.family_name and not person.given_name and full != person.organisation:
        person.family_name = full
    if not person.given_name and " " in person.family_name:
        person.family_name, _blank, person.given_name = person.family_name.partition(" ")
    if kana and not person.family_name_kana:
        family, _blank, given = reading(kana).partition(" ")
        person.family_name_kana, person.given_name_kana = family, given
