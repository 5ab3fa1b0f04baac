"""Pages of the catalogue."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, current_app, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from crm.accounts.words import department
from crm.attributes import forms
from crm.attributes import listing as narrowing
from crm.attributes.asking import asked_of
from crm.attributes.ordering import choose
from crm.attributes.values import shown as custom_of
from crm.charts.drawing import SCREEN, svg
from crm.clock import today
from crm.editing import Page, Sheet, created, load, saved, sheet_of
from crm.errors import named
from crm.extensions import db
from crm.look import day
from crm.neighbours import along
from crm.paging import COUNTED, Sort
from crm.products import actions, alike, queries
from crm.products.lifeline import lifeline
from crm.products.models import RELATIONS, Product, ProductRelation
from crm.products.schemas import NewRelationSchema, ProductSchema
from crm.products.words import FIELDS, labels
from crm.rights import guard, may, the_user
from crm.staff.queries import last_editor
from crm.text.normal import clean
from crm.timeline.queries import history
from crm.timeline.sentences.products import KINDS, relation_words
from crm.web import go

bp = Blueprint("products", __name__)
PAGE = 50
IN_LIST = ("q", "category", "attribute", "value", "sort")
"""What of the address goes along from the list to a product."""
MERGES = ("product.merged", "product.unmerged")
KINDS_TOLD = [kind for kind in (*KINDS, *MERGES) if kind != "product.announced"]
"""What an owner's history says of a product stands there only."""
LIFE = ("end_of_sale_on", "end_of_support_on", "parts_supply_end_on")
TOLD = 12
"""So many events of a product stand on its page."""


@bp.get("/products/alike")
@guard("create", "product")
def like() -> str:
    """Products that may be the one that is typed so far."""
    return render_template(
        "accounts/_alike.html", found=alike.products_like(request.args.to_dict()),
        page="/products/{}", reasons=alike.reason_words(), sign="package",
    )  # fmt: skip


@bp.get("/products")
@guard("view", "product")
def listing() -> str:
    """The catalogue."""
    user, args, (q, category) = the_user(), request.args, _words()
    rows, total = queries.product_page(_where(), user, _sort(), args.get("cursor"), PAGE)
    return render_template(
        "products/list.html", rows=rows.rows, next=rows.next, total=min(total, COUNTED),
        capped=total > COUNTED, q=q, category=category, categories=queries.categories(),
        may_create=may(user, "create", "product"), labels=labels(), along=along(args, IN_LIST),
        custom=narrowing.panel("product", args, user, [row.id for row in rows.rows]),
    )  # fmt: skip


def _words() -> tuple[str, str]:
    """What is looked for in the list, and the category."""
    return clean(request.args.get("q", ""))[:100], clean(request.args.get("category", ""))[:60]


def _where() -> list[sa.ColumnElement[bool]]:
    return [*queries.conditions(*_words()), *narrowing.conditions("product", request.args)]


def _sort() -> Sort:
    return choose("product", request.args.get("sort"), queries.SORTS, "code")


@bp.get("/products/<int:product_id>/place")
@guard("view", "product")
def place(product_id: int) -> str:
    """Where a product stands in the list that the address describes, with the ones beside it."""
    user = the_user()
    found = queries.place(_where(), user, _sort(), queries.get_product(product_id, user))
    query = along(request.args, IN_LIST)
    return render_template("parts/place.html", place=found, base="/products/", along=query)


@bp.get("/products/<int:product_id>")
@guard("view", "product")
def show(product_id: int) -> str:
    """One product."""
    return _page(queries.get_product(product_id, the_user()), Sheet({}))


@bp.post("/products/<int:product_id>/relations")
@guard("edit", "product")
def relate(product_id: int) -> Page:
    """Say what another product is to this one."""
    user = the_user()
    product = queries.get_product(product_id, user, "edit")

    def effect() -> ProductRelation:
        fields = load(NewRelationSchema(), request.form)
        with named("other_id"):
            other = queries.get_product(fields["other_id"], user)
        return actions.relate(product, fields["kind"], other, user.id)

    return created(
        effect, lambda _made: f"{url_for('products.show', product_id=product_id)}#relations",
        lambda sheet: _page(product, sheet),
    )  # fmt: skip


