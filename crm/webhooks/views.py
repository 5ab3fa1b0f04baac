"""Pages of the addresses outside that are told of events: for administrators."""

from __future__ import annotations

import json
from datetime import timedelta

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from crm.clock import now
from crm.editing import Page, Sheet, changes, created, load, saved, sheet_of
from crm.errors import BadRequest
from crm.extensions import db
from crm.rights import guard, the_user
from crm.versions import lock
from crm.web import go
from crm.webhooks import actions, queries, words
from crm.webhooks.kinds import GROUPS
from crm.webhooks.models import STATES, Webhook
from crm.webhooks.schemas import WebhookSchema, inside

bp = Blueprint("webhooks", __name__)


@bp.get("/webhooks")
@guard("view", "webhook")
def listing() -> str:
    """All addresses and how it goes with them."""
    rows = queries.all_webhooks()
    day = queries.latest([row.id for row in rows], now() - timedelta(days=1))
    return render_template("webhooks/list.html", rows=rows, day=day, words=words)


@bp.get("/webhooks/notice")
@guard("view", "webhook")
def notice() -> str:
    """What an administrator should know; nothing when all is well."""
    paused, given_up = queries.troubled()
    return render_template("webhooks/notice.html", paused=paused, given_up=given_up)


@bp.get("/webhooks/new")
@guard("create", "webhook")
def new() -> str:
    """An empty form."""
    return _form(Sheet({}), None, set())


@bp.post("/webhooks")
@guard("create", "webhook")
def create() -> Page:
    """Enter an address; pressing twice enters one."""
    user = the_user()
    return created(
        lambda: actions.add_webhook(load(WebhookSchema(), request.form), user.id),
        lambda made: url_for("webhooks.show", webhook_id=made.id),
        lambda sheet: _form(sheet, None, _ticked()),
    )


@bp.get("/webhooks/<int:webhook_id>")
@guard("view", "webhook")
def show(webhook_id: int) -> str:
    """One address: how it goes, and what was told."""
    return _page(queries.get_webhook(webhook_id, the_user()), "")


@bp.get("/webhooks/<int:webhook_id>/edit")
@guard("edit", "webhook")
def edit(webhook_id: int) -> str:
    """The form of an address."""
    hook = queries.get_webhook(webhook_id, the_user(), "edit")
    return _form(sheet_of(hook, ("label", "url")), hook, set(hook.kinds))


@bp.post("/webhooks/<int:webhook_id>/edit")
@guard("edit", "webhook")
def save(webhook_id: int) -> Page:
    """Save what was changed."""
    user = the_user()
    hook = queries.get_webhook(webhook_id, user, "edit")

    def effect() -> None:
        actions.change_webhook(hook, changes(hook, WebhookSchema(), request.form), user.id)

    return saved(
        effect, lambda sheet: _form(sheet, hook, _ticked()), hook,
        url_for("webhooks.show", webhook_id=hook.id), words.labels(),
    )  # fmt: skip


@bp.post("/webhooks/<int:webhook_id>/secret")
@guard("edit", "webhook")
def new_secret(webhook_id: int) -> Response:
    """Make the secret, or a new one, and show it this once."""
    hook = lock(queries.get_webhook(webhook_id, the_user(), "edit"))
    secret = actions.renew_secret(hook, the_user().id)
    db.session.commit()
    response = make_response(_page(hook, secret))
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/webhooks/<int:webhook_id>/ping")
@guard("edit", "webhook")
def ping(webhook_id: int) -> BaseResponse:
    """Send a test message and show how it goes."""
    hook = queries.get_webhook(webhook_id, the_user(), "edit")
    sent = actions.ping(hook)
    db.session.commit()
    flash(_("A test message is on its way."), "ok")
    return go(url_for("webhooks.delivery", delivery_id=sent.id))


@bp.post("/webhooks/<int:webhook_id>/pause")
@guard("edit", "webhook")
def pause(webhook_id: int) -> BaseResponse:
    """Send nothing for now."""
    hook = lock(queries.get_webhook(webhook_id, the_user(), "edit"))
    if hook.paused_at is None:
        actions.pause(hook, "person", the_user().id)
    db.session.commit()
    return _back(hook)


@bp.post("/webhooks/<int:webhook_id>/resumption")
@guard("edit", "webhook")
def resume(webhook_id: int) -> BaseResponse:
    """Send again, with what has waited or, when `without` says so, without it."""
    hook = lock(queries.get_webhook(webhook_id, the_user(), "edit"))
    if request.form.get("without") == "1":
        actions.discard(hook)
    if hook.paused_at is not None:
        actions.resume(hook, the_user().id)
    db.session.commit()
    return _back(hook)


@bp.post("/webhooks/<int:webhook_id>/replay")
@guard("edit", "webhook")
def replay_failed(webhook_id: int) -> BaseResponse:
    """Send again everything that was given up."""
    hook = queries.get_webhook(webhook_id, the_user(), "edit")
    number = actions.replay_failed(hook, None)
    db.session.commit()
    flash(ngettext("%(num)s message waits again.", "%(num)s messages wait again.", number), "ok")
    return _back(hook)


@bp.post("/webhooks/<int:webhook_id>/removal")
@guard("delete", "webhook")
def remove(webhook_id: int) -> BaseResponse:
    """Tell an address nothing more."""
    hook = queries.get_webhook(webhook_id, the_user(), "delete")
    actions.remove_webhook(hook, the_user().id)
    db.session.commit()
    return go(url_for("webhooks.listing"))


@bp.get("/webhook-deliveries/<int:delivery_id>")
@guard("view", "webhook")
def delivery(delivery_id: int) -> str:
    """One message: what was sent, what was answered."""
    found = queries.get_delivery(delivery_id, the_user())
    hook = queries.get_webhook(found.webhook_id, the_user())
    sent = found.request and json.dumps(json.loads(found.request), ensure_ascii=False, indent=2)
    return render_template(
        "webhooks/delivery.html", delivery=found, hook=hook, words=words, sent=sent
    )


@bp.post("/webhook-deliveries/<int:delivery_id>/replay")
@guard("edit", "webhook")
def replay(delivery_id: int) -> BaseResponse:
    """Send one message again, under the same key."""
    found = queries.get_delivery(delivery_id, the_user(), "edit")
    actions.replay(found)
    db.session.commit()
    flash(_("The message is on its way again."), "ok")
    return go(url_for("webhooks.delivery", delivery_id=found.id))


def _back(hook: Webhook) -> BaseResponse:
    return go(url_for("webhooks.show", webhook_id=hook.id))


def _ticked() -> set[str]:
    return set(request.form.getlist("kinds"))


def _form(sheet: Sheet, hook: Webhook | None, ticked: set[str]) -> str:
    return render_template(
        "webhooks/form.html", sheet=sheet, hook=hook, ticked=ticked, words=words, groups=GROUPS,
        inside=inside(),
    )  # fmt: skip


def _page(hook: Webhook, secret: str) -> str:
    state = request.args.get("state", "")
    if state not in ("", *STATES):
        raise BadRequest(_("There is no such filter."), {"state": [", ".join(STATES)]})
    return render_template(
        "webhooks/record.html", hook=hook, secret=secret, words=words, state=state,
        counts=queries.counts(hook), groups=GROUPS,
        found=queries.deliveries(hook, state, request.args.get("cursor")),
    )  # fmt: skip
