"""Everything a customer has: units, the contracts over them, the work done on them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from crm.attributes.models import Attributed
from crm.clock import now
from crm.extensions import BigKey, Dated, Json, Model, UtcDateTime, Versioned, key_text

UNIT_STATUSES = ("planned", "in_use", "spare", "stopped", "removed")
OWNERSHIPS = ("bought", "leased", "rented", "loan")
CRITICALITIES = ("", "high", "medium", "low")
"""How much the customer's work hangs on a unit; empty is not judged."""
WORK_KINDS = (
    "repair", "inspection", "calibration", "installation", "move", "removal", "modification",
    "recall",
)  # fmt: skip
WORK_STATUSES = (
    "received", "diagnosing", "estimating", "awaiting_approval", "awaiting_parts", "repairing",
    "returned", "unrepairable", "estimate_declined",
)  # fmt: skip
WORK_ENDED = ("returned", "unrepairable", "estimate_declined")


def _own_day(name: str) -> sa.Index:
    """Few units have a day of their own: only those are in its index."""
    some: sa.ColumnElement[bool] = sa.column(name).is_not(None)
    return sa.Index(f"ix_units_{name}_id", name, "id", sqlite_where=some, postgresql_where=some)


class Unit(Attributed, Versioned, Dated, Model):
    """One installed product, one row per serial number.

    While its delivery is planned the number may not be known yet: `serial_no` is empty then and
    `serial_key`, which is unique for each product, is null. Its own `end_of_support_on` and
    `parts_supply_end_on` go before those of its product.
    """

    __tablename__ = "units"
    __table_args__ = (
        sa.UniqueConstraint("product_id", "serial_key"),
        sa.Index("ix_units_account_id_id", "account_id", "id"),
        sa.Index("ix_units_serial_key_id", "serial_key", "id"),
        sa.Index("ix_units_warranty_ends_on", "warranty_ends_on", "id", "status"),
        sa.Index("ix_units_account_id_warranty_ends_on", "account_id", "warranty_ends_on"),
        sa.Index("ix_units_account_id_lease_ends_on", "account_id", "lease_ends_on"),
        sa.Index("ix_units_lease_ends_on_id", "lease_ends_on", "id"),
        sa.Index("ix_units_re_lease_ends_on_id", "re_lease_ends_on", "id"),
        sa.Index("ix_units_product_id_id", "product_id", "id"),
        sa.Index("ix_units_installed_on_id", "installed_on", "id"),
        *(_own_day(name) for name in ("end_of_support_on", "parts_supply_end_on")),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    site_id: Mapped[int | None] = mapped_column(sa.ForeignKey("sites.id"))
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("products.id"))
    serial_no: Mapped[str] = mapped_column(sa.String(80))
    serial_key: Mapped[str | None] = mapped_column(key_text(80))
    lot: Mapped[str] = mapped_column(sa.String(80), default="", server_default="")
    location: Mapped[str] = mapped_column(sa.String(100), default="")
    location_id: Mapped[int | None] = mapped_column(sa.ForeignKey("locations.id"), index=True)
    status: Mapped[str] = mapped_column(sa.String(10), default="in_use")
    ownership: Mapped[str] = mapped_column(sa.String(10), default="bought")
    lessor: Mapped[str] = mapped_column(sa.String(120), default="", server_default="")
    lease_ends_on: Mapped[date | None] = mapped_column(sa.Date)
    re_lease_ends_on: Mapped[date | None] = mapped_column(sa.Date)
    delivered_on: Mapped[date | None] = mapped_column(sa.Date)
    installed_on: Mapped[date | None] = mapped_column(sa.Date)
    accepted_on: Mapped[date | None] = mapped_column(sa.Date)
    warranty_ends_on: Mapped[date | None] = mapped_column(sa.Date)
    removed_on: Mapped[date | None] = mapped_column(sa.Date)
    is_competitor: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    sold_by_us: Mapped[bool] = mapped_column(sa.Boolean, default=True)
    criticality: Mapped[str] = mapped_column(sa.String(6), default="", server_default="")
    produced_on: Mapped[date | None] = mapped_column(sa.Date)
    end_of_support_on: Mapped[date | None] = mapped_column(sa.Date)
    parts_supply_end_on: Mapped[date | None] = mapped_column(sa.Date)
    firmware: Mapped[str | None] = mapped_column(sa.String(40))
    firmware_key: Mapped[str | None] = mapped_column(key_text(80))
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"), index=True)
    replaces_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"), unique=True)
    end_user_account_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("accounts.id"), index=True
    )


