"""What the pages of work orders, codes and loans are drawn from; nothing here changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask import current_app, render_template, request

from crm.accounts.models import Account
from crm.attributes import forms
from crm.attributes import listing as narrowing
from crm.attributes.asking import Definitions, asked_of, definitions_in
from crm.attributes.ordering import choose
from crm.attributes.values import shown
from crm.clock import today
from crm.editing import Sheet
from crm.extensions import at_most, db
from crm.installed_base.judging import verdicts
from crm.installed_base.models import WORK_ENDED, Unit, WorkOrder
from crm.installed_base.queries import named_units
from crm.installed_base.verdict_words import reason
from crm.neighbours import along
from crm.paging import COUNTED, Sort
from crm.products.queries import choices as products
from crm.rights import Person, may
from crm.service import filling, listing, queries, steps, words
from crm.service.charging import Borne, borne_by, judged
from crm.service.models import FaultCode
from crm.staff.queries import everybody, names

PAGE = 50
EVERY = (*filling.SIMPLE, *filling.INSTANTS)


def tools() -> dict[str, Any]:
    """What the templates ask."""
    return {
        "words": words, "labels": words.labels(), "reason": reason, "today_on": today(),
        "ended": WORK_ENDED,
        "has": lambda endpoint: endpoint in current_app.view_functions,
    }  # fmt: skip


def labels_of(wanted: Sequence[str]) -> Mapping[str, str]:
    """The fields of a form in words."""
    every = words.labels()
    return {name: every[name] for name in wanted}


def list_page(user: Person) -> str:
    """The list of work orders; its address is its whole state."""
    asked, sort = _asked()
    rows, total = listing.work_page(asked, user, sort, request.args.get("cursor"), PAGE)
    account = db.session.get(Account, asked.account_id) if asked.account_id else None
    return render_template(
        "service/list.html", rows=rows.rows, next=rows.next, total=min(total, COUNTED),
        capped=total > COUNTED, asked=asked, people=everybody(), account=account,
        lent=queries.lent_for([row.id for row in rows.rows]),
        along=along(request.args, listing.IN_LIST),
        custom=narrowing.panel("work_order", request.args, user, [row.id for row in rows.rows]),
        **tools(),
    )  # fmt: skip


def _asked() -> tuple[listing.Asked, Sort]:
    """The list that the address describes, and its order."""
    asked = listing.read(request.args)
    return asked, choose("work_order", request.args.get("sort"), listing.SORTS, "planned")


def place(work: WorkOrder, user: Person) -> str:
    """Where a work order stands in the list that the address describes; two statements."""
    asked, sort = _asked()
    return render_template(
        "parts/place.html", place=listing.place(work, asked, user, sort), base="/work-orders/",
        along=along(request.args, listing.IN_LIST),
    )  # fmt: skip


def work_page(work: WorkOrder, user: Person, step: Sheet | None = None) -> str:
    """One work order with all that belongs to it; eleven statements."""
    row, parts = listing.around(work), queries.parts_of(work.id)
    stays, companions = queries.stays_of(work), queries.companions_of(work.id)
    who = names({work.assignee_id or 0, *companions, *(one.by_id or 0 for one in stays)})
    reopen = may(user, "reopen", "work_order", work)
    return render_template(
        "service/work.html", work=work, unit=row[0], row=row, parts=parts,
        checks=queries.checks_of(work.id), bill=queries.bill_of(work, parts),
        borne=borne_by(work), codes=queries.codes_of(work), stays=stays,
        days=steps.days_in_states(stays), following=steps.following(work.status, reopen),
        who=who, companions=[who[key] for key in companions if key in who],
        loans=queries.loans_of(work.id), step=step or Sheet({"done_on": today().isoformat()}),
        may_edit=may(user, "edit", "work_order", work),
        along=along(request.args, listing.IN_LIST),
        custom=shown(work, True, definitions_in(row.asked)), **tools(),
    )  # fmt: skip


def parts_panel(unit: Unit) -> str:
    """The parts that a unit got."""
    return render_template(
        "service/parts_used.html", rows=queries.parts_used(unit.id), labels=words.labels()
    )


def work_form(
    sheet: Sheet, unit: Unit, work: WorkOrder | None, finishing: bool = False,
    asked: Definitions | None = None,
) -> str:  # fmt: skip
    """The form of a work order, dense; finishing it asks for what was done as well.

    `asked`: what is asked of work orders besides, where it is known already.
    """
    row = named_units(Unit.id == unit.id, 1)[0]
    verdict = verdicts([unit], work.opened_on if work is not None else today())[unit.id]
    shares = verdict.shares
    proposal = Borne(100 - shares.labour, 100 - shares.travel, 100 - shares.parts)
    if work is not None:
        proposal = judged(work.verdict) or borne_by(work)
    return render_template(
        "service/work_form.html", sheet=sheet, unit=unit, work=work, row=row, verdict=verdict,
        proposal=proposal, finishing=finishing, people=everybody(),
        codes=queries.code_choices(work), products=products(),
        custom=forms.drawn(work, asked_of("work_order") if asked is None else asked, sheet.values),
        **_rows(work), **tools(),
    )  # fmt: skip


def _rows(work: WorkOrder | None) -> dict[str, Any]:
    """Parts and checks as typed, else as they stand, with blank lines to type into."""
    found: dict[str, Any] = {"rows": {}, "were": {}, "chosen": set()}
    for name in filling.ROWS:
        standing = filling.standing(work, name)
        rows = [filling.as_text(one) for one in standing]
        found["were"][name] = filling.were(standing)
        if request.method == "POST":
            rows = filling.typed_rows(request.form, name)
            found["were"][name] = request.form.get(f"were_{name}", found["were"][name])
        blank = filling.BLANK[name] * (3 if request.form.get("more") == name else 1)
        found["rows"][name] = rows + [{}] * blank
    if request.method == "POST":
        found["chosen"] = set(request.form.getlist("companion_ids"))
    elif work is not None:
        found["chosen"] = {str(key) for key in queries.companions_of(work.id)}
    return found


def loan_form(work: WorkOrder, sheet: Sheet) -> str:
    """Which unit in reserve is lent, until when."""
    row = listing.around(work)
    spare = named_units(
        sa.and_(Unit.status == "spare", Unit.parent_id.is_(None), Unit.is_competitor.is_(False)),
        200,
    )
    return render_template(
        "service/loan_form.html", work=work, unit=row[0], row=row, spare=spare, sheet=sheet,
        **tools(),
    )  # fmt: skip


def codes_page(user: Person, sheet: Sheet, code: FaultCode | None = None) -> str:
    """The codes of symptoms, causes and actions, and the form of one."""
    rows = sa.select(FaultCode).order_by(FaultCode.kind, FaultCode.code).limit(at_most(1000))
    found: dict[str, list[FaultCode]] = {kind: [] for kind in words.code_kinds()}
    for one in db.session.scalars(rows):
        found[one.kind].append(one)
    return render_template(
        "service/codes.html", found=found, sheet=sheet, code=code,
        may_edit=may(user, "edit", "fault_code"), **tools(),
    )  # fmt: skip
