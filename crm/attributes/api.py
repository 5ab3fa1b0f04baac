"""The definitions of custom fields for programs; the values stand in `attributes` of records."""

from __future__ import annotations

import marshmallow as ma
from marshmallow.validate import OneOf

from crm.attributes import actions
from crm.attributes.kinds import RECORDS
from crm.attributes.models import AttributeDefinition
from crm.attributes.schemas import AttributeDefinitionSchema
from crm.rest import Collection, blueprint, collection
from crm.typed import line

blp = blueprint("attributes", "What is asked of records besides the usual")

collection(
    blp,
    Collection(
        "attributes", "attribute", AttributeDefinition, AttributeDefinitionSchema,
        actions.get_attribute,
        create=lambda fields, user: actions.add_attribute(fields, user.id),
        change=lambda one, fields, user: actions.change_attribute(one, fields, user.id),
        remove=lambda one, user: actions.remove_attribute(one, user.id),
        filters={
            "record": ma.fields.String(validate=OneOf(tuple(RECORDS))), "category": line(60),
            "key": line(40),
        },
        sorts=("id", "position"),
    ),
)  # fmt: skip
