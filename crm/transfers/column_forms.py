"""What a person says of the columns of a file: the form read into a draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from crm.transfers.custom import needed, unfit
from crm.transfers.drafting import MISSING, Draft, Line, changed_field
from crm.transfers.guessing import time_beside
from crm.transfers.kinds import Kind
from crm.transfers.labels import ALTERNATIVES, ask_words, field_word
from crm.transfers.profiles import Profile
from crm.transfers.reading_as import readers_asked

Form = MultiDict[str, str]
Errors = dict[str, list[str]]
LONGEST = 200


def draft_in(kind: Kind, columns: Sequence[Profile], comma: bool, form: Form) -> Draft:
    """The draft that a form says. What is no field or reader of ours counts as not said."""
    lines = tuple(_line(kind, place, columns, comma, form) for place in range(len(columns)))
    picked = {text for text in form.getlist("key") if text.isdecimal()}
    keys = tuple(one.name for place, one in enumerate(columns) if str(place) in picked)
    names = {one.name for one in columns}
    fixed = {}
    for name in (*kind.required, *needed(kind)):
        share = form.get(f"share-{name}", "")
        said = form.get(f"fixed-{name}", "").strip()[:LONGEST].lstrip("=")
        fixed[name] = f"={share}" if share in names else said
    words = form.get("nulls", "").replace("、", ",").split(",")
    nulls = tuple(dict.fromkeys(word.strip()[:40] for word in words if word.strip()))
    return Draft(lines, keys, fixed, nulls[:20])


def _line(
    kind: Kind, place: int, columns: Sequence[Profile], comma: bool, form: Form
) -> Line:  # fmt: skip
    profile = columns[place]
    field, was = form.get(f"field-{place}", ""), form.get(f"was-{place}", "")
    field = field if field in kind.fields else ""
    read = form.get(f"read-{place}", "") if field == was else ""
    missing = form.get(f"missing-{place}", "refuse")
    line = Line(
        profile.name, field, read if any(read in some for some in ALTERNATIVES) else "",
        form.get(f"blank-{place}", "").strip()[:LONGEST] if field else "",
        missing if missing in MISSING else "refuse",
        time=_time(kind, place, field, columns, form),
    )  # fmt: skip
    ask = readers_asked(kind, field, profile) if field else ()
    if ask and not line.read:
        return replace(changed_field(kind, line, profile, comma), ask=ask, read="")
    line = changed_field(kind, line, profile, comma)
    return replace(line, words=_words(kind, line, place, form, fresh=field != was), ask=ask)


def _time(kind: Kind, place: int, field: str, columns: Sequence[Profile], form: Form) -> str:
    if field not in kind.instants:
        return ""
    if field != form.get(f"was-{place}", "") and not columns[place].share("timed"):
        return time_beside(columns, place)
    said = form.get(f"time-{place}", "")
    return said if said in {one.name for one in columns} else ""


def _words(kind: Kind, line: Line, place: int, form: Form, *, fresh: bool) -> Mapping[str, str]:
    if fresh or not line.words:
        return line.words
    choices = kind.choices[line.field]
    said = {}
    for number, value in enumerate(line.words):
        chosen = form.get(f"word-{place}-{number}", "")
        said[value] = chosen if chosen in choices else ""
    return said


def wrong(kind: Kind, draft: Draft) -> Errors:
    """Why a draft cannot be taken, by the name of the field on the page."""
    errors: Errors = {}
    seen: dict[str, str] = {}
    for place, line in enumerate(draft.lines):
        if line.field and line.field in seen:
            why = _("%(column)s becomes this already.", column=seen[line.field])
            errors[f"field-{place}"] = [why]
        seen.setdefault(line.field, line.column)
        if line.field and line.ask and not line.read:
            errors[f"read-{place}"] = [ask_words(line.ask)]
    for name in kind.required:
        if name not in seen and not draft.fixed.get(name):
            why = _("%(field)s is needed: choose a column for it.", field=field_word(kind, name))
            errors[f"fixed-{name}"] = [why]
    for name, one in needed(kind).items():
        said = "" if name in seen else draft.fixed.get(name, "")
        if said and not said.startswith("=") and (why_not := unfit(one, said)):
            errors[f"fixed-{name}"] = why_not
    if not draft.keys:
        errors["key"] = [_("Choose what tells the rows apart.")]
    return errors
