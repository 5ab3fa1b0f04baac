"""Signing in and out, and what a person may set for herself."""

from __future__ import annotations

import marshmallow as ma
from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_login import login_user, logout_user
from werkzeug.wrappers import Response as BaseResponse

from crm.errors import BadRequest
from crm.extensions import db, limiter
from crm.language import COOKIE, LANGUAGES
from crm.rights import guard, public, the_user
from crm.staff import actions, queries
from crm.staff.schemas import SignInSchema
from crm.web import go, safe_next

bp = Blueprint("staff", __name__)

SHORT_DAYS, LONG_DAYS = 1, 30


def _address_and_account() -> str:
    return request.form.get("email", "").strip().lower()[:254]


@bp.get("/login")
@public
def login() -> str:
    """The sign-in page."""
    return render_template("staff/login.html", email="", errors={}, next=request.args.get("next"))


@bp.post("/login")
@public
@limiter.limit("30/minute")
@limiter.limit("10/minute", key_func=_address_and_account)
def sign_in() -> Response | BaseResponse | tuple[str, int]:
    """Check the password and open a sign-in; the same words for every kind of failure."""
    try:
        fields = SignInSchema().load(request.form.to_dict())
        person = queries.by_email(fields["email"])
        known = actions.check_password(person, fields["password"])
    except ma.ValidationError:
        person, known, fields = None, False, {"remember": ""}
    if person is None or not known:
        wrong = {"password": [_("The mail address or the password is not right.")]}
        return (
            render_template(
                "staff/login.html", email=request.form.get("email", ""), errors=wrong,
                next=request.form.get("next"),
            ),
            422,
        )  # fmt: skip
    long = bool(fields["remember"])
    actions.sign_out(session.get("sign_in", ""))
    session.clear()
    session.permanent = long
    session["sign_in"] = actions.sign_in(person, LONG_DAYS if long else SHORT_DAYS)
    db.session.commit()
    login_user(person)
    return redirect(safe_next(request.form.get("next"), url_for("home.page")), 303)


@bp.post("/logout")
@guard("view", "profile")
def logout() -> BaseResponse:
    """End this sign-in."""
    actions.sign_out(session.get("sign_in", ""))
    db.session.commit()
    logout_user()
    session.clear()
    return go(url_for("staff.login"))


@bp.post("/language")
@public
def language() -> BaseResponse:
    """Choose the language of the pages before signing in."""
    wanted = request.form.get("language", "")
    if wanted not in LANGUAGES:
        raise BadRequest(_("This language is not known."), {"language": [_("ja or en.")]})
    response = make_response(
        redirect(safe_next(request.form.get("next"), url_for("staff.login")), 303)
    )
    response.set_cookie(COOKIE, wanted, max_age=31536000, httponly=True, samesite="Lax")
    return response


@bp.get("/settings")
@guard("view", "profile")
def settings() -> str:
    """A person's own settings: language, light or dark, keys, password."""
    inside = queries.extension_of(the_user())
    return render_template("staff/settings.html", errors={}, extension=inside)


@bp.post("/settings")
@guard("edit", "profile")
def save_settings() -> BaseResponse | tuple[str, int]:
    """Save one's own settings. A new password ends all sign-ins but this one."""
    person = queries.get_staff(the_user().id, the_user())
    errors = actions.save_profile(person, request.form.to_dict())
    if errors:
        db.session.rollback()
        typed = request.form.get("extension", "")
        return render_template("staff/settings.html", errors=errors, extension=typed), 422
    if request.form.get("password"):
        session["sign_in"] = actions.sign_in(person, LONG_DAYS if session.permanent else SHORT_DAYS)
        flash(_("The password is changed. Elsewhere you have been signed out."))
    db.session.commit()
    return go(url_for("staff.settings"))
