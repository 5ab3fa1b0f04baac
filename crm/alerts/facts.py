"""What a rule may know: plain facts as of one day, gathered by queries, judged by rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """A model: prices in yen without tax, life in months."""

    id: int
    code: str
    name: str
    list_price: int | None = None
    maintenance_price: int | None = None
    expected_life_months: int | None = None
    end_of_support_on: date | None = None


@dataclass(frozen=True, slots=True)
class ContractFacts:
    """A service contract; both days belong to its term, `annual_amount` in yen a year."""

    id: int
    number: str
    starts_on: date
    ends_on: date
    annual_amount: int
    notice_days: int = 90
    auto_renew: bool = False
    cancelled_on: date | None = None
    notice_given_on: date | None = None

    def covers(self, day: date) -> bool:
        """Is the contract in force on this day?"""
        if self.cancelled_on is not None and day >= self.cancelled_on:
            return False
        return self.starts_on <= day <= self.ends_on


@dataclass(frozen=True, slots=True)
class RepairFacts:
    """A repair that ended; `amount` is what it cost, `paid` what of it the customer pays (all of it
    when nothing is said), both in yen without tax."""

    id: int
    done_on: date
    amount: int
    chargeable: bool
    text: str = ""
    paid: int | None = None
    status: str = "returned"
    estimate: int | None = None
    why: str = ""

    @property
    def bill(self) -> int:
        """What the customer pays for it, when it is chargeable."""
        return self.amount if self.paid is None else self.paid


@dataclass(frozen=True, slots=True)
class FailureFacts:
    """A failure that was noticed: a ticket of that category, or a repair without a ticket."""

    type: str
    id: int
    on: date
    text: str


@dataclass(frozen=True, slots=True)
class MeterFacts:
    """A meter: its last total, and what it ran in the 90 days to that reading and in the same
    days a year before (None when too little was read)."""

    id: int
    name: str
    total: Decimal
    read_on: date
    measure: str = ""
    decimals: int = 0
    limit: Decimal | None = None
    recent: Decimal | None = None
    before: Decimal | None = None


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """One installed product with its past and its cover; a day of its own on which support ends
    goes before its product's."""

    id: int
    account_id: int
    serial_no: str
    product: ProductFacts
    successor: ProductFacts | None = None
    installed_on: date | None = None
    warranty_ends_on: date | None = None
    in_use: bool = True
    is_competitor: bool = False
    contracts: tuple[ContractFacts, ...] = ()
    repairs: tuple[RepairFacts, ...] = ()
    failures: tuple[FailureFacts, ...] = ()
    meters: tuple[MeterFacts, ...] = ()
    own_support_end_on: date | None = None

    @property
    def support_ends_on(self) -> date | None:
        """The last day on which it is supported."""
        return self.own_support_end_on or self.product.end_of_support_on

    def contract(self, day: date) -> ContractFacts | None:
        """The contract in force on a day; the one that ends last when there are several."""
        return max(
            (one for one in self.contracts if one.covers(day)),
            key=lambda one: (one.ends_on, one.id),
            default=None,
        )

    def age_months(self, day: date) -> int | None:
        """Whole months since the installation."""
        if self.installed_on is None or day < self.installed_on:
            return None
        months = (day.year - self.installed_on.year) * 12 + day.month - self.installed_on.month
        return months - (day.day < self.installed_on.day)

    @property
    def replacement(self) -> ProductFacts:
        """What would be bought instead of it today."""
        return self.successor or self.product


@dataclass(frozen=True, slots=True)
class TicketFacts:
    """What a customer told us."""

    id: int
    subject: str
    voice: str
    words: tuple[str, ...] = ()
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class OldUnit:
    """A unit by its name, with the whole years since its installation."""

    id: int
    name: str
    years: int


@dataclass(frozen=True, slots=True)
class CampaignFacts:
    """A recall or field campaign as it stands at one account; both days belong to it."""

    id: int
    number: str
    kind: str
    title: str
    starts_on: date
    ends_on: date | None
    open_units: int
    oldest: tuple[OldUnit, ...] = ()

    def runs(self, day: date) -> bool:
        """Has it not ended on this day? One that begins later is to be arranged already."""
        return self.ends_on is None or day <= self.ends_on


@dataclass(frozen=True, slots=True)
class Thing:
    """A record by its kind, key and name."""

    type: str
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class RegisterFacts:
    """A change of the account in the corporate register: `before` the name or address that it had,
    `after` the address that it has or who took it over; `hanging` what is open and may follow."""

    kind: str
    on: date
    name: str
    before: str = ""
    after: str = ""
    hanging: tuple[Thing, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that is known when rules are asked, as of `today`."""

    today: date
    account_id: int
    unit: UnitFacts | None = None
    ticket: TicketFacts | None = None
    repair: RepairFacts | None = None
    """The repair that has just been finished, when that is what happened."""

    campaign: CampaignFacts | None = None
    register: RegisterFacts | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A fact with its record, in both languages."""

    ja: str
    en: str
    type: str
    id: int


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule concludes. `subject` and `window` make it one alert; `value` is in yen."""

    subject: str
    window: str
    ja: str
    en: str
    evidence: tuple[Evidence, ...]
    value: int
    offer_ja: str
    offer_en: str
    product_id: int | None = None
    contract_id: int | None = None
    voice: str = ""
