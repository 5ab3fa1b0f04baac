"""Regular work on units, and the days on which the company is closed."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.clock import today
from crm.closed_days.models import ClosedDay
from crm.closed_days.queries import kept, own_days
from crm.closed_days.rules import FEWEST, too_short
from crm.errors import Invalid
from crm.extensions import db
from crm.installed_base.models import WORK_KINDS
from crm.maintenance import metering
from crm.maintenance.actions import LONGEST_MONTHS, SHORTEST_DAYS, schedule
from crm.maintenance.models import METERED, PERIODS, RULES, MaintenancePlan, PlanUnit
from crm.maintenance.queries import units_under
from crm.transfers.finding import Finder
from crm.transfers.kinds import Fields, Item, Kind, Told
from crm.transfers.labels import column_word
from crm.transfers.refusals import Refusal, Unreadable
from crm.transfers.tables import table_of

_PLAN = (
    "name", "work_kind", "rule", "period", "every", "first_due_on", "horizon_days", "active",
    "meter", "counts", "threshold", "above", "in_a_row",
)  # fmt: skip
_DAY = ("day", "name", "name_en", "worked")


def _plan(fields: Fields, finder: Finder) -> Fields:
    columns: Fields = {name: fields.get(name) for name in _PLAN}
    metered = columns["rule"] in METERED
    if not metered:
        _check_interval(columns)
    account, contract = fields["account"], fields.get("contract")
    if contract and finder.facts("contract")[contract]["account_id"] != account:
        raise Unreadable(_("This contract is another account's."))
    units = finder.many_of("unit", account, fields["units"])
    if not units:
        raise Unreadable(_("A plan needs a unit at least."))
    if metered:
        columns |= _by_meter(columns, units)
    return columns | {
        "account_id": account, "contract_id": contract, "assignee_id": fields.get("assignee"),
    }  # fmt: skip


def _check_interval(columns: Fields) -> None:
    """Raises Unreadable when a plan by the calendar does not say how often, or from when on."""
    for name in ("every", "first_due_on"):
        if columns[name] is None:
            raise Unreadable(f"{column_word('maintenance-plans', name)}: {_('This is required.')}")
    every, days = columns["every"], columns["period"] == "days"
    if days and every < SHORTEST_DAYS:
        raise Unreadable(f"every: {_('%(n)s days at least.', n=SHORTEST_DAYS)}")
    if every < 1 or (not days and every > LONGEST_MONTHS):
        raise Unreadable(f"every: {_('%(n)s months at most.', n=LONGEST_MONTHS)}")


def _by_meter(columns: Fields, units: list[int]) -> Fields:
    """What a plan by meters says besides. Raises Unreadable in the words of the form: the meters
    must be there, so their readings come before the plans."""
    plan = SimpleNamespace(**columns)
    try:
        metering.check(plan)
        metering.check_meters(plan, units)
    except Invalid as error:
        said = (
            f"{column_word('maintenance-plans', name)}: {' '.join(why)}"
            for name, why in error.errors.items()
        )
        raise Unreadable(" ".join(said)) from error
    return {"every": plan.every, "first_due_on": plan.first_due_on}


def _begin(items: list[Item], finder: Finder, _at: datetime) -> dict[sa.Table, list[Fields]]:
    """When each unit is visited first; the night arranges the visits."""
    for item in items:
        units = finder.many_of("unit", item.columns["account_id"], item.fields["units"])
        _schedule(db.session.get_one(MaintenancePlan, item.id), units)
    return {}


def _again(items: list[Item], _finder: Finder, _at: datetime) -> dict[sa.Table, list[Fields]]:
    for item in items:
        plan = db.session.get_one(MaintenancePlan, item.id, populate_existing=True)
        _schedule(plan, units_under(plan.id))
    return {}


def _schedule(plan: MaintenancePlan, units: list[int]) -> None:
    """When each unit is visited next; what goes by meters the night works out."""
    schedule(plan, units)
    if plan.rule in METERED and plan.active:
        db.session.flush()
        links = sa.update(PlanUnit).where(PlanUnit.plan_id == plan.id)
        db.session.execute(links.values(wakes_on=today()))


def _check_years(items: list[Item], _f: Finder, _at: datetime) -> dict[sa.Table, list[Fields]]:
    """Raises Refusal, of the whole file, when a year would keep too few business days."""
    kept().forget()
    short = too_short(own_days(), {item.columns["day"].year for item in items})
    if short is not None:
        raise Refusal(_("%(year)s would have fewer than %(n)s business days.", year=short,
                        n=FEWEST))  # fmt: skip
    return {}


def _day_told(item: Item, _finder: Finder) -> list[Told]:
    said = item.columns
    day = said["day"].isoformat()
    told = {"from": day, "until": day, "name": said["name"], "worked": bool(said["worked"])}
    return [Told("closed_day.imported", None, told)]


PLANS = Kind(
    name="maintenance-plans",
    record="plan",
    table=table_of(MaintenancePlan),
    fields=frozenset((*_PLAN, "account", "units", "contract", "assignee")),
    required=("account", "units", "name"),
    references={"account": "account", "contract": "contract", "assignee": "staff"},
    derive=_plan,
    tell=lambda item, _finder: [Told("plan.imported", None, {"name": item.columns["name"]})],
    days=("first_due_on",),
    beside=_begin,
    beside_changed=_again,
    fixed=frozenset(("units",)),
    parts=frozenset(("plan_units",)),
    choices={"work_kind": WORK_KINDS, "rule": RULES, "period": PERIODS},
)
CLOSED_DAYS = Kind(
    name="closed-days",
    record="closed_day",
    table=table_of(ClosedDay),
    fields=frozenset(_DAY),
    required=("day", "name"),
    derive=lambda fields, _finder: {name: fields.get(name) for name in _DAY},
    tell=_day_told,
    identity=("day",),
    days=("day",),
    beside=_check_years,
    beside_changed=_check_years,
)
