"""Companies."""

from __future__ import annotations

from crm.accounts import rules
from crm.accounts.models import ACCOUNT_RANKS, Account
from crm.text.addressee import company_alone
from crm.text.phone import e164
from crm.transfers.finding import Finder
from crm.transfers.kinds import Fields, Item, Kind, Told, above
from crm.transfers.tables import table_of

_PLAIN = (
    "name", "name_en", "corporate_number", "industry", "rank", "phone", "postal_code", "address",
    "fiscal_year_end_month", "credit_limit", "screened_on", "customer_since", "handling_note",
)  # fmt: skip


def derive(fields: Fields, finder: Finder) -> Fields:
    """The columns of a company, with the keys that follow from its name."""
    columns: Fields = {name: fields.get(name) for name in _PLAIN}
    columns["name"] = company_alone(columns["name"]) or columns["name"]
    columns |= rules.name_parts(columns["name"])
    columns["name_kana"] = rules.account_reading(fields.get("name_kana") or "")
    columns["kana_key"] = rules.sort_key(columns["name_kana"], columns["name_core"])
    columns["phone_e164"] = e164(columns["phone"]) if columns["phone"] else None
    owner = finder.facts("staff").get(fields.get("owner") or 0)
    columns["owner_id"] = owner["id"] if owner else None
    columns["service_owner_id"] = fields.get("service_owner")
    columns["team_id"] = owner["team_id"] if owner else None
    return columns


def tell(item: Item, _finder: Finder) -> list[Told]:
    """One line in the history."""
    return [Told("account.imported", None, {"name": item.columns["name"]})]


ACCOUNTS = Kind(
    name="accounts",
    record="account",
    table=table_of(Account),
    fields=frozenset((*_PLAIN, "name_kana", "owner", "service_owner", "parent")),
    required=("name",),
    references={"owner": "staff", "service_owner": "staff", "parent": "account"},
    derive=derive,
    tell=tell,
    identity=("corporate_number",),
    shared="corporate_number",
    days=("screened_on",),
    later="parent",
    judge_links=above.judge,
    choices={"rank": ACCOUNT_RANKS},
)
