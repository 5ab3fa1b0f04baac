"""The page of search results, and what the command palette lists."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.datastructures import MultiDict

from crm.clock import local
from crm.editing import load
from crm.errors import Invalid
from crm.filters import word_in
from crm.rights import guard, the_user
from crm.search import asking
from crm.search.asking import Answer
from crm.search.folding import MOST_CHARACTERS
from crm.search.places import PLACES, url_of, word_for
from crm.search.schemas import SearchFilter

bp = Blueprint("search", __name__)

ON_PAGE = 50
IN_PALETTE = 8
FILTERS = ("owner_id", "from", "to")


@bp.get("/search")
@guard("view", "search")
def page() -> tuple[str, int]:
    """Everything found for `q`, narrowed by `kind`, `owner_id`, `from` and `to`.

    Raises BadRequest for a kind that this person cannot search.
    """
    q, user, errors = _question(), the_user(), {}
    kinds = asking.kinds_for(user)
    kind = word_in(request.args, "kind", kinds)
    typed = {name: text for name in FILTERS if (text := request.args.get(name, "").strip())}
    try:
        asked: dict[str, Any] = load(SearchFilter(), MultiDict(typed))
    except Invalid as error:
        asked, errors = {}, error.errors
    only = asking.only_of(asked | ({"kind": kind} if kind else {}))
    answer = Answer([]) if errors else _ask(q, only, ON_PAGE)
    drawn = render_template(
        "search/page.html", q=q, kind=kind, hits=_hits(answer, q), near=answer.near, most=ON_PAGE,
        kinds=[(one, word_for(one)) for one in kinds], typed=typed, errors=errors,
        people=asking.people(),
    )  # fmt: skip
    return drawn, 422 if errors else 200


@bp.get("/search/palette")
@guard("view", "search")
def palette() -> str:
    """The fragment that the palette shows while one types."""
    q = _question()
    answer = _ask(q, asking.only_of({}), IN_PALETTE)
    return render_template("parts/palette_found.html", q=q, hits=_hits(answer, q), near=answer.near)


def _question() -> str:
    return request.args.get("q", "").strip()[:MOST_CHARACTERS]


def _ask(q: str, only: Any, limit: int) -> Answer:
    if not q or q.startswith(">"):
        return Answer([])
    return asking.ask(the_user(), q, only, limit)


def _hits(answer: Answer, q: str) -> list[dict[str, Any]]:
    hits = []
    for found in answer.found:
        terms = asking.marks_for(found, q, answer.near)
        hits.append({
            "url": url_of(found), "icon": PLACES[found.kind].icon, "kind": word_for(found.kind),
            "label": asking.marked(found.label, terms),
            "snippet": asking.marked(asking.snippet(found, terms), terms),
            "on": local(found.at).date() if found.at else None,
        })  # fmt: skip
    return hits
