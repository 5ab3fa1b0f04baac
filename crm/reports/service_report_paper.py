"""The service report as one letter of HTML for the press, in the language that is in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext, pgettext

from crm import clock
from crm.installed_base.words import kinds
from crm.reports.fitting import plain, tight
from crm.reports.notation import NONE, Notation
from crm.reports.press import Printing
from crm.reports.service_report_course import course, letter_day, long_day, unit
from crm.reports.service_report_photos import photos
from crm.service.onsite_report import told_later
from crm.service.onsite_words import unsigned_reasons
from crm.service.signature_strokes import path
from crm.text import legal_form
from crm.text.addressee import addressee

Content = Mapping[str, Any]
MANY_CHECKS, LONG_NOTICE = 30, 700
"""Checks, and characters of the notice: more do not stand beside the costs and the signature."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Where the paper comes from: the office of the engineer."""

    postal_code: str = ""
    address: str = ""
    phone: str = ""
    phone_note: str = ""

    def lines(self, japanese: bool) -> list[str]:
        """〒221-0052　神奈川県… and 受付 045-555-0100（平日 8:30–18:00）, as far as known."""
        code = f"〒{self.postal_code}" if self.postal_code and japanese else self.postal_code
        note = f"（{self.phone_note}）" if japanese else f" ({self.phone_note})"
        phone = self.phone + (note if self.phone_note else "")
        found = ["　".join(filter(None, (code, plain(self.address))))]
        found += [_("Reception: %(phone)s", phone=plain(phone))] if phone else []
        return [one for one in found if one]


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who prints what and when; `printed_at` is on the company's clock."""

    company: str
    report_number: str
    printed_by: str
    printed_at: datetime
    sha256: str
    sender: Sender = Sender()


def build(content: Content, stamp: Stamp, signed: Any, n: Notation) -> Printing:
    """The letter; `signed` is the newest signature (a record) or None."""
    words = _head(content, stamp, n) | {
        "unit": unit(content, n), "course": course(content, n),
        "findings": _findings(content, n), "parts": _parts(content), "costs": _costs(content),
        "invoice": _invoice(content), "checks": _checks(content),
        "many_checks": len(content["checks"]) > MANY_CHECKS,
        "long_notice": len(content["notice"]) > LONG_NOTICE,
        "notice": [plain(line) for line in content["notice"].splitlines() if plain(line)],
        "signed": _signed(signed, stamp, n), "photos": photos(content, n),
    }  # fmt: skip
    sheet, css = (
        _set("reports/paper/service.html", it=words, tight=tight),
        _set("reports/paper/service.css"),
    )
    title = f"{_('Service report')} {content['number']}"
    return Printing(title, stamp.company, n.language, css, [sheet], flows=True)


def _set(template: str, **words: Any) -> str:
    return current_app.jinja_env.get_or_select_template(template).render(words)


def _head(content: Content, stamp: Stamp, n: Notation) -> dict[str, Any]:
    to, department, honorific = _addressee(content, n)
    ended = content["finished_at"] is not None
    performed = content["performed_on"]
    return {
        "japanese": n.japanese, "company": stamp.company, "number": content["number"],
        "kind": kinds()[content["work_kind"]], "to": to, "department": department,
        "honorific": honorific, "team": content["team"],
        "sender": stamp.sender.lines(n.japanese), "people": _people(content, n),
        "performed_on": letter_day(date.fromisoformat(performed), n) if performed else NONE,
        "hello": _("We report that the work was done as follows.")
        if ended else _("We report how far the work has come."),
        "printed_at": n.stamp(stamp.printed_at), "printed_by": stamp.printed_by,
        "report_number": stamp.report_number, "sha256": stamp.sha256,
        "blank_day": "　　　　年　　月　　日" if n.japanese else _("Date"),
        "blank_name": _("Signed by") + ("　　　　　　　　　　　　様" if n.japanese else "　" * 12),
    }  # fmt: skip


def _addressee(content: Content, n: Notation) -> tuple[str, str, str]:
    """The company, the line below it, and 御中 or 様 at its end; in English no honorific."""
    company = legal_form.display(content["account"])
    place = " ".join(filter(None, (content["site"], content["department"])))
    person, post = ("", "") if content["department"] else (content["contact"], content["post"])
    if not n.japanese:
        return company, " ".join(filter(None, (place, post, person))), ""
    line = addressee(content["account"], place, person, post).removeprefix(company).strip()
    for honorific in ("御中", "様"):
        if line.endswith(honorific):
            return company, line.removesuffix(honorific).strip().replace(" ", "　"), honorific
    return company, line, ""


