"""A record that people entered, or another source brought, meets a row of the same identity."""

from __future__ import annotations

from flask_babel import gettext as _

from crm.transfers.custom import COLUMN, fill_up
from crm.transfers.finding import Finder
from crm.transfers.kinds import Fields, Item, Kind
from crm.transfers.refusals import InConflict


def fill_in(kind: Kind, item: Item, there: Fields, finder: Finder) -> None:
    """It is only filled up where it is blank; lines when it has none.

    Raises InConflict where a unit or a contract is another customer's here.
    """
    owner = there.get("account_id")
    if kind.of_one_customer and owner != item.columns["account_id"]:
        name = finder.label("account", owner) if owner else "―"
        raise InConflict(_("It is here already, as a record of %(name)s.", name=name))
    lines = kind.lines.of(there) if kind.lines else {}
    free = not any(lines.values())
    item.changed = tuple(
        name for name, value in item.columns.items()
        if (free and bool(value) if name in lines
            else there[name] in (None, "") and value not in (None, ""))
    )  # fmt: skip
    if fill_up(item, there):
        item.changed = (*item.changed, COLUMN)
    item.columns = {**there, **{name: item.columns[name] for name in item.changed}}
