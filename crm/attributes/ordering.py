"""Lists in the order of a custom field: sort=attribute:price, sort=-attribute:price.

Numbers, yen and days go by their size, choices in the order in which they are offered, texts by
their letters; who has no value comes last. The order is read from the index of the table of traits
(crm/attributes/models.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.attributes.asking import asker, of_kind, visible
from crm.attributes.models import PLACED, TRAITS, AttributeDefinition
from crm.errors import BadRequest
from crm.paging import Beside, Sort, choose_sort

ORDER = "attribute:"
"""What the order of a custom field begins with in an address; its key follows."""


def choose(kind: str, text: str | None, allowed: Mapping[str, Any], default: str) -> Sort:
    """The order that an address asks for: a column of the list, or a custom field.

    One statement for a custom field. Raises BadRequest for what is neither.
    """
    return by_field(kind, text) if is_field(text) else choose_sort(text, allowed, default)


def is_field(text: str | None) -> bool:
    """Does an address ask for the order of a custom field?"""
    return (text or "").removeprefix("-").startswith(ORDER)


def by_field(kind: str, text: str | None) -> Sort:
    """The order of `attribute:KEY` or `-attribute:KEY`. Raises BadRequest naming `sort`."""
    name = (text or "").removeprefix("-")
    key = name.removeprefix(ORDER)
    known = visible([one for one in of_kind(kind) if one.key == key], asker())
    if not known:
        why = {"sort": [_("There is no such custom field.")]}
        raise BadRequest(_("%(name)s cannot be sorted by.", name=name[:80]), why)
    if not all(map(sortable, known)):
        why = {"sort": [_("What refers to other records has no order.")]}
        raise BadRequest(_("%(name)s cannot be sorted by.", name=name[:80]), why)
    return _sort(name, kind, known, (text or "").startswith("-"))


def sortable(one: AttributeDefinition) -> bool:
    """Have its values an order? References go by keys, which mean nothing to people."""
    return one.kind != "reference"


def _sort(name: str, kind: str, known: Sequence[AttributeDefinition], descending: bool) -> Sort:
    """Fields of several product families that share the key are read side by side."""
    table = TRAITS[kind].alias("sorted")
    column = table.c.place if _comparable(known) else table.c.value
    parts = [
        table.c.definition_id
        == sa.bindparam(None, one.id, sa.BigInteger(), unique=True, literal_execute=True)
        for one in known
    ]
    return Sort(name, column, descending, Beside(table.c[f"{kind}_id"], parts))


def _comparable(known: Sequence[AttributeDefinition]) -> bool:
    """Do the places of all these fields mean the same? Of choices the lists have to be one."""
    kinds, lists = {one.kind for one in known}, [one.choices for one in known]
    return len(kinds) == 1 and kinds <= set(PLACED) and all(one == lists[0] for one in lists)


def ordered(kind: str) -> Callable[[str], Sort]:
    """What a collection of the API says to be sorted by custom fields."""
    return partial(by_field, kind)
