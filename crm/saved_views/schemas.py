"""What a saved view looks like from outside; forms and JSON alike."""

from __future__ import annotations

import marshmallow as ma

from crm.saved_views.lists import LISTS
from crm.saved_views.models import LONGEST_NAME, LONGEST_QUERY
from crm.typed import Recorded, choice, flag, line


class SavedViewSchema(Recorded):
    """A name for what a list shows. `query` is that of the address of its page, without what the
    list does not know; `shared` true: everybody sees it."""

    list = choice(tuple(LISTS), required=True)
    name = line(LONGEST_NAME, required=True)
    query = line(LONGEST_QUERY, required=True)
    shared = flag()
    owner_id = ma.fields.Integer(dump_only=True)
