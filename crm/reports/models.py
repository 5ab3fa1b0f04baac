"""Reports that were asked for, and the files they became."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from crm.extensions import BigKey, Dated, Json, Model, UtcDateTime, Versioned

KINDS = ("pipeline", "expiry")
STATES = ("queued", "running", "done", "failed", "refused")


class ReportJob(Versioned, Dated, Model):
    """One report on its way. `params` is what was asked: as_of and filters; `progress` 0 to 100;
    `error` is a code ("too_long", "press", "rights"); `sha256` is that of the figures."""

    __tablename__ = "report_jobs"
    __table_args__ = (
        sa.Index("ix_report_jobs_requested_by_id", "requested_by_id", "id"),
        sa.Index("ix_report_jobs_team_id", "team_id", "id"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    params: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    language: Mapped[str] = mapped_column(sa.String(2), default="ja")
    requested_by_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"))
    team_id: Mapped[int | None] = mapped_column(sa.ForeignKey("teams.id"))
    state: Mapped[str] = mapped_column(sa.String(10), default="queued")
    progress: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    error: Mapped[str | None] = mapped_column(sa.String(20))
    sha256: Mapped[str | None] = mapped_column(sa.String(64))
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ReportFile(Model):
    """The PDF itself, in the database so that any machine can hand it out."""

    __tablename__ = "report_files"
    job_id: Mapped[int] = mapped_column(
        sa.ForeignKey("report_jobs.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)
