"""A question of a signed-in person: what she may find, and the matching part of each answer."""

from __future__ import annotations

from markupsafe import Markup, escape

from crm.rights import Person, scope
from crm.search import folding, queries
from crm.search.places import PLACES
from crm.search.queries import Found, Viewer
from crm.text.folded import folded, mark

AROUND = 24
"""Characters shown on either side of a match inside a long text."""


def kinds_for(user: Person) -> list[str]:
    """The kinds a person may search: those whose rows she may all see, but for confidential ones.

    What belongs to single people (alerts, reports) has its own lists.
    """
    return [kind for kind in PLACES if scope(user, "view", kind) in ("all", "shared")]


def ask(user: Person, q: str, kind: str | None = None, limit: int = 20) -> list[Found]:
    """Find for a person, among all the kinds she may see or one of them."""
    kinds = kinds_for(user)
    if kind is not None:
        kinds = [kind] if kind in kinds else []
    return queries.find(viewer_of(user), q, kinds, limit)


def viewer_of(user: Person) -> Viewer:
    """A person as the search knows her: managers handle what is their team's."""
    team = [f"team:{user.team_id}"] if user.role == "manager" and user.team_id else []
    return Viewer((f"staff:{user.id}", *team), scope(user, "view", "ticket") == "all")


def snippet(found: Found, q: str) -> str:
    """The part of a record's text around the first match; its second line when none is there."""
    seen = folded(found.body)
    places = [place for term in folding.terms_of(q) if (place := seen.key.find(term)) >= 0]
    if not places:
        return found.sublabel
    start, _ = seen.span(places[0], places[0] + 1)
    cut = found.body[max(0, start - AROUND) : start + 2 * AROUND]
    before = "…" if start > AROUND else ""
    after = "…" if start + 2 * AROUND < len(found.body) else ""
    return f"{before}{' '.join(cut.split())}{after}"


def marked(text: str, q: str) -> Markup:
    """A text as HTML with every match in <mark>."""
    pieces = mark(text, folding.terms_of(q))
    return Markup("").join(
        Markup("<mark>{}</mark>").format(piece) if hit else escape(piece) for piece, hit in pieces
    )
