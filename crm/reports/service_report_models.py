"""Service reports (作業報告書) that were asked for, and the files they became."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from crm.extensions import BigKey, Dated, Model, UtcDateTime, Versioned


class ServiceReport(Versioned, Dated, Model):
    """The report of a work order on its way to paper. States and `error` as in ReportJob;
    `sha256` is that of what it says, the same that a customer signs."""

    __tablename__ = "service_reports"
    __table_args__ = (sa.Index("ix_service_reports_work_order_id", "work_order_id", "id"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    work_order_id: Mapped[int] = mapped_column(sa.ForeignKey("work_orders.id"))
    signature_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("work_signatures.id"), index=True
    )
    language: Mapped[str] = mapped_column(sa.String(2), default="ja")
    requested_by_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"))
    state: Mapped[str] = mapped_column(sa.String(10), default="queued")
    progress: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    error: Mapped[str | None] = mapped_column(sa.String(20))
    sha256: Mapped[str | None] = mapped_column(sa.String(64))
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ServiceReportFile(Model):
    """The PDF itself, in the database so that any machine can hand it out."""

    __tablename__ = "service_report_files"
    report_id: Mapped[int] = mapped_column(
        sa.ForeignKey("service_reports.id", ondelete="CASCADE"),
        primary_key=True, autoincrement=False,
    )  # fmt: skip
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)
