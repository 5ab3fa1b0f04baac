"""Instants as people type them: the company's clock without an offset, to the minute."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import marshmallow as ma
from flask_babel import gettext as _

from crm import clock
from crm.typed import FIRST_DAY, LAST_DAY

_TEXT = ma.fields.String()


class Instant(ma.fields.AwareDateTime):
    """An instant in UTC, to the minute; without an offset it is told by the company's clock."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> datetime:
        told = _TEXT.deserialize(value, attr, data, **kwargs)
        text = unicodedata.normalize("NFKC", told).strip()
        try:
            at = datetime.fromisoformat(text.replace("/", "-"))
            at = at if at.tzinfo else at.replace(tzinfo=clock.zone())
            at = at.astimezone(UTC).replace(second=0, microsecond=0)
        except (ValueError, OverflowError) as error:
            raise _refused() from error
        if len(text) < 15 or not FIRST_DAY <= at.date() <= LAST_DAY:
            raise _refused()
        return at


def _refused() -> ma.ValidationError:
    return ma.ValidationError(_("A day and a time, as 2026-11-27 09:10."))


def typed(instant: datetime | None) -> str:
    """An instant as a field for day and time holds it."""
    return "" if instant is None else f"{clock.local(instant):%Y-%m-%dT%H:%M}"


def minutes_between(first: datetime, last: datetime) -> int:
    """Whole minutes from one instant to another."""
    return int((last - first).total_seconds()) // 60
