"""A question of a signed-in person: what she may find, and the matching part of each answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from markupsafe import Markup, escape

from crm.clock import start_of
from crm.extensions import at_most, db
from crm.rights import Person, scope
from crm.search import folding, near_queries, queries
from crm.search.near import near_questions
from crm.search.places import PLACES
from crm.search.queries import Found
from crm.search.question import Only, Viewer
from crm.text.folded import folded, mark

AROUND = 24
"""Characters shown on either side of a match inside a long text."""


MOST_PEOPLE = 500
"""People to choose from; the address takes anybody."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found; `near` when nothing holds the words and these come near them."""

    found: list[Found]
    near: bool = False


def kinds_for(user: Person) -> list[str]:
    """The kinds a person may search: those whose rows she may all see, but for confidential ones.

    What belongs to single people (alerts, reports) has its own lists.
    """
    return [
        kind for kind, place in PLACES.items()
        if scope(user, "view", place.right or kind) in ("all", "shared")
    ]  # fmt: skip


def ask(user: Person, q: str, only: Only | None = None, limit: int = 20) -> Answer:
    """Find for a person, among all the kinds she may see or those that are asked for."""
    only = only or Only()
    kinds = [kind for kind in kinds_for(user) if only.kinds is None or kind in only.kinds]
    viewer = viewer_of(user)
    found = queries.find(viewer, q, kinds, limit, only)
    if found:
        return Answer(found)
    return Answer(near_queries.find_near(viewer, q, kinds, limit, only), near=True)


def only_of(asked: Mapping[str, Any]) -> Only:
    """What narrows a search, as a filter says it; days are the company's, both included."""
    kind, since, until = (asked.get(name) for name in ("kind", "since", "until"))
    return Only(
        kinds=[kind] if kind else None, owner_id=asked.get("owner_id"),
        since=start_of(since) if since else None,
        until=start_of(until + timedelta(days=1)) if until else None,
    )  # fmt: skip


def people() -> list[tuple[int, str]]:
    """Who may have what is searched: everybody who works here."""
    staff = db.metadata.tables["staff"].c
    working = sa.select(staff.id, staff.name).where(staff.active.is_(True)).order_by(staff.id)
    return [(row.id, row.name) for row in db.session.execute(working.limit(at_most(MOST_PEOPLE)))]


def viewer_of(user: Person) -> Viewer:
    """A person as the search knows her: managers handle what is their team's."""
    team = [f"team:{user.team_id}"] if user.role == "manager" and user.team_id else []
    return Viewer((f"staff:{user.id}", *team), scope(user, "view", "ticket") == "all")


def marks_for(found: Found, q: str, near: bool) -> list[str]:
    """The folded words that are marked in an answer: as asked, or what stands in their place."""
    terms = folding.terms_of(q)
    if not near:
        return terms
    keys = [folded(text).key for text in (found.label, found.sublabel, found.body)]
    there = [term for term in terms if any(term in key for key in keys)]
    for way in near_questions(terms):
        there += [hit for key in keys if (hit := way.word_in(key))]
    return there


def snippet(found: Found, terms: list[str]) -> str:
    """The part of a record's text around the first match; its second line when none is there."""
    seen = folded(found.body)
    places = [place for term in terms if (place := seen.key.find(term)) >= 0]
    if not places:
        return found.sublabel
    start, _ = seen.span(places[0], places[0] + 1)
    cut = found.body[max(0, start - AROUND) : start + 2 * AROUND]
    before = "…" if start > AROUND else ""
    after = "…" if start + 2 * AROUND < len(found.body) else ""
    return f"{before}{' '.join(cut.split())}{after}"


def marked(text: str, terms: list[str]) -> Markup:
    """A text as HTML with every match in <mark>."""
    pieces = mark(text, terms)
    return Markup("").join(
        Markup("<mark>{}</mark>").format(piece) if hit else escape(piece) for piece, hit in pieces
    )
