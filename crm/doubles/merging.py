"""Make one record of two: what would move, what is chosen, and the merge in one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.accounts import rules
from crm.accounts.keys import spend
from crm.accounts.models import Account, Contact, ContactPhone
from crm.clock import now
from crm.doubles import custom, found_again, moving
from crm.doubles.models import Merge
from crm.doubles.queue import settle
from crm.doubles.referring import dumped, marks, references
from crm.errors import Conflict, Invalid
from crm.extensions import db
from crm.timeline.actions import record
from crm.timeline.removals import removed_many

Fields = dict[str, Any]
Record = Account | Contact
MODELS: Mapping[str, type[Account] | type[Contact]] = {"account": Account, "contact": Contact}
DEEPEST = 50

ACCOUNT = {
    "name": ("legal_form", "legal_form_position", "name_core", "name_key"),
    "name_kana": (), "name_en": (), "corporate_number": (), "parent_id": (), "industry": (),
    "rank": (),
    "owner_id": ("team_id",), "service_owner_id": (), "phone": ("phone_e164",),
    "postal_code": (), "address": (), "fiscal_year_end_month": (), "credit_limit": (),
    "screened_on": (), "customer_since": (), "handling_note": (),
}  # fmt: skip
CONTACT = {
    "family_name": (), "given_name": (), "family_name_kana": (), "given_name_kana": (),
    "site_id": (), "department": (), "title": (), "email": ("email_key",), "influence": (),
    "met_on": (),
}  # fmt: skip
CHOSEN: Mapping[str, Mapping[str, tuple[str, ...]]] = {"account": ACCOUNT, "contact": CONTACT}
"""Fields that are chosen one by one, each with the columns that follow from it."""

SIDES = ("survivor", "lost", "both")
JOINED = ("handling_note",)
"""Texts of which both can be kept."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a merge would do: rows that move by `table.column`, and what collides by its reason."""

    counts: dict[str, int]
    clashes: dict[str, int]


def plan(survivor: Record, lost: Record) -> Plan:
    """Look before anything happens. Raises Conflict or Invalid when the two cannot be one."""
    kind = check(survivor, lost)
    return Plan(moving.counts(kind, lost.id), dict(_clashes(kind, survivor, lost)))


def kind_of(found: Record) -> str:
    """What kind of record it is."""
    return "account" if isinstance(found, Account) else "contact"


def check(survivor: Record, lost: Record) -> str:
    """Two different records of one kind that can be one; returns the kind."""
    kind = kind_of(survivor)
    if kind != kind_of(lost) or survivor.id == lost.id:
        raise Invalid({"lost_id": [_("Name another record than this one.")]})
    if isinstance(survivor, Contact) and isinstance(lost, Contact):
        if survivor.account_id != lost.account_id:
            why = _(
                "They belong to two accounts. Merge the accounts first, or move one of the two."
            )
            raise Conflict(why, {"lost_id": [why]})
    elif survivor.id in _below(lost.id):
        why = _("A company between the two stands below one and above the other.")
        raise Conflict(why, {"lost_id": [why]})
    return kind


def _below(account_id: int) -> set[int]:
    """The grandchildren of an account and everybody below them."""
    level = [account_id]
    found: set[int] = set()
    for depth in range(DEEPEST):
        below = sa.select(Account.id).where(Account.parent_id.in_(level))
        level = [one for one in db.session.scalars(below) if one not in found]
        if depth:
            found.update(level)
        if not level:
            break
    return found


def _clashes(kind: str, survivor: Record, lost: Record) -> Iterator[tuple[str, int]]:
    if kind == "contact":
        twins = len(_twin_phones(survivor.id, lost.id))
        if twins:
            yield "phones", twins
        return
    alerts = len(moving.clashing_alerts(survivor.id, lost.id))
    if alerts:
        yield "alerts", alerts
    mates = Contact.__table__.alias()
    here = [Contact.account_id == survivor.id, mates.c.account_id == lost.id]
    same = sa.or_(
        mates.c.email_key == Contact.email_key,
        sa.and_(
            mates.c.family_name == Contact.family_name, mates.c.given_name == Contact.given_name
        ),
    )
    people = db.session.scalar(
        sa.select(sa.func.count()).select_from(Contact).join(mates, same).where(*here)
    )
    if people:
        yield "people", people


def _twin_phones(survivor_id: int, lost_id: int) -> list[int]:
    mine, theirs = ContactPhone.__table__.alias(), ContactPhone.__table__.alias()
    return list(db.session.scalars(
        sa.select(theirs.c.id)
        .join(mine, mine.c.e164 == theirs.c.e164)
        .where(mine.c.contact_id == survivor_id, theirs.c.contact_id == lost_id)
    ))  # fmt: skip


def proposed(survivor: Record, lost: Record) -> dict[str, str]:
    """Which side each field is taken from unless somebody says otherwise: what is filled in."""
    return {
        name: "lost"
        if _empty(getattr(survivor, name)) and not _empty(getattr(lost, name))
        else "survivor"
        for name in CHOSEN[kind_of(survivor)]
    } | custom.proposed(survivor, lost)


def _empty(value: Any) -> bool:
    return value is None or value == ""


