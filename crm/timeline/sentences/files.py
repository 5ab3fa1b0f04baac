"""What the history says about documents and photos."""

from __future__ import annotations

from flask_babel import gettext as _

from crm.timeline.lines import Facts, Line


def _caption(facts: Facts) -> str:
    return str(facts.get("caption") or "")


KINDS: dict[str, Line] = {
    "file.added": Line(
        "paperclip", "record", lambda f: _("File added: %(name)s", name=f["name"]), _caption
    ),
    "file.removed": Line(
        "trash", "record", lambda f: _("File taken off: %(name)s", name=f["name"]), _caption
    ),
}
