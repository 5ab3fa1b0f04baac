"""What the history says about accounts."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import pgettext

from crm.timeline.lines import Facts, Line


def field_words() -> dict[str, str]:
    """The fields of an account, a site and a contact in words."""
    return {
        "name": _("Name"), "name_kana": _("Reading"), "name_en": _("English name"),
        "corporate_number": _("Corporate number"),
        "parent_id": _("Parent company"), "industry": _("Industry"), "rank": _("Rank"),
        "owner_id": _("Owner"), "service_owner_id": _("Service owner"), "phone": _("Phone"),
        "postal_code": _("Postal code"), "address": _("Address"),
        "fiscal_year_end_month": _("Fiscal year end"), "credit_limit": _("Credit limit"),
        "screened_on": _("Screened"), "customer_since": _("Customer since"),
        "handling_note": _("Handling note"), "account_id": _("Account"), "site_id": _("Site"),
        "family_name": _("Family name"), "given_name": _("Given name"),
        "family_name_kana": _("Family name reading"), "given_name_kana": _("Given name reading"),
        "department": _("Department"), "title": pgettext("person", "Title"), "email": _("Mail"),
        "influence": _("Part in decisions"), "met_on": _("Cards exchanged on"),
        "phones": _("Phone numbers"),
    }  # fmt: skip


def changed(facts: Facts) -> str:
    """Which fields were changed, and how where that is told."""
    words, told = field_words(), facts.get("changes", {})
    return _(", ").join(
        " ".join([words.get(str(name), str(name)), *_how(told.get(name))])
        for name in facts.get("fields", ())
    )


def _how(pair: list[Any] | None) -> list[str]:
    return [" → ".join(str(one or "―") for one in pair)] if pair else []


def _named(facts: Facts) -> str:
    return str(facts.get("name", ""))


KINDS: dict[str, Line] = {
    "account.added": Line("building", "record", lambda _f: _("Account entered"), _named),
    "account.changed": Line("pencil", "record", lambda _f: _("Account changed"), changed),
    "account.removed": Line("trash", "record", lambda _f: _("Account removed"), _named),
    "site.added": Line("map-pin", "record", lambda f: _("Site entered: %(name)s", name=f["name"])),
    "site.changed": Line(
        "map-pin", "record", lambda f: _("Site changed: %(name)s", name=f["name"])
    ),
    "site.removed": Line("trash", "record", lambda f: _("Site removed: %(name)s", name=f["name"])),
    "site.place_added": Line(
        "map-pin", "record", lambda f: _("Place entered: %(name)s", name=f["place"])
    ),
    "site.place_changed": Line(
        "map-pin",
        "record",
        lambda f: _("Place renamed: %(before)s → %(name)s", before=f["before"], name=f["place"]),
    ),
    "site.place_removed": Line(
        "trash", "record", lambda f: _("Place removed: %(name)s", name=f["place"])
    ),
    "contact.added": Line(
        "user-plus", "record", lambda f: _("Contact entered: %(name)s", name=f["name"])
    ),
    "contact.changed": Line(
        "user", "record", lambda f: _("Contact changed: %(name)s", name=f["name"]), changed
    ),
    "contact.removed": Line(
        "user-off", "record", lambda f: _("Contact removed: %(name)s", name=f["name"])
    ),
}
