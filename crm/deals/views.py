"""The board and the list of deals, and moving a deal from either."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from crm.attributes import listing
from crm.columns import left_out
from crm.deals import actions, board, queries
from crm.deals import filters as asked
from crm.deals.blueprint import bp
from crm.deals.filters import Filters
from crm.deals.models import OPEN_STAGES, Deal
from crm.deals.schemas import StageChangeSchema
from crm.deals.words import columns, ranks, reasons
from crm.editing import load
from crm.errors import BadRequest, Conflict, Invalid
from crm.extensions import db
from crm.neighbours import along
from crm.paging import COUNTED
from crm.rights import guard, may, sees_amounts, the_user
from crm.timeline.sentences.deals import stage_name
from crm.versions import lock
from crm.web import go, safe_next

CLOSING = ("won", "lost")
KEPT = ("owner", "team", "account", "rank", "close_from", "close_to", "undated", "origin", "q")
"""What of the address goes along from the board to the list, and with a move."""
IN_LIST = (*KEPT, "stage", "sort")


@bp.get("/deals/board")
@guard("view", "deal")
def board_page() -> str:
    """Open deals as columns of cards."""
    user = the_user()
    filters = asked.read(request.args, user)
    shown = tuple(stage for stage in filters.stages if stage in OPEN_STAGES) or OPEN_STAGES
    found = board.columns(replace(filters, stages=shown), user, queries.medians())
    total = sum((column.sums for column in found), board.Sums())
    return render_template("deals/board.html", columns=found, total=total, **_frame(filters))


@bp.get("/deals/board/column")
@guard("view", "deal")
def more_cards() -> str:
    """The next cards of one column."""
    user = the_user()
    filters = asked.read(request.args, user)
    if len(filters.stages) != 1:
        raise BadRequest(_("Say which column."), {"stage": [_("One stage.")]})
    rows, further = board.after(filters, user, request.args.get("cursor", ""))
    return render_template(
        "deals/more.html", cards=board.cards(rows, queries.medians()), further=further,
        stage=filters.stages[0], **_tools(),
    )  # fmt: skip


@bp.get("/deals")
@guard("view", "deal")
def list_page() -> str:
    """Deals as rows; the address is the whole state of the list."""
    user = the_user()
    filters = asked.read(request.args, user)
    sort = request.args.get("sort")
    if not sees_amounts(user) and (sort or "").removeprefix("-") == "amount":
        raise BadRequest(_("You may not sort by amount."), {"sort": [_("Not a known order.")]})
    found = board.further(filters, user, sort, request.args.get("cursor"))
    total = board.total(filters, user)
    capped = total.count > COUNTED
    return render_template(
        "deals/list.html", cards=board.cards(found.rows, queries.medians()), next=found.next,
        number=min(total.count, COUNTED), capped=capped,
        total=None if capped or not sees_amounts(user) else total,
        without=left_out(request.args, columns(sees_amounts(user)), columns(True)),
        stage_words=asked.stage_words(filters), **_frame(filters, [row.id for row in found.rows]),
    )  # fmt: skip


@bp.get("/deals/<int:deal_id>/place")
@guard("view", "deal")
def place(deal_id: int) -> str:
    """Where a deal stands in the list that the address describes, with the ones beside it."""
    user = the_user()
    deal = queries.get_deal(deal_id, user)
    filters = asked.read(request.args, user)
    found = board.place_of(deal, filters, user, request.args.get("sort"))
    return render_template(
        "parts/place.html", place=found, base="/deals/", along=along(request.args, IN_LIST)
    )


def _tools() -> dict[str, Any]:
    """What every template of deals draws with."""
    user = the_user()
    kept = {name: value for name, value in request.args.items() if name in KEPT}
    return {
        "stage_name": stage_name, "open_stages": OPEN_STAGES, "amounts": sees_amounts(user),
        "may_edit": lambda row: may(user, "edit", "deal", row),
        "may_create": may(user, "create", "deal"), "reasons": reasons(),
        "kept": kept,
        "kept_query": f"?{urlencode(kept)}" if kept else "",
        "list_query": along(request.args, IN_LIST),
    }  # fmt: skip


def _frame(filters: Filters, keys: Sequence[int] = ()) -> dict[str, Any]:
    """Filters and views above the board and the list."""
    user = the_user()
    teams = queries.sales_teams()
    return {
        "filters": filters, "chips": asked.chips(filters, teams), "teams": teams,
        "periods": asked.periods(), "ranks": ranks(), "me": user.id, "views": _views(filters),
        "custom": listing.panel("deal", request.args, user, keys),
        "query": request.query_string.decode("ascii", "replace"), **_tools(),
    }  # fmt: skip


def _views(filters: Filters) -> list[tuple[str, dict[str, Any], bool]]:
    """Views that everybody has: name, change of the address, whether it is the one shown."""
    user = the_user()
    mine = filters.owner_id == user.id
    views = [(_("Mine"), {"owner": "me", "team": None}, mine)]
    if user.team_id is not None:
        team = filters.team_id == user.team_id and filters.owner_id is None
        views.append((_("My team"), {"owner": None, "team": "mine"}, team))
    everybody = filters.team_id is None and filters.owner_id is None
    views.append((_("Everybody"), {"owner": None, "team": "all"}, everybody))
    return views


@bp.post("/deals/<int:deal_id>/stage")
@guard("edit", "deal")
def change_stage(deal_id: int) -> Response | str | tuple[str, int]:
    """Move a deal; the board is answered with the card and the heads of both columns."""
    user = the_user()
    deal = lock(queries.get_deal(deal_id, user, "edit"))
    before, version = deal.stage, deal.version
    given = request.values.get("version", "")
    if given and given != str(version):
        raise Conflict(
            _("Somebody changed this deal in the meantime. Reload the page to see how it stands.")
        )
    stage = request.values.get("stage", "")
    try:
        fields = load(StageChangeSchema(), _moved_form())
        actions.move_deal(deal, user=user, **fields)
    except Invalid as error:
        if stage in CLOSING and not request.headers.get("HX-Request"):
            db.session.rollback()
            return closing_form(queries.get_deal(deal_id, user, "edit"), stage, error.errors), 422
        raise
    db.session.commit()
    if request.headers.get("HX-Request"):
        return _moved(deal_id, {before, deal.stage})
    _offer_undo(deal, before)
    return go(safe_next(request.form.get("next"), url_for("deals.page", deal_id=deal_id)))


def _moved_form() -> Any:
    known = StageChangeSchema().fields
    form = (request.form if "stage" in request.form else request.args).copy()
    for name in list(form):
        if name not in known:
            form.pop(name)
    return form


def _moved(deal_id: int, stages: set[str]) -> str:
    user = the_user()
    filters = asked.read(request.args, user)
    columns = tuple(stage for stage in OPEN_STAGES if stage in stages)
    sums = board.sums(replace(filters, stages=columns), user) if columns else {}
    (card,) = board.cards([board.one(deal_id)], queries.medians())
    return render_template("deals/moved.html", card=card, heads=sums, **_tools())


def _offer_undo(deal: Deal, before: str) -> None:
    if before == deal.stage or before in CLOSING:
        return
    told = _("Moved %(what)s to %(where)s", what=deal.title, where=stage_name(deal.stage))
    undo = url_for("deals.change_stage", deal_id=deal.id, stage=before, version=deal.version)
    flash({"text": told, "undo": undo}, "undo")  # type: ignore[arg-type]  # drawn by parts/flashes


def closing_form(deal: Deal, stage: str, errors: dict[str, list[str]] | None = None) -> str:
    """What is asked when a deal is won or lost: in a dialog for htmx, else as a page."""
    inside = request.headers.get("HX-Request") is not None
    return render_template(
        "deals/closing_dialog.html" if inside else "deals/closing_page.html",
        deal=deal, stage=stage, errors=errors or {}, form=request.form, **_tools(),
    )  # fmt: skip


@bp.get("/deals/<int:deal_id>/won")
@guard("edit", "deal")
def won_form(deal_id: int) -> str:
    """What winning asks."""
    return closing_form(queries.get_deal(deal_id, the_user(), "edit"), "won")


@bp.get("/deals/<int:deal_id>/lost")
@guard("edit", "deal")
def lost_form(deal_id: int) -> str:
    """What losing asks."""
    return closing_form(queries.get_deal(deal_id, the_user(), "edit"), "lost")


@bp.get("/deals/<int:deal_id>/stage")
@guard("edit", "deal")
def stage_sheet(deal_id: int) -> str:
    """The phone's way to move a deal: a sheet with the stages."""
    deal = queries.get_deal(deal_id, the_user(), "edit")
    inside = request.headers.get("HX-Request") is not None
    return render_template(
        "deals/stage_sheet.html" if inside else "deals/stage_page.html", deal=deal,
        next=safe_next(request.args.get("next"), url_for("deals.page", deal_id=deal.id)),
        **_tools(),
    )  # fmt: skip
