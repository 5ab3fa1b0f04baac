"""Companies, their sites and the people who work there."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.attributes.models import Attributed
from crm.extensions import BigKey, Dated, Model, Versioned, key_text

ACCOUNT_RANKS = ("A", "B", "C")
INFLUENCES = ("decides", "influences", "promotes", "uses")


class Account(Attributed, Versioned, Dated, Model):
    """A customer company. `name` is the official name; the keys follow from it.

    `closed_on` is the day on which the register closed its record, `closed_cause` the register's
    code of the cause, `successor_number` the corporate number of who took it over.
    """

    __tablename__ = "accounts"
    __table_args__ = (
        sa.Index("ix_accounts_kana_key_id", "kana_key", "id"),
        sa.Index("ix_accounts_owner_id_kana_key", "owner_id", "kana_key", "id"),
        sa.Index("ix_accounts_team_id_kana_key", "team_id", "kana_key", "id"),
        sa.Index("ix_accounts_industry_kana_key", "industry", "kana_key", "id"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    name_kana: Mapped[str] = mapped_column(sa.String(200), default="")
    name_en: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")
    legal_form: Mapped[str] = mapped_column(sa.String(30), default="")
    legal_form_position: Mapped[str] = mapped_column(sa.String(6), default="")
    name_core: Mapped[str] = mapped_column(sa.String(200), default="")
    name_key: Mapped[str] = mapped_column(key_text(200), default="", index=True)
    kana_key: Mapped[str] = mapped_column(key_text(200), default="")
    corporate_number: Mapped[str | None] = mapped_column(sa.String(13), unique=True)
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    industry: Mapped[str] = mapped_column(sa.String(60), default="")
    rank: Mapped[str | None] = mapped_column(sa.String(1))
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    team_id: Mapped[int | None] = mapped_column(sa.ForeignKey("teams.id"))
    service_owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    phone_e164: Mapped[str | None] = mapped_column(key_text(20), index=True)
    postal_code: Mapped[str] = mapped_column(sa.String(8), default="")
    address: Mapped[str] = mapped_column(sa.String(300), default="")
    fiscal_year_end_month: Mapped[int | None] = mapped_column(sa.SmallInteger)
    credit_limit: Mapped[int | None] = mapped_column(sa.BigInteger)
    screened_on: Mapped[date | None] = mapped_column(sa.Date)
    customer_since: Mapped[int | None] = mapped_column(sa.SmallInteger)
    handling_note: Mapped[str] = mapped_column(sa.Text, default="")
    closed_on: Mapped[date | None] = mapped_column(sa.Date)
    closed_cause: Mapped[str] = mapped_column(sa.String(2), default="", server_default="")
    successor_number: Mapped[str | None] = mapped_column(sa.String(13))


class Site(Attributed, Versioned, Dated, Model):
    """A place of an account: head office, factory, laboratory."""

    __tablename__ = "sites"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    postal_code: Mapped[str] = mapped_column(sa.String(8), default="")
    address: Mapped[str] = mapped_column(sa.String(300), default="")
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    phone_e164: Mapped[str | None] = mapped_column(key_text(20), index=True)


class Contact(Attributed, Versioned, Dated, Model):
    """A person at an account."""

    __tablename__ = "contacts"
    __table_args__ = (sa.Index("ix_contacts_kana_key_id", "kana_key", "id"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    site_id: Mapped[int | None] = mapped_column(sa.ForeignKey("sites.id"))
    family_name: Mapped[str] = mapped_column(sa.String(60))
    given_name: Mapped[str] = mapped_column(sa.String(60), default="")
    family_name_kana: Mapped[str] = mapped_column(sa.String(60), default="")
    given_name_kana: Mapped[str] = mapped_column(sa.String(60), default="")
    kana_key: Mapped[str] = mapped_column(key_text(120), default="")
    department: Mapped[str] = mapped_column(sa.String(100), default="")
    title: Mapped[str] = mapped_column(sa.String(60), default="")
    email: Mapped[str] = mapped_column(sa.String(254), default="")
    email_key: Mapped[str | None] = mapped_column(key_text(254), index=True)
    influence: Mapped[str | None] = mapped_column(sa.String(12))
    met_on: Mapped[date | None] = mapped_column(sa.Date)
    """The day on which business cards were exchanged."""
    phones: Mapped[list[ContactPhone]] = relationship(
        cascade="all, delete-orphan", order_by="ContactPhone.id", lazy="selectin"
    )

    @property
    def name(self) -> str:
        """Family name first, as Japanese readers expect."""
        return f"{self.family_name} {self.given_name}".strip()


class ContactPhone(Model):
    """One number of a contact: as it was typed, and as E.164 for matching a caller."""

    __tablename__ = "contact_phones"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    contact_id: Mapped[int] = mapped_column(
        sa.ForeignKey("contacts.id", ondelete="CASCADE"), index=True
    )
    number: Mapped[str] = mapped_column(sa.String(40))
    e164: Mapped[str | None] = mapped_column(key_text(20), index=True)
    extension: Mapped[str] = mapped_column(sa.String(10), default="")
