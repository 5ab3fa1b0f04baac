"""A mapping file: which column of a table becomes which field of ours, and how it is read."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection
from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from crm.attributes.kinds import RECORDS
from crm.transfers.kinds import Kind
from crm.transfers.kinds.table import ALONG, KINDS
from crm.transfers.refusals import Refusal
from crm.transfers.values import READERS

CUSTOM = "attributes."
"""What the names of custom fields begin with."""
_CUSTOM = re.compile(r"attributes\.[a-z][a-z0-9_]{0,39}")
SHIPPED = Path(__file__).parent / "mappings"
DEFAULT_ENCODINGS = ("utf-8", "cp932")
PART = re.compile(r"\{([^{}|]+)(?:\|(\w+))?\}")
"""A column in a text: {name}, or {name|day} to have it read first."""

_TOP = {"kind", "source", "key", "file", "keep", "report", "fields", "each", "also"}
_FILE = {"encodings", "delimiter", "columns", "nulls"}
_FIELD = {
    "column", "text", "value", "read", "words", "find", "alias", "blank", "optional",
    "years_before", "if_found", "yes", "no", "time", "lacking",
}  # fmt: skip
_TYPES: dict[str, type] = {
    "column": str, "text": str, "read": str, "words": dict, "find": str, "alias": dict,
    "blank": str, "optional": bool, "if_found": str,
    "time": str, "lacking": bool,
}  # fmt: skip
_ALSO = {"kind", "key", "always", "fields"}


@dataclass(frozen=True, slots=True)
class Source:
    """Where one field comes from. Exactly one of column, text, value and if_found is given.

    `time` is the column of the time of day, where that of the day holds none; a file may be
    `lacking` the column.
    """

    name: str
    column: str = ""
    text: str = ""
    value: Any = None
    read: str = "line"
    words: Dict[str, Any] = field(default_factory=dict)
    find: str = ""
    alias: Dict[str, str] = field(default_factory=dict)
    blank: str = ""
    optional: bool = False
    years_before: date | None = None
    if_found: str = ""
    yes: Any = None
    no: Any = None
    time: str = ""
    lacking: bool = False
    simple: bool = field(init=False, default=False)
    """A column that is read, and nothing else is to be thought of."""

    def __post_init__(self) -> None:
        more = (self.text, self.words, self.find, self.alias, self.blank, self.if_found, self.time)
        said = any(more) or self.value is not None or self.years_before is not None
        said = said or self.read == "flag"
        object.__setattr__(self, "simple", bool(self.column) and not said)


@dataclass(frozen=True, slots=True)
class Also:
    """Another record that a row speaks of: made always, or when a field looks for it."""

    kind: Kind
    key: str
    always: bool
    fields: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Mapping:
    """How one kind of file becomes one kind of record."""

    name: str
    kind: Kind
    source: str
    key: str
    fields: tuple[Source, ...]
    encodings: tuple[str, ...] = DEFAULT_ENCODINGS
    delimiter: str | None = None
    columns: tuple[str, ...] = ()
    nulls: tuple[str, ...] = ()
    """Words that mean nothing in this file, beside those that never mean anything."""
    keep: Dict[str, tuple[str, ...]] = field(default_factory=dict)
    report: tuple[str, ...] = ()
    """Columns that somebody should look at wherever something stands in them."""
    also: tuple[Also, ...] = ()
    each: tuple[tuple[Source, ...], ...] = ()
    """Of a row that holds several records: the fields of each, beside those that all share."""

    def wanted(self) -> list[str]:
        """The columns the file must have."""
        return self._columns([one for one in self._sources() if not one.lacking])

    def named(self) -> list[str]:
        """Every column of which something is read, also those that a file may lack."""
        return self._columns(self._sources())

    def _sources(self) -> list[Source]:
        besides = (*(also.fields for also in self.also), *self.each)
        return [*self.fields, *(one for some in besides for one in some)]

    def _columns(self, sources: list[Source]) -> list[str]:
        texts = [self.key, *(one.key for one in self.also), *(one.text for one in sources)]
        found = [*self.keep, *self.report]
        found += [name for one in sources for name in (one.column, one.time) if name]
        found += [hit[1] for text in texts for hit in PART.finditer(text)]
        return list(dict.fromkeys(found))


def load_mapping(path: Path) -> Mapping:
    """Read and check a mapping file. Raises Refusal naming the file and the key."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        why = error.strerror or str(error)
        raise Refusal(_("%(file)s cannot be read: %(why)s.", file=path.name, why=why)) from error
    except ValueError as error:
        raise Refusal(
            _("The mapping %(file)s is not TOML: %(why)s.", file=path.name, why=error)
        ) from error
    return _Checker(path.name).mapping(raw)


def mapping_of(name: str, raw: dict[str, Any]) -> Mapping:
    """Check a mapping that is written out. Raises Refusal naming it and the key."""
    return _Checker(name).mapping(raw)


