"""The one place that decides who may do what, and which rows are somebody's.

RIGHTS: role → kind of record → action → scope. Scopes: `all`, `team` (own and the team's), `own`,
`shared` (all but what is confidential, and that for its handlers), `case` (as far as the record it
hangs on: the model says), absent: never.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple, ParamSpec, Protocol, TypeVar

import sqlalchemy as sa
from flask import g, request
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user

from crm.errors import Forbidden, NotFound, Problem


class Person(Protocol):
    """Who acts: all that a right depends on."""

    @property
    def id(self) -> Any:
        """Her key."""

    @property
    def role(self) -> Any:
        """One of the five."""

    @property
    def team_id(self) -> Any:
        """Her team, if she has one."""


class Reader(NamedTuple):
    """All that a right depends on, to keep something by."""

    id: int
    role: str
    team_id: int | None


def reader(user: Person) -> Reader:
    """What somebody's rights depend on."""
    return Reader(user.id, user.role, user.team_id)


P = ParamSpec("P")
R = TypeVar("R")

_EVERYBODY = {
    "staff": "view:all",
    "team": "view:all",
    "office": "view:all",
    "product": "view:all",
    "attribute": "view:all",
    "account": "view:all",
    "site": "view:all create:all edit:all",
    "contact": "view:all create:all edit:all",
    "unit": "view:all",
    "contract": "view:all",
    "warranty": "view:all",
    "campaign": "view:all log:all",
    "work_order": "view:all",
    "fault_code": "view:all",
    "closed_day": "view:all",
    "service_report": "view:all create:all",
    "maintenance": "view:all",
    "ticket": "view:shared create:all",
    "deal": "view:all",
    "activity": "view:all create:all edit:own delete:own",
    "file": "view:all create:all delete:all",
    "advice": "view:case create:all edit:case answer:case hand:case",
    "search": "view:all",
    "removal": "view:all",
    "call": "view:all",
    "alert": "view:own",
    "export": "view:own create:own",
    "mass_change": "view:own create:own edit:own",
    "saved_view": "view:case create:all edit:case delete:case",
    "profile": "view:own edit:own",
}

_EVERYTHING = (
    "staff", "team", "office", "account", "site", "contact", "product", "attribute", "unit",
    "contract", "warranty", "work_order", "maintenance", "deal", "activity", "closed_day",
)  # fmt: skip

_ROLES: dict[str, dict[str, str]] = {
    "rep": {
        "account": "view:all create:all edit:team merge:own",
        "contact": "view:all create:all edit:all merge:all",
        "double": "view:own decide:own",
        "unit": "view:all create:all edit:all merge:all",
        "warranty": "view:all create:all edit:all",
        "contract": "view:all create:all edit:all",
        "ticket": "view:shared create:all note:shared",
        "deal": "view:all create:all edit:own delete:own",
        "alert": "view:own decide:own",
        "report": "view:own create:own",
    },
    "clerk": {
        "account": "view:all create:all edit:all",
        "unit": "view:all create:all edit:all",
        "warranty": "view:all create:all edit:all",
        "work_order": "view:all create:all edit:all",
        "ticket": "view:shared create:all edit:shared note:shared close:shared",
        "call": "view:all edit:all",
    },
    "engineer": {
        "unit": "view:all create:all edit:all",
        "warranty": "view:all create:all edit:all",
        "work_order": "view:all create:all edit:all delete:all reopen:all",
        "campaign": "view:all create:all edit:all log:all",
        "maintenance": "view:all create:all edit:all",
        "ticket": "view:shared create:all edit:shared note:shared close:shared",
    },
    "manager": {
        "account": "view:all create:all edit:all delete:team merge:all",
        "site": "view:all create:all edit:all delete:all",
        "contact": "view:all create:all edit:all delete:all merge:all",
        "double": "view:all decide:all",
        "product": "view:all create:all edit:all merge:all",
        "unit": "view:all create:all edit:all delete:all merge:all",
        "warranty": "view:all create:all edit:all delete:all",
        "contract": "view:all create:all edit:all delete:all",
        "work_order": "view:all create:all edit:all delete:all reopen:all",
        "campaign": "view:all create:all edit:all delete:all log:all",
        "maintenance": "view:all create:all edit:all delete:all",
        "ticket": "view:shared create:all edit:shared note:shared close:shared delete:shared",
        "call": "view:all edit:all",
        "deal": "view:all create:all edit:team delete:team",
        "activity": "view:all create:all edit:team delete:team",
        "alert": "view:team decide:team",
        "report": "view:team create:team",
        "import": "view:all create:all edit:all",
        "register": "view:all edit:all",
    },
    "admin": dict.fromkeys(_EVERYTHING, "view:all create:all edit:all delete:all")
    | dict.fromkeys(("account", "contact", "product", "unit"),
                    "view:all create:all edit:all delete:all merge:all")
    | {
        "double": "view:all decide:all",
        "campaign": "view:all create:all edit:all delete:all log:all",
        "work_order": "view:all create:all edit:all delete:all reopen:all",
        "fault_code": "view:all create:all edit:all",
        "ticket": "view:all create:all edit:all delete:all note:all close:all",
        "call": "view:all edit:all",
        "alert": "view:all decide:all",
        "report": "view:all create:all",
        "import": "view:all create:all edit:all",
        "register": "view:all edit:all",
        "operation": "view:all edit:all",
        "webhook": "view:all create:all edit:all delete:all",
        "export": "view:all create:all",
        "mass_change": "view:all create:all edit:own",
    },
}  # fmt: skip


