"""What kinds, fields, choices and readers are called, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from flask_babel import pgettext

from crm.accounts import words as accounts
from crm.campaigns import words as campaigns
from crm.deals import words as deals
from crm.deals.models import ACTIVITY_KINDS, RESULTS
from crm.installed_base import verdict_words
from crm.installed_base import words as installed_base
from crm.language import per_language
from crm.staff.words import role_name
from crm.support import words as support
from crm.timeline.sentences.deals import activity_name, result_name, stage_name
from crm.transfers.kinds import Kind


@per_language
def kind_words() -> Mapping[str, str]:
    """The kinds of record that can be imported."""
    return {
        "accounts": _("Accounts"), "contacts": _("Contacts"), "sites": _("Sites"),
        "products": _("Products"), "units": _("Units"), "deals": _("Deals"),
        "activities": _("Activities"), "tickets": _("Tickets"),
        "work-orders": _("Work orders"), "contracts": _("Contracts"),
        "warranties": pgettext("import", "Warranties"), "maintenance-plans": _("Maintenance plans"),
        "campaigns": _("Recalls and campaigns"),
        "readings": _("Readings"), "errors": pgettext("import", "Error codes of units"),
        "closed-days": _("Closed days"), "staff": _("Staff"),
    }  # fmt: skip


@per_language
def _shared() -> Mapping[str, str]:
    return {
        **_people(), **_things(), **_work(),
        "accepted_on": _("Accepted on"), "account": _("Account"), "active": _("Active"),
        "amount": _("Amount"), "annual_amount": _("Amount a year"), "at": _("Moment"),
        "auto_renew": _("Renews by itself"), "cancelled_on": _("Cancelled on"),
        "closed_at": _("Closed at"), "closed_on": pgettext("import", "Won or lost on"),
        "competitor": _("Competitor"), "contract": _("Contract"),
        "cycle_amount": _("Amount a cycle"), "cycle_months": _("Months of a cycle"),
        "day": _("Day"), "ends_on": _("Last day"), "every": pgettext("import", "Every"),
        "exclusions": _("Exclusions"), "expected_close_on": _("Expected close"),
        "above": pgettext("plan", "Out of bounds when"),
        "counts": pgettext("plan", "Every so many counts"),
        "threshold": pgettext("plan", "Bound"), "in_a_row": pgettext("plan", "Times in a row"),
        "even_if_overlapping": _("Save it although contracts overlap"),
        "first_due_on": _("First due on"), "first_response_at": _("First response at"),
        "gross_profit": _("Gross profit"), "horizon_days": _("Days arranged ahead"),
        "joint_with": _("Signed jointly with"), "lost_reason": _("Reason for loss"),
        "name": _("Name"), "name_en": _("English name"), "next_step": _("Next step"),
        "notice_days": _("Days of notice"), "number": _("Number"), "opened_at": _("Opened at"),
        "opened_on": _("Opened on"), "opening_stage": _("First stage"),
        "ordered_by": _("Ordered by"), "origin": pgettext("deal", "Origin"),
        "period": pgettext("import", "Months or days"), "plan": pgettext("contract", "Plan"),
        "products": _("Products"), "rank": _("Rank"), "response_hours": _("Hours to respond"),
        "repair_hours": _("Hours to repair"), "around_the_clock": _("Around the clock, every day"),
        "resolution": _("Resolution"), "revenue_on": _("Revenue on"), "rule": _("Rule"),
        "severity": _("Severity"), "sites": _("Sites"), "solved_at": _("Solved at"),
        "stage": _("Stage"), "starts_on": _("First day"), "subject": _("Subject"),
        "text": _("Text"), "title": pgettext("deal", "Title"), "transferable": _("Transferable"),
        "units": _("Units"), "value": _("Value"), "voice": _("Customer's words"),
        "whole_account": _("Covers all units"), "won_reason": _("Reason for winning"),
        "worked": _("Worked"),
    }  # fmt: skip


def _people() -> dict[str, str]:
    return {
        "address": _("Address"), "assignee": _("Assignee"),
        "corporate_number": _("Corporate number"), "credit_limit": _("Credit limit"),
        "customer_since": _("Customer since"), "department": _("Department"),
        "email": _("Mail"), "end_user": _("End user"), "family_name": _("Family name"),
        "family_name_kana": _("Family name reading"),
        "fiscal_year_end_month": _("Fiscal year end"), "given_name": _("Given name"),
        "given_name_kana": _("Given name reading"), "handling_note": _("Handling note"),
        "industry": _("Industry"), "influence": _("Part in decisions"),
        "extension": _("Extension"), "language": _("Language"), "mobile": _("Mobile"),
        "name_kana": _("Reading"),
        "met_on": _("Cards exchanged on"), "office": _("Office"), "owner": _("Owner"),
        "parent": pgettext("import", "Belongs to"),
        "phone": _("Phone"), "postal_code": _("Postal code"), "role": _("Role"),
        "direct": pgettext("import", "Direct line"), "screened_on": _("Screened"),
        "service_owner": _("Service owner"), "site": _("Site"), "team": _("Team"),
    }  # fmt: skip


def _things() -> dict[str, str]:
    return {
        "category": _("Category"), "code": _("Code"),
        "consumable_cycle_days": _("Days between consumables"),
        "criticality": _("Criticality"), "decimals": _("Decimals"),
        "delivered_on": _("Delivered on"), "end_of_sale_on": _("End of sale"),
        "estimate": pgettext("import", "Worth where it is blank"), "exchange": _("If it fails"),
        "end_of_support_on": _("End of support"),
        "expected_life_months": _("Expected life in months"), "firmware": _("Firmware"),
        "inspection_interval_months": _("Months between inspections"),
        "installable": pgettext("import", "Is installed"), "installed_on": _("Installed on"),
        "is_competitor": _("Another maker's"), "kind": _("Kind"),
        "lease_ends_on": _("Lease ends on"), "lessor": _("Lessor"), "list_price": _("List price"),
        "location": _("Location"), "lot": _("Lot"), "maintenance_price": _("Maintenance price"),
        "maker": _("Maker"), "measure": _("Unit of measure"), "meter": _("Meter"),
        "meter_limit": _("Limit of the meter"), "meter_name": _("Name of the meter"),
        "ownership": _("Ownership"), "parts_supply_end_on": _("End of parts supply"),
        "produced_on": _("Produced on"), "product": _("Product"),
        "rated_limit": _("Rated limit"), "re_lease_ends_on": _("Second lease ends on"),
        "removed_on": _("Removed on"), "reset": _("Began anew"),
        "serial_no": _("Serial number"), "serialised": _("Has serial numbers"),
        "sold_by_us": _("Sold by us"), "status": _("Status"), "unit": _("Unit"),
        "warranty_ends_on": _("Warranty ends on"), "warranty_months": _("Warranty in months"),
    }  # fmt: skip


def _work() -> dict[str, str]:
    return {
        "action": _("Action taken"), "action_code": _("Code of the action"),
        "cause": pgettext("import", "Cause"), "cause_code": _("Code of the cause"),
        "channel": _("Channel"), "charge_reason": _("Reason for charging"),
        "chargeable": _("Chargeable"), "done_on": _("Done on"),
        "downtime_minutes": _("Minutes of downtime"), "invoice_amount": _("Invoice amount"),
        "labour_amount": _("Labour in yen"), "labour_minutes": _("Minutes of labour"),
        "labour_percent": _("Percent of labour"), "labour_share": _("Percent of labour"),
        "parts_amount": _("Parts in yen"), "parts_percent": _("Percent of parts"),
        "parts_share": _("Percent of parts"), "planned_on": _("Planned on"),
        "returned_on": _("Returned on"), "symptom": _("Symptom"),
        "symptom_code": _("Code of the symptom"), "ticket": _("Ticket"),
        "travel_amount": _("Travel in yen"), "travel_km": _("Kilometres of travel"),
        "travel_percent": _("Percent of travel"), "travel_share": _("Percent of travel"),
        "work_kind": _("Kind of work"),
    }  # fmt: skip


def field_word(kind: Kind, field: str) -> str:
    """What a field is called; a field that was made here carries its own name."""
    if field in kind.called:
        return kind.called[field][0]
    return _own().get((kind.name, field)) or _shared().get(field, field)


@per_language
def _own() -> Mapping[tuple[str, str], str]:
    return {
        ("contacts", "title"): pgettext("person", "Title"),
        ("units", "parent"): _("Part of unit"),
        ("units", "end_of_support_on"): _("End of support (own)"),
        ("units", "parts_supply_end_on"): _("End of parts supply (own)"),
        ("errors", "code"): pgettext("import", "Error code"),
        ("accounts", "parent"): _("Parent company"),
        ("campaigns", "title"): pgettext("campaign", "Title"),
        ("campaigns", "notice_no"): _("Maker's notice"),
        ("campaigns", "serials"): _("Serial numbers"),
        ("campaigns", "firmware_from"): _("Firmware from"),
        ("campaigns", "firmware_to"): _("Firmware to"),
        ("activities", "at"): pgettext("export", "When"),
        ("activities", "by"): pgettext("export", "Who"),
        ("activities", "deal"): pgettext("export", "Deal"),
        ("activities", "planned"): pgettext("export", "Planned"),
        ("activities", "promised"): pgettext("export", "Promised to the customer"),
        ("activities", "result"): pgettext("export", "Result"),
        ("activities", "summary"): pgettext("export", "What was said"),
    }


def column_word(kind: str, column: str) -> str:
    """What a column of a kind's table is called in a reason: that of the field it follows from."""
    field = column
    for end in ("_id", "_e164", "_key", "_core"):
        field = field.removesuffix(end)
    return _own().get((kind, field)) or _shared().get(field, column)