@bp.post("/products/<int:product_id>/relations/removal")
@guard("edit", "product")
def unrelate(product_id: int) -> Response:
    """Take a relation back."""
    user = the_user()
    product = queries.get_product(product_id, user, "edit")
    fields = load(NewRelationSchema(), request.form)
    actions.unrelate(product, fields["kind"], fields["other_id"], user.id)
    db.session.commit()
    return go(f"{url_for('products.show', product_id=product_id)}#relations")


@bp.get("/products/new")
@guard("create", "product")
def new() -> str:
    """An empty form."""
    return _form(Sheet({"installable": "1", "serialised": "1"}), None)


@bp.post("/products")
@guard("create", "product")
def create() -> Page:
    """Enter a product."""
    user = the_user()
    asked = asked_of("product", request.form.get("category", ""))

    def effect() -> Product:
        fields = forms.new_fields(ProductSchema(), request.form, asked)
        return actions.add_product(queries.check_links(fields, user), user.id)

    return created(
        effect,
        lambda made: url_for("products.show", product_id=made.id),
        lambda sheet: _form(sheet, None),
    )


@bp.get("/products/<int:product_id>/edit")
@guard("edit", "product")
def edit(product_id: int) -> str:
    """The form of a product."""
    product = queries.get_product(product_id, the_user(), "edit")
    return _form(sheet_of(product, FIELDS), product)


@bp.post("/products/<int:product_id>/edit")
@guard("edit", "product")
def change(product_id: int) -> Page:
    """Save a product."""
    user = the_user()
    product = queries.get_product(product_id, user, "edit")

    def effect() -> None:
        schema, by = ProductSchema(partial=True), last_editor("product", product_id)
        fields = forms.changed_fields(product, schema, request.form, by)
        if fields:
            actions.change_product(product, queries.check_links(fields, user), user.id)

    return saved(
        effect, lambda sheet: _form(sheet, product), product,
        url_for("products.show", product_id=product_id), labels() | forms.labels_of(product),
        forms.sayer(product, _say),
    )  # fmt: skip


def _say(_name: str, value: Any) -> str:
    return "―" if value in (None, "") else day(value) if hasattr(value, "isoformat") else str(value)


def _page(product: Product, sheet: Sheet) -> str:
    """The page of a product; `sheet` is what was typed to relate another product to it."""
    related = queries.relations_of(product)
    may_edit = may(the_user(), "edit", "product", product)
    others = [one for one in queries.choices() if one[0] != product.id] if may_edit else []
    return render_template(
        "products/product.html", product=product, labels=labels(), may_edit=may_edit,
        related=related, kinds=relation_words(), incoming=relation_words(incoming=True),
        relations=RELATIONS, others=others, sheet=sheet,
        life=_life(product), department=department, custom=custom_of(product),
        told=history(subject=("product", product.id), kinds=KINDS_TOLD, limit=TOLD),
        has=lambda endpoint: endpoint in current_app.view_functions,
        along=along(request.args, IN_LIST),
    )  # fmt: skip


def _life(product: Product) -> Markup:
    """The days of a product as a drawing."""
    words = labels()
    terms = [
        (words[name], on, day(on) if on else _("no end announced"))
        for name, on in ((name, getattr(product, name)) for name in LIFE)
    ]
    drawn = lifeline(terms, today(), _("Today"))
    return svg(drawn, SCREEN, attributes='class="charts life"')


def _form(sheet: Sheet, product: Product | None) -> str:
    return render_template(
        "products/form.html", sheet=sheet, product=product, labels=labels(),
        products=[one for one in queries.choices() if product is None or one[0] != product.id],
        custom=forms.drawn(product, None if product else asked_of("product", sheet["category"]),
                           sheet.values),
    )  # fmt: skip
