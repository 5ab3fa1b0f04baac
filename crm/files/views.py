"""Files on records: their list, taking them in, handing them out, taking them off."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from crm.editing import Page, attempt
from crm.errors import Invalid
from crm.extensions import db
from crm.files import actions, queries, store
from crm.files.models import Attachment
from crm.rights import guard, the_user
from crm.text.normal import clean
from crm.web import go

bp = Blueprint("files", __name__)
SANDBOX = "sandbox; default-src 'none'"
MOST_AT_ONCE = 20
LONGEST_CAPTION = 200


@bp.get("/files/panel")
@guard("view", "file")
def panel() -> str:
    """The files on a record, beside its page."""
    name, key = queries.asked(request.args)
    queries.record_of(name, key, the_user())
    return _list(name, key, {})


@bp.get("/files")
@guard("view", "file")
def listing() -> str:
    """The same as a page, for who has no script."""
    name, key = queries.asked(request.args)
    queries.record_of(name, key, the_user())
    return _list(name, key, {}, "files/page.html")


def _list(name: str, key: int, errors: Any, template: str = "files/panel.html") -> str:
    return render_template(
        template, rows=queries.files_of(name, key), subject=name, key=key, errors=errors,
        back=f"/{queries.PAGES[name]}/{key}", may_add=queries.may_change(name, key, the_user()),
    )  # fmt: skip


@bp.post("/files")
@guard("create", "file")
def add() -> Page:
    """Take files in: all that were chosen, or none and a reason for each that is refused."""
    user = the_user()
    subject = queries.asked_for_change(request.form, user)
    made, errors = attempt(lambda: _take_in(subject, user.id))
    if errors:
        return _list(subject[0], subject[1], errors, "files/page.html"), 422
    db.session.commit()
    flash(ngettext("%(num)s file kept.", "%(num)s files kept.", len(made)), "ok")
    return go(f"/{queries.PAGES[subject[0]]}/{subject[1]}")


def _take_in(subject: tuple[str, int, Any], by_id: int) -> list[Attachment]:
    given = [one for one in request.files.getlist("file") if one.filename]
    if not given:
        raise Invalid({"file": [_("Choose a file.")]})
    if len(given) > MOST_AT_ONCE:
        raise Invalid({"file": [_("At most %(n)s files at once.", n=MOST_AT_ONCE)]})
    caption = " ".join(clean(request.form.get("caption", "")).split())[:LONGEST_CAPTION]
    made, wrong = [], []
    for one in given:
        try:
            name, content = one.filename or "", one.stream.read()
            made.append(actions.add_file(subject, name, content, caption, by_id))
        except Invalid as error:
            wrong += [f"{one.filename}: {why}" for why in error.errors["file"]]
    if wrong:
        raise Invalid({"file": wrong})
    return made


@bp.get("/files/<int:file_id>")
@guard("view", "file")
def fetch(file_id: int) -> Response:
    """Hand a file out; the browser saves it and never draws it here."""
    return hand_out(queries.get_file(file_id, the_user()))


def hand_out(found: Attachment) -> Response:
    """The content of a file as an answer to be saved."""
    response = send_file(
        store.found(found.sha256), mimetype=found.media_type, as_attachment=True,
        download_name=found.name, conditional=False, etag=False,
    )  # fmt: skip
    return _alone(response)


@bp.get("/files/<int:file_id>/thumbnail")
@guard("view", "file")
def thumbnail(file_id: int) -> Response:
    """The small picture that we drew of a photo."""
    found = queries.get_file(file_id, the_user())
    path = store.found(found.sha256, small=True)
    return _alone(send_file(path, mimetype="image/jpeg", conditional=False, etag=False))


def _alone(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/files/<int:file_id>/removal")
@guard("delete", "file")
def remove(file_id: int) -> Page:
    """Take a file off its record."""
    user = the_user()
    found = queries.get_file(file_id, user, changing=True)
    name, key = found.subject, getattr(found, found.subject)
    actions.remove_file(found, queries.record_of(name, key, user, changing=True), user.id)
    db.session.commit()
    return go(url_for("files.listing", **{name: key}))
