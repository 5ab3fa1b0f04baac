"""What the history says of changes in the corporate register."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _
from flask_babel import pgettext

from crm.language import dot
from crm.look import day
from crm.timeline.lines import Facts, Line


def cause_words() -> dict[str, str]:
    """The register's causes for closing a record, and ours for a record that was taken out."""
    return {
        "01": _("liquidation completed"), "11": _("dissolved by a merger"),
        "21": _("closed by the registrar"), "31": _("other completion of liquidation"),
        "99": _("taken out of the register"), "": "",
    }  # fmt: skip


def kind_words() -> dict[str, str]:
    """What a change of the register is to an account."""
    return {
        "renamed": pgettext("register", "Renamed"), "moved": pgettext("register", "Moved"),
        "closed": pgettext("register", "Closed"), "absorbed": pgettext("register", "Absorbed"),
        "restored": pgettext("register", "Restored"),
        "numbered": pgettext("register", "Number found"),
    }  # fmt: skip


def _day(facts: Facts) -> str:
    return day(date.fromisoformat(str(facts["on"])))


def _renamed(facts: Facts) -> str:
    return _("Renamed: %(before)s → %(name)s", before=facts["before"], name=facts["name"])


def _moved(facts: Facts) -> str:
    return _("Head office moved to %(address)s", address=facts["address"])


def _moved_from(facts: Facts) -> str:
    before = facts.get("before")
    said = _("as of %(day)s", day=_day(facts))
    return said + dot() + _("before: %(address)s", address=before) if before else said


def _closed(facts: Facts) -> str:
    if facts.get("successor"):
        return _("Absorbed by %(name)s", name=facts.get("successor_name") or facts["successor"])
    return _("Closed in the register")


def _closed_why(facts: Facts) -> str:
    why = cause_words().get(str(facts.get("cause")), "")
    said = [_("as of %(day)s", day=_day(facts)), why, str(facts.get("successor") or "")]
    return dot().join(filter(None, said))


def _rejected(facts: Facts) -> str:
    kind = kind_words().get(str(facts.get("change")), "")
    return _("Change of the register not taken over: %(kind)s", kind=kind)


KINDS: dict[str, Line] = {
    "account.renamed": Line(
        "pencil", "record", _renamed, lambda f: _("as of %(day)s", day=_day(f))
    ),
    "account.moved": Line("map-pin", "record", _moved, _moved_from),
    "account.closed": Line("circle-x", "record", _closed, _closed_why),
    "account.restored": Line(
        "building", "record", lambda _f: _("In the register again"),
        lambda f: _("as of %(day)s", day=_day(f)),
    ),
    "account.numbered": Line(
        "building", "record",
        lambda f: _("Corporate number found: %(number)s", number=f["number"]),
    ),
    "register.rejected": Line("x", "record", _rejected, lambda f: str(f.get("said") or "")),
    "register.file_taken": Line(
        "file", "record", lambda f: _("Register changes read: %(file)s", file=f["file"])
    ),
}  # fmt: skip
