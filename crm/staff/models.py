"""People who work here, their teams and offices, their sign-ins and tokens."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from flask_login import UserMixin
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.extensions import BigKey, Dated, Model, UtcDateTime, Versioned

ROLES = ("rep", "clerk", "engineer", "manager", "admin")
DEPARTMENTS = ("sales", "call_centre", "service", "engineering", "management")


class Office(Versioned, Dated, Model):
    """A place where staff work (本社, 大阪営業所); printed papers show its address and telephone,
    and beside it `phone_note` (weekdays 8:30 to 18:00)."""

    __tablename__ = "offices"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(100), unique=True)
    postal_code: Mapped[str] = mapped_column(sa.String(8), default="", server_default="")
    address: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")
    phone: Mapped[str] = mapped_column(sa.String(40), default="", server_default="")
    phone_note: Mapped[str] = mapped_column(sa.String(80), default="", server_default="")


class Team(Versioned, Dated, Model):
    """A team (営業一課) inside a division (営業部); `position` is the organisation's own order."""

    __tablename__ = "teams"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(100), unique=True)
    division: Mapped[str] = mapped_column(sa.String(100), default="")
    department: Mapped[str] = mapped_column(sa.String(20), default="sales")
    office_id: Mapped[int | None] = mapped_column(sa.ForeignKey("offices.id"))
    position: Mapped[int] = mapped_column(sa.Integer, default=0)


class Staff(Versioned, Dated, UserMixin, Model):
    """One person with a role. A person who left is inactive, never deleted."""

    __tablename__ = "staff"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    name_kana: Mapped[str] = mapped_column(sa.String(100), default="")
    role: Mapped[str] = mapped_column(sa.String(10))
    team_id: Mapped[int | None] = mapped_column(sa.ForeignKey("teams.id"), index=True)
    office_id: Mapped[int | None] = mapped_column(sa.ForeignKey("offices.id"))
    extension: Mapped[str] = mapped_column(sa.String(20), default="", server_default="")
    active: Mapped[bool] = mapped_column(sa.Boolean, default=True)
    language: Mapped[str] = mapped_column(sa.String(2), default="ja")
    theme: Mapped[str] = mapped_column(sa.String(5), default="auto")
    single_keys: Mapped[bool] = mapped_column(sa.Boolean, default=True)
    password_hash: Mapped[str | None] = mapped_column(sa.String(200))
    team: Mapped[Team | None] = relationship(lazy="joined")

    @property
    def is_active(self) -> bool:
        """Flask-Login's question: may this person be signed in?"""
        return self.active


class SignIn(Model):
    """One signed-in browser; the cookie holds the token, the row only its SHA-256."""

    __tablename__ = "sign_ins"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    staff_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ApiToken(Model):
    """A bearer token of the REST API: shown once, stored as SHA-256, revocable at once."""

    __tablename__ = "api_tokens"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    staff_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"), index=True)
    scope: Mapped[str] = mapped_column(sa.String(10), default="write")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