def _table() -> dict[str, dict[str, dict[str, str]]]:
    def parse(text: str) -> dict[str, str]:
        return dict(word.split(":", 1) for word in text.split())

    return {
        role: {kind: parse(text) for kind, text in (_EVERYBODY | kinds).items()}
        for role, kinds in _ROLES.items()
    }


RIGHTS = _table()

OWNERS = {
    "account": "owner_id", "deal": "owner_id", "ticket": "assignee_id", "alert": "owner_id",
    "activity": "by_id", "double": "owner_id",
} | dict.fromkeys(("report", "export", "mass_change"), "requested_by_id")  # fmt: skip


def scope(user: Person, action: str, kind: str) -> str | None:
    """How far a right reaches: all, team, own, shared, case, or None for never."""
    return RIGHTS[user.role].get(kind, {}).get(action)


def may(user: Person, action: str, kind: str, record: Any = None) -> bool:
    """May this person do this (to this record)? Without a record: at all?"""
    reach = scope(user, action, kind)
    if reach is None:
        return False
    if record is None or reach == "all":
        return True
    if reach == "case":
        return bool(record.lets(user, action))
    if reach == "shared":
        return (
            not record.confidential
            or user.id in (record.assignee_id, record.opened_by_id)
            or (
                user.role == "manager"
                and user.team_id is not None
                and record.team_id == user.team_id
            )
        )
    if getattr(record, OWNERS[kind]) == user.id:
        return True
    return reach == "team" and user.team_id is not None and _team_of(record) == user.team_id


def _team_of(record: Any) -> int | None:
    found: int | None = getattr(record, "team_id", None)
    return found


def branches(user: Person, action: str, kind: str, table: Any) -> list[sa.ColumnElement[bool]]:
    """The rows a right reaches, as predicates that share no row and each have an index."""
    reach = scope(user, action, kind)
    if reach is None:
        return [sa.false()]
    if reach == "all":
        return [sa.true()]
    if reach == "case":
        return [table.within(user)]
    if reach == "shared":
        return _shared(user, table)
    owner = getattr(table, OWNERS[kind])
    if reach == "own" or user.team_id is None or not hasattr(table, "team_id"):
        return [owner == user.id]
    return [
        owner == user.id,
        sa.and_(table.team_id == user.team_id, owner.is_distinct_from(user.id)),
    ]


def _shared(user: Person, table: Any) -> list[sa.ColumnElement[bool]]:
    mine, opened = table.assignee_id, table.opened_by_id
    secret = table.confidential.is_(True)
    parts = [
        table.confidential.is_(False),
        sa.and_(secret, mine == user.id),
        sa.and_(secret, opened == user.id, mine.is_distinct_from(user.id)),
    ]
    if user.role == "manager" and user.team_id is not None:
        others = [mine.is_distinct_from(user.id), opened.is_distinct_from(user.id)]
        parts.append(sa.and_(secret, table.team_id == user.team_id, *others))
    return parts


def sees_amounts(user: Person) -> bool:
    """Amounts of deals are for sales and managers."""
    return user.role in ("rep", "manager", "admin")


def the_user() -> Person:
    """Who is signed in; only behind a guard."""
    found: Person = current_user._get_current_object()
    return found


def guard(action: str, kind: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare the right a route needs. A record in the address answers 404, a collection 403."""

    def wrap(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            check(action, kind)
            return view(*args, **kwargs)

        guarded.__right__ = (action, kind)  # type: ignore[attr-defined]  # read by the matrix test
        return guarded

    return wrap


def check(action: str, kind: str) -> None:
    """Raise what a route answers when nobody is signed in or the role may never do this."""
    if not current_user.is_authenticated:
        raise SignInNeeded
    get_locale()  # while she is at hand: to word a refusal, she would have to be read once more
    if g.get("read_only_token") and request.method not in ("GET", "HEAD"):
        raise Forbidden(_("This token may only read."))
    if not may(the_user(), action, kind):
        if request.view_args:
            raise NotFound
        raise Forbidden(_("Your role does not allow this. An administrator can grant it."))


class SignInNeeded(Problem):
    """Nobody is signed in: a page sends to the sign-in, the API answers 401."""

    status, code = 401, "sign-in-needed"


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Declare that a route needs nobody signed in."""
    view.__right__ = None  # type: ignore[attr-defined]  # read by the matrix test
    return view
