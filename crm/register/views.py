"""Pages of the corporate register: what is to be decided, its files, an account's part."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Blueprint, flash, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.utils import secure_filename

from crm.accounts.queries import get_account
from crm.editing import Page
from crm.errors import NotFound
from crm.extensions import db
from crm.register import actions, queries, screens
from crm.register.models import KINDS, RegisterFile, RegisterProposal
from crm.register.taking import take
from crm.rights import Person, guard, may, the_user
from crm.sheets.refusals import Refusal
from crm.typed import key_of
from crm.web import go

bp = Blueprint("register", __name__)


@bp.get("/register")
@guard("view", "register")
def listing() -> str:
    """What the register says of our accounts."""
    return screens.list_page(the_user())


@bp.get("/register/panel")
@guard("view", "account")
def panel() -> str:
    """What the register says of one account, for its page."""
    key = request.args.get("account_id", type=key_of)
    if key is None:
        raise NotFound
    user = the_user()
    return screens.panel(get_account(key, user), user)


@bp.post("/register/files")
@guard("edit", "register")
def read_file() -> Page:
    """Read a file of the register; the same file twice proposes nothing twice."""
    user, sent = the_user(), request.files.get("file")
    if sent is None or not sent.filename:
        return screens.list_page(user, {"file": [_("Choose a file.")]}), 422
    try:
        with TemporaryDirectory() as folder:
            path = Path(folder) / (secure_filename(sent.filename) or "register.csv")
            sent.save(path)
            *_steps, read = take(path, user.id, bool(request.form.get("whole")))
    except Refusal as error:
        db.session.rollback()
        return screens.list_page(user, {"file": [str(error)]}), 422
    db.session.commit()
    flash(_said(read), "ok")
    return go(url_for("register.listing"))


def _said(read: RegisterFile) -> str:
    rows = ngettext("%(num)s row", "%(num)s rows", read.rows)
    new = ngettext("%(num)s proposal", "%(num)s proposals", read.new)
    return _("%(rows)s read: %(new)s.", rows=rows, new=new)


@bp.post("/register/proposals/<int:proposal_id>/acceptance")
@guard("edit", "register")
def accept(proposal_id: int) -> Page:
    """Write a change into its account; a merger leads on to the merge of the two accounts."""
    user = the_user()
    found = queries.get_proposal(proposal_id, user, "edit")
    actions.accept(found, user.id)
    db.session.commit()
    return go(_merger(found, user) or _back())


def _merger(found: RegisterProposal, user: Person) -> str:
    """Where the account of a company that was absorbed can be merged into its successor's."""
    heir = queries.heir(found)
    if heir is None or not may(user, "merge", "account"):
        return ""
    return f"/accounts/{heir}/merge?with={found.account_id}"


@bp.post("/register/proposals/<int:proposal_id>/rejection")
@guard("edit", "register")
def reject(proposal_id: int) -> Page:
    """Say no to a change, for ever."""
    user = the_user()
    actions.reject(queries.get_proposal(proposal_id, user, "edit"), user.id)
    db.session.commit()
    return go(_back())


@bp.post("/register/acceptances")
@guard("edit", "register")
def accept_all() -> Page:
    """Accept everything that is open of a kind, up to the last that was on the page."""
    user, kind = the_user(), request.form.get("kind")
    upto = request.form.get("upto", type=key_of) or 0
    done, left = actions.accept_all(kind if kind in KINDS else None, upto, user.id)
    db.session.commit()
    flash(ngettext("%(num)s change accepted", "%(num)s changes accepted", done), "ok")
    for proposal, why in left[:5]:
        flash(f"{screens.name_of(proposal)}: {why}", "error")
    return go(_back())


def _back() -> str:
    kind = request.form.get("back", "")
    return url_for("register.listing", kind=kind if kind in KINDS else None)
