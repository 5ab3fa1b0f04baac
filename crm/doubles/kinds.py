"""What can be merged: the kinds of record, and the fields that are chosen one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crm.accounts.keys import keep_spent
from crm.accounts.models import Account, Contact
from crm.doubles.models import Merge
from crm.extensions import db
from crm.installed_base.models import Unit
from crm.products.models import Product

Fields = dict[str, Any]
Record = Account | Contact | Product | Unit
MODELS: Mapping[str, type[Any]] = {
    "account": Account, "contact": Contact, "product": Product, "unit": Unit,
}  # fmt: skip

keep_spent(Product, Unit)

ACCOUNT = {
    "name": ("legal_form", "legal_form_position", "name_core", "name_key"),
    "name_kana": (), "name_en": (), "corporate_number": (), "parent_id": (), "industry": (),
    "rank": (),
    "owner_id": ("team_id",), "service_owner_id": (), "phone": ("phone_e164",),
    "postal_code": (), "address": (), "fiscal_year_end_month": (), "credit_limit": (),
    "screened_on": (), "customer_since": (), "handling_note": (),
}  # fmt: skip
CONTACT = {
    "family_name": (), "given_name": (), "family_name_kana": (), "given_name_kana": (),
    "site_id": (), "department": (), "title": (), "email": ("email_key",), "influence": (),
    "met_on": (),
}  # fmt: skip
PRODUCT = {
    "code": ("code_key",), "name": (), "name_kana": (), "category": (), "maker": (),
    "list_price": (), "maintenance_price": (), "warranty_months": (), "expected_life_months": (),
    "inspection_interval_months": (), "consumable_cycle_days": (), "end_of_sale_on": (),
    "end_of_support_on": (), "parts_supply_end_on": (), "successor_id": (), "installable": (),
    "serialised": (),
}  # fmt: skip
UNIT = {
    "product_id": (), "serial_no": ("serial_key",), "lot": (), "account_id": (),
    "site_id": ("location", "location_id"), "parent_id": (), "status": ("removed_on",),
    "criticality": (), "ownership": (), "lessor": (), "lease_ends_on": (),
    "re_lease_ends_on": (), "delivered_on": (), "installed_on": (), "accepted_on": (),
    "warranty_ends_on": (), "end_of_support_on": (), "parts_supply_end_on": (), "produced_on": (),
    "firmware": ("firmware_key",), "is_competitor": (), "sold_by_us": (), "replaces_id": (),
    "end_user_account_id": (),
}  # fmt: skip
CHOSEN: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "account": ACCOUNT, "contact": CONTACT, "product": PRODUCT, "unit": UNIT,
}  # fmt: skip
"""Fields that are chosen one by one, each with the columns that follow from it."""

SIDES = ("survivor", "lost", "both")
JOINED = ("handling_note",)
"""Texts of which both can be kept."""
LONGEST_NAME = 200


def kind_of(found: Record) -> str:
    """What kind of record it is."""
    return next(kind for kind, model in MODELS.items() if isinstance(found, model))


def label(found: Record) -> str:
    """What people call a record; a unit by its product's code and its serial number."""
    if isinstance(found, Unit):
        code = db.session.get_one(Product, found.product_id).code
        return f"{code} {found.serial_no}".strip()
    if isinstance(found, Product):
        return f"{found.code} {found.name}"[:LONGEST_NAME]
    return found.name


def account_of(found: Record) -> int:
    """The key of the account that a record is or belongs to; 0 for a product, which is nobody's."""
    if isinstance(found, Account):
        return found.id
    return 0 if isinstance(found, Product) else found.account_id


def _nothing(_survivor: Any, _lost: Any) -> Iterator[tuple[str, int]]:
    return iter(())


def _as_said(_survivor: Any, _lost: Any, choices: Fields) -> Fields:
    return choices


@dataclass(frozen=True, slots=True)
class Way:
    """What a kind of record needs besides moving whatever names it.

    `check` raises when the two cannot be one, `clashes` tells what collides, `choices` sees to what
    is said (raises Invalid), `values` to what follows from it. `before` makes room on the survivor
    and returns what it removed, `after` brings the survivor in line before it is written, `back`
    does what is left when a merge was taken back. `follows`: columns that `after` may change.
    """

    check: Callable[[Any, Any], None]
    clashes: Callable[[Any, Any], Iterator[tuple[str, int]]] = _nothing
    choices: Callable[[Any, Any, Fields], Fields] = _as_said
    values: Callable[[Any, Any, Fields], Fields] = _as_said
    before: Callable[[Merge, Any, Any, Fields], dict[str, int]] = lambda *_: {}
    after: Callable[[Merge, Any], None] = lambda *_: None
    free: Callable[[Fields], None] = lambda _: None
    back: Callable[[Merge], None] = lambda _: None
    follows: tuple[str, ...] = ()
