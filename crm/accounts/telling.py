"""What the answer to a creation says of records that may be the same one.

A warning and no refusal: a program that enters thousands of rows must not stop at a namesake, and
one that never heard of doubles keeps working. A program that wants to be stopped says so with
`Prefer: handling=strict` (RFC 7240) and gets 409 with the candidates; nothing is written then.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from flask import g, request
from flask_babel import gettext as _

from crm.accounts.alike import Alike
from crm.errors import Conflict
from crm.extensions import db
from crm.gathering import gathered
from crm.rights import Person

Fields = dict[str, Any]
Made = TypeVar("Made")


def wanted() -> bool:
    """Does anybody hear of it? Of many operations, only a caller that wants to be stopped."""
    return gathered(db.session()) is None or _strict()


def _strict() -> bool:
    return "handling=strict" in request.headers.get("Prefer", "").lower()


def found(like: Sequence[Alike]) -> list[Fields]:
    """The candidates as JSON. Raises Conflict when the caller wants to be stopped by them."""
    if like and _strict():
        names = [f"{one.id}: {one.name} ({', '.join(one.reasons)})" for one in like]
        raise Conflict(_("It may be here already."), {"possible_doubles": names})
    return [{"id": one.id, "name": one.name, "reasons": list(one.reasons)} for one in like]


def tell(made: Made, like: list[Fields]) -> Made:
    """Remember for the answer to this request what a new record resembles."""
    g.told_doubles = like
    return made


def fill(rows: list[Fields], _user: Person) -> None:
    """Put what was remembered into the answer to a creation; other answers stay as they are."""
    like = g.pop("told_doubles", None)
    if like is not None:
        for row in rows:
            row["possible_doubles"] = like
