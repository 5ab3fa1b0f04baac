"""One deal: its page, its forms, and the parts that other pages show of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from crm.attributes.asking import definitions_in
from crm.attributes.values import shown as custom_of
from crm.clock import local, now, today
from crm.deals import actions, links, queries
from crm.deals.blueprint import bp
from crm.deals.models import EVIDENCE, OPEN_STAGES, RANK_WEIGHTS, Deal
from crm.deals.progress import progress
from crm.deals.schemas import EvidenceSchema
from crm.deals.similar import similar
from crm.deals.sums import won_amount
from crm.deals.words import ACTIVITY_ICONS, activity_short, evidence, influences
from crm.editing import load
from crm.errors import BadRequest, Conflict, NotFound
from crm.extensions import db
from crm.language import dot
from crm.look import day_short, when
from crm.rights import guard, may, sees_amounts, the_user
from crm.timeline.queries import history
from crm.timeline.sentences.deals import activity_name, reason_name, result_name, stage_name
from crm.versions import lock
from crm.web import go

SHOWN_SIMILAR = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a deal's history."""

    icon: str
    title: str
    by: str | None
    department: str | None
    at: datetime
    detail: str
    url: str = ""


@bp.get("/deals/<int:deal_id>")
@guard("view", "deal")
def page(deal_id: int) -> str:
    """A deal with its stage, evidence, next step, lines, progress and history."""
    user = the_user()
    around = queries.around(deal_id)
    deal = queries.get_deal(deal_id, user)
    assert around is not None
    changes = queries.changes_of(deal_id)
    lines = queries.lines_of(deal_id)
    units = queries.units_of(deal_id)
    products = {one.product_id for one in (*lines, *units) if one.product_id is not None}
    amounts = sees_amounts(user)
    return render_template(
        "deals/page.html", deal=deal, account=around, lines=lines, units=units,
        owner=around.owner,
        bar=_stage_bar(deal, changes), evidence=evidence(deal.evidence),
        progress=progress(changes, _until(deal)) if amounts else None,
        similar=_similar(deal_id, products) if amounts else None,
        people=queries.people(deal), influences=influences(), history=_history(deal),
        may_edit=may(user, "edit", "deal", deal),
        custom=custom_of(deal, True, definitions_in(around.asked)), **_tools(deal),
    )  # fmt: skip


def _tools(deal: Deal) -> dict[str, Any]:
    """What the templates of one deal draw with."""
    overdue = (today() - deal.next_step_on).days if deal.next_step_on else 0
    return {
        "stage_name": stage_name, "reason_name": reason_name, "activity_name": activity_name,
        "amounts": sees_amounts(the_user()), "overdue": max(overdue, 0),
        "weight": RANK_WEIGHTS[deal.rank], "open": deal.stage in OPEN_STAGES,
        "days": queries.days_since(deal.stage_since), "step_when": step_when(deal),
    }  # fmt: skip


def step_when(deal: Any) -> str:
    """When and how the next step is to be done: 今日 10:00 ・ 訪問."""
    said = []
    if deal.next_step_on is not None:
        name = _("Today") if deal.next_step_on == today() else day_short(deal.next_step_on)
        said.append(f"{name} {deal.next_step_time or ''}".strip())
    if deal.next_step_kind:
        said.append(activity_short(deal.next_step_kind))
    return dot().join(said)


def _until(deal: Deal) -> datetime:
    return deal.stage_since if deal.closed_on is not None else now()


def _stage_bar(deal: Deal, changes: list[Any]) -> list[dict[str, str]]:
    """The stages with what is known of each: when it began, how long it took."""
    medians = queries.medians()
    stays = _stays(changes)
    shown = [*OPEN_STAGES, deal.stage] if deal.closed_on is not None else list(OPEN_STAGES)
    at = shown.index(deal.stage)
    bar = []
    for place, stage in enumerate(shown):
        note = ""
        if stage == deal.stage:
            note = _stands(deal, medians.get(stage))
        elif stage in stays:
            began, days = stays[stage]
            note = _("%(day)s ・ %(n)s d", day=_short(began), n=days)
        state = "on" if place == at else "past" if place < at and stage in stays else "ahead"
        bar.append({"name": stage_name(stage), "note": note, "state": state})
    return bar


def _stands(deal: Deal, median: int | None) -> str:
    since = _short(deal.stage_since)
    if deal.closed_on is not None:
        return day_short(deal.closed_on)
    days = queries.days_since(deal.stage_since)
    if median is None:
        return _("since %(day)s, %(n)s d", day=since, n=days)
    return _("since %(day)s, %(n)s d ・ median of this stage %(m)s d", day=since, n=days, m=median)


def _short(instant: datetime) -> str:
    """11/19, without the weekday; today too."""
    return when(instant) if local(instant).date() != today() else day_short(today()).split("(")[0]


