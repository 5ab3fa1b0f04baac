"""Pages of recalls and field campaigns: the list, one of them, whom to call."""

from __future__ import annotations

from flask import Blueprint, Response, request, stream_with_context, url_for
from werkzeug.datastructures import MultiDict

from crm.accounts.screens import say
from crm.attributes import forms
from crm.attributes.asking import asked_of
from crm.campaigns import actions, queries, screens
from crm.campaigns.matching import product_ids
from crm.campaigns.models import Campaign
from crm.campaigns.schemas import CampaignOutcomeSchema, CampaignSchema
from crm.campaigns.words import labels
from crm.clock import today
from crm.editing import Page, Sheet, created, load, saved, sheet_of
from crm.errors import Conflict
from crm.extensions import db
from crm.installed_base.queries import unit_named
from crm.rights import Person, guard, the_user
from crm.staff.queries import last_editor
from crm.versions import lock
from crm.web import go

bp = Blueprint("campaigns", __name__)


@bp.get("/campaigns")
@guard("view", "campaign")
def listing() -> str:
    """All campaigns."""
    return screens.list_page(the_user())


@bp.get("/campaigns/panel")
@guard("view", "campaign")
def panel() -> str:
    """The campaigns that name a unit, for its page."""
    return screens.panel(unit_named(request.args), the_user())


@bp.get("/campaigns/new")
@guard("create", "campaign")
def new() -> str:
    """An empty form."""
    values = {
        "kind": "recall", "labour_percent": "100", "travel_percent": "100",
        "parts_percent": "100", "starts_on": today().isoformat(),
    }  # fmt: skip
    return screens.form(Sheet(values), None, set())


@bp.post("/campaigns")
@guard("create", "campaign")
def create() -> Page:
    """Plan a campaign; pressing twice plans one."""
    user = the_user()

    def effect() -> Campaign:
        fields = forms.new_fields(CampaignSchema(), request.form, asked_of("campaign"))
        return actions.add_campaign(fields, user.id)

    return created(
        effect,
        lambda made: url_for("campaigns.show", campaign_id=made.id),
        lambda sheet: screens.form(sheet, None, _ticked()),
    )


@bp.get("/campaigns/<int:campaign_id>")
@guard("view", "campaign")
def show(campaign_id: int) -> str:
    """One campaign."""
    user = the_user()
    return screens.campaign_page(queries.get_campaign(campaign_id, user), user)


@bp.get("/campaigns/<int:campaign_id>/calls")
@guard("view", "campaign")
def calls(campaign_id: int) -> str:
    """Whom to call."""
    user = the_user()
    return screens.calls_page(queries.get_campaign(campaign_id, user), user)


@bp.get("/campaigns/<int:campaign_id>/list.csv")
@guard("view", "campaign")
def file(campaign_id: int) -> Response:
    """The list as a file."""
    found = queries.get_campaign(campaign_id, the_user())
    name = f"campaign-{found.id}.csv"
    return Response(
        stream_with_context(screens.file_of(found)), mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )  # fmt: skip


@bp.get("/campaigns/<int:campaign_id>/edit")
@guard("edit", "campaign")
def edit(campaign_id: int) -> str:
    """The form of a campaign."""
    found = queries.get_campaign(campaign_id, the_user(), "edit")
    return screens.form(sheet_of(found, screens.FIELDS), found, set(product_ids(found.id)))


@bp.post("/campaigns/<int:campaign_id>/edit")
@guard("edit", "campaign")
def change(campaign_id: int) -> Page:
    """Save a campaign; the ticked products are those it is about."""
    user = the_user()
    found = queries.get_campaign(campaign_id, user, "edit")
    every = labels()
    return saved(
        lambda: _change(found, user),
        lambda sheet: screens.form(sheet, found, _ticked()), found,
        url_for("campaigns.show", campaign_id=campaign_id),
        {name: every[name] for name in screens.FIELDS} | forms.labels_of(found),
        forms.sayer(found, say),
    )  # fmt: skip


def _change(found: Campaign, user: Person) -> None:
    form = request.form.copy()
    ticked = form.poplist("product_ids")
    by = last_editor("campaign", found.id)
    partial = CampaignSchema(partial=True, exclude=("product_ids",))
    fields = forms.changed_fields(found, partial, form, by)
    if ticked:
        some = MultiDict([("product_ids", one) for one in ticked])
        chosen = load(CampaignSchema(partial=True, only=("product_ids",)), some)
        if sorted(set(chosen["product_ids"])) != product_ids(found.id):
            fields |= chosen
    if fields:
        actions.change_campaign(found, fields, user.id)


def _ticked() -> set[int]:
    return {int(one) for one in request.form.getlist("product_ids") if one.isdecimal()}


@bp.post("/campaigns/<int:campaign_id>/start")
@guard("edit", "campaign")
def start(campaign_id: int) -> Page:
    """Start a campaign; pressing twice starts it once."""
    user = the_user()
    actions.start(lock(queries.get_campaign(campaign_id, user, "edit")), user.id)
    db.session.commit()
    return go(url_for("campaigns.show", campaign_id=campaign_id))


@bp.post("/campaigns/<int:campaign_id>/end")
@guard("edit", "campaign")
def end(campaign_id: int) -> Page:
    """End a campaign today."""
    user = the_user()
    actions.end(lock(queries.get_campaign(campaign_id, user, "edit")), user.id)
    db.session.commit()
    return go(url_for("campaigns.show", campaign_id=campaign_id))


@bp.post("/campaigns/<int:campaign_id>/delete")
@guard("delete", "campaign")
def remove(campaign_id: int) -> Page:
    """Take away a campaign that was never started."""
    user = the_user()
    found = queries.get_campaign(campaign_id, user, "delete")
    if request.form.get("version", "") != str(found.version):
        raise Conflict
    actions.remove_campaign(found, user.id)
    db.session.commit()
    return go(url_for("campaigns.listing"))


@bp.post("/campaign-items/<int:item_id>/outcome")
@guard("log", "campaign")
def outcome(item_id: int) -> Page:
    """Log what became of a unit's part, with one key of the call list."""
    user = the_user()
    found = lock(queries.get_item(item_id, user, "log"))
    form = request.form.copy()
    back = form.pop("back", "calls")
    actions.log_outcome(found, load(CampaignOutcomeSchema(), form), user.id)
    db.session.commit()
    if back == "unit":
        return go(url_for("installed_base.show", unit_id=found.unit_id))
    return go(url_for("campaigns.calls", campaign_id=found.campaign_id))
