"""What a row of the register means for an account. No database: facts in, drafts out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from crm.accounts import rules
from crm.register.feed import Change
from crm.register.models import ASPECTS
from crm.text import legal_form
from crm.text.normal import fold_dashes, search_key
from crm.text.place import prefecture

Fields = dict[str, Any]
MERGER = "11"
TAKEN_OUT = "99"
TOOK_OVER, VOID = "71", "72"
"""Both stand in the record of the company that took others over, and name these."""
_ABSORBED = re.compile(r"（(\d{13})）")
_STREET = re.compile(r"丁目?|番地の|番地|番|号|の(?=\d)")
_KANJI = str.maketrans("一二三四五六七八九", "123456789")
_COUNTED = re.compile(
    "(?:([二三四五六七八九]?)(十)([一二三四五六七八九]?)|([一二三四五六七八九]))(?=丁|番|号)"
)
_TOLD = {
    "01": "created", "11": "renamed", "12": "moved", "13": "moved", "21": "closed",
    "22": "restored", "71": "merged", "72": "unmerged", "81": "renamed", "99": "removed",
}  # fmt: skip
TOLD = ("created", "renamed", "moved", "closed", "absorbed", "restored", "merged", "unmerged",
        "removed")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """What is known here of an account."""

    id: int
    name: str
    name_kana: str
    name_en: str
    corporate_number: str | None
    address: str
    postal_code: str
    closed_on: date | None
    successor_number: str | None


@dataclass(frozen=True, slots=True)
class Draft:
    """A change of an account that the register speaks of; `same` when it is so here already."""

    account_id: int
    number: str
    kind: str
    effective_on: date
    rank: str
    before: Fields
    after: Fields
    said: str
    line: int
    same: bool

    @property
    def aspect(self) -> str:
        """Name, place, life or number."""
        return ASPECTS[self.kind]


def told(process: str, cause: str) -> str:
    """What a row tells, whomever it is about."""
    kind = _TOLD[process]
    return "absorbed" if kind == "closed" and cause == MERGER else kind


def absorbed_by(process: str, said: str) -> list[str]:
    """The numbers of the companies that a merger took over, as the register writes them; also
    where it says of such a merger that it is void."""
    return _ABSORBED.findall(said) if process in (TOOK_OVER, VOID) else []


def drafts(change: Change, account: Known, whole: bool) -> list[Draft]:
    """What a row means for the account of its number.

    `whole` says that the file is the register as it stands and not a day's changes: then name and
    address of every row count, whatever it was published for.
    """
    found = []
    if change.process in ("11", "81") or (whole and change.latest):
        found.append(_renamed(change, account))
    if change.process in ("12", "13") or (whole and change.latest):
        found.append(_moved(change, account))
    if change.process in ("21", "99"):
        found.append(_closed(change, account))
    if change.process == "22":
        found.append(_restored(change, account))
    return found


def taken_over(change: Change, account: Known) -> Draft:
    """What a merger means for the account of a company that it took over."""
    after = {"cause": MERGER, "successor_number": change.number}
    same = account.successor_number == change.number
    return _draft(change, account, "absorbed", change.changed_on, _life(account), after, same)


def given_up(change: Change, account: Known) -> Draft:
    """What a void merger means for the account of a company that it had taken over: there is the
    company again. Nothing, where it is not held to be part of this one."""
    same = account.closed_on is None or account.successor_number != change.number
    return _draft(change, account, "restored", change.changed_on, _life(account), {}, same)


def fits(change: Change, account: Known) -> bool:
    """Has an account exactly this name at exactly this address?"""
    here = same_place(change.address, account.address)
    return here and same_name(change.name, account.name)


def numbered(change: Change, account: Known) -> Draft:
    """The number for an account that fits and has none."""
    before = {"corporate_number": "", "name": account.name, "address": account.address}
    after = {"corporate_number": change.number, "name": change.name, "address": change.address}
    return _draft(change, account, "numbered", change.changed_on, before, after, False)


def _renamed(change: Change, account: Known) -> Draft:
    after = {"name": change.name, "name_kana": rules.account_reading(change.kana)}
    if change.english:
        after["name_en"] = change.english
    before = {name: getattr(account, name) for name in after}
    same = same_name(change.name, account.name)
    return _draft(change, account, "renamed", change.changed_on, before, after, same)


def _moved(change: Change, account: Known) -> Draft:
    after = {
        "address": change.address[:300], "postal_code": change.postal_code,
        "prefecture_code": change.prefecture_code, "city_code": change.city_code,
    }  # fmt: skip
    before = {"address": account.address, "postal_code": account.postal_code}
    same = same_place(change.address, account.address)
    return _draft(change, account, "moved", change.changed_on, before, after, same)


def _closed(change: Change, account: Known) -> Draft:
    cause = TAKEN_OUT if change.process == "99" else change.cause
    kind = "absorbed" if cause == MERGER and change.successor else "closed"
    after = {"cause": cause}
    if kind == "absorbed":
        after["successor_number"] = change.successor
    same = account.closed_on is not None and (account.successor_number or "") == after.get(
        "successor_number", ""
    )
    on = change.closed_on or change.changed_on
    return _draft(change, account, kind, on, _life(account), after, same)


def _restored(change: Change, account: Known) -> Draft:
    same = account.closed_on is None
    return _draft(change, account, "restored", change.changed_on, _life(account), {}, same)


def _life(account: Known) -> Fields:
    if account.closed_on is None:
        return {}
    return {"closed_on": account.closed_on.isoformat()}


def _draft(
    change: Change, account: Known, kind: str, on: date, before: Fields, after: Fields, same: bool
) -> Draft:  # fmt: skip
    return Draft(
        account.id, change.number, kind, on, change.rank, before, after, change.said, change.line,
        same,
    )  # fmt: skip


def same_name(one: str, other: str) -> bool:
    """Is it the same name, legal form and its side included, however it is typed?"""
    return _name_key(one) == _name_key(other)


def name_key(name: str) -> str:
    """The key under which accounts of this name stand."""
    return str(rules.name_parts(name)["name_key"])


def _name_key(name: str) -> tuple[str | None, str | None, str]:
    parts = legal_form.split(name)
    return parts.form, parts.position, search_key(parts.core + parts.tail)


def same_place(one: str, other: str) -> bool:
    """Is it the same address to its last room? A prefecture may be left out of one of them."""
    heads = {prefecture(one), prefecture(other)} - {""}
    return bool(one and other) and len(heads) < 2 and place_key(one) == place_key(other)


def place_key(address: str) -> str:
    """An address without its prefecture, folded: 二丁目３番４号 and 2-3-4 are one."""
    bare = address.strip().removeprefix(prefecture(address.strip()))
    counted = _COUNTED.sub(_counted, bare)
    plain = _STREET.sub("-", search_key(counted))
    return re.sub("-+", "-", fold_dashes(plain)).replace("-字", "字").strip("-")


def _counted(hit: re.Match[str]) -> str:
    if hit[4]:
        return hit[4].translate(_KANJI)
    return (hit[2] and ((hit[1] or "一").translate(_KANJI))) + (hit[3] or "0").translate(_KANJI)
