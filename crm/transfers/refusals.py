"""What an import says no to: a whole file, or one row of it."""

from __future__ import annotations

from crm.sheets.refusals import Refusal as Refusal
from crm.sheets.refusals import Refused as Refused


class Unreadable(ValueError):
    """One row cannot be taken; the message names the column."""


class InConflict(Unreadable):
    """Somebody has edited since what the row wants to change; the message names the columns."""
