"""What the history says about records that came with an import."""

from __future__ import annotations

from flask_babel import gettext as _

from crm.language import dot
from crm.timeline.lines import Facts, Line, Say
from crm.timeline.sentences.deals import activity_name
from crm.timeline.sentences.installed_base import kind_words


def _from(facts: Facts) -> str:
    return _("from %(source)s, line %(n)s", source=facts["source"], n=facts["line"])


def _deal(facts: Facts) -> str:
    said = [_from(facts)]
    if facts.get("ordered_by"):
        said.append(_("ordered by %(name)s", name=facts["ordered_by"]))
    if facts.get("joint_with"):
        said.append(_("signed together with %(names)s", names=facts["joint_with"]))
    return dot().join(said)


def _said(what: Say) -> Say:
    """Taken over, or brought up to date by a later import of the same source."""

    def say(facts: Facts) -> str:
        if facts.get("undone"):
            return _("Put back as it was before an import: %(what)s", what=what(facts))
        if facts.get("fields"):
            return _("Brought up to date by an import: %(what)s", what=what(facts))
        return _("Taken over: %(what)s", what=what(facts))

    return say


def _name(facts: Facts) -> str:
    return str(facts.get("name", ""))


def _unit(facts: Facts) -> str:
    return f"{facts.get('product_code', '')} {facts.get('serial_no', '')}".strip()


def _work(facts: Facts) -> str:
    kind = kind_words().get(str(facts.get("work_kind")), "")
    return " ".join(filter(None, (kind, _unit(facts), str(facts.get("action") or ""))))


def _product(facts: Facts) -> str:
    return f"{facts.get('code', '')} {facts.get('name', '')}".strip()


def _warranty(facts: Facts) -> str:
    return _("Warranty of %(unit)s", unit=_unit(facts))


def _activity(facts: Facts) -> str:
    return activity_name(str(facts.get("activity", "")))


def _summary(facts: Facts) -> str:
    return str(facts.get("summary", ""))


def _title(facts: Facts) -> str:
    return str(facts.get("title", ""))


KINDS: dict[str, Line] = {
    "import.checked": Line("eye", "record", lambda f: _("Import tried: %(file)s", file=f["name"])),
    "import.started": Line(
        "file-import", "record", lambda f: _("Import begun: %(file)s", file=f["name"])
    ),
    "import.stopped": Line(
        "hand-stop", "record", lambda f: _("Import stopped: %(file)s", file=f["name"])
    ),
    "import.undone": Line(
        "arrow-back-up", "record", lambda f: _("Import taken back: %(file)s", file=f["name"])
    ),
    "mapping.kept": Line(
        "file-import", "record", lambda f: _("Mapping kept: %(name)s", name=f["name"])
    ),
    "import.removed": Line(
        "trash", "record", lambda f: _("File to import thrown away: %(file)s", file=f["name"])
    ),
    "account.imported": Line("building", "record", _said(_name), _from),
    "site.imported": Line("map-pin", "record", _said(_name), _from),
    "contact.imported": Line("user-plus", "record", _said(_name), _from),
    "staff.imported": Line("user", "record", _said(_name), _from),
    "team.imported": Line("user", "record", _said(_name), _from),
    "office.imported": Line("user", "record", _said(_name), _from),
    "product.imported": Line("package", "record", _said(_product), _from),
    "unit.imported": Line("microscope", "record", _said(_unit), _from),
    "deal.imported": Line("layout-kanban", "deal", _said(_title), _deal),
    "ticket.imported": Line("message-2", "ticket", _said(_title), _unit, voice="voice"),
    "activity.imported": Line("walk", "activity", _said(_activity), _summary),
    "campaign.imported": Line("flag", "record", _said(_name), _from),
    "contract.imported": Line("file-text", "record", _said(_name), _from),
    "warranty.imported": Line("shield-check", "record", _said(_warranty), _from),
    "plan.imported": Line("calendar-due", "record", _said(_name), _from),
    "work_order.imported": Line("tool", "work", _said(_work), _from),
}
