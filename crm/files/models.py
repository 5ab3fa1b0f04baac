"""Documents and photos that hang on a record. The content itself is a file, kept once."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from crm.clock import now
from crm.extensions import BigKey, Model, UtcDateTime, Versioned

SUBJECTS = ("account_id", "unit_id", "work_order_id", "ticket_id", "deal_id")


class Attachment(Versioned, Model):
    """A file on exactly one record; `sha256` names the content, `size` in bytes."""

    __tablename__ = "attachments"
    __table_args__ = (
        sa.CheckConstraint(
            " + ".join(f"CASE WHEN {name} IS NULL THEN 0 ELSE 1 END" for name in SUBJECTS) + " = 1",
            name="one_subject",
        ),
        *(sa.Index(f"ix_attachments_{name}_id", name, "id") for name in SUBJECTS),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"))
    work_order_id: Mapped[int | None] = mapped_column(sa.ForeignKey("work_orders.id"))
    ticket_id: Mapped[int | None] = mapped_column(sa.ForeignKey("tickets.id"))
    deal_id: Mapped[int | None] = mapped_column(sa.ForeignKey("deals.id"))
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    size: Mapped[int] = mapped_column(sa.BigInteger)
    media_type: Mapped[str] = mapped_column(sa.String(100))
    name: Mapped[str] = mapped_column(sa.String(150))
    caption: Mapped[str] = mapped_column(sa.String(200), default="")
    photo: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    @property
    def subject(self) -> str:
        """The column that says on what it hangs."""
        return next(name for name in SUBJECTS if getattr(self, name) is not None)