def _people(content: Content, n: Notation) -> str:
    told = [_("Engineer: %(name)s", name=content["engineer"] or NONE)]
    if content["companions"]:
        joint = "、" if n.japanese else ", "
        told.append(_("with %(names)s", names=joint.join(content["companions"])))
    return "　／　".join(told) if n.japanese else ", ".join(told)


def _findings(content: Content, n: Notation) -> list[tuple[str, str, str]]:
    names = {
        "symptom": pgettext("report", "Symptom"), "cause": pgettext("report", "Cause"),
        "action": pgettext("report", "Action"),
    }  # fmt: skip
    return [
        (
            names[one["kind"]],
            f"{one['code']} {one['name'] if n.japanese or not one['name_en'] else one['name_en']}"
            .strip() or NONE,
            one["text"] or NONE,
        )
        for one in content["findings"]
    ]  # fmt: skip


def borne(percent: int) -> str:
    """Who bears a cost, by the customer's share in percent."""
    if percent == 0:
        return pgettext("report", "free")
    return pgettext("report", "charged") if percent == 100 else pgettext("report", "in part")


def _parts(content: Content) -> list[dict[str, str]]:
    shares = {one["what"]: one["percent"] for one in content["costs"]}
    rows = [
        {
            "part_no": part["part_no"] or NONE, "name": plain(part["name"]),
            "removed": part["removed_serial"] or NONE, "fitted": part["fitted_serial"] or NONE,
            "quantity": f"{part['quantity']:,}", "amount": _yen(part["charged"]),
            "borne": borne(shares["parts"] if part["chargeable"] is None
                           else 100 * part["chargeable"]),
        }
        for part in content["parts"]
    ]  # fmt: skip
    nothing = dict.fromkeys(
        ("part_no", "name", "removed", "fitted", "quantity", "amount", "borne"), NONE
    )
    return rows or [nothing]


def _yen(amount: int) -> str:
    return f"{amount:,}" if amount else NONE


def _invoice(content: Content) -> str:
    """Yen; in words, where the customer was told so before signing."""
    return _("to be told later") if told_later(content) else f"{content['invoice']:,}"


def _costs(content: Content) -> list[dict[str, str]]:
    kind, minutes, km = (content[name] for name in ("work_kind", "labour_minutes", "travel_km"))
    pieces = sum(part["quantity"] for part in content["parts"])
    told = {
        "labour": (
            _("Labour (%(kind)s)", kind=kinds()[kind]),
            NONE if minutes is None else _("%(n)s h", n=f"{minutes / 60:.2f}"),
        ),
        "travel": (_("Travel"), NONE if km is None else _("both ways %(n)s km", n=f"{km:,}")),
        "parts": (
            pgettext("cost", "Parts"),
            ngettext("%(num)s piece", "%(num)s pieces", pieces) if pieces else NONE,
        ),
    }  # fmt: skip
    return [
        {
            "name": told[one["what"]][0], "measure": told[one["what"]][1],
            "borne": _borne_by(one, told[one["what"]][1]), "amount": _yen(one["charged"]),
        }
        for one in content["costs"]
    ]  # fmt: skip


def _borne_by(cost: Content, measure: str) -> str:
    if not cost["amount"] and measure == NONE:
        return NONE
    if cost["what"] == "parts" and cost["amount"]:
        whole = cost["charged"] >= cost["amount"]
        return borne(100 if whole else 50 if cost["charged"] else 0)
    return borne(cost["percent"])


def _checks(content: Content) -> list[dict[str, str]]:
    judged = {True: _("Good"), False: _("Not good"), None: NONE}
    rows = [
        {
            "item": plain(one["item"]), "standard": one["standard"] or NONE,
            "measured": one["measured"] or NONE, "passed": judged[one["passed"]],
        }
        for one in content["checks"]
    ]  # fmt: skip
    return rows or [dict.fromkeys(("item", "standard", "measured", "passed"), NONE)]


def _signed(signed: Any, stamp: Stamp, n: Notation) -> dict[str, str] | None:
    """What stands in the box: the strokes, or why there are none, the day and the name."""
    if signed is None:
        return None
    at = clock.local(signed.taken_at)
    name = f"{signed.name}　様" if n.japanese else signed.name
    note = ""
    if signed.sha256 != stamp.sha256:
        note = _(
            "The content changed after this signature (signed: SHA-256 %(sha)s).",
            sha=signed.sha256[:16],
        )
    return {
        "path": path(signed.strokes), "why": dict(unsigned_reasons()).get(signed.reason, ""),
        "at": long_day(at.date(), n),
        "name": f"{_('Signed by')}　{name}", "note": note,
    }  # fmt: skip
