"""Two units that are one machine, entered twice."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.doubles import moving
from crm.doubles.kinds import Fields, Way
from crm.doubles.models import Merge
from crm.doubles.unit_clashes import clashes
from crm.doubles.unit_rows import make_room
from crm.errors import Conflict, Invalid
from crm.expiry import keeping
from crm.extensions import db
from crm.installed_base import components, queries, rules, states, warranties
from crm.installed_base.actions import WHERE
from crm.installed_base.models import Unit, UnitState


def _check(survivor: Unit, lost: Unit) -> None:
    for one, other in ((survivor, lost), (lost, survivor)):
        if one.parent_id is not None and other.id in components.above(one.id):
            _refuse(_("One of the two is built into the other. Take it out first."))
        if one.replaces_id is not None and other.id in components.above(one.id, "replaces_id"):
            _refuse(_("One of the two has replaced the other. Take that back first."))
    loans = db.metadata.tables["loans"].c
    lent = loans.unit_id.in_((survivor.id, lost.id)), loans.returned_on.is_(None)
    if (db.session.scalar(sa.select(sa.func.count(loans.id)).where(*lent)) or 0) > 1:
        _refuse(_("Both are on loan. Enter first that one of the two was returned."))


def _refuse(why: str) -> None:
    raise Conflict(why, {"lost_id": [why]})


def _choices(survivor: Unit, lost: Unit, choices: Fields) -> Fields:
    """Whose unit it is must be said of two customers' units; its place is with that customer."""
    if survivor.account_id == lost.account_id:
        return choices
    if "account_id" not in choices:
        why = _("The two belong to two customers: say expressly whose the unit is.")
        raise Invalid({"account_id": [why]})
    other = survivor if choices["account_id"] == "lost" else lost
    waiting = queries.unfinished_tickets([other.id])
    if waiting:
        why = _("%(n)s tickets of the other customer about it are not finished: finish them first.",
                n=waiting)  # fmt: skip
        raise Conflict(why, {"account_id": [why]})
    return choices | {"site_id": choices["account_id"]}


def _after(made: Merge, survivor: Unit) -> None:
    """The survivor stands where it is built in, its days and numbers agree, its parts follow."""
    above = db.session.get(Unit, survivor.parent_id) if survivor.parent_id else None
    for name in WHERE[1:] if above is not None else ():
        setattr(survivor, name, getattr(above, name))
    _check_number(survivor.product_id, survivor.serial_key, survivor)
    rules.check_unit(survivor)
    components.check_parent(survivor)
    components.check_replaced(survivor)
    _settle_warranties(made, survivor)
    _stand(made, survivor)
    _carry(made, survivor, [row.id for row in components.below(survivor.id)])
    db.session.flush()
    keeping.refresh_units([survivor.id])


def _check_number(product_id: int, serial_key: str | None, unit: Unit | None) -> None:
    """Raises Conflict when a third unit has the number, Invalid when a unit in use has none."""
    if serial_key is None:
        if unit is not None and unit.status != "planned":
            why = _("Only a unit whose delivery is planned may be without a serial number.")
            raise Invalid({"serial_no": [why]})
        return
    other = queries.same_serial(product_id, serial_key)
    if other is not None and (unit is None or other != unit.id):
        why = _(
            "This product with this serial number is already registered (unit %(id)s).", id=other
        )
        raise Conflict(why, {"serial_no": [why]})


def _settle_warranties(made: Merge, unit: Unit) -> None:
    """A last day that no row of the joined ones stands for gets the row that it stood for."""
    rows, wanted = warranties.warranties_of(unit.id), unit.warranty_ends_on
    if not rows:
        return
    warranties.settle(unit)
    short = wanted is not None and (unit.warranty_ends_on is None or unit.warranty_ends_on < wanted)
    if wanted is not None and short and all(one.kind != "maker" for one in rows):
        implied = warranties.implied(unit, wanted)
        db.session.add(implied)
        moving.note_added(made, implied)
        warranties.settle(unit)


def _stand(made: Merge, unit: Unit) -> None:
    """The newest row says what the unit itself says."""
    states.note(unit, made.by_id)
    for row in [one for one in db.session.new if isinstance(one, UnitState)]:
        moving.note_added(made, row)


def _carry(made: Merge, unit: Unit, parts: Iterable[int]) -> None:
    """Components stand where their unit stands."""
    place = {name: getattr(unit, name) for name in WHERE}
    for part in db.session.scalars(sa.select(Unit).where(Unit.id.in_(parts)).order_by(Unit.id)):
        before = {name: getattr(part, name) for name in (*WHERE, "warranty_ends_on")}
        if {name: before[name] for name in WHERE} == place:
            continue
        for name, value in place.items():
            setattr(part, name, value)
        if warranties.warranties_of(part.id):
            warranties.settle(part)
        _stand(made, part)
        moving.note_change(made, part, before)


def _free(row: Fields) -> None:
    _check_number(row["product_id"], row["serial_key"], None)


def _back(merge: Merge) -> None:
    keeping.refresh_units([merge.survivor_id, merge.lost_id])


UNITS = Way(
    _check, clashes, choices=_choices, before=make_room, after=_after, free=_free, back=_back,
    follows=("warranty_ends_on", "site_id", "location", "location_id"),
)  # fmt: skip
