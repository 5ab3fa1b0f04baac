"""Regular work on units, and the days on which the company is closed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
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
from crm.transfers.kinds import Fields, Item, Kind, Told, plan_units
from crm.transfers.labels import column_word
from crm.transfers.refusals import Refusal, Unreadable
from crm.transfers.tables import table_of

_PLAN = (
    "name", "work_kind", "rule", "period", "every", "first_due_on", "horizon_days", "active",
    "meter", "counts", "threshold", "above", "in_a_row",
)  # fmt: skip
_DAY = ("day", "name", "name_en", "worked")


def _plan(fields: Fields, _finder: Finder) -> Fields:
    columns: Fields = {name: fields.get(name) for name in _PLAN}
    if columns["rule"] in METERED:
        columns |= _by_meter(columns)
    else:
        _check_interval(columns)
    return columns | {
        "account_id": fields["account"], "contract_id": fields.get("contract"),
        "assignee_id": fields.get("assignee"),
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


def _by_meter(columns: Fields) -> Fields:
    """What a plan by meters says besides. Raises Unreadable in the words of the form."""
    plan = SimpleNamespace(**columns)
    with _in_words():
        metering.check(plan)
    return {"every": plan.every, "first_due_on": plan.first_due_on}


def _check(_fields: Fields, columns: Fields, finder: Finder) -> None:
    """Raises Unreadable when the contract or the units are not such as the plan can have; meters
    must be there, so their readings come before the plans."""
    account, contract = columns["account_id"], columns["contract_id"]
    if contract and finder.facts("contract")[contract]["account_id"] != account:
        raise Unreadable(_("This contract is another account's."))
    if not columns["units"]:
        raise Unreadable(_("A plan needs a unit at least."))
    if columns["rule"] in METERED:
        with _in_words():
            metering.check_meters(SimpleNamespace(**columns), columns["units"])


@contextmanager
def _in_words() -> Iterator[None]:
    """What a form would refuse, as the reason of a row."""
    try:
        yield
    except Invalid as error:
        said = (
            f"{column_word('maintenance-plans', name)}: {' '.join(why)}"
            for name, why in error.errors.items()
        )
        raise Unreadable(" ".join(said)) from error


def _begin(items: list[Item], _finder: Finder, _at: datetime) -> dict[sa.Table, list[Fields]]:
    """When each unit is visited first; the night arranges the visits."""
    for item in items:
        _schedule(db.session.get_one(MaintenancePlan, item.id), item.columns["units"])
    return {}


def _again(items: list[Item], _finder: Finder, _at: datetime) -> dict[sa.Table, list[Fields]]:
    """The same of plans that a file changed, or that stand again as before it; what is arranged
    already stays."""
    for item in items:
        plan = db.session.get_one(MaintenancePlan, item.id, populate_existing=True)
        units = plan_units.wanted(plan, item) if "units" in item.changed else units_under(plan.id)
        _schedule(plan, units)
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
    lines=plan_units.UNDER,
    question=_check,
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
