"""What the pages of doubles are drawn from; nothing here changes anything."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import render_template, request
from flask_babel import gettext as _

from crm.accounts.models import Account, Contact, Site
from crm.attributes.asking import asked_of
from crm.attributes.values import shown
from crm.clock import now
from crm.doubles import custom, merging, queries, unmerging, words
from crm.doubles.merging import CHOSEN, JOINED, Record
from crm.doubles.models import KINDS, Merge, Pair
from crm.errors import BadRequest
from crm.extensions import db
from crm.rights import Person, may
from crm.staff.models import Staff
from crm.text.normal import clean
from crm.timeline.sentences.accounts import field_words

TABS = ("open", "later", "different")
COMPARED = {
    "account": ("name_kana", "corporate_number", "phone", "postal_code", "address",
                "parent_id", "owner_id"),
    "contact": ("kana", "account_id", "department", "title", "email", "phones"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One field of two records, in words."""

    label: str
    left: str
    right: str

    @property
    def differs(self) -> bool:
        """Do the two say something else? What one does not say is no difference."""
        return self.left != self.right and "―" not in (self.left, self.right)


@dataclass(frozen=True, slots=True)
class Card:
    """A pair as the queue shows it."""

    pair: Any
    left: Record
    right: Record
    lines: list[Line]
    weights: tuple[list[tuple[str, int]], list[tuple[str, int]]]
    reasons: list[tuple[str, bool]]
    certainty: str
    may_merge: bool


def queue_page(user: Person) -> str:
    """The queue; its address is its whole state."""
    kind, state = request.args.get("kind", "account"), request.args.get("state", "open")
    if kind not in KINDS or state not in TABS:
        raise BadRequest(_("There is no such filter."), {"state": [", ".join(TABS)]})
    found = queries.pair_page(user, kind, state, request.args.get("cursor"))
    return render_template(
        "doubles/queue.html", cards=_cards(user, kind, found.rows), kind=kind, state=state,
        next=found.next, counts=queries.counts(user), round=queries.last_round(),
        may_decide=may(user, "decide", "double"),
    )  # fmt: skip


def _cards(user: Person, kind: str, rows: Any) -> list[Card]:
    ids = {key for row in rows for key in (row.left_id, row.right_id)}
    found, weights = queries.records(kind, ids), queries.weights(kind, ids)
    names = _names(found.values())
    said, tables = words.reasons(), words.tables()

    def heavy(key: int) -> list[tuple[str, int]]:
        return [(tables[name], number) for name, number in weights[key].items()]

    return [
        Card(
            row, found[row.left_id], found[row.right_id],
            _lines(kind, found[row.left_id], found[row.right_id], names),
            (heavy(row.left_id), heavy(row.right_id)),
            [(said[one], one in words.AGAINST) for one in dict.fromkeys(row.reasons)],
            words.certainty(row.score),
            _may_merge(user, found[row.left_id]) and _may_merge(user, found[row.right_id]),
        )
        for row in rows
        if row.left_id in found and row.right_id in found
    ]  # fmt: skip


def _may_merge(user: Person, found: Record) -> bool:
    return may(user, "merge", merging.kind_of(found), None if isinstance(found, Contact) else found)


Names = dict[tuple[str, int], str]
NAMED = {
    "parent_id": "account", "account_id": "account", "site_id": "site", "owner_id": "staff",
    "service_owner_id": "staff",
}  # fmt: skip
"""Fields that hold a key → the kind of record it names."""


def _names(found: Iterable[Record]) -> Names:
    """What the records are called that these name, in three statements at most."""
    ids: dict[str, set[int]] = {"account": set(), "site": set(), "staff": set()}
    for one in found:
        for name, kind in NAMED.items():
            if getattr(one, name, None):
                ids[kind].add(getattr(one, name))
    names: Names = {}
    for kind, model in (("account", Account), ("site", Site), ("staff", Staff)):
        if ids[kind]:
            rows = db.session.execute(
                sa.select(model.id, model.name).where(model.id.in_(ids[kind]))
            )
            names |= {(kind, row.id): row.name for row in rows}
    return names


def _lines(kind: str, left: Record, right: Record, names: Names) -> list[Line]:
    labels = field_words() | {"kana": _("Reading")}
    both = (
        Line(labels[name], said(left, name, names), said(right, name, names))
        for name in COMPARED[kind]
    )
    return [line for line in both if line.left != "―" or line.right != "―"]


def said(found: Record, name: str, names: Names) -> str:
    """A value of a record as a reader sees it."""
    value: Any
    if name == "kana" and isinstance(found, Contact):
        value = f"{found.family_name_kana or ''} {found.given_name_kana or ''}".strip()
    elif name == "phones" and isinstance(found, Contact):
        value = _(", ").join(one.number for one in found.phones)
    elif name in NAMED:
        return names.get((NAMED[name], getattr(found, name) or 0), "―")
    else:
        value = getattr(found, name)
    return words.spoken(name, value) or "―"


