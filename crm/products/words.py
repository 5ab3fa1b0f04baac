"""What the attributes of product families are called."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import pgettext


def attribute_kinds() -> dict[str, str]:
    """What kind of value is asked."""
    return {
        "text": pgettext("attribute", "Text"), "number": pgettext("attribute", "Number"),
        "date": pgettext("attribute", "Day"), "choice": pgettext("attribute", "Choice"),
    }  # fmt: skip


def attribute_labels() -> dict[str, str]:
    """The fields of a definition."""
    return {
        "category": _("Category"), "key": pgettext("attribute", "Key"),
        "label_ja": _("Name in Japanese"), "label_en": _("Name in English"), "kind": _("Kind"),
        "unit": pgettext("attribute", "Unit of measure"),
        "required": _("Has to be filled in"),
        "position": pgettext("attribute", "Place in the order"),
        "choices": _("Choices, one a line"),
    }  # fmt: skip
