"""The page of search results, and what the command palette lists."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from crm.rights import guard, the_user
from crm.search import asking
from crm.search.folding import MOST_CHARACTERS
from crm.search.places import PLACES, url_of, word_for

bp = Blueprint("search", __name__)

ON_PAGE = 50
IN_PALETTE = 8


@bp.get("/search")
@guard("view", "search")
def page() -> str:
    """Everything found for `q`, narrowed by `kind`."""
    q, user = _question(), the_user()
    kinds = asking.kinds_for(user)
    kind = request.args.get("kind")
    kind = kind if kind in kinds else None
    return render_template(
        "search/page.html", q=q, kind=kind, hits=_hits(q, kind, ON_PAGE), most=ON_PAGE,
        kinds=[(one, word_for(one)) for one in kinds],
    )  # fmt: skip


@bp.get("/search/palette")
@guard("view", "search")
def palette() -> str:
    """The fragment that the palette shows while one types."""
    q = _question()
    return render_template("parts/palette_found.html", q=q, hits=_hits(q, None, IN_PALETTE))


def _question() -> str:
    return request.args.get("q", "").strip()[:MOST_CHARACTERS]


def _hits(q: str, kind: str | None, limit: int) -> list[dict[str, Any]]:
    if not q or q.startswith(">"):
        return []
    return [
        {
            "url": url_of(found),
            "icon": PLACES[found.kind].icon,
            "kind": word_for(found.kind),
            "label": asking.marked(found.label, q),
            "snippet": asking.marked(asking.snippet(found, q), q),
        }
        for found in asking.ask(the_user(), q, kind, limit)
    ]
