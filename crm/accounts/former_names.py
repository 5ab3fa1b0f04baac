"""What companies were called before: kept so that they are found under their old names as well."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from crm.clock import now
from crm.extensions import BigKey, Model, UtcDateTime, at_most, db

MOST = 50
"""Former names of one company that are shown."""


class FormerName(Model):
    """A name that a company had; `until_on` is the day from which on it has another."""

    __tablename__ = "account_former_names"
    __table_args__ = (sa.UniqueConstraint("account_id", "name"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(sa.String(200))
    name_kana: Mapped[str] = mapped_column(sa.String(200), default="")
    until_on: Mapped[date | None] = mapped_column(sa.Date)
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


def former_names(account_id: int) -> Sequence[FormerName]:
    """What a company was called before, the latest first."""
    return db.session.scalars(
        sa.select(FormerName)
        .where(FormerName.account_id == account_id)
        .order_by(FormerName.id.desc())
        .limit(at_most(MOST))
    ).all()


def words_of(account_ids: Collection[int]) -> dict[int, list[str]]:
    """Account → its former names and their readings, for the search; in one statement."""
    found: dict[int, list[str]] = {}
    rows = db.session.execute(
        sa.select(FormerName.account_id, FormerName.name, FormerName.name_kana)
        .where(FormerName.account_id.in_(account_ids))
        .order_by(FormerName.id)
    )
    for key, name, kana in rows:
        found.setdefault(key, []).extend(filter(None, (name, kana)))
    return found
