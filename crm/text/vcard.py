"""A card of a person, and how it is written: vCard 3.0, which every program reads. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from crm.text.content_lines import fold, text


@dataclass(slots=True)
class Person:
    """What one card says. `phones` are (number, kind): kind is cell, fax or work."""

    family_name: str = ""
    given_name: str = ""
    family_name_kana: str = ""
    given_name_kana: str = ""
    organisation: str = ""
    department: str = ""
    title: str = ""
    emails: list[str] = field(default_factory=list)
    phones: list[tuple[str, str]] = field(default_factory=list)
    postal_code: str = ""
    address: str = ""
    url: str = ""
    note: str = ""

    @property
    def name(self) -> str:
        """Family name first."""
        return f"{self.family_name} {self.given_name}".strip()


def write_card(person: Person, uid: str, *, company: bool = False) -> bytes:
    """One card of version 3.0 in UTF-8; `company`: it is that of an organisation."""
    name = person.organisation if company else person.name
    yielded = [
        "BEGIN:VCARD", "VERSION:3.0", "PRODID:-//Engawa//Cards//JA", f"UID:{text(uid)}",
        f"N:{text(person.family_name)};{text(person.given_name)};;;", f"FN:{text(name)}",
    ]  # fmt: skip
    yielded += [f"{label}:{said}" for label, said in _said(person) if said.strip(";")]
    yielded += [f"TEL;TYPE={_TYPES[kind]}:{text(number)}" for number, kind in person.phones]
    yielded += [f"EMAIL;TYPE=INTERNET:{text(mail)}" for mail in person.emails]
    if company:
        yielded.append("X-ABShowAs:COMPANY")
    return b"".join(fold(line) for line in [*yielded, "END:VCARD"])


_TYPES = {"cell": "CELL", "fax": "FAX,WORK", "work": "WORK,VOICE"}


def _said(person: Person) -> list[tuple[str, str]]:
    kana = f"{person.family_name_kana} {person.given_name_kana}".strip()
    department = f";{text(person.department)}" if person.department else ""
    code, address = text(person.postal_code), text(person.address)
    return [
        ("X-PHONETIC-LAST-NAME", text(person.family_name_kana)),
        ("X-PHONETIC-FIRST-NAME", text(person.given_name_kana)),
        ("SORT-STRING", text(kana)),
        ("ORG", f"{text(person.organisation)}{department}"),
        ("TITLE", text(person.title)),
        ("ADR;TYPE=WORK", f";;{address};;;{code};" if address or code else ""),
        ("URL", text(person.url)),
        ("NOTE", text(person.note)),
    ]
