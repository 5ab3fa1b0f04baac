"""The columns of a list that a page shows: `columns=amount,owner` of its address, else all.

A list names its columns in their order: name → what its head says; one that says nothing is always
there. Style leaves the others out (css/views.css), on wide windows alone, so that rows that were
drawn once stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from crm.errors import BadRequest

ASKED = "columns"
NONE = "none"
"""What the address says where all that can be left out is."""
Columns = Mapping[str, str]


def chosen(args: Mapping[str, str], known: Columns) -> list[str]:
    """The columns shown that could be left out, in their order; all where none is named.

    Raises BadRequest for a column that the list does not have.
    """
    free = [name for name in known if known[name]]
    asked = args.get(ASKED, "").split(",") if args.get(ASKED) else free
    if asked == [NONE]:
        return []
    if wrong := set(asked) - set(free):
        why = _("%(these)s: one of %(all)s.", these=", ".join(sorted(wrong)), all=", ".join(free))
        raise BadRequest(_("There is no such column."), {ASKED: [why]})
    return [name for name in free if name in asked]


def left_out(args: Mapping[str, str], there: Columns, known: Columns | None = None) -> str:
    """Style for the table of a list: `without-3` for its third column.

    `there` are the columns that this reader's page has, `known` those of every reader's. Raises
    BadRequest as `chosen` does.
    """
    shown = set(chosen(args, there if known is None else known))
    places = enumerate(there.items(), start=1)
    gone = (place for place, (name, said) in places if said and name not in shown)
    return "".join(f" without-{place}" for place in gone)


def written(shown: list[str], known: Columns) -> str:
    """The columns as an address names them; nothing where all are shown."""
    free = [name for name in known if known[name]]
    kept = [name for name in free if name in shown]
    return "" if kept == free else ",".join(kept) or NONE
