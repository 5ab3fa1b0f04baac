"""What the history says about products."""

from __future__ import annotations

from flask_babel import gettext as _

from crm.timeline.lines import Facts, Line


def _named(facts: Facts) -> str:
    return f"{facts.get('code', '')} {facts.get('name', '')}".strip()


KINDS: dict[str, Line] = {
    "product.added": Line("package", "record", lambda _f: _("Product entered"), _named),
    "product.changed": Line("package", "record", lambda _f: _("Product changed"), _named),
    "product.removed": Line("trash", "record", lambda _f: _("Product removed"), _named),
}
