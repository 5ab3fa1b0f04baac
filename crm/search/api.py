"""Search for programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import marshmallow as ma

from crm.rest import blueprint, document
from crm.rights import guard, the_user
from crm.search import asking
from crm.search.places import url_of
from crm.search.schemas import SearchAnswer, SearchQuery

blp = blueprint("search", "Search over all records")


@blp.route("/search", methods=["GET"])
@guard("view", "search")
@blp.arguments(SearchQuery, location="query", unknown=ma.RAISE)
@document(blp, 400, 401, 403)
@blp.response(200, SearchAnswer)
def search(asked: dict[str, Any]) -> dict[str, Any]:
    """Find records by any part of their names, by their numbers, by words in their texts."""
    q = asked["q"]
    answer = asking.ask(the_user(), q, asking.only_of(asked), asked["limit"])
    items = []
    for one in answer.found:
        terms = asking.marks_for(one, q, answer.near)
        items.append(asdict(one) | {"snippet": asking.snippet(one, terms), "url": url_of(one)})
    return {"items": items, "near": answer.near and bool(items)}
