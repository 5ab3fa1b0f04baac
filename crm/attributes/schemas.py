"""What custom fields look like from outside: definitions, and the values of a record."""

from __future__ import annotations

import marshmallow as ma
from flask_babel import lazy_gettext as _l
from marshmallow.validate import Length

from crm.attributes.kinds import NAMED, RECORDS
from crm.attributes.models import KINDS
from crm.typed import Recorded, Several, Shape, choice, flag, line, number

KEY = r"^[a-z][a-z0-9_]{0,39}$"
"""Keys stand in JSON, in addresses and in the names of form fields."""
MOST = 100


class AttributeDefinitionSchema(Recorded):
    """What is asked of every record of a kind.

    `category` is the product family of units and products, empty for all of them; `unit` the unit
    of measure; `refers_to` the kind of record that a reference names; `searchable`: its values are
    found by the search.
    """

    record = choice(tuple(RECORDS))
    category = line(60)
    key = ma.fields.String(
        required=True,
        validate=Shape(KEY, error=_l("Small letters, digits and _, a letter first.")),
    )
    label_ja = line(60, required=True)
    label_en = line(60, required=True)
    kind = choice(KINDS)
    refers_to = choice(("", *NAMED))
    unit = line(20)
    required = flag()
    searchable = flag()
    choices = ma.fields.List(line(60, required=True), validate=Several(max=60))
    position = number(0, 1000)


def custom_values() -> ma.fields.Dict:
    """`attributes` of a record: the values of its custom fields by their keys.

    What is left out of a change stays, null takes a value away.
    """
    return ma.fields.Dict(
        keys=ma.fields.String(validate=Length(max=40)), values=ma.fields.Raw(allow_none=True),
        validate=Length(max=MOST), load_default=dict,
        metadata={"description": "Values of custom fields: texts, numbers, yen, days as "
                  "YYYY-MM-DD, keys of records. Left out it stays, null takes it away."},
    )  # fmt: skip
