"""A mapping as people see it: one line for each column of the file, and what holds for all."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping as Dict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from dataclasses import field as made
from typing import Any

from crm.sheets.layout import names
from crm.sheets.rows import Row
from crm.transfers.choosing_words import meant
from crm.transfers.guessing import Guess, guess, left_out, time_beside
from crm.transfers.kinds import Kind
from crm.transfers.profiles import Profile
from crm.transfers.reading_as import reader_for
from crm.transfers.telling_apart import keys_of

MISSING = ("refuse", "blank", "create")
CREATED = {"account": "accounts", "product": "products", "team": "teams", "office": "offices"}
"""Records that can be made from a name alone, when a row speaks of one that is not there."""
Raw = dict[str, Any]
_OF_REFUSED = {tuple(names(head)) for head in (("行", "理由"), ("Line", "Reason"))}
"""The columns before those of the file, where its refused rows are."""
IMPLIED = {
    "cycle_amount": ("cycle_months", ((r"四半期|quarter", 3), (r"半年|半期", 6), (r"月|month", 1),
                                      (r"年|year|annual", 12))),
}  # fmt: skip
"""Of a field what the name of its column says besides: 月額 is the amount of a month."""


@dataclass(frozen=True, slots=True)
class Line:
    """One column: the field it becomes ("" for none) and how.

    `missing` says what happens when it names a record that is not there; `words` are the choices
    that its values mean; `blank` is taken where nothing stands. `time` is the column of the time of
    day of a moment.
    """

    column: str
    field: str = ""
    read: str = ""
    blank: str = ""
    missing: str = "refuse"
    words: Dict[str, str] = made(default_factory=dict)
    confidence: int = 0
    why: str = ""
    ask: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    time: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """All of it. `keys` are the columns that tell rows apart; `fixed` are fields that the file
    does not hold, with the column they share with another field ("=name") or what stands in all."""

    lines: tuple[Line, ...]
    keys: tuple[str, ...] = ()
    fixed: Dict[str, str] = made(default_factory=dict)
    nulls: tuple[str, ...] = ()

    def line_of(self, name: str) -> Line | None:
        """The line whose column becomes a field."""
        return next((line for line in self.lines if line.field == name), None)


def fingerprint(kind: Kind, header: Sequence[str]) -> str:
    """One short text for a kind and the columns of a file, the same for the file of next month and
    for that of its refused rows: mended they are rows of the same source."""
    called = names(header)
    said = called[2:] if tuple(called[:2]) in _OF_REFUSED else called
    text = "\n".join([kind.name, *said])
    return hashlib.sha256(text.encode()).hexdigest()[:40]


def first_draft(
    kind: Kind, columns: Sequence[Profile], comma: bool, rows: Sequence[Row]
) -> Draft:  # fmt: skip
    """What a file seems to say, to be looked at by a person. `rows` are its first good ones."""
    guessed = {one.column: one for one in guess(kind, columns, comma)}
    lines = tuple(
        _timed(kind, _line(kind, profile, guessed.get(profile.name)), place, columns)
        for place, profile in enumerate(columns)
    )
    nulls = tuple(dict.fromkeys(word for one in columns for word in one.nothing))
    draft = Draft(lines, nulls=nulls)
    draft = replace(draft, fixed=_fixed(kind, draft))
    return replace(draft, keys=keys_of(kind, columns, _becomes(draft), rows))


def _line(kind: Kind, profile: Profile, found: Guess | None) -> Line:
    examples = tuple(profile.examples)
    if found is None:
        return Line(profile.name, examples=examples, why=left_out(kind, profile))
    words: Dict[str, str] = {}
    if found.field in kind.choices:
        told = meant(kind, found.field, profile.distinct)
        if not told and found.field not in kind.required:
            return Line(profile.name, examples=examples)
        words = dict.fromkeys(profile.distinct, "") | told
    return Line(
        profile.name, found.field, "" if found.ask else found.read, words=words,
        confidence=found.confidence, why=found.why, ask=found.ask, examples=examples,
    )  # fmt: skip


def _timed(kind: Kind, line: Line, place: int, columns: Sequence[Profile]) -> Line:
    """A moment whose column holds days alone: the time of day stands in a column of its own."""
    if line.field not in kind.instants or columns[place].share("timed"):
        return line
    return replace(line, time=time_beside(columns, place))


def _fixed(kind: Kind, draft: Draft) -> Dict[str, str]:
    """Required fields that no column became: another column may say them as well."""
    found = {}
    for name in kind.required:
        if draft.line_of(name) is None:
            twin = draft.line_of("name") if name in ("code", "email") else None
            found[name] = f"={twin.column}" if twin else ""
    return found


def _becomes(draft: Draft) -> Dict[str, str]:
    """Field → the column that becomes it, one that it shares with another field as well."""
    shared = {name: said[1:] for name, said in draft.fixed.items() if said.startswith("=")}
    return shared | {line.field: line.column for line in draft.lines if line.field}


def changed_field(kind: Kind, line: Line, profile: Profile, comma: bool) -> Line:
    """A line whose field a person has chosen: how it is read follows, where nobody said so."""
    words: Dict[str, str] = {}
    if line.field in kind.choices:
        words = dict.fromkeys(profile.distinct, "")
        words |= meant(kind, line.field, profile.distinct)
        words |= {name: said for name, said in line.words.items() if name in words}
    read = line.read or (reader_for(kind, line.field, profile, comma) if line.field else "")
    return replace(line, words=words, read=read, examples=tuple(profile.examples))


def with_reasons(draft: Draft, guessed: Draft) -> Draft:
    """A draft that tells why, where a guess comes to the same."""
    return replace(
        draft,
        lines=tuple(
            replace(line, confidence=other.confidence, why=other.why)
            if line.field == other.field else line
            for line, other in zip(draft.lines, guessed.lines, strict=True)
        ),
    )  # fmt: skip


def as_mapping(kind: Kind, draft: Draft, header: Sequence[str], headless: bool) -> Raw:
    """The draft as a mapping file says it."""
    fields: Raw = {line.field: _source(kind, line) for line in draft.lines if line.field}
    fields = _implied(kind, draft) | fields
    for name, said in draft.fixed.items():
        if said and name not in fields:
            fields[name] = _fixed_source(kind, name, said)
    raw: Raw = {
        "kind": kind.name, "source": f"sheet {fingerprint(kind, header)}",
        "key": " ".join(f"{{{column}}}" for column in draft.keys), "fields": fields,
    }  # fmt: skip
    about: Raw = {"nulls": list(draft.nulls)} if draft.nulls else {}
    if headless:
        about["columns"] = list(header)
    if about:
        raw["file"] = about
    also = [_also(line, kind) for line in draft.lines if line.missing == "create"]
    also += [_instead(line, kind) for line in draft.lines if line.missing == "create"]
    return raw | ({"also": [one for one in also if one]} if any(also) else {})


def _implied(kind: Kind, draft: Draft) -> Raw:
    """What the names of columns say of other fields, where no column says it."""
    found: Raw = {}
    for line in draft.lines:
        if line.field not in IMPLIED:
            continue
        name, ways = IMPLIED[line.field]
        said = [number for words, number in ways if re.search(words, line.column.lower())]
        if name in kind.fields and said:
            found[name] = {"value": said[0]}
    return found


def _source(kind: Kind, line: Line) -> Raw:
    said: Raw = {"column": line.column}
    if line.field in kind.references:
        said["find"] = kind.references[line.field]
        said |= {"optional": True} if line.missing == "blank" else {}
    elif line.words:
        said["words"] = {value: choice for value, choice in line.words.items() if choice}
    elif line.read not in ("", "line"):
        said["read"] = line.read
    said |= {"time": line.time} if line.time and line.field in kind.instants else {}
    return said | ({"blank": line.blank} if line.blank else {})


def _fixed_source(kind: Kind, name: str, said: str) -> Raw:
    found: Raw = {"column": said[1:]} if said.startswith("=") else {"value": said}
    if name in kind.references:
        found["find"] = kind.references[name]
    elif said.startswith("=") and name == "email":
        found["read"] = "mail_of_name"
    elif name in (*kind.days, *kind.instants):
        found = {"text": said, "read": "day" if name in kind.days else "instant"}
    return found


def _instead(line: Line, kind: Kind) -> Raw | None:
    """The record on which rows are put that name none: made by its name as well."""
    made, said = _also(line, kind), line.blank
    if made is None or not said or set(said) & set("{}"):
        return None
    names = [name for name in ("name", "code") if name in made["fields"]]
    return {"kind": made["kind"], "key": said, "fields": {name: {"value": said} for name in names}}


def _also(line: Line, kind: Kind) -> Raw | None:
    """A record made of its name, or of its corporate number, when there is none."""
    record = kind.references.get(line.field, "")
    if record not in CREATED or line.field == kind.later:
        return None
    fields: Raw = {"name": {"column": line.column}}
    if record == "product":
        fields["code"] = {"column": line.column}
    elif line.read == "corporate_number":
        fields = {
            "name": {"text": f"法人番号 {{{line.column}}}"},
            "corporate_number": {"column": line.column, "read": "corporate_number"},
        }
    return {"kind": CREATED[record], "key": f"{{{line.column}}}", "fields": fields}