def _stays(changes: list[Any]) -> dict[str, tuple[datetime, int]]:
    """Stage → when it began last, and how many days it took."""
    found: dict[str, tuple[datetime, int]] = {}
    for before, after in pairwise(changes):
        if before.stage != after.stage:
            days = max((after.stage_since - before.stage_since).days, 0)
            found[before.stage] = (before.stage_since, days)
    return found


def _similar(deal_id: int, products: set[int]) -> dict[str, Any] | None:
    rows = similar(deal_id, products)
    if not rows:
        return None
    won = [row for row in rows if row.stage == "won"]
    return {
        "all": len(rows), "won": len(won), "rate": len(won) / len(rows),
        "rows": [(row, _took(row)) for row in won[:SHOWN_SIMILAR]],
    }  # fmt: skip


def _took(row: Any) -> int:
    return max((row.closed_on - row.created_at.date()).days, 0)


def _history(deal: Deal) -> list[Line]:
    """Events of the deal and activities over it, newest first."""
    events = [
        Line(item.icon, item.title, item.by, item.department, item.at, item.detail)
        for item in history(subject=("deal", deal.id), limit=30)
    ]
    done = [
        Line(
            "calendar-event" if row.planned else ACTIVITY_ICONS.get(row.kind, "walk"),
            "　".join(filter(None, (activity_name(row.kind), result_name(row.result)))),
            row.by, row.department, row.at, row.summary,
            url_for("deals.activity_form", activity_id=row.id),
        )
        for row in queries.activities_of(deal.id)
    ]  # fmt: skip
    return sorted([*events, *done], key=lambda line: line.at, reverse=True)[:40]


@bp.get("/deals/panel")
@guard("view", "deal")
def panel() -> str:
    """The open deals of a customer, for other pages."""
    account_id = _account_asked()
    return render_template(
        "deals/panel.html", rows=queries.of_account(account_id), account_id=account_id,
        amounts=sees_amounts(the_user()), stage_name=stage_name,
        may_create=may(the_user(), "create", "deal"), days_since=queries.days_since,
    )  # fmt: skip


@bp.get("/deals/next-step")
@guard("view", "deal")
def next_step_of_account() -> str:
    """The nearest next step with a customer, for the account's page."""
    account_id = _account_asked()
    row = queries.next_of_account(account_id)
    return render_template(
        "deals/next_of_account.html", row=row, account_id=account_id,
        when=step_when(row) if row else "",
        overdue=row is not None and row.next_step_on is not None and row.next_step_on < today(),
        may_edit=row is not None and may(the_user(), "edit", "deal", row),
    )  # fmt: skip


@bp.get("/deals/totals")
@guard("view", "deal")
def account_totals() -> str:
    """What a customer has ordered so far, for whom may see amounts."""
    account_id = _account_asked()
    if not sees_amounts(the_user()):
        return ""
    return render_template("deals/totals.html", won=won_amount(account_id))


def _account_asked() -> int:
    text = request.args.get("account_id", "")
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise BadRequest(
            _("Say which account."), {"account_id": [_("Not the number of a record.")]}
        )
    if not links.account_name(int(text)):
        raise NotFound
    return int(text)


@bp.post("/deals/<int:deal_id>/next-step/done")
@guard("edit", "deal")
def step_done(deal_id: int) -> Response | str:
    """The next step is done; then the next one is asked for."""
    deal = lock(queries.get_deal(deal_id, the_user(), "edit"))
    kept = {name: getattr(deal, name) for name in actions.STEP}
    actions.complete_next_step(deal, the_user())
    db.session.commit()
    if request.headers.get("HX-Request"):
        return render_template("deals/step_done.html", deal=deal)
    if kept["next_step"]:
        flash(_("Done: %(what)s. What comes next?", what=kept["next_step"]), "ok")
    return go(url_for("deals.step_form", deal_id=deal_id))


@bp.get("/deals/<int:deal_id>/evidence")
@guard("edit", "deal")
def evidence_form(deal_id: int) -> str:
    """What is known of budget, decision maker, need and timing."""
    deal = queries.get_deal(deal_id, the_user(), "edit")
    return render_template(
        "deals/evidence.html", deal=deal, items=evidence(deal.evidence), errors={},
    )  # fmt: skip


@bp.post("/deals/<int:deal_id>/evidence")
@guard("edit", "deal")
def save_evidence(deal_id: int) -> Response:
    """Save the facts found; a fact that somebody else changed meanwhile is not overwritten."""
    deal = lock(queries.get_deal(deal_id, the_user(), "edit"))
    facts = load(EvidenceSchema(partial=True), request.form)
    mine = {
        name: facts[name]
        for name in EVIDENCE
        if name in facts and facts[name] != request.form.get(f"original_{name}", ...)
    }
    clash = [
        name for name in mine
        if f"original_{name}" in request.form
        and (deal.evidence.get(name) or "") not in (request.form[f"original_{name}"], mine[name])
    ]  # fmt: skip
    if clash:
        raise Conflict(_("Somebody else filled this in in the meantime. Reload the page."))
    actions.change_deal(deal, {"evidence": mine}, the_user())
    db.session.commit()
    return go(url_for("deals.page", deal_id=deal_id))
