"""What meters said, and what machines reported as errors."""

from __future__ import annotations

from crm.readings.models import METER_KINDS, Reading
from crm.timeline.models import Event
from crm.transfers.finding import Finder
from crm.transfers.kinds import Fields, Item, Kind, Told
from crm.transfers.kinds.installed_base import unit_facts
from crm.transfers.tables import table_of

_ERROR = ("unit", "at", "code", "text")


def _error(fields: Fields, finder: Finder) -> Fields:
    """An error is a line in the history of its unit, and nothing besides."""
    unit = finder.facts("unit")[fields["unit"]]
    told = {"code": fields["code"], "text": fields.get("text") or "", "unit_id": unit["id"]}
    return {
        "kind": "unit.error_reported", "at": fields["at"], "account_id": unit["account_id"],
        "subject_type": "unit", "subject_id": unit["id"], "restricted": False,
        "facts": told | unit_facts(unit["id"], finder) | {"source": finder.source},
    }  # fmt: skip


def _told_by_itself(_item: Item, _finder: Finder) -> list[Told]:
    return []


READINGS = Kind(
    name="readings",
    record="reading",
    table=table_of(Reading),
    fields=frozenset(
        ("unit", "meter", "at", "value", "reset", "measure", "kind", "decimals", "rated_limit")
    ),
    required=("unit", "meter", "at", "value"),
    references={"unit": "unit"},
    derive=lambda fields, _finder: fields,
    tell=_told_by_itself,
    instants=("at",),
    choices={"kind": METER_KINDS},
    several=True,
)
ERRORS = Kind(
    name="errors",
    record="error",
    table=table_of(Event),
    fields=frozenset(_ERROR),
    required=("unit", "at", "code"),
    references={"unit": "unit"},
    derive=_error,
    tell=_told_by_itself,
    instants=("at",),
    fixed=frozenset(_ERROR),
)
