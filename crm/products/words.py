"""The fields of a product in words."""

from __future__ import annotations

from flask_babel import gettext as _

from crm.language import per_language

FIELDS = (
    "code", "name", "name_kana", "category", "maker", "list_price", "maintenance_price",
    "warranty_months", "expected_life_months", "inspection_interval_months",
    "consumable_cycle_days", "end_of_sale_on", "end_of_support_on", "parts_supply_end_on",
    "successor_id", "installable", "serialised",
)  # fmt: skip


@per_language
def labels() -> dict[str, str]:
    """Field → what people call it."""
    said = (
        _("Code"), _("Name"), _("Reading"), _("Category"), _("Maker"), _("List price"),
        _("Maintenance a year"), _("Warranty (months)"), _("Expected life (months)"),
        _("Inspection every (months)"), _("Consumables every (days)"), _("End of sale"),
        _("End of support"), _("End of parts supply"), _("Successor"),
        _("Is installed at the customer's"), _("Every piece has a serial number"),
    )  # fmt: skip
    return dict(zip(FIELDS, said, strict=True))
