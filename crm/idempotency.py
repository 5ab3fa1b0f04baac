"""One key, one effect: the key is written in the transaction of what it protects."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from flask import request
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from crm.clock import now
from crm.errors import BadRequest, Conflict, Invalid, Problem
from crm.extensions import BigKey, Json, Model, UtcDateTime, db

Done = TypeVar("Done")
LONGEST = 128
USABLE = re.compile(f"[!-~]{{1,{LONGEST}}}")


class IdempotencyKey(Model):
    """What was answered to a key; the same key with the same body is answered the same."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (sa.UniqueConstraint("staff_id", "key"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    staff_id: Mapped[int] = mapped_column(BigKey)
    key: Mapped[str] = mapped_column(sa.String(LONGEST))
    body_hash: Mapped[str] = mapped_column(sa.String(64))
    status: Mapped[int] = mapped_column(sa.SmallInteger)
    location: Mapped[str] = mapped_column(sa.String(300))
    body: Mapped[Any] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)


def request_key() -> str | None:
    """The key of this request: the header of the API, or the hidden field of a form."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        key = request.form.get("idempotency_key") or None
    if key is not None and not USABLE.fullmatch(key):
        raise BadRequest(
            _("The idempotency key is not usable."),
            {"Idempotency-Key": [_("1 to %(n)d letters, digits or signs of ASCII.", n=LONGEST)]},
        )
    return key


def fingerprint() -> str:
    """What makes two requests the same: method, path and body."""
    body = request.get_data(cache=True, parse_form_data=False)
    if request.form:
        fields = sorted(
            (k, v) for k, v in request.form.items(multi=True) if k not in ("csrf_token",)
        )
        body = repr(fields).encode()
    return hashlib.sha256(f"{request.method} {request.path}\n".encode() + body).hexdigest()


def recall(staff_id: int) -> IdempotencyKey | None:
    """What was answered before. Raises Invalid when the key came with another body."""
    key = request_key()
    if key is None:
        return None
    known = db.session.scalar(
        sa.select(IdempotencyKey).where(
            IdempotencyKey.staff_id == staff_id, IdempotencyKey.key == key
        )
    )
    if known is not None and known.body_hash != fingerprint():
        raise Invalid({"Idempotency-Key": [_("This key was used for something else.")]})
    return known


def remember(staff_id: int, status: int, location: str, body: Any) -> None:
    """Keep the answer in the open transaction. Raises Answered when a twin was faster."""
    key = request_key()
    if key is None:
        return
    db.session.add(
        IdempotencyKey(
            staff_id=staff_id, key=key, body_hash=fingerprint(), status=status,
            location=location, body=body,
        )
    )  # fmt: skip
    try:
        db.session.flush()
    except IntegrityError as error:
        db.session.rollback()
        known = recall(staff_id)
        if known is None:
            raise Conflict(_("The same request is being worked on. Please ask again.")) from error
        raise Answered(known) from error


def unless_twin(staff_id: int, effect: Callable[[], Done]) -> Done:
    """Do it, up to the database. A refusal may come from what a twin made that was faster by an
    instant: then raises Answered."""
    try:
        done = effect()
        db.session.flush()
    except (Problem, IntegrityError):
        db.session.rollback()
        known = recall(staff_id)
        if known is None:
            raise
        raise Answered(known) from None
    return done


class Answered(Exception):
    """A twin of this request was faster; `known` holds what it was answered."""

    def __init__(self, known: IdempotencyKey) -> None:
        super().__init__("answered before")
        self.known = known
