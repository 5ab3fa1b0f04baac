"""Reasons, scores and what moves, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from crm.doubles.likeness import CERTAIN, PROBABLE
from crm.installed_base import words as unit_words
from crm.products import words as product_words
from crm.timeline.sentences.accounts import field_words


def reasons() -> dict[str, str]:
    """What speaks for two records being one, and against it."""
    return {
        "name": _("Same name"), "spelling": _("Same name, written differently"),
        "form_missing": _("Same name, one without its legal form"),
        "form_side": _("Legal form on the other side"), "form_other": _("Another legal form"),
        "one_letter": _("Names differ in one sign"), "bracket": _("Same name but for brackets"),
        "reading": _("Same reading"), "reading_too": _("Same reading"), "phone": _("Same phone"),
        "street": _("Same address"), "postal": _("Same postal code"), "town": _("Same town"),
        "elsewhere": _("Another prefecture"), "bare": _("Nothing else is known of one"),
        "one_number": _("Only one has a corporate number"), "person": _("Same name"),
        "person_spelling": _("Same name, written differently"),
        "family_only": _("Same family name, no given name in one"),
        "person_reading": _("Same reading"), "account": _("Same account"),
        "email": _("Same mail address"), "mobile": _("Same mobile phone"),
        "department": _("Same department"),
    } | _reasons_of_units()  # fmt: skip


def _reasons_of_units() -> dict[str, str]:
    """The same of products and units."""
    return {
        "code": _("Same code, written differently"),
        "code_letters": _("Code differs in O/0 or I/1"), "code_worse": _("Code differs in B/8"),
        "code_name": _("The code of one is the name of the other"), "model": _("Same model name"),
        "product_name": _("Same name"), "maker": _("Same maker"),
        "maker_missing": _("Only one has a maker"), "category": _("Same product family"),
        "serial": _("Same serial number"), "serial_gap": _("Differs in a hyphen"),
        "serial_letters": _("Differs in O/0 or I/1"),
        "serial_zeros": _("Differs in leading zeros"), "serial_worse": _("Differs in B/8"),
        "same_product": _("Same product"), "product_alike": _("Products may be one"),
        "product_unknown": _("One product is not known"), "same_account": _("Same account"),
        "same_site": _("Same site"),
    }  # fmt: skip


AGAINST = ("form_side", "form_other", "elsewhere")
"""Reasons that speak against it; shown as such."""


def certainty(score: int) -> str:
    """How sure the comparison is."""
    if score >= CERTAIN:
        return _("Almost certainly the same")
    return _("Probably the same") if score >= PROBABLE else _("Possibly the same")


def tables() -> dict[str, str]:
    """Tables with rows about such records, as people call what is in them."""
    return _more_tables() | {
        "contacts": _("contacts"), "sites": _("sites"), "units": _("units"),
        "unit_states": _("past states of units"), "service_contracts": _("contracts"),
        "tickets": _("tickets"), "deals": _("deals"), "activities": _("activities"),
        "alerts": _("alerts"), "maintenance_plans": _("maintenance plans"),
        "work_orders": _("work orders"), "loans": _("loans"), "handovers": _("hand-overs"),
        "campaign_items": _("campaigns"), "attachments": _("files"),
        "events": _("lines of the history"), "import_keys": _("rows of imported files"),
        "accounts": _("subsidiaries"), "account_former_names": _("former names"),
        "register_proposals": _("proposals of the corporate register"),
        "contact_phones": _("phone numbers"), "activity_contacts": _("activities"),
    }  # fmt: skip


def _more_tables() -> dict[str, str]:
    """The same of units and products."""
    return {
        "products": _("products before it"), "product_relations": _("related products"),
        "contract_units": _("contracts"), "contract_scopes": _("contracts"),
        "warranties": _("warranties"), "meters": _("meters"), "readings": _("readings"),
        "plan_units": _("maintenance plans"), "visits": _("maintenance visits"),
        "handover_units": _("hand-overs"), "handover_plans": _("hand-overs"),
        "work_parts": _("parts used"), "deal_units": _("deals"), "deal_lines": _("lines of deals"),
        "campaign_products": _("campaigns"),
    }  # fmt: skip


def moved(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """What moves, in words and with numbers; the largest first."""
    words, found = tables(), dict[str, int]()
    for name, number in counts.items():
        if " " not in name:
            said = words.get(name.split(".")[0], name.split(".")[0])
            found[said] = found.get(said, 0) + number
    return sorted(found.items(), key=lambda one: -one[1])


def clashes(found: Mapping[str, int]) -> list[str]:
    """What collides, and what becomes of it or what to do about it."""
    said = {**_clashes(), **_clashes_of_units(), **_clashes_of_products()}
    return [said[name](number) for name, number in found.items() if name in said]


Counted = Callable[[int], str]


def _clashes() -> dict[str, Counted]:
    return {
        "phones": lambda n: ngettext(
            "%(num)s phone number is there twice; one stays.",
            "%(num)s phone numbers are there twice; one of each stays.", n,
        ),
        "alerts": lambda n: ngettext(
            "%(num)s alert is open on both; one stays open.",
            "%(num)s alerts are open on both; one of each stays open.", n,
        ),
        "people": lambda n: ngettext(
            "%(num)s contact seems to be in both; the pair is put into the queue.",
            "%(num)s contacts seem to be in both; the pairs are put into the queue.", n,
        ),
    }  # fmt: skip


def _clashes_of_units() -> dict[str, Counted]:
    return {
        "owners": lambda _n: _(
            "The two belong to two customers. Say above whose the unit is; tickets and work done "
            "stay with the customer of their day."
        ),
        "parents": lambda _n: _(
            "The two are built into two units. Say above which one it is part of."
        ),
        "successors": lambda _n: _(
            "Both were replaced, by two units. The replacement of the one that stays is kept; the "
            "other unit is on its own."
        ),
        "campaigns": lambda n: ngettext(
            "%(num)s campaign names both; the part that has come further stays.",
            "%(num)s campaigns name both; the part that has come further stays.", n,
        ),
        "same_plans": lambda n: ngettext(
            "%(num)s maintenance plan covers both; it goes on with the earlier visit.",
            "%(num)s maintenance plans cover both; they go on with the earlier visit.", n,
        ),
        "plans": lambda n: ngettext(
            "%(num)s more maintenance plan for the same kind of work then covers the unit. Take "
            "the unit out of one of the plans afterwards.",
            "%(num)s more maintenance plans for the same kind of work then cover the unit. Take "
            "the unit out of one of the plans afterwards.", n,
        ),
        "contracts": lambda _n: _(
            "Contracts of two customers cover the two. Take the unit out of the contract that is "
            "not its owner's afterwards."
        ),
    } | _clashes_of_meters()  # fmt: skip


def _clashes_of_meters() -> dict[str, Counted]:
    return {
        "meters_joined": lambda n: ngettext(
            "%(num)s meter is there twice; its readings become one row of readings.",
            "%(num)s meters are there twice; the readings of each become one row of readings.", n,
        ),
        "meters_apart": lambda n: ngettext(
            "%(num)s meter would run backwards if the readings became one. It stays a second "
            "meter, with the other serial number in its name.",
            "%(num)s meters would run backwards if the readings became one. They stay second "
            "meters, with the other serial number in their names.", n,
        ),
    }  # fmt: skip


def _clashes_of_products() -> dict[str, Counted]:
    return {
        "twins": lambda n: ngettext(
            "%(num)s serial number is there with both products. Merge these two units first.",
            "%(num)s serial numbers are there with both products. Merge these units first.", n,
        ),
        "relations": lambda n: ngettext(
            "%(num)s relation between the two goes: a product is nothing to itself.",
            "%(num)s relations between the two go: a product is nothing to itself.", n,
        ),
        "families": lambda _n: _(
            "The two are in two product families. Custom fields of units are those of the family "
            "that you choose; what was filled in is kept."
        ),
    }  # fmt: skip


def left_over(found: list[dict[str, Any]]) -> list[str]:
    """What a merge that was taken back could not give back, and why."""
    fields = product_words.labels() | unit_words.labels() | field_words()
    words, said = tables(), []
    for one in found:
        table = words.get(str(one.get("table")), str(one.get("table")))
        field = fields.get(str(one.get("field")), str(one.get("field")))
        said.append({
            "survivor_gone": _("The survivor is not there any more."),
            "field_edited": _("%(what)s was edited since and stays.", what=field),
            "field_gone": _("%(what)s names a record that is gone; it stays empty.", what=field),
            "number_taken": _("Another account has the corporate number now.")
            if one.get("field") == "corporate_number"
            else _("%(what)s: another unit has done so by now; it stays empty.", what=field),
            "elsewhere": _("%(n)s of %(what)s are elsewhere now, or gone.",
                           n=one.get("number"), what=table),
            "about_both": _("%(n)s of %(what)s are about both and stay.",
                            n=one.get("number"), what=table),
            "not_put_back": _("%(n)s of %(what)s changed since and stay.",
                              n=one.get("number"), what=table),
        }[one["what"]])  # fmt: skip
    return said
