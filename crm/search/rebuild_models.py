"""How far the index was built anew."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from crm.clock import now
from crm.extensions import BigKey, Model, UtcDateTime

MAKE = 4
"""What entries hold is of this make; raise it, and running installations build theirs anew."""


class Rebuild(Model):
    """One building of the index. `kind` is what is being read, `reached` the last key of it that
    is done; `done` of `whole` records. The first row of an installation says, with no records, by
    which make it was founded; without a row yet that is the newest."""

    __tablename__ = "search_rebuilds"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    make: Mapped[int] = mapped_column(sa.SmallInteger)
    kind: Mapped[str] = mapped_column(sa.String(20), default="")
    reached: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    done: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    whole: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
