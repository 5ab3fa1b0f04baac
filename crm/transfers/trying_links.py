"""References of a kind to itself in a dry run: a row may name a record that is here, or any other
row of the file, before or after its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice

from flask_babel import gettext as _

from crm.transfers.directories import DIRECTORIES
from crm.transfers.earlier import Earlier, Link
from crm.transfers.finding import Finder
from crm.transfers.kinds import Item, Kind
from crm.transfers.labels import column_word
from crm.transfers.refusals import Unreadable
from crm.transfers.tally import Note

CHUNK = 500
EXACT, LOOSE, KEY = "=", "~", "#"
Lines = dict[str, set[int]]


def remember(kind: Kind, earlier: Earlier, new: Sequence[Item], changed: Sequence[Item]) -> None:
    """Note what these rows are called, and what they refer to."""
    earlier.remember((key, item.line, None) for item in new for key in keys_of(kind, item))
    column = f"{kind.later}_id"
    says = [(item, "new") for item in new]
    says += [
        (item, "changed") for item in changed
        if item.said_before is None or column in item.changed
    ]  # fmt: skip
    earlier.leave(
        (item.line, what, str(item.said[kind.later]))
        for item, what in says if item.said.get(kind.later)
    )  # fmt: skip


def judged(kind: Kind, finder: Finder, earlier: Earlier) -> Iterator[list[Note]]:
    """What cannot be, some hundred references at a time; the rows are taken without it."""
    links = earlier.left()
    while some := list(islice(links, CHUNK)):
        finder.forget(everything=True)
        finder.prepare(kind.record, [text for _line, _what, text in some])
        wanted = {key for _line, _what, text in some for key in called_keys(kind, text)}
        rows: Lines = defaultdict(set)
        for key, line, _nothing in earlier.under(wanted):
            rows[key].add(line)
        yield [note for link in some if (note := _note(kind, finder, rows, link)) is not None]


def keys_of(kind: Kind, item: Item) -> Iterator[str]:
    """The keys under which a record is found: that of its row, its names."""
    yield KEY + item.key
    directory = DIRECTORIES[kind.record]
    for name in directory.named:
        if item.columns.get(name):
            yield from called_keys(kind, str(item.columns[name]))[1:]


def called_keys(kind: Kind, text: str) -> list[str]:
    """The keys under which a row is found that is called so, the surest first."""
    directory = DIRECTORIES[kind.record]
    loose = [LOOSE + directory.loose(text)] if directory.loose else []
    return [KEY + text, EXACT + directory.exact(text), *loose]


def _note(kind: Kind, finder: Finder, rows: Lines, link: Link) -> Note | None:
    line, what, text = link
    why = ""
    try:
        here = finder.find(kind.record, text) is not None
    except Unreadable as error:
        here, why = True, str(error)
    keys = called_keys(kind, text)
    there = next((found for key in keys if (found := rows.get(key))), set())
    number = len(there) + here
    if not why and not here and not there - {line}:
        why = _("There is no %(name)s.", name=text)
    elif not why and number > 1 and KEY + text not in rows:
        why = _("%(n)s records are called %(name)s.", n=number, name=text)
    if not why:
        return None
    return Note(
        line,
        what,
        _("Taken without %(what)s: %(why)s", what=column_word(kind.name, kind.later), why=why),
    )
