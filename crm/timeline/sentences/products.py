"""What the history says about products."""

from __future__ import annotations

from flask_babel import gettext as _

from crm.timeline.lines import Facts, Line


def _named(facts: Facts) -> str:
    return f"{facts.get('code', '')} {facts.get('name', '')}".strip()


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
    return f"{_named(facts)} ・ {said} {facts.get('other', '')}".strip()


KINDS: dict[str, Line] = {
    "product.added": Line("package", "record", lambda _f: _("Product entered"), _named),
    "product.changed": Line("package", "record", lambda _f: _("Product changed"), _named),
    "product.related": Line(
        "package", "record", lambda _f: _("Related product entered"), _relation
    ),
    "product.unrelated": Line(
        "trash", "record", lambda _f: _("Related product taken back"), _relation
    ),
    "product.removed": Line("trash", "record", lambda _f: _("Product removed"), _named),
}
