"""What the address of the list asks for."""

from __future__ import annotations

from dataclasses import dataclass, field

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict

from crm.attributes.listing import asked_text, conditions
from crm.filters import key_in, person_in, word_in
from crm.rights import Person
from crm.search.queries import Viewer, find
from crm.support.models import CATEGORIES, SEVERITIES, STATUSES
from crm.support.queries import T, free, mine, sees_confidential, soon

IN_LIST = (
    "view", "status", "category", "severity", "assignee", "account_id", "unit_id", "attribute",
    "value", "q", "sort",
)  # fmt: skip
"""What of the address goes along from the list to a ticket."""
VIEWS = ("mine", "unassigned", "soon", "all")
FOUND = 200


@dataclass(slots=True)
class Asked:
    """Conditions, which tab is on, and the filters in force as (name, value)."""

    view: str = "all"
    sort: str = "-id"
    where: list[sa.ColumnElement[bool]] = field(default_factory=list)
    filters: dict[str, str] = field(default_factory=dict)


def read(args: MultiDict[str, str], user: Person) -> Asked:
    """Read the query. Raises BadRequest for what it does not know."""
    asked = Asked(word_in(args, "view", VIEWS) or "all")
    if asked.view == "mine":
        asked.where, asked.sort = mine(user), "due_at"
    elif asked.view == "unassigned":
        asked.where, asked.sort = free(), "due_at"
    elif asked.view == "soon":
        asked.where, asked.sort = soon(), "due_at"
    _choices(asked, args)
    _keys(asked, args, user)
    if attribute := asked_text(args):
        asked.filters["attribute"] = attribute
        asked.where += conditions("ticket", args)
    if args.get("q", "").strip():
        asked.filters["q"] = args["q"].strip()
        asked.where.append(T.id.in_(found_tickets(args["q"], user)))
    return asked


def _choices(asked: Asked, args: MultiDict[str, str]) -> None:
    for name, allowed in (
        ("status", STATUSES), ("category", CATEGORIES), ("severity", SEVERITIES)
    ):  # fmt: skip
        if given := word_in(args, name, allowed):
            asked.filters[name] = given
            asked.where.append(T[name] == given)


def _keys(asked: Asked, args: MultiDict[str, str], user: Person) -> None:
    for name in ("account_id", "unit_id"):
        if args.get(name):
            asked.where.append(T[name] == key_in(args, name))
            asked.filters[name] = args[name]
    if given := args.get("assignee", ""):
        who = None if given == "none" else person_in(args, "assignee", user.id)
        asked.where.append(T.assignee_id == who)
        asked.filters["assignee"] = given


def viewer(user: Person) -> Viewer:
    """Who asks the search, as far as confidential tickets go."""
    handles = [f"staff:{user.id}"]
    if user.role == "manager" and user.team_id is not None:
        handles.append(f"team:{user.team_id}")
    return Viewer(tuple(handles), sees_all=sees_confidential(user))


def found_tickets(q: str, user: Person) -> list[int]:
    """Keys of the tickets that words find, the best of them."""
    return [one.record_id for one in find(viewer(user), q, ("ticket",), FOUND)]