def merge(kind: str, survivor_id: int, lost_id: int, choices: Fields, by_id: int | None) -> Merge:
    """Take the lost record into the survivor. Raises Conflict and Invalid; does not commit.

    `choices` says field → survivor, lost or both; what it leaves out is taken as `proposed`.
    """
    survivor, lost = _locked(kind, survivor_id, lost_id)
    check(survivor, lost)
    chosen = proposed(survivor, lost) | choices
    values = _values(survivor, lost, chosen)
    made = _journal(kind, survivor, lost, by_id)
    if kind == "account":
        made.counts = {"alerts expired": moving.move_alerts(made)}
    else:
        twins = ContactPhone.id.in_(_twin_phones(survivor.id, lost.id))
        phones = next(one for one in references(kind) if one.table.name == "contact_phones")
        made.counts = {"contact_phones removed": moving.remove(made, phones, [twins])}
    moved = {**made.counts, **moving.move_all(made), **custom.move(made)}
    made.counts = {name: n for name, n in moved.items() if n}
    made.parts = _write(kind, survivor_id, lost_id, values)
    settle(made)
    found_again.after_merge(made)
    _tell(made, by_id, [name for name, side in chosen.items() if side != "survivor"])
    return made


def _locked(kind: str, survivor_id: int, lost_id: int) -> tuple[Record, Record]:
    model: Any = MODELS[kind]
    both = {
        one.id: one
        for one in db.session.scalars(
            sa.select(model)
            .where(model.id.in_((survivor_id, lost_id)))
            .order_by(model.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    }
    if len(both) < len({survivor_id, lost_id}):
        raise Conflict(_("One of the two is not there any more."))
    return both[survivor_id], both[lost_id]


def _values(survivor: Record, lost: Record, chosen: Fields) -> Fields:
    """Column → value of the survivor after the merge, for what changes."""
    kind = kind_of(survivor)
    values: Fields = {}
    for name, derived in CHOSEN[kind].items():
        side = chosen[name]
        if side not in SIDES or (side == "both" and name not in JOINED):
            raise Invalid({name: [_("Say survivor or lost.")]})
        if side == "lost":
            values |= {column: getattr(lost, column) for column in (name, *derived)}
        elif side == "both":
            values[name] = "\n".join(filter(None, (getattr(survivor, name), getattr(lost, name))))
    values["attributes"] = custom.chosen(survivor, lost, chosen)
    if kind == "account":
        parent = values.get("parent_id", cast(Account, survivor).parent_id)
        if parent in (survivor.id, lost.id):
            parent = cast(Account, lost).parent_id
            values["parent_id"] = None if parent in (survivor.id, lost.id) else parent
    return values


def _journal(kind: str, survivor: Record, lost: Record, by_id: int | None) -> Merge:
    table = cast(sa.Table, MODELS[kind].__table__)
    row = dumped(table, {column.name: getattr(lost, column.name) for column in table.columns})
    made = Merge(
        kind=kind, survivor_id=survivor.id, lost_id=lost.id, lost_name=lost.name, at=now(),
        by_id=by_id, row=row, parts={}, marks=marks(kind), counts={}, left_over=[],
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def _write(kind: str, survivor_id: int, lost_id: int, values: Fields) -> Fields:
    """Remove the lost record, then write what is chosen; returns column → [before, after]."""
    model: Any = MODELS[kind]
    db.session.flush()
    db.session.expire_all()
    spend(model.__table__, lost_id)
    removed_many(model.__tablename__, [lost_id])
    db.session.execute(sa.delete(model.__table__).where(model.__table__.c.id == lost_id))
    survivor = db.session.get_one(model, survivor_id, populate_existing=True)
    table = model.__table__
    columns = {*values, "kana_key"}
    before = {name: getattr(survivor, name) for name in columns}
    for name, value in values.items():
        setattr(survivor, name, value)
    survivor.kana_key = sort_key(survivor)
    survivor.updated_at = now()
    db.session.flush()
    custom.keep(kind, survivor)
    after = {name: getattr(survivor, name) for name in columns}
    said = dumped(table, {c.name: None for c in table.columns} | before)
    became = dumped(table, {c.name: None for c in table.columns} | after)
    return {n: [said[n], became[n]] for n in sorted(columns) if said[n] != became[n]}


def sort_key(found: Record) -> str:
    """Where the name stands in a Japanese list."""
    if isinstance(found, Account):
        return rules.sort_key(found.name_kana or "", found.name_core)
    kana = f"{found.family_name_kana or ''}{found.given_name_kana or ''}"
    return rules.sort_key(kana, found.family_name + (found.given_name or ""))


def _tell(made: Merge, by_id: int | None, taken: list[str]) -> None:
    """The history; whoever looks after the alerts of an account hears of it (`owner_id`)."""
    survivor = cast(Record, db.session.get_one(MODELS[made.kind], made.survivor_id))
    facts: Fields = {
        "name": survivor.name, "lost_id": made.lost_id, "lost_name": made.lost_name,
        "merge_id": made.id, "taken": taken, "counts": made.counts,
    }  # fmt: skip
    if isinstance(survivor, Account):
        facts["fields"] = ["owner_id"]
        record("account.merged", survivor, by_id, account_id=survivor.id, **facts)
    else:
        record("contact.merged", survivor, by_id, account_id=survivor.account_id, **facts)
