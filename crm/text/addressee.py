"""How a letter, mail or document is addressed (宛名): 御中 or 様, never both."""

import re

from crm.text import legal_form

_TO_COMPANY = re.compile(r"\s*御中$|\s+(?:様|さま|殿)$")
_TO_PERSON = re.compile(r"\s*(?:様|さま)$|\s+(?:殿|先生|氏)$")
_HONORIFIC = re.compile(r"[\s\u3000]*(?:御中|様|さま|殿|さん|氏)$")
_OWN_TITLE = re.compile(r"(?:先生|博士|教授)$")
UNKNOWN = "ご担当者"


def addressee(
    company: str, department: str = "", person: str = "", title: str = "", *, unknown: bool = False
) -> str:
    """Address a company, a department of it, or a person there, on one line.

    An organisation takes 御中, a person 様 with the title before the name; with a person
    named, 御中 falls away. `unknown` addresses whoever is in charge (ご担当者様). The legal
    form is spelled out, honorifics already typed are not doubled, 殿 is never used.
    """
    places = [legal_form.display(_bare(company)), _bare(department)]
    who = _bare(person)
    if who:
        return _line(*places, title.strip(), _with_sama(who))
    if unknown:
        return _line(*places, f"{UNKNOWN}様")
    return f"{_line(*places)} 御中" if any(places) else f"{UNKNOWN}様"


def _with_sama(person: str) -> str:
    if _OWN_TITLE.search(person):
        return person
    return f"{person} 様" if re.search(r"[\s\u3000]", person) else f"{person}様"


def _bare(text: str) -> str:
    return _HONORIFIC.sub("", text.strip())


def _line(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def company_alone(text: str) -> str:
    """A company's name in a list of addresses, without 御中: 王様 is a name, 甲社 様 is none."""
    return _TO_COMPANY.sub("", text)


def person_alone(text: str) -> str:
    """A person's name without 様. Families are called 鵜殿, so that 殿 needs a blank before it."""
    alone = _TO_PERSON.sub("", text)
    return alone.removesuffix("殿") if " " in alone else alone
