"""Doors to mass changes, which records one is about, and what has become of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import marshmallow as ma
import sqlalchemy as sa
from flask_babel import gettext as _

from crm.accounts.models import Account
from crm.clock import now
from crm.errors import Forbidden, Invalid, NotFound
from crm.exports.queries import naming_filters, wanted_of
from crm.exports.tables import keys_of
from crm.extensions import at_most, db, one_of
from crm.mass_changes.kinds import KINDS, Field, Fields, Kind
from crm.mass_changes.models import ITEM_STATES, MassChange, MassChangeItem
from crm.rights import Person, branches, may
from crm.web import flatten

MOST = 20_000
"""So many records are changed at once."""
SHOWN, LOOKED_AT, TOLD = 30, 10, 100
RETURNABLE = timedelta(hours=24)
"""How long a mass change can be put back."""
ITEM = MassChangeItem.__table__.c
UNDONE = ("refused", "kept")
"""Items of which there is a reason to tell."""


def get_mass_change(change_id: int, user: Person, action: str = "view") -> MassChange:
    """The door: raises NotFound when missing or not for this person."""
    found = db.session.get(MassChange, change_id)
    if found is None or not may(user, action, "mass_change", found):
        raise NotFound
    return found


def kind_named(name: str, user: Person) -> Kind:
    """A list whose records can be changed together. Raises Invalid for an unknown one, Forbidden
    where the role may change none of them."""
    kind = KINDS.get(name)
    if kind is None:
        raise Invalid({"list": [_("One of: %(all)s.", all=", ".join(KINDS))]})
    if not may(user, "edit", kind.table.record):
        raise Forbidden(_("Your role does not allow this. An administrator can grant it."))
    return kind


def values_of(kind: Kind, fields: Fields) -> Fields:
    """The new values as the action takes them. Raises Invalid naming `fields.NAME`."""
    known = {one.name: one for one in kind.fields}
    if wrong := sorted(set(fields) - set(known)):
        why = _("For many at once: %(all)s.", all=", ".join(known))
        raise Invalid({f"fields.{name}": [why] for name in wrong})
    if not fields:
        raise Invalid({"fields": [_("Say what is to be changed.")]})
    missing = [n for n, v in fields.items() if v == "" or (v is None and not known[n].empty)]
    if missing:
        raise Invalid({f"fields.{name}": [_("Choose the new value.")] for name in missing})
    values = loaded(kind, fields)
    for name, value in values.items():
        _check(known[name], value)
    return values


def _check(field: Field, value: Any) -> None:
    where = f"fields.{field.name}"
    choices = dict(field.choices()) if field.choices else {value: ""}
    if value in choices or (value is None and field.empty):
        return
    if field.kind == "staff":
        raise Invalid({where: [_("There is no such record, or it is not for you.")]})
    raise Invalid({where: [_("One of: %(all)s.", all=", ".join(choices))]})


def loaded(kind: Kind, fields: Fields) -> Fields:
    """Values as JSON keeps them, by the room's own schema. Raises Invalid."""
    try:
        found: Fields = kind.schema(partial=True).load(fields)
    except ma.ValidationError as error:
        raise Invalid(flatten({"fields": error.messages})) from error
    return found


def plain(values: Fields) -> Fields:
    """Values as JSON keeps them."""
    return {k: v.isoformat() if isinstance(v, date) else v for k, v in values.items()}


@dataclass(frozen=True, slots=True)
class Target:
    """The records that are to be changed: those picked, or all that match the list's filters."""

    kind: Kind
    ids: tuple[int, ...] = ()
    filters: dict[str, str] | None = None

    def keys(self, user: Person) -> sa.Select[tuple[int]]:
        """The keys of those which this person may change. Raises Invalid naming a filter."""
        table = self.kind.table
        if self.filters is None:
            reach = branches(user, "edit", table.record, table.model)
            return sa.select(table.model.id).where(one_of(table.model.id, self.ids), sa.or_(*reach))
        with naming_filters():
            return keys_of(wanted_of(table, self.filters, "all", "words"), user, "edit")

    def number(self, user: Person) -> int:
        """How many they are, counted to one more than may be changed."""
        some = self.keys(user).limit(at_most(MOST + 1)).subquery()
        return db.session.scalar(sa.select(sa.func.count()).select_from(some)) or 0

    def first(self, user: Person, field: str) -> Sequence[sa.Row[Any]]:
        """The first of them: `id`, `called`, `account`, and the `value` of a field."""
        model = self.kind.table.model
        some = self.keys(user).order_by(model.id).limit(at_most(LOOKED_AT))
        value = getattr(model, field).label("value")
        statement = _named(self.kind).add_columns(value).where(model.id.in_(some))
        return db.session.execute(statement.order_by(model.id)).all()


