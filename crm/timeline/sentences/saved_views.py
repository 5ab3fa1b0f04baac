"""What the history says about views of lists that people share."""

from __future__ import annotations

from flask_babel import gettext as _

from crm.timeline.lines import Line

KINDS: dict[str, Line] = {
    "saved_view.shared": Line(
        "bookmark", "record", lambda f: _("View shared with everybody: %(name)s", name=f["name"])
    ),
    "saved_view.changed": Line(
        "bookmark", "record", lambda f: _("Shared view changed: %(name)s", name=f["name"])
    ),
    "saved_view.removed": Line(
        "bookmark", "record", lambda f: _("View shared no longer: %(name)s", name=f["name"])
    ),
}
