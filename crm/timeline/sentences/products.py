"""What the history says about products."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _

from crm.language import dot
from crm.look import day
from crm.timeline.lines import Facts, Line


def _named(facts: Facts) -> str:
    code, name = str(facts.get("code", "")), str(facts.get("name", ""))
    return name if code in name else f"{code} {name}"


def relation_words(incoming: bool = False) -> dict[str, str]:
    """What another product is to this one; `incoming`: what this one is to the other."""
    if incoming:
        return {
            "successor": _("Follows"), "consumable": _("Consumable of"), "option": _("Option of"),
            "upgrade": _("Upgrade of"), "competitor_equivalent": _("Competitor's equivalent"),
        }  # fmt: skip
    return {
        "successor": _("Successor"), "consumable": _("Consumable"), "option": _("Option"),
        "upgrade": _("Upgrade"), "competitor_equivalent": _("Competitor's equivalent"),
    }  # fmt: skip


def _relation(facts: Facts) -> str:
    said = relation_words()[str(facts["relation"])]
    return f"{_named(facts)}{dot()}{said} {facts.get('other', '')}".strip()


def life_words() -> dict[str, str]:
    """What can be announced of a product."""
    return {
        "end_of_sale_on": _("End of sale"), "end_of_support_on": _("End of support"),
        "parts_supply_end_on": _("End of parts supply"), "successor_id": _("Successor"),
    }  # fmt: skip


def _announced(facts: Facts) -> str:
    return _("Announced for %(product)s", product=_named(facts))


def _changes(facts: Facts) -> str:
    words = life_words()
    said = [
        f"{words[name]} {_value(name, before)} → {_value(name, after)}"
        for name, (before, after) in facts.get("changes", {}).items()
    ]
    return dot().join(said)


def _value(name: str, value: str | None) -> str:
    if value is None or name == "successor_id":
        return value or "―"
    return day(date.fromisoformat(value))


KINDS: dict[str, Line] = {
    "product.added": Line("package", "record", lambda _f: _("Product entered"), _named),
    "product.changed": Line("package", "record", lambda _f: _("Product changed"), _named),
    "product.life_changed": Line("calendar-exclamation", "record", _announced, _changes),
    "product.announced": Line("calendar-exclamation", "record", _announced, _changes),
    "product.related": Line(
        "package", "record", lambda _f: _("Related product entered"), _relation
    ),
    "product.unrelated": Line(
        "trash", "record", lambda _f: _("Related product taken back"), _relation
    ),
    "product.removed": Line("trash", "record", lambda _f: _("Product removed"), _named),
}
