"""What the history says about units, contracts and work orders."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _

from crm.language import dot
from crm.look import day, number, yen
from crm.timeline.lines import Facts, Line


def kind_words() -> dict[str, str]:
    """Kinds of work in words."""
    return {
        "repair": _("Repair"), "inspection": _("Inspection"), "calibration": _("Calibration"),
        "installation": _("Installation"), "move": _("Relocation"), "removal": _("Removal"),
        "modification": _("Modification"), "recall": _("Recall"),
    }  # fmt: skip


def state_words() -> dict[str, str]:
    """How far a work order is, in words."""
    return {
        "received": _("Received"), "diagnosing": _("Diagnosing"), "estimating": _("Estimating"),
        "awaiting_approval": _("Awaiting approval"), "awaiting_parts": _("Awaiting parts"),
        "repairing": _("Repairing"), "returned": _("Returned"),
        "unrepairable": _("Cannot be repaired"), "estimate_declined": _("Estimate declined"),
    }  # fmt: skip


def _unit(facts: Facts) -> str:
    return f"{facts.get('product_code', '')} {facts.get('serial_no', '')}".strip()


def _where(facts: Facts) -> str:
    return f"{facts.get('product', '')} {facts.get('serial_no', '')}".strip()


def _work(facts: Facts) -> str:
    what = facts.get("action") or facts.get("symptom") or kind_words()[str(facts["work_kind"])]
    return f"{facts.get('product_code', '')} {what}".strip()


def _opened(facts: Facts) -> str:
    what = facts.get("symptom") or ""
    kind = kind_words()[str(facts["work_kind"])]
    return _(
        "%(kind)s arranged: %(unit)s %(what)s", kind=kind, unit=_unit(facts), what=what
    ).strip()


def _paid(facts: Facts) -> str:
    if facts.get("chargeable"):
        return _("Chargeable %(amount)s", amount=yen(int(facts.get("total_amount") or 0)))
    return _("Free of charge")


def _done(facts: Facts) -> str:
    parts = [str(facts.get("serial_no", "")), _paid(facts)]
    minutes = facts.get("downtime_minutes")
    if minutes:
        parts.append(_("down %(hours)s h", hours=number(round(int(minutes) / 60))))
    parts.append(str(facts.get("number", "")))
    return dot().join(part for part in parts if part)


def _warranty(facts: Facts) -> str:
    kinds = {
        "maker": _("Maker's warranty"), "own": _("Our warranty"),
        "extended": _("Extended warranty"),
    }  # fmt: skip
    return kinds[str(facts["warranty_kind"])]


def _warranty_added(facts: Facts) -> str:
    return _("%(what)s entered: %(unit)s", what=_warranty(facts), unit=_unit(facts))


def _warranty_changed(facts: Facts) -> str:
    return _("%(what)s changed: %(unit)s", what=_warranty(facts), unit=_unit(facts))


def _warranty_removed(facts: Facts) -> str:
    return _("%(what)s taken away: %(unit)s", what=_warranty(facts), unit=_unit(facts))


def _days(facts: Facts) -> str:
    days = [day(date.fromisoformat(str(facts[name]))) for name in ("starts_on", "ends_on")]
    return f"{days[0]} – {days[1]}"


def _signed(facts: Facts) -> str:
    if facts.get("reason"):
        return _("Report confirmed by %(name)s, without a signature", name=facts["name"])
    return _("Report signed by %(name)s", name=facts["name"])


def _moved(facts: Facts) -> str:
    """From which state to which, when that is what happened."""
    words = state_words()
    parts = [words.get(str(facts.get(name)), "") for name in ("before", "status")]
    said = " → ".join(parts) if all(parts) else ""
    return dot().join(part for part in (said, str(facts.get("number", ""))) if part)


def _term(facts: Facts) -> str:
    return (
        _days(facts)
        + dot()
        + _("%(amount)s a year", amount=yen(int(facts.get("annual_amount") or 0)))
    )


KINDS: dict[str, Line] = {
    "unit.added": Line(
        "microscope",
        "record",
        lambda f: _("Unit entered: %(u)s", u=_unit(f)),
        lambda f: str(f.get("product") or ""),
    ),
    "unit.changed": Line("microscope", "record", lambda f: _("Unit changed: %(u)s", u=_unit(f))),
    "unit.moved": Line(
        "arrows-exchange",
        "record",
        lambda f: _("Unit moved: %(u)s", u=_unit(f)),
        lambda f: str(f.get("reason") or ""),
    ),
    "unit.removed": Line("trash", "record", lambda f: _("Unit removed: %(u)s", u=_unit(f))),
    "warranty.added": Line("shield-check", "record", _warranty_added, _days),
    "warranty.changed": Line("shield-check", "record", _warranty_changed, _days),
    "warranty.removed": Line("trash", "record", _warranty_removed, _days),
    "contract.added": Line(
        "file-check", "record", lambda f: _("Contract made: %(no)s", no=f["number"]), _term
    ),
    "contract.changed": Line(
        "file-check", "record", lambda f: _("Contract changed: %(no)s", no=f["number"]), _term
    ),
    "contract.renewed": Line(
        "refresh",
        "record",
        lambda f: _("Contract renewed: %(before)s by %(no)s", before=f["before"], no=f["number"]),
        _term,
    ),
    "contract.notice_given": Line(
        "hand-stop",
        "record",
        lambda f: _("Notice given on contract %(no)s", no=f["number"]),
        lambda f: str(f.get("reason") or ""),
    ),
    "contract.notice_taken_back": Line(
        "arrow-back-up", "record", lambda f: _("Notice taken back: contract %(no)s", no=f["number"])
    ),
    "contract.removed": Line(
        "trash", "record", lambda f: _("Contract removed: %(no)s", no=f["number"])
    ),
    "work_order.opened": Line("tool", "work", _opened),
    "work_order.changed": Line(
        "tool", "work", lambda f: _("Work changed: %(w)s", w=_work(f)), _moved
    ),
    "work_order.done": Line("tool", "work", _work, _done),
    "work_order.signed": Line("pencil", "work", _signed, lambda f: str(f.get("number", ""))),
    "work_order.reported": Line(
        "file-type-pdf", "record", lambda f: _("Service report asked for: %(no)s", no=f["number"])
    ),
    "work_order.removed": Line(
        "trash", "work", lambda f: _("Work order removed: %(no)s", no=f["number"])
    ),
}
