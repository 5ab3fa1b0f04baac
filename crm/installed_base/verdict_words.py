"""A verdict in the reader's language, for a page, a line, a program; the code keeps for ever."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import pgettext

from crm.installed_base.cover_terms import COSTS
from crm.installed_base.entitlement import Verdict
from crm.language import dot
from crm.look import day as written
from crm.look import language

Params = dict[str, Any]
SOON = 90
"""Days before the end of a warranty from which they are counted."""


def kinds() -> dict[str, str]:
    """Whose warranty it is."""
    return {
        "maker": _("Maker's warranty"), "own": _("Our warranty"),
        "extended": _("Extended warranty"),
    }  # fmt: skip


def exchanges() -> dict[str, str]:
    """How a unit that fails under warranty is dealt with; empty where nothing is agreed."""
    return {
        "": pgettext("exchange", "Not agreed"), "advance": _("Advance exchange"),
        "loaner": _("Loaner unit"), "return": _("Sent in for repair"),
    }  # fmt: skip


def costs() -> dict[str, str]:
    """The costs of a repair."""
    return {"labour": _("Labour"), "travel": _("Travel"), "parts": _("Parts")}


def reason(code: str, params: Params) -> str:
    """The verdict's reason in the reader's language; codes of stored verdicts are never dropped."""
    if code == "combined":
        return _combined(params)
    if code.endswith("_part"):
        return _part(code.removesuffix("_part"), params)
    said = _FREE | _CHARGEABLE
    if code in said:
        return said[code](_days(params))
    return _("Chargeable: neither warranty nor contract.")


def _under_warranty(params: Params) -> str:
    until = params["until"]
    if params.get("kind") == "extended":
        return _("Free: under the extended warranty until %(until)s.", until=until)
    if params.get("kind") == "own":
        return _("Free: under our warranty until %(until)s.", until=until)
    return _("Free: under warranty until %(until)s.", until=until)


def _exchanged(said: str, params: Params) -> str:
    how = params.get("exchange")
    return said if not how else said + " " + _("If it fails: %(how)s.", how=exchanges()[how])


_FREE: dict[str, Callable[[Params], str]] = {
    "recall": lambda p: _until(_("Free: recall %(number)s.", number=p["number"]), p),
    "campaign": lambda p: _until(_("Free: campaign %(number)s.", number=p["number"]), p),
    "warranty": lambda p: _exchanged(_under_warranty(p), p),
    "contract": lambda p: _(
        "Free: under contract %(number)s until %(until)s.", number=p["number"], until=p["until"]
    ),
}
_CHARGEABLE: dict[str, Callable[[Params], str]] = {
    "contract_to_come": lambda p: _("Chargeable: the contract begins on %(on)s.", on=p["on"]),
    "contract_over": lambda p: _(
        "Chargeable: contract %(number)s ended on %(on)s.", number=p["number"], on=p["on"]
    ),
    "contract_behind": lambda p: _(
        "Chargeable: contract %(number)s is about its earlier owner or place.", number=p["number"]
    ),
    "warranty_over": lambda p: _(
        "Chargeable: the warranty ended on %(on)s, and there is no contract.", on=p["on"]
    ),
    "warranty_moved": lambda p: _(
        "Chargeable: the warranty ended with the change of owner; its last day was %(on)s.",
        on=p["on"],
    ),
    "warranty_metered": lambda p: _(
        "Chargeable: the warranty ended at the limit of the meter; its last day was %(on)s.",
        on=p["on"],
    ),
    "removed": lambda p: _("Chargeable: the unit was removed on %(on)s.", on=p["on"]),
    "competitor": lambda _p: _("Chargeable: another maker's unit without a contract."),
}


def _days(params: Params) -> Params:
    """The parameters with their days as they are written."""
    return {
        name: written(date.fromisoformat(value)) if name in ("on", "until") and value else value
        for name, value in params.items()
    }


def _until(said: str, params: Params) -> str:
    until = params.get("until")
    return said if not until else said + " " + _("It runs until %(until)s.", until=until)


def _part(code: str, params: Params) -> str:
    told = _days(params)
    if code == "contract":
        return _(
            "Contract %(number)s until %(until)s bears %(labour)s%% of labour, %(travel)s%% of "
            "travel and %(parts)s%% of parts.",
            number=told.get("number"), until=told.get("until"), labour=told.get("labour"),
            travel=told.get("travel"), parts=told.get("parts"),
        )  # fmt: skip
    return _("Free in part: %(what)s.", what=_one(params | {"code": code}))


def _combined(params: Params) -> str:
    """Labour and travel by one, parts by another."""
    every = " / ".join(_one(one) for one in params["bears"])
    percents = [max(one.get(cost, 0) for one in params["bears"]) for cost in COSTS]
    if percents == [100] * 3:
        return _("Free: %(what)s.", what=every)
    return _("Free in part: %(what)s.", what=every)


def _one(params: Params) -> str:
    """One source with what it bears: contract M-1 until 2027/03/31 (labour 100%)."""
    words, borne = costs(), [cost for cost in COSTS if params.get(cost)]
    share = dot().join(f"{words[cost]} {params[cost]}%" for cost in borne)
    who = source(params["code"], _days(params))
    return _("%(who)s bears %(share)s", who=who, share=share)


def source(code: str, told: Params) -> str:
    """What bears a cost, named."""
    if code == "warranty":
        how = exchanges()[told["exchange"]] if told.get("exchange") else ""
        name = dot().join(filter(None, (kinds()[told.get("kind", "maker")], how)))
    else:
        name = {
            "recall": lambda: _("Recall %(number)s", number=told["number"]),
            "campaign": lambda: _("Campaign %(number)s", number=told["number"]),
            "contract": lambda: _("Contract %(number)s", number=told["number"]),
        }[code]()
    until = told.get("until")
    return name if not until else _("%(what)s (until %(until)s)", what=name, until=until)


def brief(verdict: Verdict, on: date) -> str:
    """The same in a few words, for a line in a list."""
    if verdict.coverage in ("recall", "campaign"):
        return source(verdict.bearers[0].code, _days(verdict.bearers[0].params))
    if verdict.covers_until is not None:
        day_ = _plain(verdict.covers_until)
        left = (verdict.covers_until - on).days
        if verdict.coverage == "contract":
            return _("contract ends %(day)s", day=day_)
        if left <= SOON:
            return _("warranty ends %(day)s (%(n)s days)", day=day_, n=left)
        return _("warranty ends %(day)s", day=day_)
    said = {
        "contract_to_come": _("contract to begin"), "contract_over": _("contract ended"),
        "warranty_over": _("no contract"), "removed": pgettext("unit", "Removed"),
        "competitor": _("another maker's, no contract"),
    }  # fmt: skip
    return said.get(verdict.code, _("no contract"))


def _plain(on: date) -> str:
    return f"{on:%Y/%m/%d}" if language() == "ja" else written(on)


def _sla(verdict: Verdict) -> Params | None:
    """What the contract promises; None when it promises no hours."""
    if verdict.response_hours is None and verdict.repair_hours is None:
        return None
    return {
        "response_hours": verdict.response_hours, "repair_hours": verdict.repair_hours,
        "around_the_clock": verdict.around_the_clock,
    }  # fmt: skip


def promise(verdict: Any) -> str:
    """The same in a sentence, or nothing: Response within 4 hours, repair within 24 hours."""
    some = []
    if verdict.response_hours:
        some.append(_("response within %(n)s hours", n=verdict.response_hours))
    if verdict.repair_hours:
        some.append(_("repair within %(n)s hours", n=verdict.repair_hours))
    if not some:
        return ""
    clock = _("around the clock") if verdict.around_the_clock else _("in working hours")
    said = pgettext("list", ", ").join([*some, clock])
    return said[:1].upper() + said[1:]


def as_json(verdict: Verdict) -> Params:
    """What the API answers and a ticket keeps: the code with its parameters speaks any language."""
    return {
        "verdict": verdict.verdict, "reason": reason(verdict.code, verdict.params),
        "code": verdict.code, "params": verdict.params, "contract_id": verdict.contract_id,
        "sla": _sla(verdict),
        "covers_until": verdict.covers_until.isoformat() if verdict.covers_until else None,
        "shares": asdict(verdict.shares),
        "bearers": [
            {"cost": one.cost, "percent": one.percent, "by": one.code, "params": one.params}
            for one in verdict.bearers
        ],
    }  # fmt: skip
