"""Many operations on one collection in one request: each by the door of a single call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import marshmallow as ma
import sqlalchemy as sa
from flask_babel import gettext as _
from marshmallow.validate import OneOf

from crm.errors import (
    LOST,
    Forbidden,
    Invalid,
    NotFound,
    PreconditionMissing,
    Problem,
    Stale,
    problem_of,
)
from crm.extensions import db
from crm.gathering import Gathered, gathering
from crm.rights import Person, may
from crm.typed import Schema, Several, flag, key, number
from crm.web import TITLES, flatten

if TYPE_CHECKING:
    from crm.rest import Collection

Fields = dict[str, Any]
MOST_OPERATIONS = 500


class ResultSchema(Schema):
    """What became of one operation; `status` is what a single call would have answered."""

    status = ma.fields.Integer(required=True)
    id = ma.fields.Integer(required=True, allow_none=True)
    version = ma.fields.Integer(required=True, allow_none=True)
    detail = ma.fields.String(required=True)
    errors = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.List(ma.fields.String()))


class ResultsSchema(Schema):
    """What became of the operations, in their order."""

    done = ma.fields.Integer(required=True)
    refused = ma.fields.Integer(required=True)
    results = ma.fields.List(ma.fields.Nested(ResultSchema), required=True)


class OperationSchema(Schema):
    """One operation; `id` and `version` say which record is changed or removed."""

    op = ma.fields.String(required=True, validate=OneOf(("create", "update", "delete")))
    id = key()
    version = number(1, 2**31 - 1)
    fields_ = ma.fields.Dict(
        keys=ma.fields.String(),
        data_key="fields",
        metadata={"description": "What POST or PATCH of a single record takes."},
    )


class OperationsSchema(Schema):
    """Up to 500 operations; `atomic`: all of them or none."""

    atomic = flag()
    operations = ma.fields.List(
        ma.fields.Nested(OperationSchema), required=True, validate=Several(1, MOST_OPERATIONS)
    )


@dataclass(frozen=True, slots=True)
class _Refused:
    problem: Problem

    def as_json(self) -> Fields:
        """The refusal as a result."""
        status = self.problem.status
        found: Fields = {
            "status": status, "id": None, "version": None,
            "detail": self.problem.detail or str(TITLES[status]()),
        }  # fmt: skip
        return found | ({"errors": self.problem.errors} if self.problem.errors else {})


def perform(what: Collection, asked: Fields, user: Person) -> Fields:
    """Do the operations in their order, each whole or not at all. Does not commit.

    Raises Invalid that names every refused operation when they are to be done together.
    """
    operations: list[Fields] = asked["operations"]
    kept = _together(what, operations)
    results, refused = [], {}
    with gathering(db.session()) as left:
        for place, operation in enumerate(operations):
            found = _one(what, operation, user, left)
            if isinstance(found, _Refused):
                refused[place] = found.problem
                found = found.as_json()
            results.append(found)
    del kept
    if refused and asked.get("atomic"):
        raise Invalid(_reasons(refused), _("Nothing was written: an operation was refused."))
    return {"done": len(results) - len(refused), "refused": len(refused), "results": results}


def _together(what: Collection, operations: list[Fields]) -> list[Any]:
    """The records that are named, read at once; whoever keeps them saves a look for each."""
    keys = {one["id"] for one in operations if "id" in one}
    if not keys:
        return []
    return list(db.session.scalars(sa.select(what.model).where(what.model.id.in_(keys))))


def _one(what: Collection, operation: Fields, user: Person, left: Gathered) -> Fields | _Refused:
    try:
        with left.each(), db.session.begin_nested():
            return _VERBS[operation["op"]](what, operation, user)
    except Problem as problem:
        return _Refused(problem)
    except LOST as error:
        return _Refused(problem_of(error))


def _create(what: Collection, operation: Fields, user: Person) -> Fields:
    if what.create is None or not may(user, "create", what.kind):
        raise Forbidden(_("Your role does not allow this. An administrator can grant it."))
    _without(operation, "id", "version")
    made = what.create(_fields(what.schema(), operation), user)
    db.session.flush()
    return _done(201, made)


def _update(what: Collection, operation: Fields, user: Person) -> Fields:
    record = _named(what, operation, user, "edit")
    if what.change is None:
        raise NotFound
    what.change(record, _fields(what.schema(partial=True), operation), user)
    db.session.flush()
    return _done(200, record)


def _delete(what: Collection, operation: Fields, user: Person) -> Fields:
    _without(operation, "fields")
    record = _named(what, operation, user, "delete")
    if what.remove is None:
        raise NotFound
    what.remove(record, user)
    db.session.flush()
    return {"status": 204, "id": operation["id"], "version": None, "detail": ""}


_VERBS: dict[str, Callable[[Any, Fields, Person], Fields]] = {
    "create": _create,
    "update": _update,
    "delete": _delete,
}


def _done(status: int, record: Any) -> Fields:
    return {"status": status, "id": record.id, "version": record.version, "detail": ""}


def _fields(schema: ma.Schema, operation: Fields) -> Fields:
    try:
        found: Fields = schema.load(operation.get("fields_", {}))
    except ma.ValidationError as error:
        raise Invalid(flatten(dict(error.messages_dict))) from error
    return found


def _named(what: Collection, operation: Fields, user: Person, action: str) -> Any:
    """The record of an operation, at the version that was read."""
    if "id" not in operation:
        raise Invalid({"id": [_("Say which record.")]})
    record = what.door(operation["id"], user, action)
    if "version" not in operation:
        raise PreconditionMissing(_("Send the version that you read."))
    if record.version != operation["version"]:
        raise Stale(_("The record has changed since you read it."))
    return record


def _without(operation: Fields, *names: str) -> None:
    wrong = [name for name in names if {"fields": "fields_"}.get(name, name) in operation]
    if wrong:
        raise Invalid({name: [_("This operation does not take it.")] for name in wrong})


def _reasons(refused: dict[int, Problem]) -> dict[str, list[str]]:
    """`operations.3.fields.name: [why]`, and `operations.3: [why]` for all but wrong fields."""
    found: dict[str, list[str]] = {}
    for place, problem in refused.items():
        where = f"operations.{place}"
        for name, why in problem.errors.items():
            inside = name if name in ("id", "version", "fields") else f"fields.{name}"
            found[f"{where}.{inside}"] = why
        if not problem.errors:
            found[where] = [problem.detail or str(TITLES[problem.status]())]
    return found
