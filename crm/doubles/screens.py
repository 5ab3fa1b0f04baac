"""What the pages of doubles are drawn from; nothing here changes anything."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _

from crm.accounts.models import Account
from crm.attributes.asking import asked_of_record
from crm.attributes.values import shown
from crm.clock import now
from crm.doubles import custom, merging, queries, unmerging, words
from crm.doubles.kinds import CHOSEN, JOINED, Record, account_of, kind_of, label
from crm.doubles.models import KINDS, Merge, Pair
from crm.doubles.products import twins
from crm.doubles.saying import NOTHING, Names, called, labels, names_of, said
from crm.errors import BadRequest
from crm.extensions import db
from crm.rights import Person, may
from crm.text.normal import clean

TABS = ("open", "later", "different")
COMPARED = {
    "account": ("name_kana", "corporate_number", "phone", "postal_code", "address",
                "parent_id", "owner_id"),
    "contact": ("kana", "account_id", "department", "title", "email", "phones"),
    "product": ("name", "maker", "category", "list_price", "successor_id"),
    "unit": ("account_id", "site_id", "product_id", "serial_no", "status", "installed_on",
             "warranty_ends_on", "parent_id"),
}  # fmt: skip


TOLD = {
    "account": ("address", "phone"), "contact": ("department", "email"),
    "product": ("maker", "category"), "unit": ("account_id", "site_id"),
}  # fmt: skip
"""What is told of a record beside its name, when one is chosen."""


@dataclass(frozen=True, slots=True)
class Line:
    """One field of two records, in words."""

    label: str
    left: str
    right: str

    @property
    def differs(self) -> bool:
        """Do the two say something else? What one does not say is no difference."""
        return self.left != self.right and NOTHING not in (self.left, self.right)


@dataclass(frozen=True, slots=True)
class Card:
    """A pair as the queue shows it."""

    pair: Any
    left: Record
    right: Record
    names: tuple[str, str]
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
    _held, names = queries.accounts_of(kind, found.values()), names_of(found.values())
    told, tables = words.reasons(), words.tables()

    def heavy(key: int) -> list[tuple[str, int]]:
        return [(tables[name], number) for name, number in weights[key].items()]

    return [
        Card(
            row, found[row.left_id], found[row.right_id],
            (called(found[row.left_id], names), called(found[row.right_id], names)),
            _lines(kind, found[row.left_id], found[row.right_id], names),
            (heavy(row.left_id), heavy(row.right_id)),
            [(told[one], one in words.AGAINST) for one in dict.fromkeys(row.reasons)],
            words.certainty(row.score),
            _may_merge(user, found[row.left_id]) and _may_merge(user, found[row.right_id]),
        )
        for row in rows
        if row.left_id in found and row.right_id in found
    ]  # fmt: skip


def _may_merge(user: Person, found: Record) -> bool:
    kind = kind_of(found)
    if kind in ("contact", "product"):
        return may(user, "merge", kind)
    account = db.session.get_one(Account, account_of(found))
    return may(user, "merge", kind) and may(user, "merge", "account", account)


def _lines(kind: str, left: Record, right: Record, names: Names) -> list[Line]:
    words = labels(kind) | {"kana": _("Reading")}
    both = (
        Line(words[name], said(left, name, names), said(right, name, names))
        for name in COMPARED[kind]
    )
    return [line for line in both if line.left != NOTHING or line.right != NOTHING]


@dataclass(frozen=True, slots=True)
class Choice:
    """One field of a merge: both values, and which of the two is proposed."""

    name: str
    label: str
    survivor: str
    lost: str
    side: str
    both: bool


def asked_expressly(survivor: Record, lost: Record) -> tuple[str, ...]:
    """Fields of which nothing is filled in: whose the unit of two customers is."""
    two = {account_of(survivor), account_of(lost)}
    return ("account_id",) if kind_of(survivor) == "unit" and len(two) > 1 else ()


def merge_page(
    survivor: Record, lost: Record, errors: dict[str, list[str]] | None = None
) -> str:  # fmt: skip
    """Side by side, field by field, and what will move."""
    plan = merging.plan(survivor, lost)
    kind, names = kind_of(survivor), names_of([survivor, lost])
    typed = request.form if request.method == "POST" else request.args
    return render_template(
        "doubles/merge.html", survivor=survivor, lost=lost, kind=kind,
        choices=_choices(survivor, lost, typed, names), errors=errors or {},
        moves=words.moved(plan.counts), clashes=words.clashes(plan.clashes),
        days=unmerging.KEPT.days, label=lambda one: called(one, names),
        twins=twins(survivor.id, lost.id) if "twins" in plan.clashes else [],
    )  # fmt: skip


def _choices(survivor: Record, lost: Record, typed: Any, names: Names) -> list[Choice]:
    kind, proposed = kind_of(survivor), merging.proposed(survivor, lost)
    words_, found = labels(kind), []
    expressly = asked_expressly(survivor, lost)
    for name in CHOSEN[kind]:
        ours, theirs = said(survivor, name, names), said(lost, name, names)
        if ours != theirs and not (expressly and name == "site_id"):
            side = typed.get(name, "" if name in expressly else proposed[name])
            both = name in JOINED and NOTHING not in (ours, theirs)
            found.append(Choice(name, words_[name], ours, theirs, side, both))
    return found + _custom_choices(survivor, lost, typed, proposed)


def _custom_choices(
    survivor: Record, lost: Record, typed: Any, proposed: dict[str, str]
) -> list[Choice]:
    if not any(name.startswith(custom.PREFIX) for name in proposed):
        return []
    asked = list({one.id: one for it in (survivor, lost) for one in asked_of_record(it)}.values())
    mine, other = ({one.key: one for one in shown(it, True, asked)} for it in (survivor, lost))
    return [
        Choice(name, mine[key].label, mine[key].text, other[key].text,
               typed.get(name, proposed[name]), False)
        for key in mine
        if (name := custom.PREFIX + key) in proposed and mine[key].text != other[key].text
    ]  # fmt: skip


def choose_page(found: Record, user: Person) -> str:
    """With whom?"""
    q, kind = clean(request.args.get("q", ""))[:200], kind_of(found)
    others = queries.others(user, found, q)
    names, about = names_of(others), TOLD[kind]
    lines = {one.id: [said(one, name, names).replace(NOTHING, "") for name in about]
             for one in others}  # fmt: skip
    return render_template(
        "doubles/choose.html", found=found, kind=kind, q=q, lines=lines, others=others,
        label=lambda one: called(one, names),
    )  # fmt: skip


def on_demand() -> str:
    """The name of a comparison that somebody asks for: pressed twice in a minute, it is one."""
    return f"doubles.compare:{now():%Y-%m-%dT%H:%M}"


def merges_page(found: Record, merges: Any, user: Person) -> str:
    """What was merged into a record, and what can be taken back."""
    return render_template(
        "doubles/merges.html", found=found, kind=kind_of(found),
        may_undo=_may_merge(user, found), days=unmerging.KEPT.days, label=label,
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
    equal = twins(survivor.id, lost.id) if "twins" in plan.clashes else []
    expressly = asked_expressly(survivor, lost)

    def plain(value: Any) -> Any:
        return value.isoformat() if hasattr(value, "isoformat") else value

    fields = [
        {
            "field": name, "survivor": plain(_value(survivor, name)),
            "lost": plain(_value(lost, name)),
            "proposed": None if name in expressly else side,
        }
        for name, side in proposed.items()
    ]  # fmt: skip
    return {
        "survivor_id": survivor.id, "lost_id": lost.id, "fields": fields,
        "moves": plan.counts, "clashes": plan.clashes,
        "twins": [asdict(one) for one in equal],
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
