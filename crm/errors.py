"""What can go wrong, in words: one class per answer that a caller can act on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

import structlog
from flask_babel import gettext as _
from sqlalchemy.exc import (
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
    TimeoutError,
)
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError

log = structlog.get_logger()

Reasons = Mapping[str, Sequence[str]]
AWAY = (OperationalError, InterfaceError, InternalError, TimeoutError)
"""The database is away, takes nothing at the moment, or has no connection left for us."""


class Problem(Exception):
    """Anything answered with words instead of the thing asked for."""

    status = 400
    code = "problem"

    def __init__(self, detail: str = "", errors: Reasons | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors: dict[str, list[str]] = {k: list(v) for k, v in (errors or {}).items()}


class BadRequest(Problem):
    """The form of the request is wrong: not JSON, an unknown cursor, a broken header."""

    status, code = 400, "bad-request"


class Forbidden(Problem):
    """The role may never do this, whatever the record."""

    status, code = 403, "forbidden"


class NotFound(Problem):
    """Missing, or not for this person: the two are told apart by nobody."""

    status, code = 404, "not-found"


class Conflict(Problem):
    """The record is in a state in which this cannot be done."""

    status, code = 409, "conflict"


class Stale(Problem):
    """Somebody else saved first (If-Match names an older version)."""

    status, code = 412, "changed-meanwhile"


class Invalid(Problem):
    """The content is wrong; `errors` names every field with its reasons."""

    status, code = 422, "invalid"

    def __init__(self, errors: Reasons, detail: str = "") -> None:
        super().__init__(detail, errors)


class PreconditionMissing(Problem):
    """An update without If-Match."""

    status, code = 428, "if-match-missing"


class Unavailable(Problem):
    """Not now; `retry_after` says when, in seconds."""

    status, code = 503, "unavailable"

    def __init__(self, detail: str = "", retry_after: int = 5) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class EditConflict(Exception):
    """Two people changed the same fields: field → (original, theirs, mine)."""

    def __init__(
        self, fields: Mapping[str, tuple[object, object, object]], by: str, at: datetime | None
    ) -> None:
        super().__init__("somebody else saved first")
        self.fields = dict(fields)
        self.by = by
        self.at = at


@contextmanager
def named(field: str) -> Iterator[None]:
    """A key in a body that leads nowhere is the fault of its field: 422, not 404."""
    try:
        yield
    except NotFound as error:
        raise Invalid({field: [_("There is no such record, or it is not for you.")]}) from error


LOST = (StaleDataError, IntegrityError, ObjectDeletedError)
"""Somebody else was there first."""
_TAKEN = re.compile(r"UNIQUE constraint failed: \w+\.(\w+)$")


def problem_of(error: Exception) -> Problem:
    """What the database refused (`LOST`), as a problem that a caller can act on."""
    if isinstance(error, ObjectDeletedError):
        return NotFound()
    if not isinstance(error, IntegrityError):
        return Stale(_("Somebody else saved first. Nothing of yours was written."))
    log.info("database.refused", reason=str(error.orig)[:300])
    if "foreign key" in str(error.orig).lower():
        return Conflict(_("Other records still refer to this one."))
    why = _("A record with the same key exists already.")
    return Conflict(why, {name: [why] for name in _taken(error)})


def _taken(error: IntegrityError) -> list[str]:
    """The column that must be unique, when it is one."""
    on_sqlite = _TAKEN.search(str(error.orig))
    if on_sqlite:
        return [on_sqlite[1]]
    said = getattr(error.orig, "diag", None)
    name, table = getattr(said, "constraint_name", ""), getattr(said, "table_name", "")
    found = re.fullmatch(rf"(?:uq|ix)_{table}_(\w+)", name or "")
    return [found[1]] if found and table else []


def too_large(most: int, table: bool) -> str:
    """How much may be sent at once, where what came was more; `most` bytes. A `table` to be
    imported has two other ways."""
    megabytes = most // 1048576
    if not table:
        return _("At most %(n)s MB can be sent here at once. Nothing was taken in.", n=megabytes)
    return _(
        "At most %(n)s MB can be sent here at once. Nothing was taken in. Divide the file, or let "
        "an administrator bring it with bin/crm import.", n=megabytes,
    )  # fmt: skip
