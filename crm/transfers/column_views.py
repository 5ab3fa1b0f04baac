"""A file comes in, and its columns become fields: the pages up to the start of the dry run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, BinaryIO, cast

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _

from crm.editing import Page
from crm.errors import Conflict, Invalid
from crm.extensions import db
from crm.rights import guard, the_user
from crm.sheets.encodings import ENCODINGS
from crm.sheets.layout import DELIMITERS
from crm.sheets.refusals import EncodingAsked
from crm.sheets.tables import Choice
from crm.transfers import run_actions, run_queries
from crm.transfers.column_forms import Errors, draft_in, wrong
from crm.transfers.custom import needed
from crm.transfers.drafting import CREATED, Draft, as_mapping, fingerprint, with_reasons
from crm.transfers.kinds import Kind
from crm.transfers.labels import (
    ask_words,
    choice_words,
    field_word,
    kind_words,
    mark_words,
    readers_beside,
)
from crm.transfers.looking import Looked, Offer, look, offers
from crm.transfers.mapping import Mapping, mapping_of
from crm.transfers.opening import choice_of
from crm.transfers.previewing import preview
from crm.transfers.refusals import Refusal
from crm.transfers.run_models import ImportRun
from crm.transfers.saved import keep
from crm.transfers.storing import throw_away
from crm.web import go

bp = Blueprint("import_columns", __name__)
BEFORE = ("uploaded", "mapped", "checked", "failed")
"""States in which the columns of a run can still be changed."""
SHOWN = 8
LACKING = "?"
"""Stands for what nobody has said yet, so that the rest can be shown."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page shows: a draft, or the mapping of an offer as it is."""

    looked: Looked
    offer: Offer | None
    draft: Draft | None


@bp.get("/imports/new")
@guard("create", "import")
def new() -> str:
    """The form that takes a file."""
    return _new({})


@bp.post("/imports/new")
@guard("create", "import")
def receive() -> Page:
    """Take a file in; nothing else happens before its columns are looked at."""
    kind, sent = request.form.get("kind", ""), request.files.get("file")
    if kind not in run_queries.kinds_for(the_user()):
        return _new({"kind": [_("Choose what it is.")]}), 422
    if sent is None or not sent.filename:
        return _new({"file": [_("Choose a file.")]}), 422
    content = cast(BinaryIO, sent.stream)
    run = run_actions.receive(kind, content, sent.filename, the_user().id)
    try:
        _note(run, look(run, Choice()))
    except EncodingAsked:  # the page of columns asks for it
        db.session.commit()
        return go(url_for("import_columns.columns", run_id=run.id))
    except Refusal as error:
        db.session.rollback()
        throw_away(run.stored)
        return _new({"file": [str(error)]}), 422
    db.session.commit()
    return go(url_for("import_columns.columns", run_id=run.id))


def _note(run: ImportRun, looked: Looked) -> None:
    """Write down how the file is read."""
    table = looked.table
    run.encoding, run.delimiter = table.encoding, table.delimiter
    run.sheet, run.header = table.sheet, list(table.header)


def _new(errors: Errors) -> str:
    words = kind_words()
    kinds = [(name, words[name]) for name in run_queries.kinds_for(the_user())]
    asked = request.form.get("kind") or request.args.get("kind", "")
    return render_template("transfers/new.html", kinds=kinds, errors=errors, asked=asked)


@bp.get("/imports/<int:run_id>/columns")
@guard("edit", "import")
def columns(run_id: int) -> Page:
    """Which column becomes what, as far as we can tell, and the first rows as they would be."""
    run = _run(run_id)
    try:
        return _page(_asked(_looked(run)), {})
    except Refusal as error:
        return _refused(run, error)


@bp.post("/imports/<int:run_id>/columns")
@guard("edit", "import")
def change(run_id: int) -> Page:
    """Look at the first rows with other columns, or keep the mapping and begin the dry run."""
    run = _run(run_id)
    try:
        looked = _looked(run)
        offer = _offer(looked, request.form.get("offer", ""))
        if offer is not None and looked.drafted(offer.mapping) is None:
            return _begin(run, looked, offer.mapping, {"name": offer.key})
        return _with_draft(run, looked, offer)
    except Refusal as error:
        return _refused(run, error)


def _with_draft(run: ImportRun, looked: Looked, offer: Offer | None) -> Page:
    draft = draft_in(looked.kind, looked.columns, looked.comma, request.form)
    draft = with_reasons(draft, looked.guessed())
    errors = wrong(looked.kind, draft)
    asked = Asked(looked, offer, draft)
    if errors or "begin" not in request.form:
        return _page(asked, errors), 422 if errors and "begin" in request.form else 200
    raw = _raw(looked, draft) | ({"source": offer.mapping.source} if offer else {})
    name = request.form.get("name", "").strip()
    try:
        if name:
            keep(looked.kind, name, raw, fingerprint(looked.kind, looked.table.header),
                 the_user().id)  # fmt: skip
    except Invalid as error:
        return _page(asked, error.errors), 422
    called = name or (offer.name if offer else run.file_name)
    return _begin(run, looked, mapping_of(called, raw), raw | {"called": called})


