"""Every kind of record that an import makes, also beside others: what its undo must know."""

from __future__ import annotations

from crm.readings.models import Meter
from crm.transfers.kinds import Kind
from crm.transfers.kinds.table import ALONG, KINDS
from crm.transfers.tables import table_of

METERS = Kind(
    name="meters",
    record="meter",
    table=table_of(Meter),
    fields=frozenset(),
    required=(),
    derive=lambda fields, _finder: fields,
    tell=lambda _item, _finder: [],
)
UNDOABLE: dict[str, Kind] = {**KINDS, **ALONG, METERS.name: METERS}