def record_word(record: str) -> str:
    """What a kind of record is called of which a row names one."""
    return _("Staff") if record == "staff" else _shared().get(record, record)


def choice_words(kind: Kind, field: str) -> dict[str, str]:
    """What the choices of a field are called."""
    known: dict[str, str] = {}
    if field in ("stage", "opening_stage"):
        known = {name: stage_name(name) for name in kind.choices[field]}
    elif field == "role":
        known = {name: role_name(name) for name in kind.choices[field]}
    else:
        known = _words_of(kind.name).get(field, {})
    return {name: known.get(name, name) for name in kind.choices.get(field, ())}


def _words_of(kind: str) -> dict[str, dict[str, str]]:
    return {
        "deals": {"lost_reason": dict(deals.reasons())},
        "activities": {
            "kind": {one: activity_name(one) for one in ACTIVITY_KINDS},
            "result": {one: result_name(one) for one in RESULTS},
        },
        "campaigns": {"kind": campaigns.kinds()},
        "contacts": {"influence": dict(accounts.influences())},
        "warranties": {"kind": verdict_words.kinds(), "exchange": verdict_words.exchanges()},
        "units": {
            "status": installed_base.statuses(), "ownership": installed_base.ownerships(),
            "criticality": installed_base.criticalities(),
        },
        "work-orders": {
            "kind": installed_base.kinds(), "status": installed_base.work_statuses(),
        },
        "maintenance-plans": {"work_kind": installed_base.kinds()},
        "tickets": {
            "category": dict(support.categories()), "severity": dict(support.severities()),
            "status": {one[0]: one[1] for one in support.statuses()},
            "channel": dict(support.channels()),
        },
    }.get(kind, {})  # fmt: skip


