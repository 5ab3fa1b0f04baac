"""What the address of the list of advice asks for."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict

from crm.advice.models import STATES
from crm.advice.queries import A
from crm.filters import key_in, word_in
from crm.rights import Person

VIEWS = ("asked", "mine", "all")
"""Asked of me, asked by me, and all that I may see."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address says."""

    view: str
    state: str
    ticket_id: int | None
    deal_id: int | None

    @property
    def any(self) -> bool:
        """Is anything filtered that is not by itself?"""
        return bool(self.state or self.ticket_id or self.deal_id)

    def where(self, user: Person) -> list[sa.ColumnElement[bool]]:
        """The same as conditions."""
        found: list[sa.ColumnElement[bool]] = []
        if self.view != "all":
            found.append((A.asked_id if self.view == "asked" else A.asker_id) == user.id)
        if self.state:
            found.append(A.state == self.state)
        if self.ticket_id:
            found.append(A.ticket_id == self.ticket_id)
        if self.deal_id:
            found.append(A.deal_id == self.deal_id)
        return found


def read(args: MultiDict[str, str]) -> Asked:
    """The address in terms of the list. Raises BadRequest for what it does not know."""
    ticket_id, deal_id = key_in(args, "ticket_id"), key_in(args, "deal_id")
    usual = "all" if ticket_id or deal_id else "asked"
    view = word_in(args, "view", VIEWS) or usual
    return Asked(view, word_in(args, "state", STATES), ticket_id, deal_id)
