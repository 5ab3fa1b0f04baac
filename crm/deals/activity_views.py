"""Recording an activity: choices, one note, one result, one next step; nothing must be typed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import marshmallow as ma
from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from crm.attributes import forms
from crm.attributes.asking import asked_of
from crm.clock import local, now, today, zone
from crm.closed_days.queries import workdays
from crm.deals import activity_actions, activity_queries, links, queries
from crm.deals.blueprint import bp
from crm.deals.models import Activity, Deal
from crm.deals.schemas import ActivitySchema
from crm.deals.words import activities, results
from crm.errors import Invalid, NotFound
from crm.extensions import db
from crm.idempotency import Answered, recall, remember
from crm.rights import guard, sees_amounts, the_user
from crm.versions import lock, overtaken
from crm.web import flatten, go

KINDS = ("visit", "phone", "web_meeting", "mail")
STEPS = (1, 4, 6, 13)
"""So many working days ahead the next step is offered."""

Errors = dict[str, list[str]]


@bp.get("/activities/new")
@guard("create", "activity")
def new_activity() -> str:
    """The form, prefilled from the deal, the account or the calendar."""
    form: MultiDict[str, str] = MultiDict({"kind": "visit", "result": ""})
    for name in ("deal_id", "account_id", "kind", "on", "time"):
        if request.args.get(name):
            form[name] = request.args[name]
    deal = _deal_of(form)
    planned = _from_calendar(form, deal)
    if planned is None:
        return _draw(form, {}, None)
    return _draw(_form_of(planned, deal), {}, planned)


def _from_calendar(form: Any, deal: Deal | None) -> Activity | None:
    """What stands in the calendar for today with this customer: most likely it is about that."""
    account_id = deal.account_id if deal else _whole(form.get("account_id", ""))
    if account_id is None or form.get("on"):
        return None
    planned = activity_queries.planned_today(the_user(), account_id)
    if planned is None or deal is None or planned.deal_id in (None, deal.id):
        return planned
    return None


def _form_of(activity: Activity, deal: Deal | None = None) -> MultiDict[str, str]:
    at = local(activity.at)
    form = MultiDict(
        {
            "kind": activity.kind, "account_id": str(activity.account_id),
            "deal_id": str(activity.deal_id or (deal.id if deal else "")),
            "summary": activity.summary, "result": activity.result,
            "on": f"{at:%Y-%m-%d}", "time": f"{at:%H:%M}",
        }
    )  # fmt: skip
    keys = activity_actions.contact_ids(activity.id)
    form.setlist("contact_ids", [str(key) for key in keys])
    return form


@bp.get("/activities/<int:activity_id>")
@guard("edit", "activity")
def activity_form(activity_id: int) -> str:
    """An activity: to say how a planned one went, or to correct one."""
    activity = queries.get_activity(activity_id, the_user(), "edit")
    return _draw(_form_of(activity), {}, activity)


def _draw(form: Any, errors: Errors, activity: Activity | None) -> str:
    user = the_user()
    deal = _deal_of(form)
    account_id = deal.account_id if deal else _whole(form.get("account_id", ""))
    name = links.account_name(account_id) if account_id else ""
    chosen = form.getlist("contact_ids") if hasattr(form, "getlist") else []
    if deal is not None and deal.contact_id and not chosen and not errors:
        chosen = [str(deal.contact_id)]
    return render_template(
        "deals/activity.html", form=form, errors=errors, activity=activity, deal=deal,
        account=name, account_id=account_id or "", amounts=sees_amounts(user), chosen=chosen,
        contacts=queries.contacts_of(account_id) if name and account_id else [],
        deals=[] if name else activity_queries.deals_at_hand(user),
        kinds=activities(KINDS), results=results(), days=workdays().ahead(today(), STEPS),
        custom=forms.drawn(activity, None if activity else asked_of("activity"), form),
    )  # fmt: skip


def _deal_of(form: Any) -> Deal | None:
    deal_id = _whole(form.get("deal_id", ""))
    if deal_id is None:
        return None
    try:
        return queries.get_deal(deal_id, the_user())
    except NotFound:
        return None


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


@bp.post("/activities")
@guard("create", "activity")
def create_activity() -> Response | tuple[str, int]:
    """Record it; the same form sent twice makes one."""
    user = the_user()
    known = recall(user.id)
    if known is not None:
        return go(known.location)
    try:
        activity = activity_actions.record_activity(_fields(), user)
    except Invalid as error:
        db.session.rollback()
        return _draw(request.form, error.errors, None), 422
    where = _after(activity)
    try:
        remember(user.id, 303, where, None)
    except Answered as twin:
        return go(twin.known.location)
    db.session.commit()
    flash(_("Planned.") if activity.planned else _("Recorded."), "ok")
    return go(where)


@bp.post("/activities/<int:activity_id>")
@guard("edit", "activity")
def save_activity(activity_id: int) -> Response | tuple[str, int]:
    """Say how a planned activity went, or correct one."""
    user = the_user()
    activity = lock(queries.get_activity(activity_id, user, "edit"))
    late = overtaken(request.form, activity)
    if late:
        return _draw(request.form, late, activity), 409
    try:
        fields = _fields()
        fields.setdefault("contact_ids", [])
        at = fields.get("at", activity.at)
        fields["planned"] = local(at).date() > today()
        fields["at"] = at if fields["planned"] else min(at, now())
        activity_actions.change_activity(activity, fields, user)
    except Invalid as error:
        db.session.rollback()
        activity = queries.get_activity(activity_id, user, "edit")
        return _draw(request.form, error.errors, activity), 422
    db.session.commit()
    return go(_after(activity))


def _after(activity: Activity) -> str:
    if activity.deal_id is not None:
        return url_for("deals.page", deal_id=activity.deal_id)
    return f"/accounts/{activity.account_id}"


def _fields() -> dict[str, Any]:
    """The form as the one schema reads it. Raises Invalid."""
    form = request.form
    given: dict[str, Any] = {
        name: form[name] for name in ("kind", "summary", "result", "next_step") if form.get(name)
    }
    for name in ("deal_id", "account_id"):
        if form.get(name):
            given[name] = _whole(form[name]) or form[name]
    people = form.getlist("contact_ids")
    if people:
        given["contact_ids"] = [_whole(one) or one for one in people]
    given["promised"] = form.get("promised") == "1"
    day = form.get("next_step_on", "") or form.get("next_step_other", "")
    if day and form.get("next_step"):
        given["next_step_on"] = day.replace("/", "-")
    try:
        fields: dict[str, Any] = ActivitySchema().load(given)
    except ma.ValidationError as error:
        raise Invalid(flatten({"form": error.messages})) from error
    fields["attributes"] = forms.typed_in(form, asked_of("activity"))
    at = _at(form.get("on", ""), form.get("time", ""))
    return fields | ({"at": at} if at is not None else {})


def _at(on: str, time: str) -> datetime | None:
    if not on:
        return None
    try:
        text = f"{on.replace('/', '-')}T{time or '09:00'}"
        return datetime.fromisoformat(text).replace(tzinfo=zone())
    except ValueError as error:
        raise Invalid({"on": [_("Not a day of the calendar.")]}) from error
