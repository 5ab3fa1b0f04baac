"""What every answer has in common: headers, refusals in words, redirects, versions."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import urlsplit

import structlog
from flask import (
    Flask,
    Response,
    current_app,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter
from werkzeug.wrappers import Response as BaseResponse

from crm.connections import writing
from crm.errors import (
    AWAY,
    LOST,
    BadRequest,
    Problem,
    Unavailable,
    problem_of,
    too_large,
)
from crm.extensions import csrf, db, login_manager
from crm.held import held_fields, words_of
from crm.refusals import why
from crm.typed import LARGEST_KEY

log = structlog.get_logger()

CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


class Key(IntegerConverter):
    """The key of a record in an address: plain digits, and none that no database could hold."""

    regex = "[0-9]{1,16}"

    def __init__(self, map: Any, *args: Any, **options: Any) -> None:
        super().__init__(map, *args, **({"min": 1, "max": LARGEST_KEY} | options))


def init_app(app: Flask) -> None:
    """Put headers, CSRF, refusals and the read-only mark on every request."""
    app.url_map.converters["int"] = Key
    app.before_request(_begin)
    app.after_request(_finish)
    app.teardown_request(_end)
    app.register_error_handler(Problem, _problem)
    app.register_error_handler(HTTPException, _http)
    for kind in (*LOST, *AWAY):
        app.register_error_handler(kind, _database)
    app.register_error_handler(Exception, _crash)
    app.jinja_env.globals.update(new_key=lambda: secrets.token_urlsafe(16))


def _begin() -> None:
    writing.set(request.method in UNSAFE)
    _allow_large()
    if request.method in UNSAFE and not request.headers.get("Authorization"):
        _check_form()
    if "\x00" in request.full_path or b"\x00" in request.query_string:
        raise BadRequest(_("The address holds a character that cannot be."))


def _allow_large() -> None:
    """Files to be imported are larger than any other body; strangers may not send them."""
    large: dict[str, int] = current_app.config.get("LARGE_BODIES", {})
    if request.path in large and "sign_in" in session:
        request.max_content_length = large[request.path]


def _check_form() -> None:
    """A form carries the token of its session; tests of everything else may switch this off."""
    if wants_json() and "sign_in" not in session:
        return
    if current_app.config.get("WTF_CSRF_ENABLED", True):
        csrf.protect()


def _end(_error: BaseException | None) -> None:
    """Who works in this thread next says for herself whether she only reads."""
    writing.set(True)


def _finish(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CSP)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint not in ("static", "asset"):
        headers.setdefault("Cache-Control", "no-store")
        headers.add("Vary", "Cookie, HX-Request, Accept-Language")
    return response


def wants_json() -> bool:
    """Does the caller read JSON, not pages?"""
    return request.path.startswith("/api/")


TITLES = {
    400: lambda: _("This request cannot be read."),
    401: lambda: _("Please sign in."),
    403: lambda: _("You may not do this."),
    404: lambda: _("Not found."),
    405: lambda: _("This address does not do that."),
    409: lambda: _("This cannot be done now."),
    412: lambda: _("Somebody else saved first."),
    413: lambda: _("This is too large."),
    415: lambda: _("This kind of content is not read here."),
    422: lambda: _("Please look at the marked fields."),
    428: lambda: _("Say which version you change."),
    429: lambda: _("Too many tries. Please wait a moment."),
    500: lambda: _("Something went wrong on our side."),
    503: lambda: _("Not available at the moment."),
}


def refuse(
    status: int, code: str, detail: str, errors: dict[str, list[str]] | None = None
) -> Response:
    """The answer in words: problem+json for the API, a designed page for people."""
    title = TITLES.get(status, TITLES[400])()
    if wants_json():
        body: dict[str, Any] = {
            "type": f"/api/v1/docs#{code}", "title": title, "status": status,
            "detail": detail or title,
        }  # fmt: skip
        body |= {"errors": errors} if errors else {}
        response = jsonify(body)
        response.mimetype = "application/problem+json"
    else:
        response = make_response(
            render_template(
                "errors/problem.html", status=status, title=title, detail=detail,
                errors=errors or {},
            )
        )  # fmt: skip
    response.status_code = status
    return response


def _problem(error: Problem) -> Response | BaseResponse:
    db.session.rollback()
    if error.status == 401 and not wants_json():
        if request.headers.get("HX-Request") and request.method in UNSAFE:
            return _signed_out()
        if request.headers.get("HX-Request"):
            answer = make_response("", 200)
            answer.headers["HX-Redirect"] = url_for("staff.login")
            return answer
        if (page := _to_send_again()) is not None:
            return page
        after = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("staff.login", next=after), 303)
    response = refuse(error.status, error.code, error.detail, error.errors)
    if error.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="engawa"'
    if isinstance(error, Unavailable):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _http(error: HTTPException) -> Response | BaseResponse:
    db.session.rollback()
    if (code := error.code or 500) < 400:
        return error.get_response()
    errors = getattr(error, "data", {}).get("messages") if hasattr(error, "data") else None
    if code == 422 and isinstance(errors, dict):
        return refuse(422, "invalid", "", flatten(errors))
    if isinstance(error, CSRFError):
        return _unproven()
    large = ""
    if code == 413:
        most = request.max_content_length or 0
        large = too_large(most, table=most > current_app.config["MAX_CONTENT_LENGTH"])
    response = refuse(code, f"http-{code}", large)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After", "WWW-Authenticate"):
            response.headers[name] = value
    return response


def _unproven() -> Response:
    """A form without the token of this sign-in, in words that say what became of the sign-in."""
    if (page := _to_send_again()) is not None:
        return page
    if "sign_in" not in session and request.headers.get("HX-Request"):
        return _signed_out()
    return refuse(400, "csrf", _("The page was open too long. Load it again and repeat."))


def _signed_out() -> Response:
    """To a part of a page, which stays where it is with what was typed into it."""
    return refuse(
        401, "signed-out",
        _("You have been signed out. Copy what you typed, reload the page and sign in."),
    )  # fmt: skip


def _to_send_again() -> Response | None:
    """What was typed, held in a page until she has signed in; None where it must not be held."""
    fields = None if request.headers.get("HX-Request") else held_fields()
    if fields is None or wants_json():
        return None
    signed_in = bool(current_user.is_authenticated)
    page = render_template(
        "errors/signed_out.html", fields=fields, signed_in=signed_in, said=words_of(fields)
    )
    return make_response(page, 400 if signed_in else 401)


_WHOLE = ("_schema",)
_PLACES = ("json", "query", "form", "headers", "json_or_form", "files", *_WHOLE)


def flatten(
    messages: dict[str, Any], inside: str = "", unnamed: tuple[str, ...] = _PLACES
) -> dict[str, list[str]]:
    """marshmallow's nested messages as `lines.0.quantity: [why]`; the place (json) is left out,
    which stands above the fields: one of them may be called `query` as well."""
    flat: dict[str, list[str]] = {}
    for name, value in messages.items():
        path = inside if str(name) in unnamed else f"{inside}.{name}".strip(".")
        if isinstance(value, dict):
            flat.update(flatten(value, path, _WHOLE))
        else:
            said = value if isinstance(value, list | tuple) else [value]  # a lazy sentence is one
            flat.setdefault(path or "body", []).extend(why(str(one)) for one in said)
    return flat


def _database(error: Exception) -> Response | BaseResponse:
    db.session.rollback()
    if isinstance(error, LOST):
        return _problem(problem_of(error))
    log.error("database.away", exc_info=error)
    # Whoever words the answer would ask the database once more: whose request this is, and where.
    g.database_away, g._login_user = True, login_manager.anonymous_user()
    return _problem(Unavailable(_("The database does not answer. Nothing was written.")))


def _crash(error: Exception) -> Response:
    if current_app.config.get("RAISE_CRASHES"):
        raise error
    db.session.rollback()
    log.error("request.crashed", path=request.path, exc_info=error)
    return refuse(500, "crash", _("Nothing was written. The administrator can see it in the log."))


def safe_next(target: str | None, otherwise: str) -> str:
    """An address of our own to go on to; anything else is ignored."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return otherwise
    if not target.isprintable():
        return otherwise
    return target if not urlsplit(target).netloc and "\\" not in target else otherwise


def own_address() -> str:
    """Where we stand, without a slash at the end: as it is configured, else as we were asked."""
    return str(current_app.config["PUBLIC_URL"] or request.url_root.rstrip("/"))


def go(target: str) -> BaseResponse:
    """After a change: 303 for a browser, HX-Redirect for htmx, so that no page lands in a part."""
    if request.headers.get("HX-Request"):
        response = make_response("", 204)
        response.headers["HX-Redirect"] = target
        return response
    return redirect(target, 303)
