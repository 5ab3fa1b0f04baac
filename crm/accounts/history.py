"""The history of an account as the page and the API show it: filters, pages, who may see what."""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import marshmallow as ma
from flask_babel import gettext as _
from marshmallow.validate import Length, Range

from crm.accounts.models import Account
from crm.errors import BadRequest
from crm.paging import MOST
from crm.rights import Person, scope, sees_amounts
from crm.timeline.lines import GROUPS
from crm.timeline.queries import Item, group_counts, history, kinds_of
from crm.timeline.sentences import LINES
from crm.typed import Schema

PAGE = 30
Fields = dict[str, Any]
KNOWN = "|".join(re.escape(name) for name in sorted({*GROUPS, *LINES, "call"}))
MONEY = ("amount", "profit", "price", "value", "cost")
ADDRESSES = {
    "account": "/accounts/{}", "contact": "/contacts/{}", "deal": "/deals/{}",
    "ticket": "/tickets/{}", "unit": "/units/{}", "work_order": "/work-orders/{}",
    "contract": "/contracts/{}", "product": "/products/{}", "alert": "/alerts?id={}",
}  # fmt: skip


class TimelineQuery(Schema):
    """`kind` names kinds of events or groups of them, parted by commas."""

    kind = ma.fields.String(validate=Length(1), metadata={"pattern": f"^({KNOWN})(,({KNOWN}))*$"})
    limit = ma.fields.Integer(validate=Range(1, MOST), load_default=50)
    cursor = ma.fields.String(validate=Length(1, 300))


class SubjectSchema(Schema):
    """What an event is about."""

    type = ma.fields.String(required=True)
    id = ma.fields.Integer(required=True)
    label = ma.fields.String(required=True)


class TimelineItem(Schema):
    """One line of the history; `text` is the sentence in the reader's language."""

    id = ma.fields.Integer(required=True)
    kind = ma.fields.String(required=True)
    at = ma.fields.AwareDateTime(required=True)
    by = ma.fields.String(required=True, allow_none=True)
    subject = ma.fields.Nested(SubjectSchema, required=True)
    text = ma.fields.String(required=True)
    data = ma.fields.Dict(required=True)


class TimelinePage(Schema):
    """A page of the history."""

    items = ma.fields.List(ma.fields.Nested(TimelineItem), required=True)
    next = ma.fields.String(required=True, allow_none=True)


@dataclass(frozen=True, slots=True)
class Part:
    """Some lines of a history, and the cursor of the older ones."""

    items: list[Item]
    next: str | None


def part_of(
    account: Account, user: Person, groups: str = "", cursor: str | None = None, limit: int = PAGE
) -> Part:
    """One page of the history, in one statement. Raises BadRequest for an unknown filter."""
    found = history(
        account_id=account.id,
        kinds=_kinds(groups),
        before=_read(cursor) if cursor else None,
        limit=limit + 1,
        sees_restricted=scope(user, "view", "ticket") == "all",
        own_id=user.id,
    )
    more = len(found) > limit
    items = found[:limit]
    if not sees_amounts(user):
        items = [_without_money(item) for item in items]
    return Part(items, _write(items[-1]) if more else None)


def counts_of(account: Account) -> dict[str, int]:
    """Filter → how many lines it holds."""
    return group_counts(account.id)


def as_json(account: Account, user: Person, asked: Fields) -> Fields:
    """A page of the history for a program."""
    part = part_of(account, user, asked.get("kind", ""), asked.get("cursor"), asked["limit"])
    items = [
        {
            "id": item.id, "kind": item.kind, "at": item.at.isoformat(), "by": item.by,
            "subject": {
                "type": item.subject_type, "id": item.subject_id, "label": label_of(item),
            },
            "text": " ".join(filter(None, (item.title, item.detail))), "data": item.facts,
        }
        for item in part.items
    ]  # fmt: skip
    return {"items": items, "next": part.next}


def label_of(item: Item) -> str:
    """What people call the subject, or else what happened to it."""
    if item.hidden:
        return ""
    for name in ("title", "name", "number", "subject", "serial_no"):
        if item.facts.get(name):
            return str(item.facts[name])
    return item.title


def address_of(item: Item) -> str:
    """Where a line of the history leads; nowhere when the record is gone or hidden."""
    if item.hidden or item.kind.endswith(".removed"):
        return ""
    return ADDRESSES.get(item.subject_type, "").format(item.subject_id)


def _without_money(item: Item) -> Item:
    """Amounts of deals and alerts are not for everybody."""
    if item.subject_type not in ("deal", "alert"):
        return item
    kept = _poorer(item.facts)
    kept.pop("reason", None)
    return replace(item, facts=kept, detail="")


def _poorer(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts without money, also not inside what was changed."""
    return {
        name: _poorer(value) if isinstance(value, dict) else value
        for name, value in facts.items()
        if not any(word in name for word in MONEY)
    }


def _kinds(text: str) -> list[str] | None:
    names = list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    if not names:
        return None
    groups = [name for name in names if name not in LINES]
    return kinds_of([g for g in groups if g]) + [name for name in names if name in LINES]


def _write(item: Item) -> str:
    text = json.dumps([item.at.isoformat(), item.id])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(cursor: str) -> tuple[datetime, int]:
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        at, last = json.loads(base64.urlsafe_b64decode(padded))
        instant = datetime.fromisoformat(at)
        if type(last) is not int or abs(last) > 2**62 or instant.tzinfo is None:
            raise ValueError(cursor)
    except (ValueError, TypeError, binascii.Error) as error:
        raise BadRequest(
            _("This page address is not valid any more."), {"cursor": [_("Not a valid cursor.")]}
        ) from error
    return instant, last


def group_words() -> dict[str, str]:
    """The filters in words."""
    words = {
        "deal": _("Deals"), "activity": _("Activities"), "ticket": _("Tickets"),
        "work": _("Repairs and service"), "alert": _("Alerts"), "record": _("Changes"),
    }  # fmt: skip
    return {group: words.get(group, group) for group in GROUPS}
