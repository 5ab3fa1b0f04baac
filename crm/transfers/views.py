"""The page that takes a file of readings from a browser."""

from __future__ import annotations

import tempfile
from pathlib import Path

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from werkzeug.utils import secure_filename

from crm.extensions import db
from crm.rights import guard, the_user
from crm.transfers.choosing import shipped
from crm.transfers.foreground import import_file
from crm.transfers.kinds.readings import READINGS
from crm.transfers.outcome import Outcome
from crm.transfers.refusals import Refusal

bp = Blueprint("transfers", __name__)
MOST_SHOWN = 200


@bp.get("/imports/readings")
@guard("edit", "unit")
def readings() -> str:
    """The form that takes a file."""
    return _page()


@bp.post("/imports/readings")
@guard("edit", "unit")
def take_readings() -> str | tuple[str, int]:
    """Take a file of readings, or say what it would do; the same file twice changes nothing."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _page(errors={"file": [_("Choose a file.")]}), 422
    mapping = request.form.get("mapping") or None
    if mapping is not None and mapping not in _mappings():
        every = ", ".join(_mappings())
        return _page(errors={"mapping": [_("One of: %(all)s.", all=every)]}), 422
    trial = bool(request.form.get("trial"))
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / (secure_filename(sent.filename) or "readings.csv")
            sent.save(path)
            outcome = import_file("readings", path, mapping, None, the_user().id, trial=trial)
    except Refusal as error:
        db.session.rollback()
        return _page(errors={"file": [str(error)]}), 422
    return _page(outcome, trial)


def _mappings() -> list[str]:
    return [one.name for one in shipped(READINGS)]


def _page(
    outcome: Outcome | None = None, trial: bool = False, errors: dict[str, list[str]] | None = None
) -> str:
    return render_template(
        "transfers/readings.html", outcome=outcome, trial=trial, errors=errors or {},
        mappings=[(name, name) for name in _mappings()], most=MOST_SHOWN,
    )  # fmt: skip
