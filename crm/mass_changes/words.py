"""Values, mass changes and their ends in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext, pgettext

from crm.errors import Invalid
from crm.look import day
from crm.mass_changes.kinds import KINDS, Field, Kind
from crm.mass_changes.models import STATES, MassChange
from crm.staff.queries import names

Names = dict[int, str]
NONE = "―"


def states() -> dict[str, str]:
    """How far a mass change is."""
    said = (
        pgettext("mass change", "Waiting"), pgettext("mass change", "Being changed"),
        pgettext("mass change", "Done"), pgettext("mass change", "Being put back"),
        pgettext("mass change", "Put back"), pgettext("mass change", "Not finished"),
    )  # fmt: skip
    return dict(zip(STATES, said, strict=True))


def field_of(kind: Kind, name: str) -> Field:
    """A field by its name; the first one for a name that it does not know."""
    return next((one for one in kind.fields if one.name == name), kind.fields[0])


def asked_field(kind: Kind, name: str) -> Field:
    """A field by its name. Raises Invalid naming `field`."""
    found = next((one for one in kind.fields if one.name == name), None)
    if found is None:
        every = pgettext("list of words", ", ").join(kind.label(one.name) for one in kind.fields)
        raise Invalid({"field": [_("For many at once: %(all)s.", all=every)]})
    return found


@contextmanager
def naming(kind: Kind | None) -> Iterator[None]:
    """Pages name what they refuse as people do. Raises Invalid with its fields in words."""
    try:
        yield
    except Invalid as error:
        said: dict[str, list[str]] = {}
        for name, why in error.errors.items():
            said.setdefault(_called(name, kind), []).extend(_lists() if name == "list" else why)
        raise Invalid(said, error.detail) from error


def _called(name: str, kind: Kind | None) -> str:
    known = {
        "list": pgettext("export", "List"), "field": _("Field"), "ids": _("Rows picked"),
    }  # fmt: skip
    filtered = name.removeprefix("filters.").removesuffix("_id")
    labels = kind.table.labels() if kind else {}
    return known.get(name) or labels.get(filtered) or _("Filters")


def _lists() -> list[str]:
    every = pgettext("list of words", ", ").join(one.table.title() for one in KINDS.values())
    return [_("One of: %(all)s.", all=every)]


def people_in(field: Field, values: Iterable[Any]) -> Names:
    """The names of those whose keys stand among values; one statement, or none."""
    return names({one for one in values if one is not None}) if field.kind == "staff" else {}


def value_said(field: Field, value: Any, people: Names) -> str:
    """A value as people say it."""
    if value in (None, ""):
        return field.empty() if field.empty else NONE
    if field.kind == "staff":
        return people.get(value, NONE)
    if field.kind == "day":
        return day(value if isinstance(value, date) else date.fromisoformat(value))
    known = field.words or field.choices
    return str(dict(known()).get(value, value)) if known else str(value)


def changes_said(changes: Iterable[MassChange]) -> dict[int, str]:
    """Of each mass change what it is about: Owner → 伊藤 翔; one statement."""
    pairs = [
        (one.id, KINDS[one.list], field_of(KINDS[one.list], name), value)
        for one in changes
        for name, value in one.fields.items()
    ]
    keys = {value for _id, _kind, field, value in pairs if field.kind == "staff" and value}
    people, said = names(keys), dict[int, list[str]]()
    for key, kind, field, value in pairs:
        words = f"{kind.label(field.name)} → {value_said(field, value, people)}"
        said.setdefault(key, []).append(words)
    return {key: pgettext("list of words", ", ").join(some) for key, some in said.items()}


def tally_said(tally: dict[str, int]) -> str:
    """40 changed, 2 already so, 3 refused: first what was done."""
    words = {
        "changed": _("%(n)s changed"), "returned": _("%(n)s put back"),
        "waiting": _("%(n)s left"), "kept": _("%(n)s not put back"),
        "same": _("%(n)s already so"), "refused": _("%(n)s refused"),
    }  # fmt: skip
    said = [one.replace("%(n)s", f"{tally[n]:,}") for n, one in words.items() if tally[n]]
    return pgettext("list of words", ", ").join(said)


def records(number: int) -> str:
    """12 records."""
    return ngettext("%(num)s record", "%(num)s records", number)
