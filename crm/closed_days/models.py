"""What the company says of its own days."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from crm.extensions import BigKey, Dated, Model, Versioned


class ClosedDay(Versioned, Dated, Model):
    """A day on which the company is closed, or, when `worked`, works although others do not."""

    __tablename__ = "closed_days"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    day: Mapped[date] = mapped_column(sa.Date, unique=True)
    name: Mapped[str] = mapped_column(sa.String(60))
    name_en: Mapped[str] = mapped_column(sa.String(60), default="")
    worked: Mapped[bool] = mapped_column(sa.Boolean, default=False)
