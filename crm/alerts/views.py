"""The alert inbox, the bell, and what is decided there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from crm.alerts import actions, queries
from crm.alerts.models import DISMISSALS, STATES
from crm.alerts.rules import BY_CODE
from crm.clock import now
from crm.errors import BadRequest
from crm.extensions import db
from crm.rights import guard, may, the_user
from crm.text.normal import clean
from crm.typed import key_of
from crm.web import go

bp = Blueprint("alerts", __name__)

SNOOZE_DAYS = (1, 7, 30)
MOST = 30
"""Cards on a page of the inbox; what is further has a page of its own."""
ICONS = {
    "ticket": "headset", "work_order": "receipt-yen", "unit": "microscope", "product": "package",
    "campaign": "flag",
    "contract": "file-dollar", "account": "building", "deal": "layout-kanban",
}  # fmt: skip
PAGES = {
    "ticket": "/tickets/{}", "work_order": "/work-orders/{}", "unit": "/units/{}",
    "product": "/products/{}", "contract": "/contracts/{}", "account": "/accounts/{}",
    "deal": "/deals/{}", "campaign": "/campaigns/{}",
}  # fmt: skip


def dismissal_words() -> list[tuple[str, str]]:
    """Reasons for not taking an alert up, as their reader says them."""
    words = {
        "not_now": _("Not the budget season"),
        "already_talking": _("Already in discussion"),
        "not_wanted": _("Not what the customer wants"),
        "wrong_fact": _("A fact is wrong"),
        "other": _("Another reason"),
    }
    return [(key, words[key]) for key in DISMISSALS]


def _tools() -> dict[str, Any]:
    """What every template of alerts draws with."""
    return {
        "lang": queries.language(), "fact_icons": ICONS, "fact_pages": PAGES, "rules": BY_CODE,
        "reasons": dismissal_words(), "snooze_days": SNOOZE_DAYS,
    }  # fmt: skip


@bp.get("/alerts")
@guard("view", "alert")
def inbox() -> str:
    """Everything addressed to this person, the undecided first."""
    user = the_user()
    state = request.args.get("state", "open")
    if state not in STATES:
        raise BadRequest(_("There is no such state."), {"state": [", ".join(STATES)]})
    before = request.args.get("before", type=key_of)
    cards = queries.inbox(user, state, MOST, before)
    return render_template(
        "alerts/inbox.html", cards=cards, most=MOST, state=state, counts=queries.counts(user),
        ledgers=queries.ledgers(user), dismissals=queries.dismissals(user),
        held=queries.inbox(user, "held", 5) if state == "open" else [], **_tools(),
    )  # fmt: skip


@bp.get("/alerts/<int:alert_id>")
@guard("view", "alert")
def page(alert_id: int) -> str:
    """One alert: the phone's one card a screen, and where links lead."""
    user = the_user()
    queries.get_alert(alert_id, user)
    (card,) = queries.one(alert_id)
    return render_template("alerts/page.html", card=card, ledgers=queries.ledgers(user), **_tools())


@bp.get("/alerts/bell")
@guard("view", "alert")
def bell() -> str:
    """The bell with its count, for the page that has just heard of a new alert."""
    return render_template("parts/bell.html", bell=queries.bell(the_user()))


@bp.get("/alerts/panel")
@guard("view", "alert")
def panel() -> str:
    """A short list beside another record, or one's own undecided ones."""
    asked = request.args.get
    user = the_user()
    rows = queries.panel(
        user,
        account_id=asked("account_id", type=key_of),
        deal_id=asked("deal_id", type=key_of),
        ticket_id=asked("ticket_id", type=key_of),
        unit_id=asked("unit_id", type=key_of),
    )
    named = any(name.endswith("_id") for name in request.args)
    mine = {card.id for card in rows if may(user, "view", "alert", card)}
    return render_template("alerts/panel.html", cards=rows, named=named, mine=mine, **_tools())


@bp.post("/alerts/<int:alert_id>/deal")
@guard("decide", "alert")
def make_deal(alert_id: int) -> Response:
    """Make the deal and open it; a second press opens the same one."""
    user = the_user()
    alert = queries.get_alert(alert_id, user, "decide", lock=True)
    deal = actions.accept(alert, user, queries.language())
    db.session.commit()
    return go(f"/deals/{deal.id}")


@bp.post("/alerts/<int:alert_id>/dismissal")
@guard("decide", "alert")
def dismiss(alert_id: int) -> Response:
    """Not taken up, with a reason."""
    alert = queries.get_alert(alert_id, the_user(), "decide", lock=True)
    note = clean(request.form.get("note", ""))[:300]
    actions.dismiss(alert, request.form.get("reason", ""), note, the_user())
    db.session.commit()
    return go(url_for("alerts.inbox"))


@bp.post("/alerts/<int:alert_id>/snooze")
@guard("decide", "alert")
def snooze(alert_id: int) -> Response:
    """Put off for some days."""
    alert = queries.get_alert(alert_id, the_user(), "decide", lock=True)
    days = key_of(request.form.get("days", "7"))
    if days is None or days > 365:
        raise BadRequest(_("Say for how many days."), {"days": [_("From 1 to 365.")]})
    actions.snooze(alert, now() + timedelta(days=days), the_user())
    db.session.commit()
    return go(url_for("alerts.inbox"))


@bp.get("/alerts/<int:alert_id>/deal")
@bp.get("/alerts/<int:alert_id>/dismissal")
@bp.get("/alerts/<int:alert_id>/snooze")
@guard("view", "alert")
def back(alert_id: int) -> Response:
    """Where a reload after a refused press leads."""
    queries.get_alert(alert_id, the_user())
    return redirect(url_for("alerts.page", alert_id=alert_id))
