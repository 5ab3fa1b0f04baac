"""Forms of deals: a new one, the facts of one, its lines, its next step."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from crm.attributes import forms
from crm.attributes.asking import asked_of
from crm.deals import actions, links, queries
from crm.deals.blueprint import bp
from crm.deals.models import ACTIVITY_KINDS, OPEN_STAGES, Deal
from crm.deals.schemas import DealLineSchema, DealSchema
from crm.deals.words import activities, origins, ranks, stages
from crm.editing import conflict_page, load, shown
from crm.errors import EditConflict, Invalid
from crm.extensions import db
from crm.idempotency import Answered, recall, remember
from crm.rights import guard, the_user
from crm.search import queries as search
from crm.staff.queries import last_editor, names
from crm.timeline.sentences.deals import activity_name, field_name
from crm.versions import lock, overtaken
from crm.web import go

FACTS = (
    "title", "owner_id", "rank", "amount", "expected_close_on", "revenue_on", "contact_id",
    "origin", "competitor", "competitor_note",
)  # fmt: skip
STEP = ("next_step", "next_step_on", "next_step_kind", "next_step_time", "next_step_promised")
NEW = (*FACTS, "account_id", "stage", "next_step", "next_step_on")
BLANK_LINES = 3
Errors = dict[str, list[str]]


def form_schema(fields: tuple[str, ...], partial: bool = False) -> ma.Schema:
    """The one schema of a deal, cut to the fields of a form."""
    return DealSchema(only=fields, partial=partial)


@bp.get("/deals/new")
@guard("create", "deal")
def new() -> str:
    """The form of a new deal; an account in the address is filled in."""
    form = MultiDict({"owner_id": str(the_user().id), "stage": "lead", "rank": "D"})
    for name in ("account_id", "title", "contact_id"):
        if request.args.get(name):
            form[name] = request.args[name]
    return _draw_new(form, {})


@bp.post("/deals")
@guard("create", "deal")
def create() -> Response | tuple[str, int]:
    """Open a deal; the same form sent twice makes one."""
    user = the_user()
    known = recall(user.id)
    if known is not None:
        return go(known.location)
    try:
        fields = forms.new_fields(form_schema(NEW), _plain(request.form), asked_of("deal"))
        deal = actions.open_deal(fields, user)
    except Invalid as error:
        db.session.rollback()
        return _draw_new(request.form, error.errors), 422
    where = url_for("deals.page", deal_id=deal.id)
    try:
        remember(user.id, 303, where, None)
    except Answered as twin:
        return go(twin.known.location)
    db.session.commit()
    return go(where)


def _plain(form: Any) -> Any:
    kept = form.copy()
    kept.pop("account_q", None)
    return kept


def _draw_new(form: Any, errors: Errors) -> str:
    account_id = form.get("account_id", "")
    name = ""
    if account_id.isascii() and account_id.isdigit() and len(account_id) < 16:
        name = links.account_name(int(account_id))
    return render_template(
        "deals/new.html", form=form, errors=errors, account=name,
        found=_accounts(form.get("account_q", "")) if not name else [],
        contacts=_contact_choices(int(account_id)) if name else [],
        stages=stages(OPEN_STAGES), custom=forms.drawn(None, asked_of("deal"), form), **_choices(),
    )  # fmt: skip


@bp.get("/deals/accounts")
@guard("create", "deal")
def accounts() -> str:
    """Customers to choose from, as somebody types."""
    return render_template(
        "deals/accounts.html", found=_accounts(request.args.get("account_q", ""))
    )


def _accounts(q: str) -> list[tuple[int, str, str]]:
    if not q.strip():
        return []
    found = search.find(search.Viewer(), q[:200], kinds=("account",), limit=8)
    return [(one.record_id, one.label, one.sublabel) for one in found]


def _choices() -> dict[str, Any]:
    return {
        "ranks": ranks(), "origins": origins(),
        "people": [(one.id, f"{one.name}（{one.team or '―'}）") for one in queries.sales_people()],
    }  # fmt: skip


def _contact_choices(account_id: int) -> list[tuple[int, str]]:
    found = []
    for one in queries.contacts_of(account_id):
        words = (one.department, one.family_name, one.given_name, one.title)
        found.append((one.id, " ".join(filter(None, words))))
    return found


@bp.get("/deals/<int:deal_id>/edit")
@guard("edit", "deal")
def edit(deal_id: int) -> str:
    """The facts of a deal."""
    deal = queries.get_deal(deal_id, the_user(), "edit")
    form = MultiDict({name: shown(getattr(deal, name)) for name in FACTS})
    return _draw_edit(deal, form, {})


def _draw_edit(deal: Deal, form: Any, errors: Errors) -> str:
    return render_template(
        "deals/edit.html", deal=deal, form=form, errors=errors, facts=FACTS, shown=shown,
        account=links.account_name(deal.account_id), has_lines=bool(deal.lines),
        contacts=_contact_choices(deal.account_id), custom=forms.drawn(deal, None, form),
        **_choices(),
    )  # fmt: skip


@bp.post("/deals/<int:deal_id>/edit")
@guard("edit", "deal")
def save(deal_id: int) -> Response | tuple[str, int]:
    """Save the facts; what somebody else changed meanwhile is put together field by field."""
    deal = lock(queries.get_deal(deal_id, the_user(), "edit"))
    try:
        schema, by = form_schema(FACTS, partial=True), last_editor("deal", deal_id)
        fields = forms.changed_fields(deal, schema, request.form, by)
        actions.change_deal(deal, fields, the_user())
    except EditConflict as clash:
        labels = {name: field_name(name.removesuffix("_id")) for name in FACTS}
        labels |= forms.labels_of(deal)
        address, say = url_for("deals.page", deal_id=deal_id), forms.sayer(deal, _say)
        return conflict_page(clash, deal, request.form, labels, address, say)
    except Invalid as error:
        db.session.rollback()
        deal = queries.get_deal(deal_id, the_user(), "edit")
        return _draw_edit(deal, request.form, error.errors), 422
    db.session.commit()
    return go(url_for("deals.page", deal_id=deal_id))


def _say(name: str, value: Any) -> str:
    if name == "owner_id" and isinstance(value, int):
        return names({value}).get(value, "―")
    return "―" if value in (None, "") else str(value)


@bp.get("/deals/<int:deal_id>/next-step")
@guard("edit", "deal")
def step_form(deal_id: int) -> str:
    """What comes next, when and how."""
    deal = queries.get_deal(deal_id, the_user(), "edit")
    form = MultiDict({name: shown(getattr(deal, name)) for name in STEP})
    return _draw_step(deal, form, {})


def _draw_step(deal: Deal, form: Any, errors: Errors) -> str:
    return render_template(
        "deals/step.html", deal=deal, form=form, errors=errors, kinds=activities(ACTIVITY_KINDS),
        account=links.account_name(deal.account_id), activity_name=activity_name,
    )  # fmt: skip


@bp.post("/deals/<int:deal_id>/next-step")
@guard("edit", "deal")
def save_step(deal_id: int) -> Response | tuple[str, int]:
    """Save the next step."""
    deal = lock(queries.get_deal(deal_id, the_user(), "edit"))
    try:
        fields = load(form_schema(STEP, partial=True), request.form)
        actions.set_next_step(deal, fields, the_user())
    except Invalid as error:
        db.session.rollback()
        deal = queries.get_deal(deal_id, the_user(), "edit")
        return _draw_step(deal, request.form, error.errors), 422
    db.session.commit()
    return go(url_for("deals.page", deal_id=deal_id))


@bp.get("/deals/<int:deal_id>/lines")
@guard("edit", "deal")
def lines_form(deal_id: int) -> str:
    """The lines of a deal, with some blank ones below."""
    deal = queries.get_deal(deal_id, the_user(), "edit")
    rows = [
        {
            "product_id": shown(line.product_id), "description": line.description,
            "quantity": shown(line.quantity), "unit_price": shown(line.unit_price),
            "unit_cost": shown(line.unit_cost),
        }
        for line in deal.lines
    ]  # fmt: skip
    return _draw_lines(deal, rows, {})


def _draw_lines(deal: Deal, rows: list[dict[str, str]], errors: Errors) -> str:
    return render_template(
        "deals/lines.html", deal=deal, rows=rows + [{}] * BLANK_LINES, errors=errors,
        products=[(one.id, f"{one.code} {one.name}") for one in queries.products()],
        account=links.account_name(deal.account_id),
    )  # fmt: skip


@bp.post("/deals/<int:deal_id>/lines")
@guard("edit", "deal")
def save_lines(deal_id: int) -> Response | tuple[str, int]:
    """Save the lines; the amount becomes their sum."""
    deal = lock(queries.get_deal(deal_id, the_user(), "edit"))
    rows, late = _typed_rows(), overtaken(request.form, deal)
    if late:
        return _draw_lines(deal, rows, late), 409
    try:
        lines = [_line(place, row) for place, row in enumerate(rows)]
        actions.change_deal(deal, {"lines": lines}, the_user())
    except Invalid as error:
        db.session.rollback()
        deal = queries.get_deal(deal_id, the_user(), "edit")
        return _draw_lines(deal, rows, error.errors), 422
    db.session.commit()
    return go(url_for("deals.page", deal_id=deal_id))


def _typed_rows() -> list[dict[str, str]]:
    columns = {
        name: request.form.getlist(name)
        for name in ("product_id", "description", "quantity", "unit_price", "unit_cost")
    }
    count = max((len(values) for values in columns.values()), default=0)
    rows = [
        {name: values[at] if at < len(values) else "" for name, values in columns.items()}
        for at in range(count)
    ]
    return [row for row in rows if any(row[n].strip() for n in row if n != "quantity")]


def _line(place: int, row: dict[str, str]) -> dict[str, Any]:
    try:
        return load(DealLineSchema(), MultiDict(row))
    except Invalid as error:
        raise Invalid(
            {f"lines.{place}.{name}": why for name, why in error.errors.items()}
        ) from error


@bp.post("/deals/<int:deal_id>/removal")
@guard("delete", "deal")
def remove(deal_id: int) -> Response:
    """Take out a deal entered by mistake."""
    deal = lock(queries.get_deal(deal_id, the_user(), "delete"))
    actions.remove_deal(deal, the_user())
    db.session.commit()
    flash(_("The deal was removed."), "ok")
    return go(url_for("deals.list_page"))