@per_language
def reader_words() -> Mapping[str, str]:
    """The ways of reading a column among which people choose, with an example."""
    return {
        "day": _("Year, month, day: 2026/03/04"), "day_first": _("Day, month, year: 04/03/2026"),
        "month_first": _("Month, day, year: 03/04/2026"),
        "short_year": _("Short year, month, day: 26/03/04"),
        "instant": _("Year, month, day: 2026/03/04"),
        "instant_day_first": _("Day, month, year: 04/03/2026"),
        "instant_month_first": _("Month, day, year: 03/04/2026"),
        "whole": _("1,234"), "whole_comma": _("1.234"), "decimal": _("1,234.5"),
        "decimal_comma": _("1.234,5"), "yen": _("Yen: 1,234"),
        "yen_comma": _("Yen: 1.234,00"), "thousand_yen": _("Thousands of yen"),
        "million_yen": _("Millions of yen"), "ten_thousand_yen": _("Ten thousands of yen (万円)"),
        "hundred_million_yen": _("Hundreds of millions of yen (億円)"),
        "serial_day": _("Number of a spreadsheet: 46085"),
        "instant_serial": _("Number of a spreadsheet: 46085"),
        "months": pgettext("read as", "Months"), "months_in_years": pgettext("read as", "Years"),
        "minutes": pgettext("read as", "Minutes"), "minutes_in_hours": pgettext("read as", "Hours"),
        "mail": _("Mail address"),
        "mail_of_name": _("Made of a person's name"),
    }  # fmt: skip


@per_language
def mark_words() -> Mapping[str, str]:
    """What parts the cells of a file."""
    return {",": _("comma"), ";": _("semicolon"), "\t": _("tab"), "|": _("vertical bar")}


ALTERNATIVES: tuple[tuple[str, ...], ...] = (
    ("day", "day_first", "month_first", "short_year", "serial_day"),
    ("instant", "instant_day_first", "instant_month_first", "instant_serial"),
    ("whole", "whole_comma"),
    ("decimal", "decimal_comma"),
    ("yen", "thousand_yen", "ten_thousand_yen", "million_yen", "hundred_million_yen", "yen_comma"),
    ("months", "months_in_years"),
    ("minutes", "minutes_in_hours"),
    ("mail", "mail_of_name"),
)
"""Readers that can stand for one another."""


def readers_beside(read: str) -> list[tuple[str, str]]:
    """The readers to choose from beside one, with their words; none where there is no choice."""
    words = reader_words()
    group = next((some for some in ALTERNATIVES if read in some), ())
    return [(name, words[name]) for name in group]


def ask_words(ask: Sequence[str]) -> str:
    """What a person is asked where several readers fit."""
    if ask[0] in ("months", "minutes"):
        return _("Neither the column nor its values name the unit: say which it is.")
    return _("Both orders fit every value: say which it is.")
