"""Saved views for programs."""

from __future__ import annotations

import marshmallow as ma
from marshmallow.validate import OneOf

from crm.rest import Collection, blueprint, collection
from crm.saved_views import actions, queries
from crm.saved_views.lists import LISTS
from crm.saved_views.models import SavedView
from crm.saved_views.schemas import SavedViewSchema

blp = blueprint("saved_views", "Names for what lists show, one's own and everybody's")

collection(
    blp,
    Collection(
        "views", "saved_view", SavedView, SavedViewSchema, queries.get_view,
        create=actions.save_view,
        change=actions.change_view,
        remove=actions.remove_view,
        filters={
            "list": ma.fields.String(validate=OneOf(tuple(LISTS))),
            "shared": ma.fields.Boolean(truthy={"true"}, falsy={"false"}),
            "owner_id": ma.fields.Integer(),
        },
    ),
)  # fmt: skip