def _begin(run: ImportRun, looked: Looked, mapping: Mapping, kept: dict[str, Any]) -> Page:
    _note(run, looked)
    run.mapping, run.source, run.state = kept, mapping.source, "mapped"
    run_actions.start_check(run, the_user().id)
    db.session.commit()
    flash(_("The dry run has begun. Nothing is written by it."), "ok")
    return go(f"/imports/{run.id}")


def _run(run_id: int) -> ImportRun:
    run = run_queries.get_run(run_id, the_user(), "edit")
    if run.state not in BEFORE:
        raise Conflict(_("This import has begun: its columns stay as they are."))
    return run


def _looked(run: ImportRun) -> Looked:
    return look(run, _choice(run))


def _choice(run: ImportRun) -> Choice:
    """How the file is to be read: as it was found, unless the address says otherwise."""
    said, found = request.args, choice_of(run)
    if said.get("encoding") in ENCODINGS:
        found = replace(found, encoding=said["encoding"])
    if said.get("delimiter") in DELIMITERS:
        found = replace(found, delimiter=said["delimiter"])
    if said.get("sheet"):
        found = replace(found, sheet=said["sheet"])
    line = said.get("header", "")
    return replace(found, header=int(line)) if line.isdecimal() and len(line) < 4 else found


def _offer(looked: Looked, key: str) -> Offer | None:
    return next((one for one in offers(looked) if one.key == key), None)


def _asked(looked: Looked) -> Asked:
    """The mapping that was asked for, else the one for just these columns, else a guess."""
    key = request.args.get("mapping")
    if key == "":
        return Asked(looked, None, looked.guessed())
    every = offers(looked)
    found = next((one for one in every if one.key == key), None) if key else None
    if found is None and not key:
        found = next((one for one in every if one.sure), None)
    draft = looked.drafted(found.mapping) if found else looked.guessed()
    return Asked(looked, found, draft)


def _raw(looked: Looked, draft: Draft) -> dict[str, Any]:
    table = looked.table
    return as_mapping(looked.kind, draft, table.header, headless=not table.header_line)


def _page(asked: Asked, errors: Errors) -> str:
    looked, draft = asked.looked, asked.draft
    kind = looked.kind
    shown, why = _preview(asked)
    return render_template(
        "transfers/columns.html", run=looked.run, table=looked.table, draft=draft,
        kind=kind, kind_name=kind_words()[kind.name], offer=asked.offer, errors=errors,
        offers=[(one.key, one.name) for one in offers(looked)], fields=_fields(kind),
        needed=list(needed(kind)),
        shown=shown, why=why, rows=looked.rows[:SHOWN], junk=looked.junk, word=field_word,
        choices=choice_words, readers=readers_beside, asking=ask_words, encodings=_same(),
        marks=mark_words(),
        sheets=[(one, one) for one in looked.table.sheets],
        created=CREATED, name=request.form.get("name", ""), address=request.full_path.rstrip("?"),
        query=request.args,
    )  # fmt: skip


def _fields(kind: Kind) -> list[tuple[str, str, bool]]:
    """The fields of a kind with their names, those that are needed first."""
    first = {*kind.required, *needed(kind)}
    every = [(one, field_word(kind, one), one in first) for one in kind.fields]
    return sorted(every, key=lambda one: (not one[2], one[1]))


def _preview(asked: Asked) -> tuple[tuple[Sequence[str], Sequence[Any]], str]:
    """The first rows as they would be taken, or why they cannot be shown."""
    looked = asked.looked
    try:
        if asked.draft is None:
            mapping = asked.offer.mapping if asked.offer else None
        else:
            mapping = mapping_of(looked.run.file_name, _raw(looked, _whole(looked, asked.draft)))
        if mapping is None:
            return ((), ()), ""
        mapping = replace(mapping, fields=tuple(f for f in mapping.fields if f.value != LACKING))
        rows = preview(mapping, mapping.columns or looked.table.header, looked.rows[:SHOWN])
    except Refusal as error:
        return ((), ()), str(error)
    names = [field_word(looked.kind, one.name) for one in mapping.fields]
    return (names, rows if names else ()), ""


def _whole(looked: Looked, draft: Draft) -> Draft:
    """A draft that lacks something is shown as far as it goes."""
    lacking = {one: LACKING for one in looked.kind.required if draft.line_of(one) is None}
    seen: set[str] = set()
    lines = []
    for line in draft.lines:
        lines.append(replace(line, field="") if line.field in seen else line)
        seen.add(line.field)
    keys = draft.keys or (looked.table.header[0],)
    return replace(draft, lines=tuple(lines), keys=keys, fixed=lacking | _said(draft))


def _said(draft: Draft) -> dict[str, str]:
    return {name: said for name, said in draft.fixed.items() if said}


def _refused(run: ImportRun, error: Refusal) -> Page:
    db.session.rollback()
    page = render_template("transfers/unread.html", run=run, why=str(error), encodings=_same(),
                           marks=mark_words(), query=request.args)  # fmt: skip
    return page, 422


def _same() -> list[tuple[str, str]]:
    return [(one, one) for one in ENCODINGS]
