"""What the history says about custom fields and what they ask."""

from __future__ import annotations

from flask_babel import gettext as _

from crm.language import dot
from crm.look import language
from crm.timeline.lines import Facts, Line


def _named(facts: Facts) -> str:
    name = str(facts["ja" if language() == "ja" else "en"])
    return dot().join(filter(None, (str(facts.get("category", "")), name)))


KINDS: dict[str, Line] = {
    "attribute.added": Line("list-check", "record", lambda _f: _("Custom field entered"), _named),
    "attribute.changed": Line("list-check", "record", lambda _f: _("Custom field changed"), _named),
    "attribute.removed": Line("trash", "record", lambda _f: _("Custom field removed"), _named),
}
"""Those of families alone were once told as `product.attribute_…`."""
KINDS |= {f"product.attribute_{word}": KINDS[f"attribute.{word}"]
          for word in ("added", "changed", "removed")}  # fmt: skip
