"""The attributes of product families, as administrators keep them."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from crm.editing import Page, Sheet, attempt, created, load, sheet_typed
from crm.extensions import db
from crm.products import attributes, queries
from crm.products.models import AttributeDefinition
from crm.products.schemas import AttributeDefinitionSchema
from crm.products.words import attribute_kinds, attribute_labels
from crm.rights import guard, may, the_user
from crm.web import go

bp = Blueprint("attributes", __name__)
FIELDS = (
    "category", "key", "label_ja", "label_en", "kind", "unit", "required", "position", "choices",
)  # fmt: skip


@bp.get("/product-attributes")
@guard("view", "attribute")
def listing() -> str:
    """Every family with what is asked of its units, and the form for one more."""
    return _page(Sheet({"kind": "text", "position": "0"} | request.args.to_dict()))


@bp.post("/product-attributes")
@guard("create", "attribute")
def create() -> Page:
    """Ask one more thing of a family."""
    user = the_user()
    return created(
        lambda: attributes.add_attribute(load(AttributeDefinitionSchema(), _form()), user.id),
        lambda _made: url_for("attributes.listing"),
        _page,
    )


@bp.get("/product-attributes/<int:definition_id>")
@guard("edit", "attribute")
def edit(definition_id: int) -> str:
    """One attribute."""
    one = attributes.get_attribute(definition_id, the_user(), "edit")
    return _page(_sheet(one), one)


@bp.post("/product-attributes/<int:definition_id>")
@guard("edit", "attribute")
def change(definition_id: int) -> Page:
    """Save one attribute."""
    user = the_user()
    one = attributes.get_attribute(definition_id, user, "edit")

    def effect() -> None:
        fields = load(AttributeDefinitionSchema(), _form())
        attributes.change_attribute(one, fields, user.id)

    return _done(attempt(effect)[1], definition_id)


@bp.post("/product-attributes/<int:definition_id>/removal")
@guard("delete", "attribute")
def remove(definition_id: int) -> Page:
    """Ask it no longer."""
    user = the_user()
    one = attributes.get_attribute(definition_id, user, "delete")
    return _done(attempt(lambda: attributes.remove_attribute(one, user.id))[1], definition_id)


def _done(errors: dict[str, list[str]], definition_id: int) -> Page:
    if errors:
        one = attributes.get_attribute(definition_id, the_user(), "edit")
        typed = sheet_typed(request.form, errors)
        return _page(Sheet(_sheet(one).values | typed.values, {}, errors), one), 422
    db.session.commit()
    return go(url_for("attributes.listing"))


def _form() -> MultiDict[str, str]:
    """The choices are typed one a line."""
    form = request.form.copy()
    lines = form.pop("choices", "").splitlines()
    form.setlist("choices", lines or [""])
    return form


def _sheet(one: AttributeDefinition) -> Sheet:
    values = {name: getattr(one, name) for name in FIELDS}
    return Sheet(
        values | {"choices": "\n".join(one.choices), "required": "1" if one.required else "0"}
    )


def _page(sheet: Sheet, one: AttributeDefinition | None = None) -> str:
    return render_template(
        "products/attributes.html", sheet=sheet, one=one, rows=attributes.every(),
        label=attributes.label, kinds=attribute_kinds(), labels=attribute_labels(),
        categories=queries.categories(), may_edit=may(the_user(), "create", "attribute"),
    )  # fmt: skip
