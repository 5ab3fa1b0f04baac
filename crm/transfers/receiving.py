"""A file that somebody brings to be imported, and the file of refused rows that goes back."""

from __future__ import annotations

from typing import Any, BinaryIO, cast
from urllib.parse import quote

from flask import Response, stream_with_context
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from crm.errors import Invalid, NotFound, named
from crm.extensions import db
from crm.files.models import Attachment
from crm.files.queries import record_of
from crm.files.store import found as content_of
from crm.rights import Person
from crm.sheets.tables import Choice
from crm.transfers import run_actions, run_queries
from crm.transfers.choosing import choose, named_mapping, shipped
from crm.transfers.kinds.table import KINDS
from crm.transfers.mapping import Mapping, mapping_of
from crm.transfers.opening import with_days
from crm.transfers.refusals import Refusal
from crm.transfers.run_models import ImportRun
from crm.transfers.storing import path_of, throw_away
from crm.transfers.unmapped import understood

Fields = dict[str, Any]


def bring(asked: Fields, sent: FileStorage | None, user: Person) -> ImportRun:
    """A file with its mapping, on its way at once. Raises Invalid naming what cannot be used."""
    given = _given(asked)
    run = _received(asked, sent, user)
    run.encoding, run.delimiter = asked["encoding"], asked["delimiter"]
    run.sheet = asked["sheet"]
    try:
        _map(run, asked["mapping"], given)
        run.state = "mapped"
        (run_actions.start_check if asked["dry_run"] else run_actions.start)(run, user.id)
    except Refusal as error:
        throw_away(run.stored)
        raise Invalid({"file": [str(error)]}) from error
    return run


def _map(run: ImportRun, mapping: Any, given: Mapping | None) -> None:
    kind, path = KINDS[run.kind], path_of(run.stored, run.file_name)
    choice = Choice(run.encoding or None, run.delimiter or None, run.sheet or None)
    if given is None:
        found, run.mapping = understood(kind, path, choice)
    else:
        found, _table = choose(kind, path, given, choice)
        run.mapping = mapping if isinstance(mapping, dict) else {"name": found.name}
    run.source = found.source


def _given(asked: Fields) -> Mapping | None:
    """The mapping that was named or written out. Raises Invalid."""
    mapping, kind = asked["mapping"], KINDS[asked["kind"]]
    if mapping in (None, ""):
        return None
    try:
        if isinstance(mapping, dict):
            return mapping_of(_("in the request"), with_days(mapping))
        names = [one.name for one in shipped(kind)]
        if mapping not in names:
            raise Invalid({"mapping": [_("One of: %(all)s.", all=", ".join(names))]})
        return named_mapping(mapping)
    except (Refusal, ValueError, TypeError) as error:
        raise Invalid({"mapping": [str(error)]}) from error


def _received(asked: Fields, sent: FileStorage | None, user: Person) -> ImportRun:
    if sent is not None and sent.filename:
        return run_actions.receive(
            asked["kind"], cast(BinaryIO, sent.stream), sent.filename, user.id
        )
    if asked["file_id"] is None:
        raise Invalid({"file": [_("Choose a file.")]})
    with named("file_id"):
        kept = db.session.get(Attachment, asked["file_id"])
        if kept is None:
            raise NotFound
        record_of(kept.subject, getattr(kept, kept.subject), user)
        path = content_of(kept.sha256)
    with path.open("rb") as file:
        return run_actions.receive(asked["kind"], file, kept.name, user.id)


def refused_file(run: ImportRun) -> Response:
    """The rows that were not taken, sent as they are read."""
    stem = run.file_name.rpartition(".")[0] or run.file_name
    response = Response(stream_with_context(run_queries.refused_parts(run)), mimetype="text/csv")
    name = quote(f"{stem}.refused.csv")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response
