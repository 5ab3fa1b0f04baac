"""Open, change, finish and remove work."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from crm.attributes import values
from crm.clock import local, now, start_of, today
from crm.errors import Conflict, Invalid
from crm.extensions import db
from crm.installed_base.judging import verdicts
from crm.installed_base.models import WORK_ENDED, Unit, WorkOrder
from crm.installed_base.verdict_words import as_json
from crm.products.models import Product
from crm.references import refuse_if_referred_to
from crm.search.actions import forget, headline, index_many
from crm.service import queries, rules, steps, writing
from crm.service.cards import work_cards
from crm.service.charging import bill, borne_by, judged
from crm.service.fitting import follow_parts
from crm.service.models import WorkStep
from crm.timeline.actions import record

Fields = dict[str, Any]
OFFICE_OPENS = timedelta(hours=9)
OWN = ("events", "work_parts", "work_checks", "work_companions", "work_steps")
LISTS = ("parts", "checks", "companion_ids")


def open_work(fields: Fields, by_id: int | None) -> WorkOrder:
    """Open a work order; unless said, who pays follows from the unit on that day.

    Raises Invalid naming the field.
    """
    plain, lists = _apart(fields)
    work = WorkOrder(
        kind="repair", status="received", labour_amount=0, travel_amount=0, parts_amount=0,
        chargeable=False, opened_on=today(), symptom="", cause="", action="",
    )  # fmt: skip
    for name, value in plain.items():
        setattr(work, name, value)
    unit = db.session.get_one(Unit, work.unit_id)
    work.account_id = unit.account_id
    if "opened_on" not in fields and work.done_on is not None:
        work.opened_on = min(work.opened_on, work.done_on)
    judge(work, unit)
    _settle(work, fields)
    custom = values.settle(work, fields.get("attributes"), True)
    db.session.add(work)
    _write_lists(work, lists, set(fields))
    if custom:
        values.keep(work)
    if work.done_on is not None:
        follow_parts(work, unit, by_id)
    facts = work_facts(work, unit, fresh=True)
    record(
        "work_order.opened", work, by_id, account_id=work.account_id, at=_at(work.opened_on),
        **facts,
    )  # fmt: skip
    if work.done_on is not None:
        _tell_done(work, facts, by_id)
    return work


def judge(work: WorkOrder, unit: Unit) -> None:
    """Keep who pays for the unit as of the opening; it is not judged again later."""
    work.verdict = as_json(verdicts([unit], work.opened_on)[unit.id])


def change_work(
    work: WorkOrder, fields: Fields, by_id: int | None, *, note: str = "", may_reopen: bool = False
) -> None:
    """Change a work order; the one that ends with it is done.

    Raises Invalid naming the field, also for a state that cannot follow or lacks something.
    """
    if fields.get("unit_id", work.unit_id) != work.unit_id:
        raise Invalid({"unit_id": [_("A work order stays with its unit.")]})
    before = work.status
    plain, lists = _apart(fields)
    with db.session.no_autoflush:
        for name, value in plain.items():
            setattr(work, name, value)
        _settle(work, fields)
        wrong = steps.refusal(before, work, may_reopen)
        if wrong:
            raise Invalid(wrong)
    if work.status == "estimating" and before == "awaiting_approval":
        work.approved_on, work.approved_by = None, ""
    custom = values.settle(work, fields.get("attributes"), False)
    _write_lists(work, lists, set(fields))
    if custom:
        values.keep(work)
    _step(work, before, note, by_id)
    unit = db.session.get_one(Unit, work.unit_id)
    if work.status == "returned" and work.status != before:
        follow_parts(work, unit, by_id)
    _tell(work, before, work_facts(work, unit) | values.facts(custom), list(fields), by_id)


def _tell(
    work: WorkOrder, before: str, facts: Fields, fields: list[str], by_id: int | None
) -> None:
    if work.status in WORK_ENDED and before not in WORK_ENDED:
        _tell_done(work, facts, by_id)
        return
    told = facts | {"fields": fields} | ({"before": before} if before != work.status else {})
    record("work_order.changed", work, by_id, account_id=work.account_id, **told)


def finish_work(work: WorkOrder, fields: Fields, by_id: int | None, *, note: str = "") -> None:
    """End a work order: what was done, what it cost, how long the unit stood. Raises Conflict."""
    if work.status in WORK_ENDED:
        raise Conflict(_("This work has ended already."))
    finished = fields.get("finished_at") or work.finished_at
    usual = {"status": "returned", "done_on": local(finished).date() if finished else today()}
    change_work(work, usual | fields, by_id, note=note)


def plan_work(work: WorkOrder, day: date, by_id: int | None) -> None:
    """Somebody goes on another day, at the same hour."""
    if work.status not in WORK_ENDED and work.planned_on != day:
        change_work(work, {"planned_on": day}, by_id)


def remove_work(work: WorkOrder, by_id: int | None) -> None:
    """Delete a work order that nothing refers to. Raises Conflict."""
    refuse_if_referred_to(work, OWN)
    facts = work_facts(work, db.session.get_one(Unit, work.unit_id))
    forget("work_order", work.id)
    db.session.delete(work)
    record("work_order.removed", work, by_id, account_id=work.account_id, **facts)


def _apart(fields: Fields) -> tuple[Fields, Fields]:
    """Columns and lists; custom fields are neither."""
    lists: Fields = {name: fields[name] for name in LISTS if name in fields}
    apart = (*lists, "attributes")
    return {name: value for name, value in fields.items() if name not in apart}, lists


def _settle(work: WorkOrder, fields: Fields) -> None:
    given, on = set(fields), today()
    with db.session.no_autoflush:
        rules.settle_end(work, given, on)
        rules.settle_days(work, on)
        rules.settle_plan(work, given)
        rules.settle_times(work, given)
        rules.settle_shares(work, given, judged(work.verdict) or borne_by(work))
        rules.check_reason(work, given)
        queries.check_codes(work, given)


def _write_lists(work: WorkOrder, lists: Fields, given: set[str]) -> None:
    """Parts, checks, companions; the sums before, so that the record is written once."""
    with db.session.no_autoflush:
        _settle_sums(work, lists, given)
    if lists:
        work.updated_at = now()
    db.session.flush()
    if "parts" in lists:
        writing.write_parts(work, lists["parts"])
    if "checks" in lists:
        writing.write_checks(work, lists["checks"])
    if "companion_ids" in lists:
        writing.write_companions(work, lists["companion_ids"])
    db.session.flush()


def _settle_sums(work: WorkOrder, lists: Fields, given: set[str]) -> None:
    """The cost of parts is that of the lines, when there are some; the invoice follows."""
    if "parts" in lists:
        lines = writing.lines_of(lists["parts"])
    else:
        lines = queries.lines_of(queries.parts_of(work.id)) if work.id else []
    total = sum(one.amount for one in lines)
    if lines and "parts_amount" in given and work.parts_amount != total:
        raise Invalid({"parts_amount": [_("The parts add up to ¥%(total)s.", total=f"{total:,}")]})
    if lines or lists.get("parts") == []:
        work.parts_amount = total
    shares = borne_by(work)
    made_out = bill(work.labour_amount, work.travel_amount, work.parts_amount, shares, lines)
    work.invoice_amount = made_out.total


def _step(work: WorkOrder, before: str, note: str, by_id: int | None) -> None:
    """Write down that the work came into another state, and on which day."""
    if work.status == before:
        return
    last = next(iter(queries.steps_of(work.id)[-1:]), None)
    says = {"awaiting_approval": work.estimated_on}.get(work.status)
    if before == "awaiting_approval":
        says = work.approved_on
    day = work.done_on if work.status in WORK_ENDED else says
    on = max(day or today(), last.on if last else work.opened_on)
    db.session.add(
        WorkStep(
            work_order_id=work.id, before=before, status=work.status, on=on, by_id=by_id,
            note=note or (work.declined_reason if work.status == "estimate_declined" else ""),
        )
    )  # fmt: skip


def _tell_done(work: WorkOrder, facts: Fields, by_id: int | None) -> None:
    at = _at(work.done_on)
    record("work_order.done", work, by_id, account_id=work.account_id, at=at, **facts)


def work_facts(work: WorkOrder, unit: Unit, *, fresh: bool = False) -> Fields:
    """What the history keeps of a work order; the search learns it as well. `fresh` for one that
    was made in this transaction."""
    product = db.session.get_one(Product, unit.product_id)
    db.session.flush()
    index_many(work_cards([work.id]), fresh=fresh)
    return {
        "work_order_id": work.id, "number": work.number, "unit_id": unit.id,
        "serial_no": unit.serial_no, "product_id": product.id, "product_code": product.code,
        "product": product.name, "work_kind": work.kind, "status": work.status,
        "ticket_id": work.ticket_id, "symptom": headline(work.symptom),
        "cause": headline(work.cause),
        "action": headline(work.action), "opened_on": _iso(work.opened_on),
        "done_on": _iso(work.done_on), "planned_on": _iso(work.planned_on),
        "chargeable": work.chargeable, "total_amount": work.total_amount,
        "invoice_amount": work.invoice_amount, "downtime_minutes": work.downtime_minutes,
        "estimate_amount": work.estimate_amount, "approved_by": work.approved_by,
    }  # fmt: skip


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _at(day: date | None) -> datetime | None:
    """The instant at which the history shows what was entered later: nine in the morning."""
    return None if day is None or day >= today() else start_of(day) + OFFICE_OPENS