@dataclass(frozen=True, slots=True)
class _Checker:
    """Checks a mapping; every refusal names the file and the place in it."""

    file: str

    def mapping(self, raw: dict[str, Any]) -> Mapping:
        self.only(raw, _TOP, "")
        kind = self.kind(raw.get("kind"), KINDS, "kind")
        about = self.table(raw, "file")
        self.only(about, _FILE, "file.")
        keep, shared = self.table(raw, "keep"), self.table(raw, "fields")
        each = self.many(raw, "each")
        if each and not kind.several:
            self.fail("each", _("a row of %(kind)s is one record.", kind=kind.name))
        return Mapping(
            name=self.file.removesuffix(".toml"),
            kind=kind,
            source=self.text(raw, "source", 60),
            key=self.text(raw, "key", 2000),
            fields=self.fields(shared, kind, "fields.", each[0] if each else ()),
            each=tuple(self.fields(one, kind, "each.", shared) for one in each),
            encodings=self.texts(about.get("encodings", DEFAULT_ENCODINGS), "file.encodings"),
            delimiter=self.delimiter(about.get("delimiter")),
            columns=self.texts(about.get("columns", ()), "file.columns"),
            nulls=self.texts(about.get("nulls", ()), "file.nulls"),
            keep={name: self.texts(some, f"keep.{name}") for name, some in keep.items()},
            report=self.texts(raw.get("report", ()), "report"),
            also=tuple(self.also(one) for one in self.many(raw, "also")),
        )

    def many(self, raw: dict[str, Any], name: str) -> list[Any]:
        found = raw.get(name, [])
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            self.fail(name, _("this must be a table."))
        return list(found)

    def also(self, raw: dict[str, Any]) -> Also:
        self.only(raw, _ALSO, "also.")
        kind = self.kind(raw.get("kind"), KINDS | ALONG, "also.kind")
        fields = self.fields(self.table(raw, "fields"), kind, "also.fields.")
        return Also(kind, self.text(raw, "key", 2000), bool(raw.get("always")), fields)

    def fields(
        self, raw: dict[str, Any], kind: Kind, where: str, beside: Collection[str] = ()
    ) -> tuple[Source, ...]:
        unknown = [one for one in raw if one not in kind.fields and not _is_custom(one, kind)]
        if unknown:
            self.fail(where + unknown[0], _("%(kind)s have no such field.", kind=kind.name))
        missing = [one for one in kind.required if one not in raw and one not in beside]
        if missing:
            self.fail(where + missing[0], _("this field is needed."))
        return tuple(self.source(name, said, kind, where + name) for name, said in raw.items())

    def source(self, name: str, said: Any, kind: Kind, where: str) -> Source:
        if isinstance(said, str):
            said = {"column": said}
        if not isinstance(said, dict):
            self.fail(where, _("this must be a column's name or a table."))
        self.only(said, _FIELD, where + ".")
        for key, value in said.items():
            if key in _TYPES and not isinstance(value, _TYPES[key]):
                self.fail(f"{where}.{key}", _("this has the wrong type."))
        if sum(key in said for key in ("column", "text", "value", "if_found")) != 1:
            self.fail(where, _("one of column, text, value and if_found."))
        if said.get("read", "line") not in READERS:
            self.fail(where + ".read", _("one of %(all)s.", all=", ".join(READERS)))
        wanted = kind.references.get(name)
        if said.get("find") != wanted:
            self.fail(where + ".find", _("one of %(all)s.", all=wanted or "―"))
        if said.get("time") and (name not in kind.instants or "column" not in said):
            self.fail(where + ".time", _("only a moment has a time of day beside its day."))
        before = said.get("years_before")
        if before is not None and type(before) is not date:
            self.fail(where + ".years_before", _("this must be a day."))
        return Source(name, **said)

    def only(self, raw: Any, known: set[str], where: str) -> None:
        if not isinstance(raw, dict):
            self.fail(where.rstrip("."), _("this must be a table."))
        unknown = sorted(set(raw) - known)
        if unknown:
            self.fail(where + unknown[0], _("there is no such key."))

    def kind(self, name: Any, kinds: Dict[str, Kind], where: str) -> Kind:
        if name not in kinds:
            self.fail(where, _("one of %(all)s.", all=", ".join(kinds)))
        return kinds[str(name)]

    def table(self, raw: dict[str, Any], name: str) -> dict[str, Any]:
        found = raw.get(name, {})
        if not isinstance(found, dict):
            self.fail(name, _("this must be a table."))
        return found

    def text(self, raw: dict[str, Any], name: str, most: int) -> str:
        found = raw.get(name)
        if not isinstance(found, str) or not 0 < len(found) <= most:
            self.fail(name, _("this must be a text."))
        return str(found)

    def texts(self, raw: Any, where: str) -> tuple[str, ...]:
        if not isinstance(raw, list | tuple) or not all(isinstance(one, str) for one in raw):
            self.fail(where, _("this must be a list of texts."))
        return tuple(raw)

    def delimiter(self, raw: Any) -> str | None:
        if raw is not None and (not isinstance(raw, str) or len(raw) != 1):
            self.fail("file.delimiter", _("this must be one character."))
        return raw

    def fail(self, where: str, why: str) -> None:
        raise Refusal(
            _("The mapping %(file)s, %(where)s: %(why)s", file=self.file, where=where, why=why)
        )


def _is_custom(name: str, kind: Kind) -> bool:
    """Which custom fields there are is known when the rows are read: they come and go."""
    return kind.record in RECORDS and _CUSTOM.fullmatch(name) is not None
