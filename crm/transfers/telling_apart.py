"""Which columns of a file tell its rows apart: next month the same record is known by them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crm.sheets.rows import Row
from crm.transfers.choosing import KEYS
from crm.transfers.guessing import name_key
from crm.transfers.kinds import Kind
from crm.transfers.profiles import Profile

_ROW_NUMBERS = frozenset(map(name_key, (
    "no", "#", "番号", "連番", "項番", "通番", "seq", "行", "行番号", "項", "row", "nr",
)))  # fmt: skip
ENOUGH, NEARLY_ALL, FEW_ALIKE = 10, 0.9, 0.95
"""Of so many rows such a share has a number of its own, and the rest are mistakes."""
_STAYING = {
    "deals": ("title", "account", "opened_on"), "tickets": ("subject", "account", "opened_at"),
    "work-orders": ("unit", "kind", "opened_on"), "activities": ("account", "at", "kind"),
}  # fmt: skip
"""What of such records does not change from one file to the next."""


def keys_of(
    kind: Kind, columns: Sequence[Profile], becomes: Mapping[str, str], rows: Sequence[Row]
) -> tuple[str, ...]:
    """A column of numbers of their own, else the columns by which we tell such records apart;
    `becomes` are fields with the columns that become them."""
    numbers = [
        place
        for place, one in enumerate(columns)
        if one.filled
        and _is_number(one)
        and not _counts_rows(one, [row.cells[place] for row in rows])
    ]
    for place in numbers:
        if columns[place].filled == columns[place].rows and _tells_apart(kind, columns[place]):
            return (columns[place].name,)
    wanted: tuple[str, ...] = KEYS.get(kind.name, _STAYING.get(kind.name, kind.required))
    found = [column for name in wanted if (column := becomes.get(name))]
    if kind.name == "deals" and not becomes.get("opened_on"):
        found += [becomes.get("closed_on") or found[0]] if found else []
    if kind.name == "accounts":
        found = _of_company(columns, becomes, found)
    if kind.name not in KEYS and numbers:
        found = _pair(columns, numbers[0], rows) or found
    return tuple(dict.fromkeys(found)) or (columns[0].name,)


def _of_company(
    columns: Sequence[Profile], becomes: Mapping[str, str], found: list[str]
) -> list[str]:
    """The corporate number where each has one; else the name, and in a list of branches, where many
    bear the same, where they are. Of a few namesakes the second is refused: whoever moves would
    be another one next month."""
    seen = {one.name: one for one in columns}
    number, name = becomes.get("corporate_number", ""), becomes.get("name", "")
    if number and seen[number].filled == seen[number].rows and not seen[number].repeated:
        return [number]
    if name and len(seen[name].seen) < FEW_ALIKE * seen[name].filled:
        where = (becomes.get(one) for one in ("address", "phone", "postal_code"))
        return [*found, *filter(None, [next(filter(None, where), "")])]
    return found


def _tells_apart(kind: Kind, profile: Profile) -> bool:
    """Is it another one in every row? A list of customers has each once, and one that is there
    twice by mistake must not make the numbers mean nothing: its second row is refused."""
    if not profile.repeated:
        return True
    enough = profile.rows >= ENOUGH and len(profile.seen) >= NEARLY_ALL * profile.filled
    return kind.name == "accounts" and enough


def _pair(columns: Sequence[Profile], first: int, rows: Sequence[Row]) -> list[str]:
    """A column of numbers that repeat, and the one beside which none does."""
    for second, profile in enumerate(columns):
        pairs = {(row.cells[first], row.cells[second]) for row in rows}
        if second != first and profile.filled == profile.rows and len(pairs) == len(rows):
            return [columns[first].name, profile.name]
    return []


def _counts_rows(profile: Profile, cells: Sequence[str]) -> bool:
    """Is it no more than the number of the row? Next month another record has it."""
    if name_key(profile.name) not in _ROW_NUMBERS:
        return False
    held = [cell.strip() for cell in cells if cell.strip()]
    return all(cell.isdecimal() for cell in held) and [int(cell) for cell in held] == list(
        range(int(held[0]), int(held[0]) + len(held))
    )


def _is_number(profile: Profile) -> bool:
    key = name_key(profile.name)
    ends = ("id", "code", "no", "number", "コード", "番号", "no.", "キー", "key")
    other = key.endswith(
        tuple(map(name_key, ("郵便番号", "電話番号", "fax番号", "携帯番号", "内線番号")))
    )
    held = profile.share("phone", "corporate", "postal")
    return key.endswith(tuple(map(name_key, ends))) and not other and not held
