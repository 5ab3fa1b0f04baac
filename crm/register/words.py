"""What the values of the register are called."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import pgettext

from crm.register.models import KINDS
from crm.timeline.sentences.register import cause_words, kind_words

BADGES = {
    "renamed": ("mute", "pencil"), "moved": ("mute", "map-pin"), "closed": ("bad", "circle-x"),
    "absorbed": ("warn", "git-merge"), "restored": ("ok", "refresh"),
    "numbered": ("mute", "building"),
}  # fmt: skip


def kinds() -> dict[str, str]:
    """Kinds of change, in the order of the page."""
    said = kind_words()
    return {kind: said[kind] for kind in KINDS}


def told() -> dict[str, str]:
    """What rows of a file tell, whomever they are about."""
    said = kind_words()
    return {
        "created": pgettext("register", "Founded"), "renamed": said["renamed"],
        "moved": said["moved"], "closed": said["closed"], "absorbed": said["absorbed"],
        "restored": said["restored"], "merged": pgettext("register", "Took over others"),
        "unmerged": pgettext("register", "Merger void"),
        "removed": pgettext("register", "Taken out"),
    }  # fmt: skip


def states() -> dict[str, str]:
    """Where a proposal stands."""
    return {
        "open": pgettext("register", "To be decided"),
        "accepted": pgettext("register", "Accepted"), "rejected": pgettext("register", "Rejected"),
    }  # fmt: skip


def cause(code: str) -> str:
    """Why a record was closed."""
    return cause_words().get(code, code)


def things() -> dict[str, tuple[str, str]]:
    """What may hang on an account that ends, and the address of one."""
    return {
        "deals": (_("Open deals"), "/deals/{}"), "contracts": (_("Contracts"), "/contracts/{}"),
        "units": (_("Units"), "/units/{}"),
    }  # fmt: skip


def lines(kind: str, before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What changes, line by line: what it is called, before, after."""
    if kind == "renamed":
        found = [
            (pgettext("register", "Name"), "name"), (_("Reading"), "name_kana"),
            (_("English name"), "name_en"),
        ]  # fmt: skip
    elif kind == "moved":
        found = [(_("Address"), "address"), (_("Postal code"), "postal_code")]
    elif kind == "numbered":
        found = [(_("Corporate number"), "corporate_number")]
    else:
        return []
    said = [(label, str(before.get(key) or ""), str(after.get(key) or "")) for label, key in found]
    return [one for one in said if one[1] != one[2]]