def _named(kind: Kind) -> sa.Select[Any]:
    """Records by what they are called, with the account of each where they are an account's."""
    model, name = kind.table.model, Account.name.label("account")
    if model is Account:
        return sa.select(model.id, kind.called.label("called"), sa.literal("").label("account"))
    return sa.select(model.id, kind.called.label("called"), name).outerjoin(
        Account, Account.id == model.account_id
    )


def target_of(
    kind: Kind, ids: Iterable[int] | None, filters: dict[str, str] | None
) -> Target:  # fmt: skip
    """Raises Invalid where nothing or too much is picked."""
    picked = tuple(dict.fromkeys(ids or ()))
    if len(picked) > MOST:
        raise Invalid({"ids": [too_many()]})
    if filters is None and not picked:
        raise Invalid({"ids": [_("Pick at least one record.")]})
    if filters is not None and picked:
        raise Invalid({"filters": [_("Either records or filters, not both.")]})
    given = {name: value for name, value in filters.items() if value != ""} if filters else filters
    return Target(kind, picked, given)


def too_many() -> str:
    """Why so many are refused."""
    return _("At most %(n)s records are changed at once. Filter the list.", n=f"{MOST:,}")


def changes_of(user: Person) -> Sequence[MassChange]:
    """What a person has changed lately; for an administrator, what everybody has."""
    mine = branches(user, "view", "mass_change", MassChange)
    newest = sa.select(MassChange).where(sa.or_(*mine)).order_by(MassChange.id.desc())
    return db.session.scalars(newest.limit(at_most(SHOWN))).all()


def tallies(ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """Of each mass change the number of records by what has become of them; one statement."""
    found = {key: dict.fromkeys(ITEM_STATES, 0) for key in ids}
    for change_id, state, number in db.session.execute(
        sa.select(ITEM.change_id, ITEM.state, sa.func.count())
        .where(ITEM.change_id.in_(ids))
        .group_by(ITEM.change_id, ITEM.state)
    ):
        found[change_id][state] = number
    return found


def progress(state: str, tally: dict[str, int]) -> int:
    """How far it has come, in percent."""
    back = tally["returned"] + tally["kept"]
    done, left = (
        (back, tally["changed"]) if state == "returning"
        else (sum(tally.values()) - tally["waiting"], tally["waiting"])
    )  # fmt: skip
    return 100 * done // (done + left) if done + left else 100


def left_of(change: MassChange) -> int:
    """How many records are still to be done."""
    state = "changed" if change.state == "returning" else "waiting"
    return tallies([change.id])[change.id][state]


def refused_of(ids: Sequence[int], most: int | None = None) -> Sequence[sa.Row[Any]]:
    """`change_id`, `record_id` and `reason` of what was not done, `most` of each mass change."""
    place = sa.func.row_number().over(partition_by=ITEM.change_id, order_by=ITEM.record_id)
    some = (
        sa.select(ITEM.change_id, ITEM.record_id, ITEM.reason, place.label("place"))
        .where(ITEM.change_id.in_(ids), ITEM.state.in_(UNDONE))
        .subquery()
    )
    chosen = sa.select(some).order_by(some.c.change_id, some.c.place)
    return db.session.execute(chosen.where(some.c.place <= most) if most else chosen).all()


def names_of(kind: Kind, ids: Sequence[int], user: Person) -> dict[int, tuple[str, str]]:
    """What records are called and whose they are, those that this person may see."""
    model, seen = kind.table.model, branches(user, "view", kind.table.record, kind.table.model)
    some = _named(kind).where(one_of(model.id, ids), sa.or_(*seen))
    return {row.id: (kind.said(row), row.account or "") for row in db.session.execute(some)}


def can_return(change: MassChange, user: Person, tally: dict[str, int]) -> bool:
    """May this person put it back, and is there still time?"""
    at = change.finished_at
    return (
        change.state == "done" and at is not None and now() - at < RETURNABLE
        and tally["changed"] > 0 and may(user, "edit", "mass_change", change)
    )  # fmt: skip
