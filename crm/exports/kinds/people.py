"""The catalogue, and who works here."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import pgettext
from sqlalchemy.orm import aliased

from crm.exports.asked import same
from crm.exports.tables import Args, Conditions, Field, Table
from crm.products import queries
from crm.products.models import Product
from crm.products.words import labels
from crm.rights import Person
from crm.staff.models import ROLES, Office, Staff, Team
from crm.staff.words import role_name
from crm.text.normal import clean

P, F = Product.__table__.c, Staff.__table__.c
_next = aliased(Product)


def _products(args: Args, _user: Person) -> Conditions:
    return queries.conditions(clean(args.get("q", ""))[:100], clean(args.get("category", ""))[:60])


PRODUCTS = Table(
    name="products",
    record="product",
    model=Product,
    title=lambda: _("Products"),
    labels=lambda: labels() | {"successor": _("Successor")},
    fields=(
        Field("id", P.id, "record"),
        Field("code", P.code, shown=True),
        Field("name", P.name, shown=True),
        Field("name_kana", P.name_kana),
        Field("category", P.category, shown=True),
        Field("maker", P.maker, shown=True),
        Field("list_price", P.list_price, "yen", shown=True),
        Field("maintenance_price", P.maintenance_price, "yen"),
        Field("warranty_months", P.warranty_months, "number"),
        Field("expected_life_months", P.expected_life_months, "number"),
        Field("inspection_interval_months", P.inspection_interval_months, "number"),
        Field("consumable_cycle_days", P.consumable_cycle_days, "number"),
        Field("end_of_sale_on", P.end_of_sale_on, "day", shown=True),
        Field("end_of_support_on", P.end_of_support_on, "day", shown=True),
        Field("parts_supply_end_on", P.parts_supply_end_on, "day"),
        Field("successor", _next.code),
        Field("installable", P.installable, "flag"),
        Field("serialised", P.serialised, "flag"),
        Field("updated_at", P.updated_at, "instant"),
    ),
    joins=sa.outerjoin(Product, _next, _next.id == P.successor_id),
    where=_products,
    filters=("q", "category"),
    sorts={"code": P.code, "name": P.name, "id": P.id},
    sort="code",
    page="/products",
)


def _staff_labels() -> dict[str, str]:
    return {
        "email": _("Mail"), "name": _("Name"), "name_kana": _("Reading"),
        "role": pgettext("export", "Role"), "team": _("Team"),
        "office": pgettext("export", "Office"), "extension": _("Extension"),
        "active": pgettext("export", "Works here"),
        "language": pgettext("export", "Language"),
    }  # fmt: skip


STAFF = Table(
    name="staff",
    record="staff",
    model=Staff,
    title=lambda: pgettext("export", "Staff"),
    labels=_staff_labels,
    fields=(
        Field("id", F.id, "record"),
        Field("email", F.email, shown=True),
        Field("name", F.name, shown=True),
        Field("name_kana", F.name_kana),
        Field("role", F.role, words=lambda: {one: role_name(one) for one in ROLES}, shown=True),
        Field("team", Team.name, shown=True),
        Field("team_id", F.team_id, "number", key=True),
        Field("office", Office.name, shown=True),
        Field("extension", F.extension, shown=True),
        Field("active", F.active, "flag", shown=True),
        Field("language", F.language),
        Field("updated_at", F.updated_at, "instant"),
    ),
    joins=sa.outerjoin(Staff, Team, Team.id == F.team_id).outerjoin(
        Office, Office.id == F.office_id
    ),
    where=same(role=F.role, team_id=F.team_id, active=F.active),
    filters=("role", "team_id", "active"),
    sorts={"id": F.id, "name": F.name},
    action="edit",
)
