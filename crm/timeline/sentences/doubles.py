"""What the history says about records that were made one, and made two again."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from crm.timeline.lines import Facts, Line


def _moved(facts: Facts) -> str:
    counts = facts.get("counts", {})
    number = sum(n for name, n in counts.items() if " " not in name)
    return ngettext("%(num)s record moved here", "%(num)s records moved here", number)


def _left(facts: Facts) -> str:
    number = int(facts.get("left_over", 0))
    if not number:
        return _("Everything was given back.")
    return ngettext(
        "%(num)s thing could not be given back", "%(num)s things could not be given back", number
    )


KINDS: dict[str, Line] = {
    "account.merged": Line(
        "git-merge", "record",
        lambda f: _("%(name)s was merged into this account", name=f["lost_name"]), _moved,
    ),
    "account.unmerged": Line(
        "arrow-back-up", "record",
        lambda f: _("The merge of %(name)s was taken back", name=f["lost_name"]), _left,
    ),
    "contact.merged": Line(
        "git-merge", "record",
        lambda f: _("%(lost)s was merged into %(name)s", lost=f["lost_name"], name=f["name"]),
        _moved,
    ),
    "contact.unmerged": Line(
        "arrow-back-up", "record",
        lambda f: _("The merge of %(name)s was taken back", name=f["lost_name"]), _left,
    ),
    **{
        f"{kind}.merged": Line(
            "git-merge", "record",
            lambda f: _("%(lost)s was merged into %(name)s", lost=f["lost_name"], name=f["name"]),
            _moved,
        )
        for kind in ("product", "unit")
    },
    **{
        f"{kind}.unmerged": Line(
            "arrow-back-up", "record",
            lambda f: _("The merge of %(name)s was taken back", name=f["lost_name"]), _left,
        )
        for kind in ("product", "unit")
    },
}  # fmt: skip