@dataclass(frozen=True, slots=True)
class Choice:
    """One field of a merge: both values, and which of the two is proposed."""

    name: str
    label: str
    survivor: str
    lost: str
    side: str
    both: bool


def merge_page(
    survivor: Record, lost: Record, user: Person, errors: dict[str, list[str]] | None = None
) -> str:
    """Side by side, field by field, and what will move."""
    plan = merging.plan(survivor, lost)
    kind = merging.kind_of(survivor)
    typed = request.form if request.method == "POST" else request.args
    return render_template(
        "doubles/merge.html", survivor=survivor, lost=lost, kind=kind,
        choices=_choices(survivor, lost, typed), errors=errors or {},
        moves=words.moved(plan.counts), clashes=words.clashes(plan.clashes),
        swap=_may_merge(user, lost), days=unmerging.KEPT.days,
    )  # fmt: skip


def _choices(survivor: Record, lost: Record, typed: Any) -> list[Choice]:
    labels, proposed = field_words(), merging.proposed(survivor, lost)
    names = _names([survivor, lost])
    found = []
    for name in CHOSEN[merging.kind_of(survivor)]:
        ours, theirs = said(survivor, name, names), said(lost, name, names)
        if ours != theirs:
            side = typed.get(name, proposed[name])
            both = name in JOINED and "―" not in (ours, theirs)
            found.append(Choice(name, labels[name], ours, theirs, side, both))
    return found + _custom_choices(survivor, lost, typed, proposed)


def _custom_choices(
    survivor: Record, lost: Record, typed: Any, proposed: dict[str, str]
) -> list[Choice]:
    if not any(name.startswith(custom.PREFIX) for name in proposed):
        return []
    asked = asked_of(merging.kind_of(survivor))
    mine, other = ({one.key: one for one in shown(it, True, asked)} for it in (survivor, lost))
    return [
        Choice(name, mine[key].label, mine[key].text, other[key].text,
               typed.get(name, proposed[name]), False)
        for key in mine
        if (name := custom.PREFIX + key) in proposed and mine[key].text != other[key].text
    ]  # fmt: skip


def choose_page(found: Record, user: Person) -> str:
    """With whom?"""
    q = clean(request.args.get("q", ""))[:200]
    return render_template(
        "doubles/choose.html", found=found, kind=merging.kind_of(found), q=q,
        others=queries.others(user, found, q),
    )  # fmt: skip


def on_demand() -> str:
    """The name of a comparison that somebody asks for: pressed twice in a minute, it is one."""
    return f"doubles.compare:{now():%Y-%m-%dT%H:%M}"


def merges_page(found: Record, merges: Any, user: Person) -> str:
    """What was merged into a record, and what can be taken back."""
    return render_template(
        "doubles/merges.html", found=found, kind=merging.kind_of(found),
        may_undo=_may_merge(user, found), days=unmerging.KEPT.days,
        merges=[
            (one, words.moved(one.counts), words.left_over(one.left_over), open_(one))
            for one in merges
        ],
    )  # fmt: skip


def open_(merge: Merge) -> bool:
    """Can it be taken back?"""
    return merge.undone_at is None and merge.at + unmerging.KEPT >= now()


def _value(found: Record, name: str) -> Any:
    if name.startswith(custom.PREFIX):
        return (found.attributes or {}).get(name.removeprefix(custom.PREFIX))
    return getattr(found, name)


def plan_json(survivor: Record, lost: Record) -> dict[str, Any]:
    """A plan for programs."""
    plan, proposed = merging.plan(survivor, lost), merging.proposed(survivor, lost)

    def plain(value: Any) -> Any:
        return value.isoformat() if hasattr(value, "isoformat") else value

    fields = [
        {
            "field": name, "survivor": plain(_value(survivor, name)),
            "lost": plain(_value(lost, name)), "proposed": side,
        }
        for name, side in proposed.items()
    ]  # fmt: skip
    return {
        "survivor_id": survivor.id, "lost_id": lost.id, "fields": fields,
        "moves": plan.counts, "clashes": plan.clashes,
    }  # fmt: skip


def merge_json(merge: Merge) -> dict[str, Any]:
    """A merge for programs."""
    names = ("id", "kind", "survivor_id", "lost_id", "lost_name", "by_id", "counts", "left_over")
    undone = merge.undone_at.isoformat() if merge.undone_at else None
    return {name: getattr(merge, name) for name in names} | {
        "at": merge.at.isoformat(), "until": (merge.at + unmerging.KEPT).isoformat(),
        "undone_at": undone,
    }  # fmt: skip


def pair_json(pair: Pair) -> dict[str, Any]:
    """A pair for programs, as it stands now."""
    return {column.key: getattr(pair, column.key) for column in Pair.__table__.columns}
