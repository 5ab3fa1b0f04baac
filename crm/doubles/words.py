"""Reasons, scores and what moves, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from crm.accounts import words as accounts_words
from crm.doubles.likeness import CERTAIN, PROBABLE
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
    }  # fmt: skip


AGAINST = ("form_side", "form_other", "elsewhere")
"""Reasons that speak against it; shown as such."""


def certainty(score: int) -> str:
    """How sure the comparison is."""
    if score >= CERTAIN:
        return _("Almost certainly the same")
    return _("Probably the same") if score >= PROBABLE else _("Possibly the same")


def tables() -> dict[str, str]:
    """Tables with rows about accounts and contacts, as people call what is in them."""
    return {
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


def moved(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """What moves, in words and with numbers; the largest first."""
    words, found = tables(), dict[str, int]()
    for name, number in counts.items():
        if " " not in name:
            said = words.get(name.split(".")[0], name.split(".")[0])
            found[said] = found.get(said, 0) + number
    return sorted(found.items(), key=lambda one: -one[1])


def clashes(found: Mapping[str, int]) -> list[str]:
    """What collides, and what becomes of it."""
    said = {
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
    return [said[name](number) for name, number in found.items() if name in said]


def left_over(found: list[dict[str, Any]]) -> list[str]:
    """What a merge that was taken back could not give back, and why."""
    fields, words = field_words(), tables()
    said = []
    for one in found:
        table = words.get(str(one.get("table")), str(one.get("table")))
        field = fields.get(str(one.get("field")), str(one.get("field")))
        said.append({
            "survivor_gone": _("The survivor is not there any more."),
            "field_edited": _("%(what)s was edited since and stays.", what=field),
            "field_gone": _("%(what)s names a record that is gone; it stays empty.", what=field),
            "number_taken": _("Another account has the corporate number now."),
            "elsewhere": _("%(n)s of %(what)s are elsewhere now, or gone.",
                           n=one.get("number"), what=table),
            "about_both": _("%(n)s of %(what)s are about both and stay.",
                            n=one.get("number"), what=table),
            "not_put_back": _("%(n)s of %(what)s changed since and stay.",
                              n=one.get("number"), what=table),
        }[one["what"]])  # fmt: skip
    return said


def spoken(name: str, value: Any) -> str:
    """A value of a field."""
    return accounts_words.spoken(name, value)
