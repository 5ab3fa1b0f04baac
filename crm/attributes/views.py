"""Custom fields as administrators keep them, and the look-up of what a reference names."""

from __future__ import annotations

from itertools import groupby

from flask import Blueprint, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from crm.attributes import actions, words
from crm.attributes.forms import FIND
from crm.attributes.kinds import OF_FAMILIES, RECORDS
from crm.attributes.models import AttributeDefinition
from crm.attributes.naming import candidates
from crm.attributes.queries import every, families
from crm.attributes.reading import label
from crm.attributes.schemas import AttributeDefinitionSchema
from crm.attributes.values import PREFIX
from crm.editing import Page, Sheet, attempt, created, load, sheet_typed
from crm.extensions import db
from crm.rights import guard, may, the_user
from crm.versions import lock, overtaken
from crm.web import go

bp = Blueprint("attributes", __name__)
FIELDS = (
    "record", "category", "key", "label_ja", "label_en", "kind", "refers_to", "unit", "required",
    "searchable", "position", "choices",
)  # fmt: skip
FLAGS = ("required", "searchable")


@bp.get("/custom-fields")
@guard("view", "attribute")
def listing() -> str:
    """Every kind of record with what is asked of it, and the form for one more field."""
    start = {"record": "account", "kind": "text", "position": "0"}
    return _page(Sheet(start | request.args.to_dict()))


@bp.get("/product-attributes")
@guard("view", "attribute")
def former() -> Response:
    """Where the attributes of units were kept before every record had them."""
    return go(url_for("attributes.listing", record="unit"))


@bp.post("/custom-fields")
@guard("create", "attribute")
def create() -> Page:
    """Ask one more thing."""
    user = the_user()
    return created(
        lambda: actions.add_attribute(load(AttributeDefinitionSchema(), _form()), user.id),
        lambda _made: url_for("attributes.listing"),
        _page,
    )


@bp.get("/custom-fields/<int:definition_id>")
@guard("edit", "attribute")
def edit(definition_id: int) -> str:
    """One field."""
    one = actions.get_attribute(definition_id, the_user(), "edit")
    return _page(_sheet(one), one)


@bp.post("/custom-fields/<int:definition_id>")
@guard("edit", "attribute")
def change(definition_id: int) -> Page:
    """Save one field, as a whole: when somebody else saved meanwhile, it is shown again."""
    user = the_user()
    one = lock(actions.get_attribute(definition_id, user, "edit"))
    late = overtaken(request.form, one)
    if late:
        return _again(one, late), 409

    def effect() -> None:
        fields = load(AttributeDefinitionSchema(), _form())
        actions.change_attribute(one, fields, user.id)

    return _done(attempt(effect)[1], definition_id)


@bp.post("/custom-fields/<int:definition_id>/removal")
@guard("delete", "attribute")
def remove(definition_id: int) -> Page:
    """Ask it no longer."""
    user = the_user()
    one = actions.get_attribute(definition_id, user, "delete")
    return _done(attempt(lambda: actions.remove_attribute(one, user.id))[1], definition_id)


@bp.get("/custom-fields/<int:definition_id>/choices")
@guard("view", "attribute")
def choices(definition_id: int) -> str:
    """Records that a reference may name, as somebody types into a form."""
    user = the_user()
    one = actions.get_attribute(definition_id, user)
    typed = request.args.get(FIND + one.key, "")
    found = candidates(one, typed, user) if one.refers_to else []
    return render_template("parts/choices.html", name=PREFIX + one.key, found=found)


def _done(errors: dict[str, list[str]], definition_id: int) -> Page:
    if errors:
        return _again(actions.get_attribute(definition_id, the_user(), "edit"), errors), 422
    db.session.commit()
    return go(url_for("attributes.listing"))


def _again(one: AttributeDefinition, errors: dict[str, list[str]]) -> str:
    """The form as it was typed, over the field as it stands."""
    stands, typed = _sheet(one), sheet_typed(request.form, errors)
    return _page(Sheet(stands.values | typed.values, {}, errors, stands.version), one)


def _form() -> MultiDict[str, str]:
    """The choices are typed one a line."""
    form = request.form.copy()
    lines = form.pop("choices", "").splitlines()
    form.setlist("choices", lines or [""])
    return form


def _sheet(one: AttributeDefinition) -> Sheet:
    values = {name: getattr(one, name) for name in FIELDS}
    flags = {name: "1" if values[name] else "0" for name in FLAGS}
    choices = "\n".join(one.choices)
    return Sheet(values | flags | {"choices": choices}, version=str(one.version))


def _page(sheet: Sheet, one: AttributeDefinition | None = None) -> str:
    names = words.records()
    rows = [] if one else every(tuple(RECORDS))
    return render_template(
        "attributes/page.html", sheet=sheet, one=one, label=label, kinds=words.kinds(),
        groups=[(kind, list(some)) for kind, some in groupby(rows, lambda row: row.record)],
        labels=words.labels(), records=names, named=words.named(),
        with_families=OF_FAMILIES, categories=families(),
        may_edit=may(the_user(), "create", "attribute"),
    )  # fmt: skip
