"""What ends as a calendar: the feed of a person, the file of a unit, and the feed's settings."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from marshmallow.validate import Length, OneOf, Range
from werkzeug.wrappers import Response as BaseResponse

from crm.clock import now, today
from crm.errors import NotFound
from crm.expiry import feeds
from crm.expiry.views import asked_fields
from crm.extensions import db, limiter
from crm.installed_base.queries import get_unit
from crm.language import LANGUAGES
from crm.rights import guard, public, the_user
from crm.staff.models import Staff
from crm.staff.queries import get_staff, token_hash
from crm.text.icalendar import calendar
from crm.typed import LARGEST_KEY, Schema
from crm.web import go, own_address

bp = Blueprint("calendars", __name__)


class FeedQuery(Schema):
    """`key` is the secret; `scope` own or team; or one account, or one unit."""

    key = ma.fields.String(required=True, validate=Length(20, 100))
    scope = ma.fields.String(validate=OneOf(("own", "team")), load_default="own")
    account_id = ma.fields.Integer(strict=False, validate=Range(1, LARGEST_KEY))
    unit_id = ma.fields.Integer(strict=False, validate=Range(1, LARGEST_KEY))
    alarm = ma.fields.Integer(strict=False, validate=Range(0, 60), load_default=0)


def _by_key() -> str:
    return "feed:" + token_hash(request.args.get("key", ""))[:16]


@bp.get("/expiries.ics")
@public
@limiter.limit("120/minute")
@limiter.limit("30/minute", key_func=_by_key)
def feed() -> Response:
    """The calendar of whoever the secret in the address belongs to. Answers 404 without one."""
    if not request.args.get("key"):
        raise NotFound
    asked = asked_fields(FeedQuery())
    person = feeds.reader(asked["key"])
    wanted = feeds.Wanted(
        asked["scope"], asked.get("account_id"), asked.get("unit_id"), asked["alarm"]
    )
    return _as_file(person, wanted, "engawa.ics")


@bp.get("/units/<int:unit_id>/expiries.ics")
@guard("view", "unit")
def unit_file(unit_id: int) -> Response:
    """What of one unit ends, as a file for a calendar."""
    person = get_staff(the_user().id, the_user())
    unit = get_unit(unit_id, person)
    return _as_file(person, feeds.Wanted(unit_id=unit.id), f"unit-{unit.id}.ics")


def _as_file(person: Staff, wanted: feeds.Wanted, name: str) -> Response:
    language = person.language if person.language in LANGUAGES else LANGUAGES[0]
    with force_locale(language):
        some = feeds.events(wanted, person, today(), own_address())
        content = calendar(_("What ends"), some, now())
    response = make_response(content)
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.get("/settings/calendar")
@guard("view", "profile")
def feed_settings() -> str:
    """Whether one has a feed, and how to get one."""
    return _settings("")


@bp.post("/settings/calendar")
@guard("edit", "profile")
def renew_feed() -> Response:
    """Make the address, or another one; it is shown this once."""
    token = feeds.renew(get_staff(the_user().id, the_user()))
    db.session.commit()
    response = make_response(_settings(token))
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/settings/calendar/revocation")
@guard("edit", "profile")
def revoke_feed() -> BaseResponse:
    """Take the address back."""
    feeds.revoke(get_staff(the_user().id, the_user()))
    db.session.commit()
    return go(url_for("calendars.feed_settings"))


def _settings(token: str) -> str:
    found = feeds.feed_of(the_user().id)
    address: dict[str, Any] = {}
    if token:
        own = own_address() + url_for("calendars.feed", key=token)
        address = {"own": own, "team": f"{own}&scope=team"}
    return render_template("expiry/feed.html", feed=found, address=address)