class Location(Versioned, Dated, Model):
    """A place inside a site: a building, a floor of it, a room of that."""

    __tablename__ = "locations"
    __table_args__ = (sa.Index("ix_locations_site_id_name", "site_id", "name", "id"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("sites.id"))
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("locations.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(60))


class UnitState(Model):
    """How a unit stood from a day on: whose, where, in what use. Added to, never rewritten."""

    __tablename__ = "unit_states"
    __table_args__ = (sa.Index("ix_unit_states_unit_id_from_on", "unit_id", "from_on", "id"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id", ondelete="CASCADE"))
    from_on: Mapped[date] = mapped_column(sa.Date)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    site_id: Mapped[int | None] = mapped_column(sa.ForeignKey("sites.id"), index=True)
    location: Mapped[str] = mapped_column(sa.String(100), default="")
    location_id: Mapped[int | None] = mapped_column(sa.ForeignKey("locations.id"), index=True)
    status: Mapped[str] = mapped_column(sa.String(10), default="in_use")
    ownership: Mapped[str] = mapped_column(sa.String(10), default="bought")
    parent_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("units.id", ondelete="SET NULL"), index=True
    )
    end_user_account_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("accounts.id"), index=True
    )
    reason: Mapped[str] = mapped_column(sa.String(200), default="")
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class ServiceContract(Attributed, Versioned, Dated, Model):
    """A maintenance contract; `annual_amount` in yen a year, both end days belong to the term."""

    __tablename__ = "service_contracts"
    __table_args__ = (
        sa.Index("ix_service_contracts_account_id", "account_id", "id"),
        sa.Index("ix_service_contracts_ends_on", "ends_on", "id"),
        sa.Index("ix_service_contracts_notice_days_ends_on", "notice_days", "ends_on", "id"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(40), unique=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    plan: Mapped[str] = mapped_column(sa.String(60), default="")
    starts_on: Mapped[date] = mapped_column(sa.Date)
    ends_on: Mapped[date] = mapped_column(sa.Date)
    notice_days: Mapped[int] = mapped_column(sa.SmallInteger, default=90)
    auto_renew: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    annual_amount: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    response_hours: Mapped[int | None] = mapped_column(sa.SmallInteger)
    repair_hours: Mapped[int | None] = mapped_column(sa.SmallInteger)
    around_the_clock: Mapped[bool] = mapped_column(
        sa.Boolean, default=False, server_default=sa.false()
    )
    cancelled_on: Mapped[date | None] = mapped_column(sa.Date)
    labour_percent: Mapped[int] = mapped_column(sa.SmallInteger, default=100)
    travel_percent: Mapped[int] = mapped_column(sa.SmallInteger, default=100)
    parts_percent: Mapped[int] = mapped_column(sa.SmallInteger, default=100)
    cycle_months: Mapped[int] = mapped_column(sa.SmallInteger, default=12, server_default="12")
    renews_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("service_contracts.id"), unique=True
    )
    notice_given_on: Mapped[date | None] = mapped_column(sa.Date)
    notice_by: Mapped[str] = mapped_column(sa.String(8), default="", server_default="")
    notice_reason: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")

    @property
    def cycle_amount(self) -> int:
        """Yen per cycle; a year's amount always divides into whole ones."""
        return self.annual_amount * self.cycle_months // 12


class ContractScope(Model):
    """What a contract covers besides single units: a product or a site of its account, or, when
    neither is named, everything the account has."""

    __tablename__ = "contract_scopes"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    contract_id: Mapped[int] = mapped_column(
        sa.ForeignKey("service_contracts.id", ondelete="CASCADE"), index=True
    )
    product_id: Mapped[int | None] = mapped_column(sa.ForeignKey("products.id"), index=True)
    site_id: Mapped[int | None] = mapped_column(sa.ForeignKey("sites.id"), index=True)


class ContractUnit(Model):
    """A unit covered by a contract."""

    __tablename__ = "contract_units"
    contract_id: Mapped[int] = mapped_column(
        sa.ForeignKey("service_contracts.id", ondelete="CASCADE"), primary_key=True
    )
    unit_id: Mapped[int] = mapped_column(
        sa.ForeignKey("units.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class WorkOrder(Attributed, Versioned, Dated, Model):
    """A repair, inspection or other job on one unit. Amounts in yen without tax.

    `labour_share`, `travel_share` and `parts_share` are what the customer bears, in percent;
    without them `chargeable` counts for all. `verdict` is who pays, as of the opening; kept.
    `invoice_amount` is what the customer pays, by crm/service/charging.py; empty on old rows.
    """

    __tablename__ = "work_orders"
    __table_args__ = (
        sa.Index("ix_work_orders_unit_id_opened_on", "unit_id", "opened_on", "id"),
        sa.Index("ix_work_orders_account_id", "account_id", "id"),
        sa.Index("ix_work_orders_planned_on_id", "planned_on", "id"),
        sa.Index("ix_work_orders_status_planned_on", "status", "planned_on", "id"),
        sa.Index("ix_work_orders_status_opened_on", "status", "opened_on", "id"),
        sa.Index("ix_work_orders_assignee_id_planned_on", "assignee_id", "planned_on", "id"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"))
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    ticket_id: Mapped[int | None] = mapped_column(sa.ForeignKey("tickets.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(14), default="repair")
    status: Mapped[str] = mapped_column(sa.String(20), default="received")
    opened_on: Mapped[date] = mapped_column(sa.Date)
    done_on: Mapped[date | None] = mapped_column(sa.Date)
    symptom: Mapped[str] = mapped_column(sa.Text, default="")
    cause: Mapped[str] = mapped_column(sa.Text, default="")
    action: Mapped[str] = mapped_column(sa.Text, default="")
    labour_amount: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    travel_amount: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    parts_amount: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    chargeable: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    charge_reason: Mapped[str] = mapped_column(sa.String(200), default="")
    downtime_minutes: Mapped[int | None] = mapped_column(sa.Integer)
    assignee_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"), index=True)
    planned_on: Mapped[date | None] = mapped_column(sa.Date)
    planned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    planned_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    arrived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    down_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    down_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    labour_minutes: Mapped[int | None] = mapped_column(sa.Integer)
    travel_km: Mapped[int | None] = mapped_column(sa.Integer)
    estimate_amount: Mapped[int | None] = mapped_column(sa.BigInteger)
    estimated_on: Mapped[date | None] = mapped_column(sa.Date)
    approved_on: Mapped[date | None] = mapped_column(sa.Date)
    approved_by: Mapped[str] = mapped_column(sa.String(100), default="", server_default="")
    declined_reason: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")
    returned_on: Mapped[date | None] = mapped_column(sa.Date)
    symptom_code: Mapped[str] = mapped_column(sa.String(10), default="", server_default="")
    cause_code: Mapped[str] = mapped_column(sa.String(10), default="", server_default="")
    action_code: Mapped[str] = mapped_column(sa.String(10), default="", server_default="")
    customer_notice: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    substitute: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")
    labour_share: Mapped[int | None] = mapped_column(sa.SmallInteger)
    travel_share: Mapped[int | None] = mapped_column(sa.SmallInteger)
    parts_share: Mapped[int | None] = mapped_column(sa.SmallInteger)
    invoice_amount: Mapped[int | None] = mapped_column(sa.BigInteger)
    verdict: Mapped[dict[str, Any] | None] = mapped_column(Json)

    @property
    def number(self) -> str:
        """The number people say on the telephone."""
        return f"WO-{self.id}"

    @property
    def total_amount(self) -> int:
        """Labour, travel and parts in yen."""
        return self.labour_amount + self.travel_amount + self.parts_amount
