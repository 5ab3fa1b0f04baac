"""Names under which lists are kept."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from crm.extensions import BigKey, Dated, Model, Versioned, key_text
from crm.rights import Person

MANAGES = ("manager", "admin")
"""Who keeps in order what others have shared."""
LONGEST_NAME = 60
LONGEST_QUERY = 3000
_OWN, _SHARED = sa.text("NOT shared"), sa.text("shared")


class SavedView(Versioned, Dated, Model):
    """A name for the filters, the order and the columns of a list.

    `list` is one of `crm.saved_views.lists.LISTS`, `query` what stands behind the question mark of
    its address, in the order in which that list names its filters. `name_key` is the name as it is
    compared. A private one is its owner's alone; a `shared` one is everybody's.
    """

    __tablename__ = "saved_views"
    __table_args__ = (
        sa.Index(
            "uq_saved_views_own", "owner_id", "list", "name_key", unique=True,
            sqlite_where=_OWN, postgresql_where=_OWN,
        ),
        sa.Index(
            "uq_saved_views_shared", "list", "name_key", unique=True,
            sqlite_where=_SHARED, postgresql_where=_SHARED,
        ),
    )  # fmt: skip
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    list: Mapped[str] = mapped_column(sa.String(20))
    name: Mapped[str] = mapped_column(sa.String(LONGEST_NAME))
    name_key: Mapped[str] = mapped_column(key_text(2 * LONGEST_NAME))
    query: Mapped[str] = mapped_column(sa.String(LONGEST_QUERY))
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"))
    shared: Mapped[bool] = mapped_column(sa.Boolean, default=False)

    def lets(self, user: Person, action: str) -> bool:
        """May this person do this to it? The scope `case` of crm/rights.py."""
        if self.owner_id == user.id:
            return True
        return self.shared and (action == "view" or user.role in MANAGES)

    @classmethod
    def within(cls, user: Person) -> sa.ColumnElement[bool]:
        """Which rows this person may see, as a predicate."""
        return sa.or_(cls.shared, cls.owner_id == user.id)
