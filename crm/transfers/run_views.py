"""Imports in the browser: what was brought, what a file would do, how far it has come, undo."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import pgettext
from werkzeug.wrappers import Response as Answer

from crm.extensions import db
from crm.language import per_language
from crm.rights import guard, may, the_user
from crm.staff.queries import names
from crm.transfers import receiving, run_actions, run_queries
from crm.transfers.custom import asked
from crm.transfers.kinds.table import KINDS
from crm.transfers.labels import field_word, kind_words
from crm.transfers.outcome import mapping_name
from crm.transfers.run_models import BUSY, ImportRun
from crm.transfers.searching import is_behind
from crm.transfers.wording import beside_words, hidden_words
from crm.typed import key_of
from crm.web import go

bp = Blueprint("imports", __name__)
SHOWN = 30
"""So many rows of each verdict stand on the page; all that were not taken are in the file."""


@per_language
def states() -> dict[str, str]:
    """How far a run is."""
    return {
        "uploaded": pgettext("import", "Columns not mapped yet"),
        "mapped": pgettext("import", "Ready to be tried"),
        "checking": pgettext("import", "Being tried"),
        "checked": pgettext("import", "Tried: not imported yet"),
        "running": pgettext("import", "Being imported"),
        "done": pgettext("import", "Imported"),
        "stopped": pgettext("import", "Stopped"),
        "failed": pgettext("import", "Failed"),
        "undoing": pgettext("import", "Being taken back"),
        "undone": pgettext("import", "Taken back"),
    }


@bp.get("/imports")
@guard("view", "import")
def listing() -> str:
    """What was brought lately, the newest first."""
    user = the_user()
    before = request.args.get("before", type=key_of)
    runs = run_queries.runs_of(user, before)
    people = {run.started_by_id for run in runs if run.started_by_id}
    return render_template(
        "transfers/runs.html", runs=runs, states=states(), kinds=kind_words(),
        names=names(people), more=runs[-1].id if len(runs) == run_queries.LISTED else None,
        busy=BUSY,
    )  # fmt: skip


@bp.get("/imports/<int:run_id>")
@guard("view", "import")
def show(run_id: int) -> str:
    """One import; the part alone for htmx while a job is at work."""
    user = the_user()
    run = run_queries.get_run(run_id, user)
    part = bool(request.headers.get("HX-Request"))
    return render_template(
        "transfers/_run.html" if part else "transfers/run.html", run=run, states=states(),
        kind=kind_words()[run.kind], busy=run.state in BUSY, mapping=mapping_name(run),
        by=names({run.started_by_id}) if run.started_by_id else {},
        may_edit=may(user, "edit", "import"), words=_words(run), hidden=hidden_words,
        beside=beside_words,
        **_found(run),
    )  # fmt: skip


def _words(run: ImportRun) -> Callable[[str], str]:
    """What a column of our own is called."""
    kind = asked(KINDS[run.kind])
    return lambda column: field_word(kind, column.removesuffix("_id"))


def _found(run: ImportRun) -> dict[str, object]:
    """What the page tells of single rows; nothing while a job is at work."""
    if run.state in BUSY:
        return {"rows": {}, "remarks": [], "kept": [], "undoable": {}, "behind": False}
    judged = ("refused", "conflict", "changed", "new")
    return {
        "rows": {one: run_queries.examples(run, one, SHOWN) for one in judged},
        "remarks": run_queries.remarks(run, SHOWN),
        "kept": run_queries.kept_steps(run, limit=SHOWN) if run.kept_count else [],
        "undoable": run_queries.undoable(run) if run.started_at else {},
        "behind": is_behind(run),
    }


@bp.get("/imports/<int:run_id>/refused.csv")
@guard("view", "import")
def refused(run_id: int) -> Response:
    """The rows that were not taken, with the reason."""
    return receiving.refused_file(run_queries.get_run(run_id, the_user()))


@bp.get("/imports/<int:run_id>/undo")
@guard("edit", "import")
def ask_undo(run_id: int) -> str:
    """What an undo will do, before it does."""
    run = run_queries.get_run(run_id, the_user(), "edit")
    return render_template(
        "transfers/undo.html", run=run, kind=kind_words()[run.kind],
        undoable=run_queries.undoable(run),
    )  # fmt: skip


@bp.post("/imports/<int:run_id>/removal")
@guard("edit", "import")
def remove(run_id: int) -> Answer:
    """Throw away a file of which nothing came."""
    user = the_user()
    run_actions.remove(run_queries.get_run(run_id, user, "edit"), user.id)
    db.session.commit()
    return go(url_for("imports.listing"))


def _button(name: str, act: Callable[[ImportRun, int], None], does: str) -> None:
    """`POST /imports/ID/NAME`; `does` is what its docstring says."""

    @bp.post(f"/imports/<int:run_id>/{name}", endpoint=name)
    @guard("edit", "import")
    def pressed(run_id: int) -> Answer:
        user = the_user()
        act(run_queries.get_run(run_id, user, "edit"), user.id)
        db.session.commit()
        return go(url_for("imports.show", run_id=run_id))

    pressed.__doc__ = does


_button("check", run_actions.start_check, "Try the file.")
_button("start", run_actions.start, "Import it.")
_button("stop", run_actions.stop, "End it after the rows at hand.")
_button("resume", run_actions.go_on, "Go on where it was stopped.")
_button("undoing", run_actions.start_undo, "Take it back.")
