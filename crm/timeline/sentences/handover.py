"""What the history says about what a won deal hands over to service."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from crm.language import dot
from crm.timeline.lines import Facts, Line


def _handed_over(facts: Facts) -> str:
    made, taken = int(facts.get("made") or 0), int(facts.get("taken") or 0)
    if made:
        return ngettext(
            "Handed over to service: %(num)s unit to fill in",
            "Handed over to service: %(num)s units to fill in", made,
        )  # fmt: skip
    moved, kept = int(facts.get("moved") or 0), len(facts.get("kept") or ())
    if "moved" in facts:
        return _(
            "Hand-over moved to another account: units %(n)s, records that stay %(k)s",
            n=moved, k=kept,
        )  # fmt: skip
    if taken:
        return ngettext(
            "Hand-over changed: %(num)s unit taken back",
            "Hand-over changed: %(num)s units taken back", taken,
        )  # fmt: skip
    return _("Handed over to service")


def _taken_back(facts: Facts) -> str:
    return _(
        "Hand-over taken back: units %(n)s, records that stay %(k)s",
        n=int(facts.get("taken") or 0), k=len(facts.get("kept") or ()),
    )  # fmt: skip


def _units(facts: Facts) -> str:
    return dot().join(str(one) for one in facts.get("units") or ())


def _kept(facts: Facts) -> str:
    return dot().join(str(label) for _kind, _key, label in facts.get("kept") or ())


def _brought(facts: Facts) -> str:
    return _kept(facts) if "moved" in facts else _units(facts)


KINDS: dict[str, Line] = {
    "deal.handed_over": Line("list-check", "deal", _handed_over, _brought),
    "deal.taken_back": Line("arrow-back-up", "deal", _taken_back, _kept),
}
