"""What of a report changed after it was signed, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import pgettext

from crm.installed_base.words import kinds
from crm.look import day, language, moment, number, yen
from crm.service.onsite_words import labels

Content = Mapping[str, Any]
NOTHING = "―"
PLAIN = (
    "work_kind", "performed_on", "arrived_at", "finished_at", "down_from", "down_until",
    "downtime_minutes", "substitute", "labour_minutes", "travel_km", "invoice", "notice",
    "engineer",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs: what it is, as it was signed, as it is now."""

    label: str
    signed: str
    now: str


def changes(signed: Content, now: Content) -> list[Change]:
    """What differs between what was signed and what the report says now."""
    words = labels()
    found = [
        Change(words[name], _said(name, signed.get(name)), _said(name, now.get(name)))
        for name in PLAIN
        if signed.get(name) != now.get(name)
    ]
    found += _findings(signed, now, words)
    rows = {"parts": _part, "checks": _check, "costs": _cost, "photos": _photo}
    for name, say in rows.items():
        before, after = signed.get(name, []), now.get(name, [])
        if before != after:
            found.append(Change(words[name], _lines(before, say), _lines(after, say)))
    if signed.get("companions") != now.get("companions"):
        both = (", ".join(one.get("companions", [])) or NOTHING for one in (signed, now))
        found.append(Change(words["companion_ids"], *both))
    if signed["unit"] != now["unit"]:
        found.append(Change(words["unit_id"], _unit(signed["unit"]), _unit(now["unit"])))
    return found


def _findings(signed: Content, now: Content, words: Mapping[str, str]) -> list[Change]:
    return [
        Change(words[before["kind"]], _finding(before), _finding(after))
        for before, after in zip(signed["findings"], now["findings"], strict=True)
        if before != after
    ]


def _said(name: str, value: Any) -> str:
    if value in (None, ""):
        return NOTHING
    if name == "work_kind":
        return kinds()[value]
    if name == "performed_on":
        return day(date.fromisoformat(value))
    if name.endswith(("_at", "_from", "_until")):
        return moment(datetime.fromisoformat(value))
    if name == "invoice":
        return yen(value)
    return number(value) if isinstance(value, int) else str(value)


def _lines(rows: list[Any], say: Any) -> str:
    return "\n".join(say(row) for row in rows) or NOTHING


def _finding(one: Content) -> str:
    name = one["name_en"] if language() == "en" and one["name_en"] else one["name"]
    return " ".join(filter(None, (one["code"], name, one["text"]))) or NOTHING


def _photo(row: Content) -> str:
    return str(row["caption"]) or moment(datetime.fromisoformat(row["at"]))


def _part(row: Content) -> str:
    serials = " → ".join(filter(None, (row["removed_serial"], row["fitted_serial"])))
    told = (row["part_no"], row["name"], serials, f"× {row['quantity']}", yen(row["charged"]))
    return " ".join(filter(None, told))


def _check(row: Content) -> str:
    judged = {True: _("Good"), False: _("Not good"), None: ""}[row["passed"]]
    return " ".join(filter(None, (row["item"], row["standard"], row["measured"], judged)))


def _cost(row: Content) -> str:
    names = {"labour": _("Labour"), "travel": _("Travel"), "parts": pgettext("cost", "Parts")}
    return f"{names[row['what']]} {yen(row['charged'])}"


def _unit(unit: Content) -> str:
    return " ".join(filter(None, (unit["code"], unit["serial_no"], unit["location"])))
