"""Versions of records as callers name them: ETag, If-Match, and waiting for who writes now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from flask import request
from flask_babel import gettext as _
from sqlalchemy.exc import InvalidRequestError

from crm.errors import NotFound, PreconditionMissing, Stale
from crm.extensions import db

R = TypeVar("R")
ANY = "*"


def etag(record: Any) -> str:
    """The version as a strong ETag."""
    return f'"{record.version}"'


def require_version(record: Any) -> None:
    """If-Match must name the current version. Raises 428 when missing, 412 when old."""
    given = request.headers.get("If-Match")
    if given is None:
        raise PreconditionMissing(_("Send If-Match with the ETag that you read."))
    if given == ANY:
        lock(record)
    elif given != etag(record):
        raise Stale(_("The record has changed since you read it."))


def check_version(record: Any) -> None:
    """The same where If-Match may be left out: what is asked then holds for whatever stands."""
    if request.headers.get("If-Match") is None:
        lock(record)
    else:
        require_version(record)


def overtaken(form: Mapping[str, str], record: Any) -> dict[str, list[str]]:
    """What is said of a form that replaces a whole, when somebody else has saved since it was
    opened. It is shown again as it was typed, with the new version: who sends it again knows."""
    if form.get("version", str(record.version)) == str(record.version):
        return {}
    why = _("Somebody else saved in the meantime. Saving again replaces theirs with yours.")
    return {"_schema": [why]}


def lock(record: R) -> R:
    """Wait until nobody else writes this record, and see it as it stands then.

    Without it, of two people who press in the same instant one would be told to try again. SQLite
    lets one write at a time. Raises NotFound when the other one has removed it.
    """
    try:
        db.session.refresh(record, with_for_update={"of": type(record)})
    except InvalidRequestError as error:
        raise NotFound from error
    return record
