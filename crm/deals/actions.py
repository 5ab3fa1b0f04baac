"""Open deals, change them, move them to another stage; every change leaves its trace."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from crm.attributes import values
from crm.clock import now, today
from crm.deals import links
from crm.deals.cards import deal_cards
from crm.deals.models import MOST_YEN, OPEN_STAGES, Deal, DealChange, DealLine, DealUnit
from crm.deals.moves import lose, move_deal, reopen, win
from crm.deals.trace import trace, traced
from crm.errors import Conflict, Invalid
from crm.extensions import db
from crm.look import yen
from crm.references import refuse_if_referred_to
from crm.rights import Person
from crm.search import actions as search
from crm.staff.queries import names
from crm.timeline.actions import record

__all__ = [
    "change_deal", "complete_next_step", "lose", "move_deal", "of_alert", "open_deal",
    "remove_deal", "reopen", "set_next_step", "trace", "unit_ids", "win",
]  # fmt: skip

Fields = dict[str, Any]
TOLD = (
    "title", "rank", "amount", "gross_profit", "expected_close_on", "revenue_on", "next_step",
    "next_step_on", "origin", "competitor", "competitor_note", "evidence",
)  # fmt: skip
MONEY = ("amount", "gross_profit")
KEYS = {"owner_id": "owner", "contact_id": "contact", "site_id": "site", "account_id": "account"}
STEP = ("next_step", "next_step_on", "next_step_kind", "next_step_time", "next_step_promised")


def open_deal(fields: Fields, user: Person, from_alert: int | None = None) -> Deal:
    """Open a deal; `fields` as in DealSchema. Does not commit.

    With `from_alert` (the key of the alert it comes from) a second call returns the deal that the
    first one made. Without an owner it is the user's own. Raises Invalid.
    """
    if from_alert is not None:
        made = of_alert(from_alert)
        if made is not None:
            return made
    given = {"owner_id": user.id} | fields
    found = links.check_deal(given)
    lines, units = given.pop("lines", []), given.pop("unit_ids", [])
    asked = given.pop("attributes", None)
    given["amount"] = _amount(given.get("amount"), lines, None)
    _check_step(given)
    deal = Deal(**_defaults(given), team_id=found["team_id"], from_alert_id=from_alert)
    deal.lines = _lines(lines)
    _profit_of_lines(deal, given, bool(lines))
    custom = values.settle(deal, asked, True)
    twin = _write_once(deal, from_alert)
    if twin is not None:
        return twin
    _add_units(deal, units)
    if custom:
        values.keep(deal)
    trace(deal, user.id)
    _index(deal, fresh=True)
    record(
        "deal.opened", deal, user.id, account_id=deal.account_id, title=deal.title,
        stage=deal.stage, rank=deal.rank, amount=deal.amount, origin=deal.origin,
        from_alert_id=from_alert, owner_id=deal.owner_id,
    )  # fmt: skip
    return deal


def _write_once(deal: Deal, from_alert: int | None) -> Deal | None:
    """Write a new deal; returns the other one when somebody made it of the same alert meanwhile."""
    if from_alert is None:
        db.session.add(deal)
        db.session.flush()
        return None
    try:
        with db.session.begin_nested():
            db.session.add(deal)
    except IntegrityError:
        made = of_alert(from_alert)
        if made is None:
            raise
        return made
    return None


def of_alert(alert_id: int) -> Deal | None:
    """The deal that an alert has become."""
    return db.session.scalar(sa.select(Deal).where(Deal.from_alert_id == alert_id))


def _defaults(given: Fields) -> Fields:
    return {
        "stage": "lead", "rank": "D", "stage_since": now(), "origin": "sales", "evidence": {},
        "next_step": "", "competitor": "", "competitor_note": "",
    } | {name: value for name, value in given.items() if value is not None}  # fmt: skip


def change_deal(deal: Deal, fields: Fields, user: Person) -> None:
    """Change what is given, all but the stage; other lines or units are a change of the deal too.

    Raises Invalid; nothing new writes nothing.
    """
    if "stage" in fields and fields["stage"] != deal.stage:
        where = f"POST /api/v1/deals/{deal.id}/stage"
        raise Invalid({"stage": [_("The stage is changed by %(where)s.", where=where)]})
    given = {name: value for name, value in fields.items() if name != "stage"}
    found = links.check_deal(given, deal)
    _check_step(given, deal)
    custom = values.settle(deal, given.pop("attributes", None), False)
    told = _apply(deal, given, found)
    if not told and not custom:
        return
    deal.updated_at = now()
    if custom:
        values.keep(deal)
    if traced(deal):
        trace(deal, user.id)
    if custom or {"title", "account", "evidence", "competitor", "owner"} & told.keys():
        _index(deal)
    record(
        "deal.changed", deal, user.id, account_id=deal.account_id, title=deal.title,
        changes={name: [] if name in MONEY else pair for name, pair in told.items()},
        **_money(told), **values.facts(custom),
    )  # fmt: skip


def _money(told: Fields) -> Fields:
    """Amounts stand by themselves among the facts, where those who may not see them lose them."""
    found: Fields = {}
    for name in MONEY:
        if name in told:
            found |= {f"{name}_from": told[name][0], name: told[name][1]}
    return found


def _apply(deal: Deal, given: Fields, found: Fields) -> Fields:
    """Set the fields; returns what differs as {field: [before, after]}."""
    told: Fields = {}
    lines, units = given.pop("lines", None), given.pop("unit_ids", None)
    if "amount" in given or lines is not None:
        given["amount"] = _amount(given.get("amount"), lines, deal)
    if lines is not None and _facts(lines) != _facts_of(deal):
        told["lines"] = [len(deal.lines), len(lines)]
        deal.lines = _lines(lines)
        _profit_of_lines(deal, given, bool(lines))
    if units is not None and set(units) != set(unit_ids(deal.id)):
        told["units"] = [sorted(unit_ids(deal.id)), sorted(set(units))]
        _set_units(deal, units)
    for name, value in given.items():
        before = getattr(deal, name)
        if name == "evidence":
            value = {**before, **value}
        if before == value:
            continue
        setattr(deal, name, value)
        if name in TOLD or name in KEYS:
            told[KEYS.get(name, name)] = [_fact(before), _fact(value)]
        else:
            told.setdefault("next_step", [deal.next_step, deal.next_step])
    if "owner" in told:
        deal.team_id, before = found["team_id"], told["owner"][0]
        with db.session.no_autoflush:  # what is not flushed is traced
            told["owner"] = [names({before}).get(before), found["owner"]]
    return told


def _fact(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _amount(given: int | None, lines: list[Fields] | None, deal: Deal | None) -> int:
    """The amount that lines and amount agree on. Raises Invalid where they contradict."""
    if lines is None:
        sums = [line.amount for line in deal.lines] if deal else []
    else:
        sums = [line.get("quantity", 1) * line["unit_price"] for line in lines]
    total = sum(sums)
    if total > MOST_YEN:
        raise Invalid({"lines": [_("The lines add up to more than can be true.")]})
    if not sums:
        return given if given is not None else (deal.amount if deal else 0)
    if given is not None and given != total:
        why = _("The lines add up to %(total)s. Change the lines, or leave the amount out.",
                total=yen(total))  # fmt: skip
        raise Invalid({"amount": [why]})
    return total


def _lines(lines: list[Fields]) -> list[DealLine]:
    return [
        DealLine(**{name: value for name, value in line.items() if value is not None}, position=at)
        for at, line in enumerate(lines)
    ]


def _profit_of_lines(deal: Deal, given: Fields, some: bool) -> None:
    """Where every line has its cost, the gross profit follows from them."""
    if some and "gross_profit" not in given:
        costs = [line.unit_cost for line in deal.lines]
        if all(cost is not None for cost in costs):
            profit = sum(
                (line.unit_price - (line.unit_cost or 0)) * (line.quantity or 1)
                for line in deal.lines
            )
            if abs(profit) > MOST_YEN:
                raise Invalid({"lines": [_("The lines add up to more than can be true.")]})
            deal.gross_profit = profit


def _facts(lines: list[Fields]) -> list[tuple[Any, ...]]:
    return [
        (
            line.get("product_id"), line.get("description", ""), line.get("quantity", 1),
            line["unit_price"], line.get("unit_cost"),
        )
        for line in lines
    ]  # fmt: skip


def _facts_of(deal: Deal) -> list[tuple[Any, ...]]:
    return [
        (line.product_id, line.description, line.quantity, line.unit_price, line.unit_cost)
        for line in deal.lines
    ]


def unit_ids(deal_id: int) -> list[int]:
    """Keys of the units that a deal is about."""
    return list(db.session.scalars(sa.select(DealUnit.unit_id).where(DealUnit.deal_id == deal_id)))


def _set_units(deal: Deal, units: list[int]) -> None:
    db.session.execute(sa.delete(DealUnit).where(DealUnit.deal_id == deal.id))
    _add_units(deal, units)


def _add_units(deal: Deal, units: list[int]) -> None:
    for unit_id in dict.fromkeys(units):
        db.session.add(DealUnit(deal_id=deal.id, unit_id=unit_id))


def _check_step(given: Fields, deal: Deal | None = None) -> None:
    """A day needs to say for what; a step taken away takes its day with it."""
    step = given.get("next_step", deal.next_step if deal else "")
    if step.strip():
        return
    if given.get("next_step_on") is not None:
        raise Invalid({"next_step": [_("Say what is to be done on that day.")]})
    if deal is not None and "next_step" in given:
        given |= {"next_step_on": None, "next_step_kind": None, "next_step_time": None}
        given["next_step_promised"] = False


def _index(deal: Deal, *, fresh: bool = False) -> None:
    db.session.flush()
    search.index_many(deal_cards([deal.id]), fresh=fresh)


def set_next_step(deal: Deal, step: Fields, user: Person) -> None:
    """Decide what comes next: next_step, and when, how, at what time, promised or not."""
    empty: Fields = dict.fromkeys(STEP) | {"next_step": "", "next_step_promised": False}
    change_deal(deal, empty | step, user)


def complete_next_step(deal: Deal, user: Person) -> str:
    """The next step is done; returns what it was. Done twice is done once."""
    step = deal.next_step
    if not step:
        return ""
    deal.next_step, deal.next_step_promised = "", False
    deal.next_step_on = deal.next_step_kind = deal.next_step_time = None
    deal.last_activity_on = max(deal.last_activity_on or today(), today())
    record("deal.step_done", deal, user.id, account_id=deal.account_id, title=deal.title, step=step)
    return step


def remove_deal(deal: Deal, user: Person) -> None:
    """Take out a deal entered by mistake. Raises Conflict once it has a history of its own."""
    changes = db.session.scalar(
        sa.select(sa.func.count()).select_from(DealChange).where(DealChange.deal_id == deal.id)
    )
    if deal.stage not in OPEN_STAGES or deal.from_alert_id is not None or (changes or 0) > 1:
        raise Conflict(_("This deal has a history. Close it as lost instead of removing it."))
    refuse_if_referred_to(deal, ("events", "deal_lines", "deal_units", "deal_changes"))
    record("deal.removed", deal, user.id, account_id=deal.account_id, title=deal.title)
    search.forget("deal", deal.id)
    db.session.execute(sa.delete(DealUnit).where(DealUnit.deal_id == deal.id))
    db.session.execute(sa.delete(DealChange).where(DealChange.deal_id == deal.id))
    db.session.delete(deal)
